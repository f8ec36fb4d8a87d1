package rules

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
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
	g := newGuard(config, s.params, mostSites(tree.Node))
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
