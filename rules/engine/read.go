package engine

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"trueup/fetch"
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
		if e.name == "Usage" {
			return "Usage is unknown: the license history could not be had"
		}
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

// reader is the function that an expression calls for a cell, with what holds
// the cell: direct if it has a type that the machine calls without reflection,
// else named. The path leads from a holder of the type to the cell.
func reader(r read, holder reflect.Type, path []int) (direct any, named *builtin.Function) {
	name := fmt.Sprintf("read %d %s of %s", r.kind, r.name, holder)
	switch r.typ {
	case countType:
		return readerOf(r, name, path, func(_ *work, c *fetch.Count) (int, fetch.State, error) { return int(c.N), c.State, nil })
	case textType:
		return readerOf(r, name, path, textValue)
	case flagType:
		return readerOf(r, name, path, func(_ *work, f *yesNo) (bool, fetch.State, error) { return f.B, f.State, nil })
	}
	value := func(_ *work, s *sites) ([]*site, fetch.State, error) { return s.List, s.State, nil }
	if r.kind == strictRead {
		return nil, namedReader(r, name, path, value)
	}
	return readerOf(r, name, path, value)
}

// valueOf takes a cell apart. The error says, for the end of a sentence about
// the field, that the value is beyond the limits.
type valueOf[C, V any] func(*work, *C) (V, fetch.State, error)

func textValue(w *work, t *fetch.Text) (string, fetch.State, error) {
	s := t.Said()
	if len(s) > maxText {
		return "", t.State, fmt.Errorf("is longer than %d bytes", maxText)
	}
	w.spend(len(s) / textStep)
	return s, t.State, nil
}

func readerOf[C, V any](r read, name string, path []int, value valueOf[C, V]) (direct any, named *builtin.Function) {
	switch r.kind {
	case strictRead:
		return func(holder any) V {
			v, _, _ := readCell(r, path, value, holder)
			return v
		}, nil
	case nilRead:
		return func(holder any) bool {
			_, _, null := readCell(r, path, value, holder)
			return null
		}, nil
	}
	return nil, namedReader(r, name, path, value)
}

// namedReader reads strictly or loosely: loosely, null is nil.
func namedReader[C, V any](r read, name string, path []int, value valueOf[C, V]) *builtin.Function {
	typ := reflect.TypeFor[func(any) V]()
	if r.kind == looseRead {
		typ = reflect.TypeFor[func(any) *V]()
	}
	return &builtin.Function{
		Name: name,
		Func: func(args ...any) (any, error) {
			v, known, _ := readCell(r, path, value, args[0])
			if !known && r.kind == looseRead {
				return nil, nil
			}
			return v, nil
		},
		Types: []reflect.Type{typ},
	}
}

var errNothing = errors.New("the expression met a value that is not there")

// readCell is the value of a cell. Where a read of this kind cannot take it,
// the work hears why.
func readCell[C, V any](r read, path []int, value valueOf[C, V], holder any) (v V, known, null bool) {
	at, ok := holder.(worker)
	if !ok {
		panic(errNothing) // as of the first connection where there is none
	}
	c, w := cell(holder, path).(*C), at.at()
	v, state, err := value(w, c)
	if err != nil {
		err = fmt.Errorf("%s %w", r.name, err)
	} else {
		err = r.kind.fail(r.name, state)
	}
	if err != nil {
		w.cannot(err) // if this is a loop's entry, it goes on
		if n, ok := any(&v).(*int); ok {
			*n = 1 // something to divide by
		}
		return v, false, false
	}
	return v, state == fetch.Known, state != fetch.Known
}
