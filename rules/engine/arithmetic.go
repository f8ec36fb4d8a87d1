package engine

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/expr-lang/expr/builtin"
)

const (
	// maxNumber bounds whole numbers in expressions. They are exact in a float,
	// and sums of as many as an expression can hold are exact in 64 bits.
	maxNumber = 1_000_000_000_000_000
	// maxText bounds texts, in bytes.
	maxText = 4096
)

var errTooLarge = errors.New("a number is too large to be exact")

// CheckParam tells whether a parameter is within what expressions compute
// exactly.
func CheckParam(v any) error {
	switch v := v.(type) {
	case int:
		if v > maxNumber || v < -maxNumber {
			return errTooLarge
		}
	case float64:
		if !(v >= -maxNumber && v <= maxNumber) {
			return errTooLarge
		}
	case string:
		if len(v) > maxText {
			return fmt.Errorf("longer than %d bytes", maxText)
		}
	}
	return nil
}

// The guard calls the functions below around operations. They panic, since the
// machine makes a panic the error of the run, and have types that it calls
// without reflection.

// finite refuses what floats give instead of an error, as for x / 0.
func finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		panic(errors.New("a division by zero, or a number too large"))
	}
	return f
}

// shortText refuses a text put together that could double at every step.
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

// product multiplies within bounds. Sums need no check: those of values that
// passed cannot overflow in an expression of the permitted size.
func product(a, b int) int {
	if math.Abs(float64(a))*math.Abs(float64(b)) > maxNumber {
		panic(errTooLarge)
	}
	return a * b
}

// unknown lets a rule say, with its own reason, that it cannot tell.
var unknown = &builtin.Function{
	Name: "unknown",
	Func: func(args ...any) (any, error) {
		return nil, fmt.Errorf("%v", args[0])
	},
	Types: []reflect.Type{reflect.TypeFor[func(string) bool]()},
}
