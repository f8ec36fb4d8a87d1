package engine

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"trueup/fetch"
)

// Message is a text with {{ expressions }} in it, compiled.
type Message []part

// part is a literal or an expression.
type part struct {
	literal string
	value   *Expression // nil for a literal
}

// CompileMessage cuts a text at its {{ }} and compiles the expressions. It gives
// the mistakes of all of them.
func (s Scope) CompileMessage(text string) (m Message, wrong []*Mistake) {
	at := 0
	for {
		literal, rest, found := strings.Cut(text[at:], "{{")
		if stray := strings.Index(literal, "}}"); stray >= 0 {
			return nil, append(wrong, &Mistake{at + stray, "}} without {{", ""})
		}
		m = append(m, part{literal: literal})
		if !found {
			return m, wrong
		}
		open := at + len(literal)
		source, _, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, append(wrong, &Mistake{open, "{{ without }}", ""})
		}
		if strings.TrimSpace(source) == "" {
			return nil, append(wrong, &Mistake{open, "{{ }} names nothing", "write a field between the braces"})
		}
		start := open + len("{{")
		value, bad := s.Compile("message", source, Value)
		if bad != nil {
			bad.At += start
			wrong = append(wrong, bad)
		}
		m = append(m, part{value: value})
		at = start + len(source) + len("}}")
	}
}

// Expressions lists those of the message in their order.
func (m Message) Expressions() []*Expression {
	var all []*Expression
	for _, p := range m {
		if p.value != nil {
			all = append(all, p.value)
		}
	}
	return all
}

// Message writes a message that was compiled without mistakes. A value that
// cannot be read is written as unknown: no finding is lost over its wording.
func (e Env) Message(m Message) string {
	text := e.machine.text[:0]
	e.machine.work.allow(e.machine.work.allowance)
	for _, p := range m {
		if p.value == nil {
			text = append(text, p.literal...)
			continue
		}
		if t := e.shown(p.value); t != "" {
			text = append(text, t...)
			continue
		}
		v, err := e.run(p.value)
		if err != nil || v == nil {
			text = append(text, "unknown"...)
			continue
		}
		text = appendValue(text, v)
	}
	e.machine.text = text
	return string(bytes.TrimSpace(text))
}

// shown is a raw value behind its meaning, where the expression is nothing but
// a field with one; "" for all others.
func (e Env) shown(x *Expression) string {
	if x.field == nil {
		return ""
	}
	if t, ok := cell(e.names, x.field).(*fetch.Text); ok && t.Meaning != nil {
		return t.Shown()
	}
	return ""
}

// appendValue writes a value as messages show it.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return fmt.Append(b, v)
}
