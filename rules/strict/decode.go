package strict

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Limits of what is read. They are far above any real file and keep a hostile
// one from taking the program's time or memory.
const (
	MaxBytes  = 4 << 20
	maxValues = 500_000 // aliases count each time they are followed
	maxDepth  = 50
)

// Decode reads one YAML document into the struct that into points to. The keys are
// those of its `yaml:"name"` tags, where `yaml:"name,required"` must be present, or
// those that a Keyed names.
// It reads structs, maps with text or int keys, slices, pointers, texts, ints,
// bools, any (a scalar: int, float64, bool or string), Text, Located,
// encoding.TextUnmarshaler for scalars, and yaml.Unmarshaler. An Errors or Error
// from an UnmarshalYAML keeps its lines and columns.
//
// A text takes every scalar but null as it is written, so that names of digits
// and dates need no quotes. An empty file is an empty mapping.
func Decode(file string, data []byte, into any) Errors {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // the parser counts no column for it
	d := &decoder{file: file, data: data, budget: maxValues}
	if root := d.parse(); root != nil {
		d.value(root, target{v: reflect.ValueOf(into).Elem()})
	}
	return d.errs.Sorted().WithSource(file, data)
}

type decoder struct {
	file   string
	data   []byte
	errs   Errors
	budget int
}

// target is where a node's value goes, and what messages call it.
type target struct {
	v     reflect.Value
	name  string     // the key it stands under; "" at the top and in lists
	key   *yaml.Node // the node of that key; nil likewise
	depth int
}

func (t target) with(v reflect.Value) target {
	t.v = v
	return t
}

func (t target) child(v reflect.Value, key *yaml.Node) target {
	return target{v: v, name: key.Value, key: key, depth: t.depth + 1}
}

func (t target) item(v reflect.Value) target {
	return target{v: v, name: t.name, depth: t.depth + 1}
}

func (d *decoder) position(n *yaml.Node) Position {
	return Position{d.file, n.Line, n.Column}
}

func (d *decoder) fail(n *yaml.Node, hint, format string, args ...any) {
	d.errs = append(d.errs, Error{Pos: d.position(n), Text: fmt.Sprintf(format, args...), HintText: hint})
}

// value reads a node into its target, following aliases within the limits.
func (d *decoder) value(n *yaml.Node, t target) {
	if !d.spend(n, t.depth) {
		return
	}
	if n.Kind == yaml.AliasNode {
		t.depth++
		d.value(n.Alias, t)
		return
	}
	if t.v.Kind() == reflect.Pointer && !isNull(n) {
		t.v.Set(reflect.New(t.v.Type().Elem()))
		d.value(n, t.with(t.v.Elem()))
		return
	}
	if t.v.CanAddr() && d.special(n, t) {
		return
	}
	d.plain(n, t)
}

// spend takes one value from the budget. Once that is used up, one error says so and
// the rest of the file is not read.
func (d *decoder) spend(n *yaml.Node, depth int) bool {
	if depth > maxDepth {
		d.fail(n, "", "nested deeper than %d levels", maxDepth)
		d.budget = 0
	}
	if d.budget == 0 {
		return false
	}
	if d.budget--; d.budget == 0 {
		d.fail(n, "write fewer values, or fewer aliases", "more than %d values", maxValues)
		return false
	}
	return true
}

// special reads into types that are more than their kind; false if this is none.
func (d *decoder) special(n *yaml.Node, t target) bool {
	switch into := t.v.Addr().Interface().(type) {
	case locator:
		var key Position
		if t.key != nil {
			key = d.position(t.key)
		}
		d.value(n, t.with(reflect.ValueOf(into.locate(d.position(n), key)).Elem()))
	case *Text:
		if s, ok := d.text(n, t); ok {
			*into = Text{S: s, Pos: d.position(n), style: n.Style, data: d.data}
		}
	case Keyed:
		d.structure(n, t)
	case yaml.Unmarshaler:
		d.own(n, into.UnmarshalYAML(n))
	case encoding.TextUnmarshaler:
		if s, ok := d.text(n, t); ok {
			d.own(n, into.UnmarshalText([]byte(s)))
		}
	default:
		return false
	}
	return true
}

// own records the error of a type that reads itself.
func (d *decoder) own(n *yaml.Node, err error) {
	if err == nil {
		return
	}
	if many := (Errors)(nil); errors.As(err, &many) {
		for _, e := range many {
			e.Pos.File = d.file
			d.errs = append(d.errs, e)
		}
		return
	}
	if one := (Error{}); errors.As(err, &one) {
		one.Pos.File = d.file
		d.errs = append(d.errs, one)
		return
	}
	hint := ""
	if h := interface{ Hint() string }(nil); errors.As(err, &h) {
		hint = h.Hint()
	}
	d.fail(n, hint, "%v", err)
}

func (d *decoder) plain(n *yaml.Node, t target) {
	switch t.v.Kind() {
	case reflect.Struct:
		d.structure(n, t)
	case reflect.Map:
		d.mapping(n, t)
	case reflect.Slice:
		d.list(n, t)
	case reflect.Pointer:
		// null: the pointer stays nil.
	case reflect.String:
		if s, ok := d.text(n, t); ok {
			t.v.SetString(s)
		}
	case reflect.Int, reflect.Int64:
		d.int(n, t)
	case reflect.Bool:
		d.bool(n, t)
	case reflect.Interface:
		d.any(n, t)
	default:
		panic("strict: cannot read into " + t.v.Type().String())
	}
}

func (d *decoder) want(n *yaml.Node, t target, what string) {
	label := ""
	if t.name != "" {
		label = strconv.Quote(t.name) + ": "
	}
	d.fail(n, "", "%swant %s, got %s", label, what, kindOf(n))
}
