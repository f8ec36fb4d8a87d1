package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/expr-lang/expr/ast"

	"trueup/fetch/plain"
)

// Limits on expressions. How long one takes is counted while it runs.
const (
	maxSource     = 4000 // bytes
	maxNodes      = 500
	maxPredicates = 2 // loops within loops
)

// builtins are the functions that expressions may call. None reads the clock,
// loops without a list or makes a long text of a short one.
var builtins = []string{
	"all", "none", "any", "one", "filter", "map", "find", "findLast", "count", "sum", "uniq",
	"len", "first", "last", "min", "max", "abs", "ceil", "floor", "round", "int", "float", "string",
	"trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "join",
	"indexOf", "lastIndexOf", "hasPrefix", "hasSuffix",
}

// Functions lists what expressions may call, those about the usage near the end.
// The last, unknown(reason), makes the expression fail with that reason: a rule's
// way to say that it cannot tell.
func Functions() []string {
	return append(slices.Concat(builtins, usageNames), unknown.Name)
}

// forbidden is the first thing in an expression that rules may not use. It is
// asked before types are known.
func forbidden(n ast.Node, params map[string]any) *Mistake {
	v := &vetter{params: params}
	ast.Walk(&n, visit(v.look))
	if v.wrong == nil && predicateDepth(n) > maxPredicates {
		v.fail(n, "", "loops over lists may be nested at most %d deep", maxPredicates)
	}
	return v.wrong
}

// vetter keeps the first mistake of those it is told.
type vetter struct {
	params map[string]any
	wrong  *Mistake
}

func (v *vetter) fail(n ast.Node, hint, format string, args ...any) {
	if v.wrong == nil {
		v.wrong = &Mistake{n.Location().From, fmt.Sprintf(format, args...), hint}
	}
}

func (v *vetter) look(node ast.Node) {
	switch n := node.(type) {
	case *ast.BuiltinNode:
		if !slices.Contains(builtins, n.Name) {
			v.fail(n, plain.DidYouMean(n.Name, builtins), "function %q is not available in rules", n.Name)
		}
	case *ast.BinaryNode:
		if n.Operator == ".." {
			v.fail(n, "", "ranges are not available in rules")
		}
	case *ast.MapNode:
		v.fail(n, "", "maps are not available in rules")
	case *ast.IdentifierNode:
		if n.Value == "$env" {
			v.fail(n, "name the field itself", "$env is not available in rules")
		}
	case *ast.IntegerNode:
		if n.Value > maxNumber || n.Value < -maxNumber {
			v.fail(n, "", "the number is too large")
		}
	case *ast.MemberNode:
		v.param(n)
	}
}

func (v *vetter) param(n *ast.MemberNode) {
	id, ok := n.Node.(*ast.IdentifierNode)
	if !ok || id.Value != "params" {
		return
	}
	property, ok := n.Property.(*ast.StringNode)
	if !ok {
		v.fail(n, "write params.NAME", "params has no element like this")
	} else if _, ok := v.params[property.Value]; !ok {
		names := slices.Sorted(maps.Keys(v.params))
		v.fail(property, plain.DidYouMean(property.Value, names), "the rule has no parameter %q", property.Value)
	}
}

// predicateDepth is how many loops stand within each other at most.
func predicateDepth(n ast.Node) int {
	depths := map[ast.Node]int{}
	deepest := func(n ast.Node) (d int) {
		ast.Walk(&n, visit(func(n ast.Node) { d = max(d, depths[n]) }))
		return d
	}
	ast.Walk(&n, visit(func(n ast.Node) {
		if p, ok := n.(*ast.PredicateNode); ok {
			depths[p] = 1 + deepest(p.Node)
		}
	}))
	return deepest(n)
}
