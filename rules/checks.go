package rules

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/expr-lang/expr/builtin"
)

// maxNumber bounds whole numbers in expressions: exact in a float, and sums of
// as many as an expression can hold stay exact in 64 bits.
const maxNumber = 1_000_000_000_000_000

var errTooLarge = errors.New("a number is too large to be exact")

// finite refuses what floats give instead of an error, as for x / 0.
var finite = checkOf("finite", func(f float64) (float64, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, errors.New("a division by zero")
	}
	return f, nil
})

var shortText = checkOf("short text", func(s string) (string, error) {
	if len(s) > maxText {
		return "", fmt.Errorf("a text is longer than %d bytes", maxText)
	}
	return s, nil
})

var inRange = checkOf("in range", func(i int) (int, error) {
	if i > maxNumber || i < -maxNumber {
		return 0, errTooLarge
	}
	return i, nil
})

// unknown lets a rule say that it cannot tell, with its own reason.
var unknown = checkOf("unknown", func(reason string) (bool, error) { return false, errors.New(reason) })

func checkOf[In, Out any](name string, check func(In) (Out, error)) *builtin.Function {
	return &builtin.Function{
		Name: name,
		Func: func(args ...any) (any, error) {
			v, ok := args[0].(In)
			if !ok {
				return nil, fmt.Errorf("%v is not a %T", args[0], v)
			}
			return check(v)
		},
		Types: []reflect.Type{reflect.TypeFor[func(In) Out]()},
	}
}

var product = &builtin.Function{
	Name: "product",
	Func: func(args ...any) (any, error) {
		a, okA := args[0].(int)
		b, okB := args[1].(int)
		if !okA || !okB {
			return nil, errors.New("a factor is no number")
		}
		if f := math.Abs(float64(a)) * math.Abs(float64(b)); f > maxNumber {
			return nil, errTooLarge
		}
		return a * b, nil
	},
	Types: []reflect.Type{reflect.TypeFor[func(int, int) int]()},
}
