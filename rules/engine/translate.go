package engine

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/file"

	"trueup/fetch/plain"
)

var (
	unknownName  = regexp.MustCompile(`^unknown name (\S+)$`)
	unknownField = regexp.MustCompile(`^type (\S+) has no (?:field|method) (\S+)$`)
	mismatch     = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)$`)
	goTypes      = strings.NewReplacer(
		"[]*engine.site", "list of SIP connections", "*engine.site", "SIP connection", "engine.siteEnv", "SIP connection",
		"engine.site", "SIP connection", "*engine.customerEnv", "customer", "engine.customerEnv", "customer",
		"float64", "number", "[]interface {}", "list", "[]any", "list")
)

// explain puts the library's complaint about an expression into the words of
// rule files.
func (s Scope) explain(source string, err error) *Mistake {
	fe := (*file.Error)(nil)
	if !errors.As(err, &fe) {
		return &Mistake{Text: goTypes.Replace(err.Error())}
	}
	if m := unknownName.FindStringSubmatch(fe.Message); m != nil {
		return s.explainName(fe.From, m[1])
	}
	if m := unknownField.FindStringSubmatch(fe.Message); m != nil {
		return s.explainField(fe.From, m[1], m[2])
	}
	if m := mismatch.FindStringSubmatch(fe.Message); m != nil {
		left, right := typeName(m[2]), typeName(m[3])
		hint := mistyped(source, fe.From, left, right)
		if left == "function" || right == "function" { // as none is
			hint = "write nil for what is not there"
		}
		return &Mistake{fe.From, fmt.Sprintf("%q does not go with %s and %s", m[1], left, right), hint}
	}
	if m := inArray.FindStringSubmatch(fe.Message); m != nil {
		one, list := typeName(m[1]), typeName(m[2])
		hint := map[string]string{"text": "write the numbers without quotes", "whole number": "write the texts in quotes"}[list]
		return &Mistake{fe.From, fmt.Sprintf(`"in" does not go with %s and a list of %ss`, one, list), hint}
	}
	if strings.HasPrefix(fe.Message, "unexpected token EOF") || fe.Message == "unexpected end of expression" {
		return &Mistake{At: fe.From, Text: "the expression ends too early"}
	}
	hint := misplaced(source, fe.From, fe.Message)
	if strings.HasPrefix(fe.Message, "array elements can only be selected") {
		hint = "a list has no fields: write any(LIST, .FIELD …)"
	}
	text := unexpected.ReplaceAllString(goTypes.Replace(fe.Message), `unexpected "$1"`)
	return &Mistake{fe.From, text, hint}
}

// typeName is a type of the library's messages in the words of rule files.
func typeName(t string) string {
	switch t {
	case "string":
		return "text"
	case "int":
		return "whole number"
	case "bool":
		return "true or false"
	case "nil":
		return "nil"
	}
	if strings.HasPrefix(t, "func(") {
		return "function"
	}
	return goTypes.Replace(t)
}

func (s Scope) explainName(at int, name string) *Mistake {
	if name == "params" {
		return &Mistake{at, "params cannot be used as a whole", "write params.NAME"}
	}
	names := slices.Concat(s.Names(), builtins)
	hint := cmp.Or(habit(name), plain.DidYouMean(name, names))
	if hint == "" && !s.Connection && slices.Contains(cellNames(reflect.TypeFor[site]()), name) {
		hint = "this is a field of SIP connections: use each: sipConnection, or any(SiteLocation, ." + name + " …)"
	}
	if hint == "" && s.Connection && slices.Contains(cellNames(reflect.TypeFor[customerEnv]()), name) {
		hint = "write customer." + name
	}
	return &Mistake{at, fmt.Sprintf("unknown field %q", name), hint}
}

func (s Scope) explainField(at int, typ, name string) *Mistake {
	of := goTypes.Replace(typ)
	names := cellNames(reflect.TypeFor[site]())
	if of == "customer" {
		names = cellNames(reflect.TypeFor[customerEnv]())
	} else if of != "SIP connection" {
		return &Mistake{At: at, Text: fmt.Sprintf("a value of type %s has no field %q", of, name)}
	}
	return &Mistake{at, fmt.Sprintf("unknown field %q of a %s", name, of), plain.DidYouMean(name, names)}
}

// reason is why an expression that may take some steps could not be run, in
// plain words.
func reason(err error, steps int) string {
	text := err.Error()
	if fe := (*file.Error)(nil); errors.As(err, &fe) {
		if text = fe.Message; fe.Prev != nil {
			text = fe.Prev.Error()
		}
	}
	switch {
	case text == "memory budget exceeded":
		return tooMuch(steps).Error()
	case strings.Contains(text, "nil pointer"), strings.Contains(text, "<nil>"), strings.Contains(text, "is nil, not"):
		return "the expression met a value that is not there"
	case strings.Contains(text, "integer divide by zero"):
		return "a division by zero"
	case strings.Contains(text, "interface conversion"):
		return "the expression met a value of another type"
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimPrefix(line, "runtime error: ")
}
