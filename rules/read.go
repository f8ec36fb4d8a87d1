package rules

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"trueup/fetch"
)

// Limits on the data that one expression works on. They bound its time, since
// expressions can only loop over lists, two deep at most.
const (
	maxSites = 1000
	maxText  = 4096 // bytes
)

// readKind says what an expression wants of a cell.
type readKind uint8

const (
	// strictRead needs the value: null is an error.
	strictRead readKind = iota
	// looseRead compares with == or !=: null is nil and equals no value.
	looseRead
	// nilRead asks whether the value is null.
	nilRead
)

// unknownValue is the error of a read that needs a value which is not there.
type unknownValue struct {
	name  string
	state fetch.State
}

// derivedFrom names the API's field behind one that the API does not have.
func derivedFrom(name string) string {
	switch name {
	case "CountedByUser":
		return "LicenseType"
	case "CustomersOnTenant":
		return "MsTenantId"
	}
	return name
}

func (e *unknownValue) Error() string {
	switch e.state {
	case fetch.Absent:
		if e.name == "SiteLocation" {
			return "SiteLocation is absent: the list was fetched without allDetails"
		}
		return e.name + " is absent"
	case fetch.Unreadable:
		return e.name + " has a value that cannot be read"
	}
	return e.name + " is null"
}

// fail is the error for a state that a read of this kind cannot take.
func (k readKind) fail(name string, s fetch.State) error {
	if s == fetch.Known || s != fetch.Unreadable && k != strictRead {
		return nil
	}
	return &unknownValue{derivedFrom(name), s}
}

var errNoSite = errors.New("no such SIP connection")

// reader is the function that an expression calls for a cell.
func reader(cellType reflect.Type, kind readKind, name string) *builtin.Function {
	fn := &builtin.Function{Name: fmt.Sprintf("read %d %s", kind, name)}
	switch cellType {
	case countType:
		fn.Func, fn.Types = typed(kind, name, countValue)
	case textType:
		fn.Func, fn.Types = typed(kind, name, textValue)
	case flagType:
		fn.Func, fn.Types = typed(kind, name, flagValue)
	case sitesType:
		fn.Func, fn.Types = typed(kind, name, sitesValue)
	}
	return fn
}

func countValue(c *fetch.Count) (int, fetch.State, error) { return int(c.N), c.State, nil }

func textValue(t *fetch.Text) (string, fetch.State, error) {
	if len(t.S) > maxText {
		return "", t.State, fmt.Errorf("is longer than %d bytes", maxText)
	}
	return t.S, t.State, nil
}

func flagValue(f *yesNo) (bool, fetch.State, error) { return f.B, f.State, nil }

func sitesValue(s *sites) ([]*site, fetch.State, error) {
	if len(s.List) > maxSites {
		return nil, s.State, fmt.Errorf("has more than %d entries", maxSites)
	}
	return s.List, s.State, nil
}

type function = func(...any) (any, error)

// typed is a read and its type as the expression's checker sees it.
func typed[C, V any](kind readKind, name string, value func(*C) (V, fetch.State, error)) (function, []reflect.Type) {
	read := func(args ...any) (any, error) {
		c, ok := args[0].(*C)
		if !ok || c == nil {
			return nil, errNoSite
		}
		v, state, err := value(c)
		if err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		if err := kind.fail(name, state); err != nil {
			return nil, err
		}
		if kind == nilRead {
			return state != fetch.Known, nil
		}
		if state != fetch.Known {
			return nil, nil
		}
		return v, nil
	}
	return read, []reflect.Type{readType[C, V](kind)}
}

func readType[C, V any](kind readKind) reflect.Type {
	switch kind {
	case nilRead:
		return reflect.TypeFor[func(*C) bool]()
	case looseRead:
		return reflect.TypeFor[func(*C) *V]()
	}
	return reflect.TypeFor[func(*C) V]()
}
