package rules

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"trueup/fetch/plain"
)

// builtins are the functions that expressions may call: none reads the clock,
// loops without a list, or makes much out of little.
var builtins = []string{
	"all", "none", "any", "one", "filter", "map", "find", "findLast", "count", "sum", "uniq",
	"len", "first", "last", "min", "max", "abs", "ceil", "floor", "round", "int", "float", "string",
	"trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "join",
	"indexOf", "lastIndexOf", "hasPrefix", "hasSuffix",
}

// Functions lists what expressions may call besides operators. unknown(reason)
// is a rule's way to say that it cannot tell: it makes it not evaluable.
func Functions() []string { return append(slices.Clone(builtins), unknown.Name) }

// Limits on expressions. With those on data they bound the time of each.
const (
	maxSource     = 4000 // bytes
	maxNodes      = 500
	maxPredicates = 2 // lists within lists
)

// vetter refuses what expressions may not hold, before types are looked at.
type vetter struct {
	params map[string]any
	err    *exprError
}

// exprError is a mistake at a place in an expression, in characters from 0.
type exprError struct {
	at         int
	text, hint string
}

func (v *vetter) fail(n ast.Node, hint, format string, args ...any) {
	v.failAt(n.Location(), hint, format, args...)
}

func (v *vetter) failAt(at file.Location, hint, format string, args ...any) {
	if v.err == nil {
		v.err = &exprError{at.From, fmt.Sprintf(format, args...), hint}
	}
}

// Visit looks at one node.
func (v *vetter) Visit(node *ast.Node) {
	switch n := (*node).(type) {
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
		v.fail(property, plain.DidYouMean(property.Value, sortedKeys(v.params)), "the rule has no parameter %q", property.Value)
	}
}

// predicateDepth is how deep lists are looped over within each other.
func predicateDepth(n ast.Node) int {
	d := depths{}
	ast.Walk(&n, d)
	return d.deepest(n)
}

// mostSites is how many SIP connections an expression is given at most: more
// if it goes through them once, so that its time grows no faster than they do.
func mostSites(n ast.Node) int {
	most := maxManySites
	if predicateDepth(n) > 1 {
		most = maxSites
	}
	ast.Walk(&n, visit(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.VariableDeclaratorNode:
			most = maxSites // it may hold a list for another loop
		case *ast.BuiltinNode:
			if n.Name == "uniq" {
				most = maxSites
			}
		case *ast.BinaryNode:
			if n.Operator == "in" {
				most = maxSites
			}
		}
	}))
	return most
}

// depths holds the depth of every predicate visited. Children come first.
type depths map[*ast.PredicateNode]int

// Visit adds one predicate.
func (d depths) Visit(node *ast.Node) {
	if p, ok := (*node).(*ast.PredicateNode); ok {
		d[p] = 1 + d.deepest(p.Node)
	}
}

func (d depths) deepest(n ast.Node) int {
	deepest := 0
	ast.Walk(&n, visit(func(n ast.Node) {
		if p, ok := n.(*ast.PredicateNode); ok {
			deepest = max(deepest, d[p])
		}
	}))
	return deepest
}

// visit makes a visitor of a function that only looks.
type visit func(ast.Node)

// Visit looks at one node.
func (f visit) Visit(node *ast.Node) { f(*node) }
