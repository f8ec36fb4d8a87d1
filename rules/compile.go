package rules

import (
	"slices"

	"trueup/rules/engine"
	"trueup/rules/strict"
)

// program is a rule's compiled expressions.
type program struct {
	needs    []engine.Field     // must be neither absent nor unreadable
	applies  *engine.Expression // nil if the rule applies to all
	when     *engine.Expression
	quantity *engine.Expression // nil if findings are not about a number
	message  engine.Message
}

func (r *Rule) scope() engine.Scope {
	return engine.Scope{Connection: r.Each == EachConnection, Params: r.Params}
}

// compile checks a draft's expressions with its effective parameters.
func (d *draft) compile() strict.Errors {
	c := &ruleCompiler{scope: d.rule.scope()}
	d.rule.program = program{
		needs:    c.needs(d.entry.Needs),
		applies:  c.expression("applies", d.entry.Applies, engine.Bool),
		when:     c.expression("when", d.entry.When, engine.Bool),
		quantity: c.expression("quantity", d.entry.Quantity, engine.Number),
		message:  c.message(d.entry.Message),
	}
	return c.errs
}

// ruleCompiler turns the engine's mistakes into errors at their place in the file.
type ruleCompiler struct {
	scope engine.Scope
	errs  strict.Errors
}

func (c *ruleCompiler) fail(at Position, wrong *engine.Mistake) {
	c.errs = append(c.errs, strict.Error{Pos: at, Text: wrong.Text, HintText: wrong.Hint})
}

func (c *ruleCompiler) needs(names []strict.Located[string]) []engine.Field {
	var needs []engine.Field
	for _, n := range names {
		field, wrong := c.scope.Field(n.V)
		if wrong != nil {
			c.fail(n.Pos, wrong)
			continue
		}
		needs = append(needs, field)
	}
	return needs
}

func (c *ruleCompiler) expression(key string, t strict.Text, want engine.Kind) *engine.Expression {
	if !t.Given() {
		return nil
	}
	e, wrong := c.scope.Compile(key, t.S, want)
	if wrong != nil {
		c.fail(t.At(wrong.At), wrong)
	}
	return e
}

func (c *ruleCompiler) message(t strict.Text) engine.Message {
	if !t.Given() {
		return nil
	}
	m, wrong := c.scope.CompileMessage(t.S)
	for _, w := range wrong {
		c.fail(t.At(w.At), w)
	}
	return m
}

// fieldsRead lists the fields that a rule looks at, with repeats; those that
// only the message and quantity name, if there is a finding.
func (r *Rule) fieldsRead(finding bool) []engine.Field {
	fields := r.program.needs[:len(r.program.needs):len(r.program.needs)]
	for _, e := range r.program.expressions(finding) {
		for _, read := range e.Reads {
			fields = append(fields, read.Field)
		}
	}
	return fields
}

// expressions lists a rule's expressions in the order they run, those of
// findings last.
func (p *program) expressions(finding bool) []*engine.Expression {
	all := []*engine.Expression{p.applies, p.when}
	if finding {
		all = append(append(all, p.quantity), p.message.Expressions()...)
	}
	return slices.DeleteFunc(all, func(e *engine.Expression) bool { return e == nil })
}
