package rules

import (
	"fmt"
	"reflect"

	"trueup/fetch/plain"
	"trueup/rules/strict"
)

// program is a rule's compiled expressions.
type program struct {
	needs    []need
	applies  *expression // nil if the rule applies to all
	when     *expression
	quantity *expression // nil if findings are not about a number
	message  message
}

// need is a field that must not be absent.
type need struct {
	name string
	path []int
}

// compile checks a draft's expressions with its effective parameters.
func (d *draft) compile() strict.Errors {
	c := &ruleCompiler{scope: scope{d.rule.Each, d.rule.Params}}
	d.rule.program = program{
		needs:    c.needs(d.entry.Needs),
		applies:  c.expression(d.entry.Applies, "applies", isBool),
		when:     c.expression(d.entry.When, "when", isBool),
		quantity: c.expression(d.entry.Quantity, "quantity", isNumber),
		message:  c.message(d.entry.Message),
	}
	return c.errs
}

type ruleCompiler struct {
	scope scope
	errs  strict.Errors
}

func (c *ruleCompiler) fail(t strict.Text, start int, err *exprError) {
	c.errs = append(c.errs, strict.Error{Pos: t.At(start), Text: err.text, HintText: err.hint})
}

// want is the type that a place in a rule asks for.
type want struct {
	text string
	fits func(reflect.Type) bool
}

var (
	isBool   = want{"true or false", func(t reflect.Type) bool { return t.Kind() == reflect.Bool }}
	isNumber = want{"a number", func(t reflect.Type) bool { return t.Kind() == reflect.Int || t.Kind() == reflect.Float64 }}
	isValue  = want{"a value", isScalar}
)

func (c *ruleCompiler) expression(t strict.Text, key string, w want) *expression {
	if !t.Given() {
		return nil
	}
	return c.part(t, t.S, 0, key, w)
}

// part compiles the expression at an offset of a text.
func (c *ruleCompiler) part(t strict.Text, source string, start int, key string, w want) *expression {
	e, err := compile(source, c.scope)
	if err == nil && !w.fits(e.typ) {
		err = &exprError{text: fmt.Sprintf("%s: want %s, got %s", key, w.text, describeType(e.typ))}
	}
	if err != nil {
		c.fail(t, start+byteOffset(source, err.at), err)
		return nil
	}
	e.start = start
	return e
}

// byteOffset is the offset of a character's first byte.
func byteOffset(s string, character int) int {
	for i := range s {
		if character == 0 {
			return i
		}
		character--
	}
	return len(s)
}

func (c *ruleCompiler) message(t strict.Text) message {
	if !t.Given() {
		return nil
	}
	parts, err := parseMessage(t.S)
	if err != nil {
		c.fail(t, byteOffset(t.S, err.at), err)
		return nil
	}
	for i, p := range parts {
		if p.value != nil {
			parts[i].value = c.part(t, p.value.source, p.value.start, "message", isValue)
		}
	}
	return parts
}

func (c *ruleCompiler) needs(names []strict.Located[string]) []need {
	env := reflect.TypeOf(c.scope.env())
	var needs []need
	for _, n := range names {
		path, ok := cellAt(env, n.V)
		if !ok {
			c.errs = append(c.errs, strict.Error{
				Pos: n.Pos, Text: fmt.Sprintf("unknown field %q", n.V), HintText: plain.DidYouMean(n.V, cellNames(env)),
			})
			continue
		}
		needs = append(needs, need{n.V, path})
	}
	return needs
}
