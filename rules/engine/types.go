package engine

import (
	"fmt"
	"reflect"

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
			case "in":
				if k := n.Right.Type().Kind(); k != reflect.Slice && k != reflect.Map {
					v.fail(n, "", `"in" wants a list on its right, got %s`, describe(n.Right.Type()))
				}
			}
		case *ast.BuiltinNode:
			if n.Name == "string" && len(n.Arguments) == 1 && !isScalar(n.Arguments[0].Type()) {
				v.fail(n, "", "string() wants a value, got %s", describe(n.Arguments[0].Type()))
			}
		}
	}))
	return v.wrong
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
