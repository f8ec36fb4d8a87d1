package engine

import (
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
)

// guard rewrites an expression before it is compiled: every mention of a field
// becomes a read of its cell, and arithmetic that could silently go wrong is
// checked. The library calls it until nothing changes any more, since the type
// of `.sbcId` is known only once SiteLocation is a list.
type guard struct {
	config  *conf.Config
	params  map[string]any
	most    int               // SIP connections that a customer may have
	done    map[ast.Node]bool // written by the guard, not to be wrapped again
	reads   map[ast.Node]read // the guard's calls
	changed bool
}

// read is a read of a cell as the guard writes it.
type read struct {
	kind readKind
	name string
	cell ast.Node
	typ  reflect.Type
}

// Read is one look of an expression at a field.
type Read struct {
	Field Field // SiteLocation for what is read of its entries
	// TakesNull tells that the expression goes on if Field is null or absent,
	// as it does after a comparison with nil.
	TakesNull bool
}

// left lists the reads in a tree after all passes.
func (g *guard) left(n ast.Node, s Scope) []Read {
	owner := ""
	if s.Connection {
		owner = "customer."
	}
	var reads []Read
	ast.Walk(&n, visit(func(n ast.Node) {
		r, ok := g.reads[n]
		if !ok {
			return
		}
		name, takesNull := r.name, r.kind != strictRead
		if member, ok := r.cell.(*ast.MemberNode); ok && member.Node.Type() == reflect.TypeFor[*customerEnv]() {
			name = owner + r.name
		} else if ok {
			name, takesNull = owner+"SiteLocation", false
		}
		if field, wrong := s.Field(name); wrong == nil {
			reads = append(reads, Read{field, takesNull})
		}
	}))
	return reads
}

// Reset starts another pass; the library calls it.
func (g *guard) Reset() { g.changed = false }

// ShouldRepeat tells the library whether this pass changed anything.
func (g *guard) ShouldRepeat() bool { return g.changed }

// Visit rewrites one node. Its children were visited before.
func (g *guard) Visit(node *ast.Node) {
	if g.done[*node] {
		return
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		// A variable only looks like a cell until its value is wrapped.
		if _, ok := g.config.Env.Get(&g.config.NtCache, n.Value); ok {
			g.wrap(node, n.Value)
		}
	case *ast.MemberNode:
		g.member(node, n)
	case *ast.BinaryNode:
		g.binary(node, n)
	case *ast.BuiltinNode:
		if n.Name == "int" {
			g.check(node, n, inRange)
		}
	}
}

func (g *guard) member(node *ast.Node, n *ast.MemberNode) {
	property, ok := n.Property.(*ast.StringNode)
	if !ok {
		return
	}
	if id, ok := n.Node.(*ast.IdentifierNode); ok && id.Value == "params" {
		if constant := constantOf(g.params[property.Value]); constant != nil {
			g.replace(node, constant)
		}
		return
	}
	g.wrap(node, property.Value)
}

// constantOf is a parameter as a literal. Overrides are applied before
// compiling, so that the library checks its type as it does a literal's.
func constantOf(v any) ast.Node {
	switch v := v.(type) {
	case int:
		return &ast.IntegerNode{Value: v}
	case float64:
		return &ast.FloatNode{Value: v}
	case bool:
		return &ast.BoolNode{Value: v}
	case string:
		return &ast.StringNode{Value: v}
	}
	return nil
}

// wrap turns the mention of a cell into a strict read.
func (g *guard) wrap(node *ast.Node, name string) {
	if t := (*node).Type(); isCell(t) {
		g.done[*node] = true
		g.replace(node, g.call(read{strictRead, name, *node, t}))
	}
}

// call is the call that does a read.
func (g *guard) call(r read) ast.Node {
	direct, named := reader(r.typ, r.kind, r.name, g.most)
	var callee ast.Node = &ast.ConstantNode{Value: direct}
	if named != nil {
		// The name is enough: no two cells of one name differ in type.
		g.config.Functions[named.Name] = named
		callee = &ast.IdentifierNode{Value: named.Name}
	}
	call := g.calling(callee, r.cell.Location(), r.cell)
	g.reads[call] = r
	return call
}

func (g *guard) calling(callee ast.Node, at file.Location, args ...ast.Node) *ast.CallNode {
	call := &ast.CallNode{Callee: callee, Arguments: args}
	callee.SetLocation(at)
	call.SetLocation(at)
	g.done[call] = true
	return call
}

func (g *guard) replace(node *ast.Node, by ast.Node) {
	ast.Patch(node, by)
	g.changed = true
}

func (g *guard) binary(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "==", "!=":
		g.equality(node, n)
	case "??":
		g.coalesce(node, n)
	case "/", "**", "^":
		g.check(node, n, finite)
	case "+":
		if n.Type().Kind() == reflect.String {
			g.check(node, n, shortText)
		}
	case "*":
		if n.Type().Kind() == reflect.Int {
			g.replace(node, g.calling(&ast.ConstantNode{Value: product}, n.Location(), n.Left, n.Right))
		}
	}
}

// check calls a test with an operation's result.
func (g *guard) check(node *ast.Node, n ast.Node, test any) {
	g.done[n] = true
	g.replace(node, g.calling(&ast.ConstantNode{Value: test}, n.Location(), n))
}

// equality keeps null out of comparisons. With the literal nil the comparison
// asks whether the value is null; with another field it needs both values;
// with anything else null equals nothing.
func (g *guard) equality(node *ast.Node, n *ast.BinaryNode) {
	left, isLeft := g.reads[n.Left]
	right, isRight := g.reads[n.Right]
	switch {
	case isLeft && isNil(n.Right):
		g.askNil(node, n, left)
	case isRight && isNil(n.Left):
		g.askNil(node, n, right)
	case isLeft && isRight:
		g.reread(&n.Left, left, strictRead)
		g.reread(&n.Right, right, strictRead)
	case isLeft && left.typ != sitesType:
		g.loose(node, n, &n.Left, left, n.Right)
	case isRight && right.typ != sitesType:
		g.loose(node, n, &n.Right, right, n.Left)
	}
}

// loose compares a field with something else. With a literal it asks for null
// first and then compares plain values, which the machine does faster.
func (g *guard) loose(node *ast.Node, n *ast.BinaryNode, operand *ast.Node, r read, other ast.Node) {
	switch other.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode, *ast.BoolNode:
		g.done[n] = true
		r.kind = nilRead
		g.replace(node, &ast.ConditionalNode{Ternary: true, Cond: g.call(r), Exp1: &ast.BoolNode{Value: n.Operator == "!="}, Exp2: n})
	default:
		g.reread(operand, r, looseRead)
	}
}

func isNil(n ast.Node) bool {
	_, ok := n.(*ast.NilNode)
	return ok
}

// askNil makes a comparison with nil the question whether the value is null.
func (g *guard) askNil(node *ast.Node, n *ast.BinaryNode, r read) {
	r.kind = nilRead
	call := g.call(r)
	if n.Operator == "!=" {
		call = &ast.UnaryNode{Operator: "not", Node: call}
		g.done[call] = true
	}
	g.replace(node, call)
}

// reread changes how an operand is read.
func (g *guard) reread(operand *ast.Node, r read, kind readKind) {
	if r.kind != kind {
		r.kind = kind
		g.replace(operand, g.call(r))
	}
}

// coalesce makes `field ?? other` take the other value if the field is null.
func (g *guard) coalesce(node *ast.Node, n *ast.BinaryNode) {
	r, ok := g.reads[n.Left]
	if !ok {
		return
	}
	r.kind = nilRead
	g.replace(node, &ast.ConditionalNode{Ternary: true, Cond: g.call(r), Exp1: n.Right, Exp2: n.Left})
}
