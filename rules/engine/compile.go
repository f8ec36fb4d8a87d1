// Package engine compiles and runs the expressions of rules. Their language is
// Expr, with three things added: a read of a field that is null, absent or
// unreadable stops the expression instead of giving a zero; arithmetic that
// would lose digits stops it too; and time and memory are bounded whatever the
// author writes. The engine knows customers and texts. It does not know what
// files rules stand in, nor what a verdict is: a mistake has an offset in the
// text it was found in.
package engine

import (
	"cmp"
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

// Scope says what the names in an expression mean.
type Scope struct {
	Connection bool           // fields are those of a SIP connection and, behind "customer.", of its customer
	Params     map[string]any // what stands behind "params.": int, float64, string or bool
}

// Expression is a compiled expression. It may run on many machines at once.
type Expression struct {
	Source     string
	Reads      []Read // the fields it looks at in their order, with repeats
	Fractional bool   // it gives a number that need not be a whole one

	scope Scope
	field []int // path to the field that it is and nothing else; nil for all others
	code  *vm.Program
	typ   reflect.Type
}

// Mistake is what is wrong with an expression or message, for its author.
type Mistake struct {
	At   int // byte offset in the text
	Text string
	Hint string // what to do about it; "" if Text says it all
}

// Kind is what an expression gives.
type Kind uint8

// The kinds that a place in a rule may ask for.
const (
	Value  Kind = iota // a number, a text, true or false
	Bool               // true or false
	Number             // with or without decimals
)

func (k Kind) String() string { return [...]string{"a value", "true or false", "a number"}[k] }

func (k Kind) fits(t reflect.Type) bool {
	switch k {
	case Bool:
		return t.Kind() == reflect.Bool
	case Number:
		return t.Kind() == reflect.Int || t.Kind() == reflect.Float64
	}
	return isScalar(t)
}

// Compile checks and translates an expression that is to give a value of some
// kind. The key names its place in the rule for messages, as "when".
func (s Scope) Compile(key, source string, want Kind) (*Expression, *Mistake) {
	e, wrong := s.compile(source)
	if wrong == nil && !want.fits(e.typ) {
		wrong = &Mistake{Text: fmt.Sprintf("%s: want %s, got %s", key, want, describe(e.typ))}
	}
	if wrong != nil {
		wrong.At = byteOffset(source, wrong.At)
		return nil, wrong
	}
	return e, nil
}

// compile translates an expression, rewritten so that whatever needs an unknown
// value fails when it runs. The place of a mistake is counted in characters, as
// the library counts.
func (s Scope) compile(source string) (*Expression, *Mistake) {
	if len(source) > maxSource {
		return nil, &Mistake{Text: fmt.Sprintf("the expression is longer than %d bytes", maxSource)}
	}
	if strings.TrimSpace(source) == "" {
		return nil, &Mistake{Text: "the expression is empty"}
	}
	config := conf.New(s.env())
	config.MaxNodes = maxNodes
	config.Functions[unknown.Name] = unknown
	for name := range usageFunctions {
		config.Functions[name] = declared(name)
	}
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, s.explain(source, err)
	}
	if wrong := forbidden(tree.Node, s.Params); wrong != nil {
		return nil, wrong
	}
	g := &guard{config: config, params: s.Params, done: map[ast.Node]bool{}, reads: map[ast.Node]read{}}
	config.Visitors = []ast.Visitor{g}
	if _, err := new(checker.Checker).PatchAndCheck(tree, config); err != nil {
		return nil, s.explain(source, err)
	}
	if wrong := cmp.Or(untyped(tree.Node), wrongMeasure(tree.Node)); wrong != nil {
		return nil, wrong
	}
	e := &Expression{Source: source, Reads: g.left(tree.Node, s), Fractional: fractional(tree.Node), scope: s, typ: tree.Node.Type()}
	if path, ok := cellAt(reflect.TypeOf(s.env()), strings.TrimSpace(source)); ok {
		e.field = path
	}
	config.Visitors = []ast.Visitor{newMeter(tree.Node)}
	if _, err := new(checker.Checker).PatchAndCheck(tree, config); err != nil {
		return nil, s.explain(source, err)
	}
	if err := optimizer.Optimize(&tree.Node, config); err != nil {
		return nil, s.explain(source, err)
	}
	if e.code, err = compiler.Compile(tree, config); err != nil {
		return nil, s.explain(source, err)
	}
	return e, nil
}

// byteOffset is the offset of a character's first byte.
func byteOffset(s string, character int) int {
	for i := range s {
		if character == 0 {
			return i
		}
		character--
	}
	return len(s)
}

// visit makes a visitor of a function that looks at each node, children first.
type visit func(ast.Node)

// Visit looks at one node.
func (f visit) Visit(node *ast.Node) { f(*node) }
