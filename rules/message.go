package rules

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// message is a rule's text: literal parts and expressions in turn.
type message []messagePart

type messagePart struct {
	literal string
	value   *expression // nil for a literal
}

// parseMessage cuts a text at its {{ }}. The expressions of the parts are not
// compiled yet: only source and start are set.
func parseMessage(text string) (message, *exprError) {
	var parts message
	at := 0
	for {
		literal, rest, found := strings.Cut(text[at:], "{{")
		if stray := strings.Index(literal, "}}"); stray >= 0 {
			return nil, &exprError{runes(text[:at+stray]), "}} without {{", ""}
		}
		parts = append(parts, messagePart{literal: literal})
		if !found {
			return parts, nil
		}
		open := at + len(literal)
		source, _, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, &exprError{runes(text[:open]), "{{ without }}", ""}
		}
		if strings.TrimSpace(source) == "" {
			return nil, &exprError{runes(text[:open]), "{{ }} names nothing", "write a field between the braces"}
		}
		parts = append(parts, messagePart{value: &expression{source: source, start: open + 2}})
		at = open + 2 + len(source) + 2
	}
}

func runes(s string) int { return len([]rune(s)) }

// message renders a finding's text. What cannot be had is called unknown: a
// finding must not get lost over its wording.
func (w *worker) message(parts message, env any) string {
	w.text = w.text[:0]
	for _, p := range parts {
		if p.value == nil {
			w.text = append(w.text, p.literal...)
			continue
		}
		v, err := w.vm.Run(p.value.code, env)
		if err != nil || v == nil {
			w.text = append(w.text, "unknown"...)
			continue
		}
		w.text = appendValue(w.text, v)
	}
	return string(bytes.TrimSpace(w.text))
}

// display writes a value as messages show it.
func display(v any) string { return string(appendValue(nil, v)) }

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

// quantity is the number of licenses of a finding; nil if the rule names none
// or it is unknown. A part of a license or less than none is no quantity.
func (w *worker) quantity(e *expression, env any) *int64 {
	if e == nil {
		return nil
	}
	v, err := w.vm.Run(e.code, env)
	if err != nil {
		return nil
	}
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > maxNumber {
			return nil
		}
		n = int64(v)
	default:
		return nil
	}
	if n < 0 || n > maxNumber {
		return nil
	}
	return &n
}
