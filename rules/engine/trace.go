package engine

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Step is one expression as it was run, or one operand of its "and" or "or".
type Step struct {
	Key        string `json:"key"` // needs, applies, when, quantity; "" in parts
	Expression string `json:"expression"`
	Filled     string `json:"filled"` // the expression with the values put in
	Result     string `json:"result"`
	Parts      []Step `json:"parts,omitempty"` // operands of its and, or
}

// TraceNeed is the step of a field that must not be missing.
func (e Env) TraceNeed(f Field) Step {
	result := "there"
	if e.Missing(f) != nil {
		result = "missing"
	}
	return Step{Key: "needs", Expression: f.Name, Filled: cellText(cell(e.names, f.path)), Result: result}
}

// Trace runs an expression and then each operand of its "and" or "or" by
// itself, up to the one that decides.
func (e Env) Trace(key string, x *Expression) Step {
	step := tracer{e, x.scope}.step(x.Source)
	step.Key = key
	return step
}

type tracer struct {
	env   Env
	scope Scope
}

// notEvaluable begins the result of an expression that failed.
const notEvaluable = "not evaluable: "

func (t tracer) step(source string) Step {
	step := Step{Expression: oneLine(source), Filled: t.fill(source), Result: t.result(source)}
	parts, decides := operands(source)
	decided := false
	for _, part := range parts {
		if decided {
			step.Parts = append(step.Parts, Step{Expression: oneLine(part), Filled: t.fill(part), Result: "not needed"})
			continue
		}
		p := t.step(part)
		step.Parts, decided = append(step.Parts, p), p.Result == decides || strings.HasPrefix(p.Result, notEvaluable)
	}
	return step
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (t tracer) result(source string) string {
	x, wrong := t.scope.compile(source)
	if wrong != nil {
		return wrong.Text
	}
	t.env.machine.work.allow(t.env.machine.work.allowance)
	v, err := t.env.run(x)
	if err != nil {
		return notEvaluable + err.Error()
	}
	if v == nil {
		return "null"
	}
	return string(appendValue(nil, v))
}

// operands cuts an expression at its outermost "and" or "or"; a and b and c
// has three. With them comes the result of one that decides the whole. Any
// other expression has none.
func operands(source string) (parts []string, decides string) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, ""
	}
	n, ok := tree.Node.(*ast.BinaryNode)
	if !ok {
		return nil, ""
	}
	switch n.Operator {
	case "and", "&&":
		decides = "false"
	case "or", "||":
		decides = "true"
	default:
		return nil, ""
	}
	from, to := byteOffset(source, n.Location().From), byteOffset(source, n.Location().To)
	left, okLeft := alone(source[:from])
	right, okRight := alone(source[to:])
	if okLeft && okRight {
		return append(chain(left, decides), chain(right, decides)...), decides
	}
	// The whole expression is in parentheses.
	inner := strings.TrimSpace(source)
	if strings.HasPrefix(inner, "(") && strings.HasSuffix(inner, ")") {
		return operands(inner[1 : len(inner)-1])
	}
	return nil, ""
}

// chain is the operands of an operand of the same operator, else the operand.
func chain(operand, decides string) []string {
	if parts, same := operands(operand); same == decides {
		return parts
	}
	return []string{operand}
}

// alone tells whether a piece of an expression is an expression by itself.
func alone(piece string) (string, bool) {
	piece = strings.TrimSpace(piece)
	_, err := parser.Parse(piece)
	return piece, err == nil
}

// span is a piece of an expression, in bytes, and what stands for it.
type span struct {
	from, to int
	text     string
}

// fill puts the values read into the text of an expression. Fields inside a
// list's condition stay, since they differ from entry to entry.
func (t tracer) fill(source string) string {
	tree, err := parser.Parse(source)
	if err != nil {
		return source
	}
	var spans []span
	ast.Walk(&tree.Node, visit(func(n ast.Node) {
		if p, ok := t.span(source, n); ok {
			spans = append(spans, p)
		}
	}))
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, p := range spans {
		if p.from >= at {
			b.WriteString(source[at:p.from] + p.text)
			at = p.to
		}
	}
	return oneLine(b.String() + source[at:])
}

// span is the value for one name in an expression, if the node is a name.
func (t tracer) span(source string, n ast.Node) (span, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return t.name(n.Value, byteOffset(source, n.Location().From), byteOffset(source, n.Location().To))
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || usageFunctions[callee.Value].does == nil {
			return span{}, false
		}
		from := byteOffset(source, callee.Location().From)
		to := from + strings.IndexByte(source[from:], ')') + len(")") // their arguments are names and numbers
		value := t.result(source[from:to])
		return span{from, to, value}, !strings.HasPrefix(value, notEvaluable)
	case *ast.MemberNode:
		id, okID := n.Node.(*ast.IdentifierNode)
		property, okProperty := n.Property.(*ast.StringNode)
		if okID && okProperty {
			from, to := byteOffset(source, id.Location().From), byteOffset(source, property.Location().To)
			return t.name(id.Value+"."+property.Value, from, to)
		}
	}
	return span{}, false
}

func (t tracer) name(name string, from, to int) (span, bool) {
	if param, ok := strings.CutPrefix(name, "params."); ok {
		value := t.scope.Params[param]
		if text, ok := value.(string); ok {
			return span{from, to, strconv.Quote(text)}, true
		}
		return span{from, to, string(appendValue(nil, value))}, true
	}
	path, ok := cellAt(reflect.TypeOf(t.env.names).Elem(), name)
	if !ok {
		return span{}, false
	}
	return span{from, to, cellText(cell(t.env.names, path))}, true
}
