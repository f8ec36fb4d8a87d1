package engine

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// untyped is the first operation of an expression whose type is known only
// when it runs. The library lets it pass; the guard's checks would miss it.
func untyped(n ast.Node) *Mistake {
	v := &vetter{}
	ast.Walk(&n, visit(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.BinaryNode:
			switch n.Operator {
			case "+", "*", "-", "/", "%":
				if !isScalar(n.Type()) {
					v.fail(n, "convert with string() or int()", "%q needs operands whose types are known", n.Operator)
				}
			case "matches":
				if _, literal := n.Right.(*ast.StringNode); !literal {
					v.fail(n.Right, "write it as a text or a parameter", "the pattern of matches must stand in the rule")
				}
			case "in":
				if k := n.Right.Type().Kind(); k != reflect.Slice && k != reflect.Map {
					v.fail(n, "", `"in" wants a list on its right, got %s`, describe(n.Right.Type()))
				}
			}
		case *ast.MemberNode:
			if property, ok := n.Property.(*ast.StringNode); ok && n.Node.Type().Kind() == reflect.Interface {
				v.fail(property, "find(LIST, …) and LIST[0] give a SIP connection", "it is not known what %q is a field of", property.Value)
			}
		case *ast.BuiltinNode:
			if n.Name == "string" && len(n.Arguments) == 1 && !isScalar(n.Arguments[0].Type()) {
				v.fail(n, "", "string() wants a value, got %s", describe(n.Arguments[0].Type()))
			}
		}
	}))
	return v.wrong
}

// fractional tells of a number that need not be a whole one.
func fractional(n ast.Node) bool {
	if n.Type().Kind() != reflect.Float64 {
		return false
	}
	switch n := n.(type) {
	case *ast.FloatNode:
		return n.Value != math.Trunc(n.Value)
	case *ast.UnaryNode:
		return fractional(n.Node)
	case *ast.BinaryNode:
		return n.Operator != "+" && n.Operator != "-" && n.Operator != "*" || fractional(n.Left) || fractional(n.Right)
	case *ast.ConditionalNode:
		return fractional(n.Exp1) || fractional(n.Exp2)
	case *ast.BuiltinNode:
		switch n.Name {
		case "ceil", "floor", "round":
			return false
		case "abs", "float", "max", "min":
			return slices.ContainsFunc(n.Arguments, func(a ast.Node) bool { return a.Type().Kind() == reflect.Slice || fractional(a) })
		}
	}
	return true
}

// isScalar tells whether a type is a number, a text or true or false.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Float64, reflect.String, reflect.Bool:
		return true
	}
	return false
}

// describe names the type of an expression for people.
func describe(t reflect.Type) string {
	if t == nil {
		return "unknown"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[site](), reflect.TypeFor[siteEnv]():
		return "SIP connection"
	case reflect.TypeFor[customerEnv]():
		return "customer"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return fmt.Sprintf("list of %ss", describe(t.Elem()))
	}
	return "unknown type"
}
