package rules

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"trueup/fetch"
)

var customerType = reflect.TypeFor[customerEnv]()

// steps evaluates a rule's expressions one by one, each part by itself, up to
// the one that decided.
func (x *explainer) steps(r *Rule, connection int) []Step {
	s := stepper{x.worker, scope{r.Each, r.Params}, x.worker.loader.env(connection)}
	var steps []Step
	p := &r.program
	for _, n := range p.needs {
		step := Step{Key: "needs", Expression: n.name, Filled: cellText(cell(s.env, n.path)), Result: s.need(n)}
		if steps = append(steps, step); step.Result == missing {
			return steps
		}
	}
	for _, e := range []struct {
		key string
		*expression
	}{{"applies", p.applies}, {"when", p.when}, {"quantity", p.quantity}} {
		if e.expression == nil {
			continue
		}
		step := s.step(e.source)
		step.Key = e.key
		if steps = append(steps, step); step.Result != "true" {
			break
		}
	}
	return steps
}

type stepper struct {
	worker *worker
	scope  scope
	env    any
}

// missing is the result of a need for a field that cannot be read.
const missing = "missing"

func (s stepper) need(n need) string {
	switch stateOf(cell(s.env, n.path)) {
	case fetch.Absent, fetch.Unreadable:
		return missing
	}
	return "there"
}

func (s stepper) step(source string) Step {
	step := Step{Expression: oneLine(source), Filled: s.fill(source), Result: s.result(source)}
	parts, decides := operands(source)
	decided := false
	for _, part := range parts {
		if decided {
			step.Parts = append(step.Parts, Step{Expression: oneLine(part), Filled: s.fill(part), Result: "not needed"})
			continue
		}
		p := s.step(part)
		step.Parts, decided = append(step.Parts, p), p.Result == decides || strings.HasPrefix(p.Result, notEvaluable)
	}
	return step
}

// notEvaluable begins the result of an expression that failed.
const notEvaluable = "not evaluable: "

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (s stepper) result(source string) string {
	e, failed := compile(source, s.scope)
	if failed != nil {
		return failed.text
	}
	v, err := s.worker.vm.Run(e.code, s.env)
	if err != nil {
		return notEvaluable + reason(err)
	}
	if v == nil {
		return "null"
	}
	return display(v)
}

// operands cuts an expression at its outermost and, or. The result of one part
// that decides the whole comes with them. There are none elsewhere.
func operands(source string) (parts []string, decides string) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, ""
	}
	n, ok := tree.Node.(*ast.BinaryNode)
	if !ok || logic[n.Operator] == "" {
		return nil, ""
	}
	from, to := byteOffset(source, n.Location().From), byteOffset(source, n.Location().To)
	left, okLeft := alone(source[:from])
	right, okRight := alone(source[to:])
	if okLeft && okRight {
		decides = logic[n.Operator]
		return append(chain(left, decides), chain(right, decides)...), decides
	}
	// The whole expression is in parentheses.
	inner := strings.TrimSpace(source)
	if strings.HasPrefix(inner, "(") && strings.HasSuffix(inner, ")") {
		return operands(inner[1 : len(inner)-1])
	}
	return nil, ""
}

// logic gives for and, or the result of an operand that decides.
var logic = map[string]string{"and": "false", "&&": "false", "or": "true", "||": "true"}

// chain takes a and b and c for three operands.
func chain(operand, decides string) []string {
	if parts, same := operands(operand); same == decides {
		return parts
	}
	return []string{operand}
}

// alone tells whether a piece of an expression is one by itself.
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
func (s stepper) fill(source string) string {
	tree, err := parser.Parse(source)
	if err != nil {
		return source
	}
	var spans []span
	ast.Walk(&tree.Node, visit(func(n ast.Node) {
		if p, ok := s.span(source, n); ok {
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

// span is the value for one name in an expression, if the node is one.
func (s stepper) span(source string, n ast.Node) (span, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return s.name(n.Value, byteOffset(source, n.Location().From), byteOffset(source, n.Location().To))
	case *ast.MemberNode:
		id, okID := n.Node.(*ast.IdentifierNode)
		property, okProperty := n.Property.(*ast.StringNode)
		if okID && okProperty {
			from, to := byteOffset(source, id.Location().From), byteOffset(source, property.Location().To)
			return s.name(id.Value+"."+property.Value, from, to)
		}
	}
	return span{}, false
}

func (s stepper) name(name string, from, to int) (span, bool) {
	if param, ok := strings.CutPrefix(name, "params."); ok {
		value := s.scope.params[param]
		if text, ok := value.(string); ok {
			return span{from, to, strconv.Quote(text)}, true
		}
		return span{from, to, display(value)}, true
	}
	path, ok := cellAt(reflect.TypeOf(s.env).Elem(), name)
	if !ok {
		return span{}, false
	}
	return span{from, to, cellText(cell(s.env, path))}, true
}
