package rules

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// maxNumber bounds whole numbers in expressions: exact in a float, and sums of
// as many as an expression can hold stay exact in 64 bits.
const maxNumber = 1_000_000_000_000_000

// The checks below panic: the machine that runs an expression makes a panic
// the error of the run, and calls functions of these types without reflection.

var errTooLarge = errors.New("a number is too large to be exact")

// finite refuses what floats give instead of an error, as for x / 0.
func finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		panic(errors.New("a division by zero, or a number too large"))
	}
	return f
}

func shortText(s string) string {
	if len(s) > maxText {
		panic(fmt.Errorf("a text is longer than %d bytes", maxText))
	}
	return s
}

func inRange(i int) int {
	if i > maxNumber || i < -maxNumber {
		panic(errTooLarge)
	}
	return i
}

func product(a, b int) int {
	if math.Abs(float64(a))*math.Abs(float64(b)) > maxNumber {
		panic(errTooLarge)
	}
	return a * b
}

// unknown lets a rule say that it cannot tell, with its own reason.
var unknown = &builtin.Function{
	Name: "unknown",
	Func: func(args ...any) (any, error) {
		return nil, fmt.Errorf("%v", args[0])
	},
	Types: []reflect.Type{reflect.TypeFor[func(string) bool]()},
}

// check puts a test around an operation's result.
func (g *guard) check(node *ast.Node, n ast.Node, test any) {
	g.done[n] = true
	g.replace(node, g.calling(&ast.ConstantNode{Value: test}, n.Location(), n))
}

// bound limits texts put together, which could double at every step.
func (g *guard) bound(node *ast.Node, n *ast.BinaryNode) {
	if n.Type().Kind() == reflect.String {
		g.check(node, n, shortText)
	}
}

// product checks whole-number products. Sums of values that passed cannot
// overflow in an expression of the permitted size.
func (g *guard) product(node *ast.Node, n *ast.BinaryNode) {
	if n.Type().Kind() != reflect.Int {
		return
	}
	g.replace(node, g.calling(&ast.ConstantNode{Value: product}, n.Location(), n.Left, n.Right))
}
