package rules

import (
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
		"[]*rules.site", "list of SIP connections", "*rules.site", "SIP connection", "rules.siteEnv", "SIP connection",
		"rules.site", "SIP connection", "*rules.customerEnv", "customer", "rules.customerEnv", "customer",
		"float64", "number", "[]interface {}", "list", "[]any", "list")
)

// explain turns the library's error into the words of rule files.
func (s scope) explain(err error, source string) *exprError {
	fe := (*file.Error)(nil)
	if !errors.As(err, &fe) {
		return &exprError{text: goTypes.Replace(err.Error())}
	}
	if m := unknownName.FindStringSubmatch(fe.Message); m != nil {
		return s.explainName(fe.From, m[1])
	}
	if m := unknownField.FindStringSubmatch(fe.Message); m != nil {
		return s.explainField(fe.From, m[1], m[2])
	}
	if m := mismatch.FindStringSubmatch(fe.Message); m != nil {
		return &exprError{at: fe.From, text: fmt.Sprintf("%q does not go with %s and %s", m[1], typeName(m[2]), typeName(m[3]))}
	}
	if strings.HasPrefix(fe.Message, "unexpected token EOF") || fe.Message == "unexpected end of expression" {
		return &exprError{at: fe.From, text: "the expression ends too early"}
	}
	return &exprError{at: fe.From, text: goTypes.Replace(fe.Message)}
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
	return goTypes.Replace(t)
}

func (s scope) explainName(at int, name string) *exprError {
	if name == "params" {
		return &exprError{at, "params cannot be used as a whole", "write params.NAME"}
	}
	names := slices.Concat(cellNames(reflect.TypeOf(s.env())), builtins)
	hint := plain.DidYouMean(name, names)
	if hint == "" && s.each == EachCustomer && slices.Contains(cellNames(reflect.TypeFor[site]()), name) {
		hint = "this is a field of SIP connections: use each: sipConnection, or any(SiteLocation, ." + name + " …)"
	}
	if hint == "" && s.each == EachConnection && slices.Contains(cellNames(reflect.TypeFor[customerEnv]()), name) {
		hint = "write customer." + name
	}
	return &exprError{at, fmt.Sprintf("unknown field %q", name), hint}
}

func (s scope) explainField(at int, typ, name string) *exprError {
	of := goTypes.Replace(typ)
	names := cellNames(reflect.TypeFor[site]())
	if of == "customer" {
		names = cellNames(reflect.TypeFor[customerEnv]())
	} else if of != "SIP connection" {
		return &exprError{at: at, text: fmt.Sprintf("a value of type %s has no field %q", of, name)}
	}
	return &exprError{at, fmt.Sprintf("unknown field %q of a %s", name, of), plain.DidYouMean(name, names)}
}
