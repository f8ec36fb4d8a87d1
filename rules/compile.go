package rules

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"trueup/rules/strict"
)

// expression is a compiled expression of a rule.
type expression struct {
	source string
	start  int // offset of source in the text it was cut from
	code   *vm.Program
	typ    reflect.Type
	reads  []read
}

// scope is what an expression's names mean.
type scope struct {
	each   Each
	params map[string]any
}

func (s scope) env() any {
	if s.each == EachConnection {
		return siteEnv{}
	}
	return customerEnv{}
}

// compile checks an expression and translates it to byte code. Its tree is
// rewritten so that whatever needs an unknown value fails at run time.
func compile(source string, s scope) (*expression, *exprError) {
	if len(source) > maxSource {
		return nil, &exprError{text: fmt.Sprintf("the expression is longer than %d bytes", maxSource)}
	}
	if strings.TrimSpace(source) == "" {
		return nil, &exprError{text: "the expression is empty"}
	}
	config := conf.New(s.env())
	config.MaxNodes = maxNodes
	config.Functions[unknown.Name] = unknown
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, s.explain(err, source)
	}
	if err := s.vet(tree.Node); err != nil {
		return nil, err
	}
	return s.translate(tree, config, source)
}

func (s scope) vet(n ast.Node) *exprError {
	v := &vetter{params: s.params}
	ast.Walk(&n, v)
	if v.err == nil && predicateDepth(n) > maxPredicates {
		v.fail(n, "", "lists within lists may be %d deep", maxPredicates)
	}
	return v.err
}

func (s scope) translate(tree *parser.Tree, config *conf.Config, source string) (*expression, *exprError) {
	g := newGuard(config, s.params)
	config.Visitors = []ast.Visitor{g}
	if _, err := new(checker.Checker).PatchAndCheck(tree, config); err != nil {
		return nil, s.explain(err, source)
	}
	if err := s.types(tree.Node); err != nil {
		return nil, err
	}
	e := &expression{source: source, typ: tree.Node.Type(), reads: readsIn(tree.Node, g.reads)}
	if err := optimizer.Optimize(&tree.Node, config); err != nil {
		return nil, s.explain(err, source)
	}
	code, err := compiler.Compile(tree, config)
	if err != nil {
		return nil, s.explain(err, source)
	}
	e.code = code
	return e, nil
}

// types refuses, once all types are known, what would slip past the checks.
func (s scope) types(n ast.Node) *exprError {
	v := &vetter{}
	ast.Walk(&n, visit(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.BinaryNode:
			s.operator(v, n)
		case *ast.BuiltinNode:
			if n.Name == "string" && len(n.Arguments) == 1 && !isScalar(n.Arguments[0].Type()) {
				v.fail(n, "", "string() wants a value, got %s", describeType(n.Arguments[0].Type()))
			}
		}
	}))
	return v.err
}

func (s scope) operator(v *vetter, n *ast.BinaryNode) {
	switch n.Operator {
	case "+", "*", "-", "/", "%":
		if !isScalar(n.Type()) {
			v.fail(n, "convert with string() or int()", "the type of %q cannot be told", n.Operator)
		}
	case "in":
		if k := n.Right.Type().Kind(); k != reflect.Slice && k != reflect.Map {
			v.fail(n, "", `"in" wants a list on its right, got %s`, describeType(n.Right.Type()))
		}
	}
}

// isScalar tells whether a type is a number, a text or true or false.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Float64, reflect.String, reflect.Bool:
		return true
	}
	return false
}

// readsIn lists the reads that are left in a tree, in its order.
func readsIn(n ast.Node, all map[ast.Node]read) []read {
	var reads []read
	ast.Walk(&n, visit(func(n ast.Node) {
		if r, ok := all[n]; ok {
			reads = append(reads, r)
		}
	}))
	return reads
}

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
	hint := strict.DidYouMean(name, names)
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
	return &exprError{at, fmt.Sprintf("unknown field %q of a %s", name, of), strict.DidYouMean(name, names)}
}
