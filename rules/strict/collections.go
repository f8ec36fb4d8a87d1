package strict

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"trueup/fetch/plain"

	"go.yaml.in/yaml/v4"
)

// Keyed is a mapping that names its keys itself, where structs have them in
// tags.
type Keyed interface{ Keys() []Key }

// Key is one key of a Keyed.
type Key struct {
	Name     string
	Required bool
	Into     any // points to where its value goes
}

// keysOf lists the keys of a Keyed or a struct in the order they are declared.
func keysOf(v reflect.Value) (keys []Key) {
	if own, ok := v.Addr().Interface().(Keyed); ok {
		return own.Keys()
	}
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		keys = append(keys, Key{name, option == "required", v.Field(i).Addr().Interface()})
	}
	return keys
}

func (d *decoder) structure(n *yaml.Node, t target) {
	if isNull(n) {
		n = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	}
	keys := keysOf(t.v)
	if only := requiredOf(keys); n.Kind == yaml.SequenceNode && t.depth == 0 && only != "" {
		d.fail(n, fmt.Sprintf("write %s: above the list, and indent the list", only), "want a mapping (key: value), got a list")
		return
	}
	seen, ok := d.pairs(n, t, func(key, value *yaml.Node) {
		at := slices.IndexFunc(keys, func(k Key) bool { return k.Name == key.Value })
		if at < 0 {
			d.fail(key, keyHint(key.Value, keys), "unknown key %q", brief(key.Value))
			return
		}
		d.value(value, t.child(reflect.ValueOf(keys[at].Into).Elem(), key))
	})
	for _, k := range keys {
		if ok && k.Required && seen[k.Name] == nil {
			d.fail(n, "", "missing key %q", k.Name)
		}
	}
}

// requiredOf is the key that must be there, if it is the only one.
func requiredOf(keys []Key) string {
	if len(keys) == 1 && keys[0].Required {
		return keys[0].Name
	}
	return ""
}

func keyHint(key string, keys []Key) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	if hint := plain.DidYouMean(key, names); hint != "" {
		return hint
	}
	return "known keys: " + strings.Join(names, ", ")
}

// pairs calls do for each key of a mapping, refusing repeated ones.
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
	last := &yaml.Node{} // value of the key before
	d.pairs(n, t, func(key, value *yaml.Node) {
		before := last
		last = value
		if typ.Key().Kind() == reflect.Int && n.Style&yaml.FlowStyle != 0 && isNull(value) && value.Value == "" && isDigits(before.Value) && isDigits(key.Value) {
			d.fail(key, fmt.Sprintf("write \"%s.%s\", with a point and in quotes", before.Value, key.Value), "a comma begins another key")
			return
		}
		k, ok := d.mapKey(key, typ.Key())
		if !ok {
			return
		}
		v := reflect.New(typ.Elem()).Elem()
		d.value(value, t.child(v, key))
		t.v.SetMapIndex(k, v)
	})
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
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
