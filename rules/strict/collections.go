package strict

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"trueup/fetch/plain"
)

type field struct {
	index    int
	required bool
}

// fieldsOf lists the keys of a struct in the order they are declared.
func fieldsOf(t reflect.Type) (names []string, fields map[string]field) {
	fields = make(map[string]field)
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		names = append(names, name)
		fields[name] = field{i, option == "required"}
	}
	return names, fields
}

func (d *decoder) structure(n *yaml.Node, t target) {
	if isNull(n) {
		n = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	}
	names, fields := fieldsOf(t.v.Type())
	seen, ok := d.pairs(n, t, func(key, value *yaml.Node) {
		f, known := fields[key.Value]
		if !known {
			d.fail(key, keyHint(key.Value, names), "unknown key %q", brief(key.Value))
			return
		}
		d.value(value, t.child(t.v.Field(f.index), key))
	})
	for _, name := range names {
		if ok && fields[name].required && seen[name] == nil {
			d.fail(n, "", "missing key %q", name)
		}
	}
}

func keyHint(key string, names []string) string {
	if hint := plain.DidYouMean(key, names); hint != "" {
		return hint
	}
	return "known keys: " + strings.Join(names, ", ")
}

// pairs calls do for each key of a mapping and refuses repeated ones. It gives
// the keys, and whether the node is a mapping at all.
func (d *decoder) pairs(n *yaml.Node, t target, do func(key, value *yaml.Node)) (seen map[string]*yaml.Node, ok bool) {
	if n.Kind != yaml.MappingNode {
		d.want(n, t, "a mapping (key: value)")
		return nil, false
	}
	seen = make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.fail(key, "", "want a plain key, got %s", kindOf(key))
			continue
		}
		if first := seen[key.Value]; first != nil {
			d.fail(key, fmt.Sprintf("it is first in line %d", first.Line), "duplicate key %q", brief(key.Value))
			continue
		}
		seen[key.Value] = key
		do(key, value)
	}
	return seen, true
}

func (d *decoder) mapping(n *yaml.Node, t target) {
	if isNull(n) {
		return
	}
	typ := t.v.Type()
	t.v.Set(reflect.MakeMap(typ))
	d.pairs(n, t, func(key, value *yaml.Node) {
		k, ok := d.mapKey(key, typ.Key())
		if !ok {
			return
		}
		v := reflect.New(typ.Elem()).Elem()
		d.value(value, t.child(v, key))
		t.v.SetMapIndex(k, v)
	})
}

func (d *decoder) mapKey(key *yaml.Node, typ reflect.Type) (reflect.Value, bool) {
	k := reflect.New(typ).Elem()
	if typ.Kind() == reflect.String {
		k.SetString(key.Value)
		return k, true
	}
	i, err := strconv.ParseInt(key.Value, 10, typ.Bits())
	if err != nil || strconv.FormatInt(i, 10) != key.Value {
		d.fail(key, "", "want a whole number as the key, got %q", brief(key.Value))
		return k, false
	}
	k.SetInt(i)
	return k, true
}

func (d *decoder) list(n *yaml.Node, t target) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.want(n, t, "a list")
		return
	}
	t.v.Set(reflect.MakeSlice(t.v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, t.item(t.v.Index(i)))
	}
}
