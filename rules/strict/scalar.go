package strict

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

func (d *decoder) text(n *yaml.Node, t target) (string, bool) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		d.want(n, t, "a text")
		return "", false
	}
	return n.Value, true
}

func (d *decoder) int(n *yaml.Node, t target) {
	i, err := strconv.ParseInt(n.Value, 10, t.v.Type().Bits())
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil {
		d.want(n, t, "a whole number")
		return
	}
	t.v.SetInt(i)
}

func (d *decoder) bool(n *yaml.Node, t target) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
		d.want(n, t, "true or false")
		return
	}
	t.v.SetBool(strings.EqualFold(n.Value, "true"))
}

func (d *decoder) any(n *yaml.Node, t target) {
	v, ok := Scalar(n)
	if !ok {
		d.want(n, t, "a number, a text, true or false")
		return
	}
	t.v.Set(reflect.ValueOf(v))
}

// Scalar is the value of a scalar node: an int, float64, bool or string. Null
// and numbers out of range have none.
func Scalar(n *yaml.Node) (any, bool) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		return nil, false
	}
	switch n.ShortTag() {
	case "!!int":
		i, err := strconv.Atoi(n.Value)
		return i, err == nil
	case "!!float":
		f, err := strconv.ParseFloat(n.Value, 64)
		return f, err == nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), true
	}
	return n.Value, true
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// kindOf names what a node is, for messages.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "the number " + brief(n.Value)
	}
	return "the text " + strconv.Quote(brief(n.Value))
}

// brief cuts a value for a message.
func brief(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), utf8.UTFMax*(most+1))]); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
