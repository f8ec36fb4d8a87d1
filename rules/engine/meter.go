package engine

import (
	"reflect"
	"regexp/syntax"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
)

// meter rewrites an expression after the guard: arithmetic that could silently
// go wrong is checked, loops count their steps, and any, all and none go on
// where an entry cannot be judged, so that no answer hangs on the order of a
// list. It needs one pass, for it knows all types.
type meter struct {
	variables map[string]bool
	done      map[ast.Node]bool     // written by the meter, or rewritten
	by        map[ast.Node]ast.Node // what stands in place of a loop
}

func newMeter(n ast.Node) *meter {
	m := &meter{map[string]bool{}, map[ast.Node]bool{}, map[ast.Node]ast.Node{}}
	ast.Walk(&n, visit(func(n ast.Node) {
		if v, ok := n.(*ast.VariableDeclaratorNode); ok {
			m.variables[v.Name] = true
		}
	}))
	return m
}

// Visit rewrites one node. Its children were visited before.
func (m *meter) Visit(node *ast.Node) {
	if by := m.by[*node]; by != nil { // the guard has put one node in two places
		*node = by
		return
	}
	if m.done[*node] {
		return
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		m.variable(node, n)
	case *ast.BuiltinNode:
		m.builtin(node, n)
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		if ok && callee.Value == unknown.Name {
			m.replace(node, m.call(n, unable, n.Arguments...))
		} else if ok && usageFunctions[callee.Value].does != nil {
			m.usage(node, n, usageFunctions[callee.Value])
		}
	case *ast.BinaryNode:
		m.binary(node, n)
	}
}

func (m *meter) usage(node *ast.Node, n *ast.CallNode, f usageFunction) {
	if f.bound != nil {
		switch arg := n.Arguments[0].(type) {
		case *ast.StringNode:
			m.replace(node, m.call(n, f.bound(arg.Value)))
			return
		case *ast.IntegerNode:
			m.replace(node, m.call(n, f.bound(arg.Value)))
			return
		}
	}
	m.replace(node, m.call(n, f.does, n.Arguments...))
}

func (m *meter) binary(node *ast.Node, n *ast.BinaryNode) {
	inner := *n
	m.done[n], m.done[&inner] = true, true
	kind := n.Type().Kind()
	switch {
	case n.Operator == "/", n.Operator == "**", n.Operator == "^":
		m.replace(node, m.calling(n, finite, &inner))
	case n.Operator == "+" && kind == reflect.String:
		m.replace(node, m.calling(n, shortText, &inner))
	case n.Operator == "*" && kind == reflect.Int:
		m.replace(node, m.calling(n, product, n.Left, n.Right))
	case n.Operator == "matches":
		if pattern, ok := n.Right.(*ast.StringNode); ok {
			n.Left = m.call(n.Left, searched(instructions(pattern.Value)), n.Left)
		}
	}
}

// variable counts what lies in a variable each time it is looked at.
func (m *meter) variable(node *ast.Node, n *ast.IdentifierNode) {
	if kind := n.Type().Kind(); !m.variables[n.Value] || kind != reflect.Slice && kind != reflect.String {
		return
	}
	held, value := *n, *n
	m.done[&held], m.done[&value] = true, true
	m.replace(node, &ast.SequenceNode{Nodes: []ast.Node{m.call(n, hold, &held), &value}})
}

func (m *meter) builtin(node *ast.Node, n *ast.BuiltinNode) {
	inner := *n
	m.done[n], m.done[&inner] = true, true
	var predicate *ast.PredicateNode
	if len(n.Arguments) == 2 {
		predicate, _ = n.Arguments[1].(*ast.PredicateNode)
	}
	if predicate != nil {
		count := tick
		if slices.Contains([]string{"any", "all", "none"}, n.Name) {
			count = judge
		}
		predicate.Node = &ast.SequenceNode{Nodes: []ast.Node{m.call(predicate, count(nodes(predicate.Node))), predicate.Node}}
	}
	switch n.Name {
	case "any":
		m.loop(node, &inner, predicate, true)
	case "all", "none":
		m.loop(node, &inner, predicate, false)
	case "int":
		m.replace(node, m.calling(n, inRange, &inner))
	case "count", "len":
		// The optimizer would stop counting early, and not see every entry.
		m.replace(node, m.calling(n, inRange, &inner))
	case "uniq":
		m.replace(node, m.call(n, distinct, n.Arguments[0]))
	}
}

// loop goes on where an entry cannot be judged, up to one that decides.
func (m *meter) loop(node *ast.Node, n *ast.BuiltinNode, predicate *ast.PredicateNode, decides bool) {
	// Of none, a true entry decides: the answer is then false, as that of all
	// is for a false one.
	goesOn := n.Name == "all"
	predicate.Node = m.call(predicate, answer(goesOn), predicate.Node)
	m.replace(node, m.call(n, leave(decides), &ast.SequenceNode{Nodes: []ast.Node{m.call(n, enter), n}}))
}

// call calls a function with the environment and other arguments.
func (m *meter) call(at ast.Node, function any, args ...ast.Node) ast.Node {
	env := &ast.IdentifierNode{Value: "$env"}
	m.done[env] = true
	return m.calling(at, function, append([]ast.Node{env}, args...)...)
}

func (m *meter) calling(at ast.Node, function any, args ...ast.Node) ast.Node {
	call := callOf(&ast.ConstantNode{Value: function}, at.Location(), args...)
	m.done[call] = true
	return call
}

// replace puts a node in place of another, of which it may hold copies only.
func (m *meter) replace(node *ast.Node, by ast.Node) {
	by.SetLocation((*node).Location())
	m.by[*node], m.done[by] = by, true
	*node = by
}

func callOf(callee ast.Node, at file.Location, args ...ast.Node) *ast.CallNode {
	call := &ast.CallNode{Callee: callee, Arguments: args}
	callee.SetLocation(at)
	call.SetLocation(at)
	return call
}

// nodes is how many operations an expression has. A text in it counts as those
// that read it.
func nodes(n ast.Node) (count int) {
	ast.Walk(&n, visit(func(n ast.Node) {
		count++
		if s, ok := n.(*ast.StringNode); ok {
			count += len(s.Value) / textStep
		}
	}))
	return count
}

// instructions is how large a regular expression is that the library has
// compiled already.
func instructions(pattern string) int {
	if re, err := syntax.Parse(pattern, syntax.Perl); err == nil {
		if program, err := syntax.Compile(re.Simplify()); err == nil {
			return len(program.Inst)
		}
	}
	return len(pattern)
}

// uniq is the library's function of that name.
func uniq(list any) (any, error) { return builtin.Builtins[builtin.Index["uniq"]].Func(list) }
