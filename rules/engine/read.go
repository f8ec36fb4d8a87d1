package engine

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"trueup/fetch"
)

// Limits on the lists that one expression works on. They bound its time, since
// expressions can only loop over lists, at most maxPredicates deep.
const (
	maxSites     = 1000
	maxManySites = 10_000 // for expressions that look at each only once
)

// readKind says what an expression wants of a cell.
type readKind uint8

const (
	strictRead readKind = iota // the value: null stops the expression
	looseRead                  // the value to compare by == or !=: null is nil and equals nothing
	nilRead                    // whether the value is null
)

// unknownValue is the error of a read that needs a value which is not there.
type unknownValue struct {
	name  string
	state fetch.State
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

// fail is the error for a state that a read of this kind cannot take. It names
// the API's own field behind a derived one.
func (k readKind) fail(name string, s fetch.State) error {
	if s == fetch.Known || s != fetch.Unreadable && k != strictRead {
		return nil
	}
	switch name {
	case "CountedByUser":
		name = "LicenseType"
	case "CustomersOnTenant":
		name = "MsTenantId"
	}
	return &unknownValue{name, s}
}

// reader is the function that an expression calls for a cell: direct if it has
// a type that the machine calls without reflection, else named. A list may have
// no more than most entries.
func reader(cellType reflect.Type, kind readKind, name string, most int) (direct any, named *builtin.Function) {
	switch cellType {
	case countType:
		return readerOf(kind, name, func(c *fetch.Count) (int, fetch.State, error) { return int(c.N), c.State, nil })
	case textType:
		return readerOf(kind, name, textValue)
	case flagType:
		return readerOf(kind, name, func(f *yesNo) (bool, fetch.State, error) { return f.B, f.State, nil })
	}
	value := sitesUpTo(most)
	if kind == strictRead {
		return nil, namedReader(kind, name, value)
	}
	return readerOf(kind, name, value)
}

func readerOf[C, V any](kind readKind, name string, value valueOf[C, V]) (direct any, named *builtin.Function) {
	switch kind {
	case strictRead:
		return func(cell any) V {
			v, _, err := readCell(kind, name, value, cell)
			if err != nil {
				panic(err) // the machine makes it the error of the run
			}
			return v
		}, nil
	case nilRead:
		return func(cell any) bool {
			_, state, err := readCell(kind, name, value, cell)
			if err != nil {
				panic(err)
			}
			return state != fetch.Known
		}, nil
	}
	return nil, namedReader(kind, name, value)
}

// namedReader reads strictly or loosely: loosely, null is nil.
func namedReader[C, V any](kind readKind, name string, value valueOf[C, V]) *builtin.Function {
	typ := reflect.TypeFor[func(*C) V]()
	if kind == looseRead {
		typ = reflect.TypeFor[func(*C) *V]()
	}
	return &builtin.Function{
		Name: fmt.Sprintf("read %d %s", kind, name),
		Func: func(args ...any) (any, error) {
			v, state, err := readCell(kind, name, value, args[0])
			if err != nil || state != fetch.Known {
				return nil, err
			}
			return v, nil
		},
		Types: []reflect.Type{typ},
	}
}

var errNoSite = errors.New("no such SIP connection")

// readCell is the value and state of a cell, or why a read of this kind cannot
// take it.
func readCell[C, V any](kind readKind, name string, value valueOf[C, V], cell any) (v V, state fetch.State, err error) {
	c, ok := cell.(*C)
	if !ok || c == nil {
		return v, state, errNoSite
	}
	if v, state, err = value(c); err != nil {
		return v, state, fmt.Errorf("%s %w", name, err)
	}
	return v, state, kind.fail(name, state)
}

// valueOf takes a cell apart. The error says, for the end of a sentence about
// the field, that the value is beyond the limits.
type valueOf[C, V any] func(*C) (V, fetch.State, error)

func textValue(t *fetch.Text) (string, fetch.State, error) {
	if len(t.S) > maxText {
		return "", t.State, fmt.Errorf("is longer than %d bytes", maxText)
	}
	return t.S, t.State, nil
}

func sitesUpTo(most int) valueOf[sites, []*site] {
	return func(s *sites) ([]*site, fetch.State, error) {
		if len(s.List) > most {
			return nil, s.State, fmt.Errorf("has more than %d entries", most)
		}
		return s.List, s.State, nil
	}
}
