package strict

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Located is a value with its place, for messages about what it means. The Line
// of Pos is zero if the key is not there.
type Located[T any] struct {
	V   T
	Pos Position // of the value
	Key Position // of the key it stands under; zero in lists
}

// locator is implemented by every Located: it notes the place and gives a
// pointer to the value.
type locator interface {
	locate(pos, key Position) any
}

func (l *Located[T]) locate(pos, key Position) any {
	l.Pos, l.Key = pos, key
	return &l.V
}

// Given tells whether the key is there.
func (l Located[T]) Given() bool { return l.Pos.Line > 0 }

// Text is a text that knows where each of its characters stands in the file,
// through quotes, escapes and folded lines.
type Text struct {
	S   string
	Pos Position // of the value, its opening quote included

	style yaml.Style
	data  []byte
}

// Given tells whether the key is there.
func (t Text) Given() bool { return t.Pos.Line > 0 }

// At is the place of the byte at offset in S, or the place of the whole text
// where that cannot be told.
func (t Text) At(offset int) Position {
	source, start := t.source()
	at, ok := align(source, t.S, min(max(offset, 0), len(t.S)), t.style)
	if !ok {
		return t.Pos
	}
	line, column := lineColumn(t.data, start+at)
	return Position{t.Pos.File, line, column}
}

// source is the file from the text's first character on, after the opening quote
// or the header of a block, and the offset of that place.
func (t Text) source() ([]byte, int) {
	start := offsetOf(t.data, t.Pos.Line, t.Pos.Column)
	switch {
	case t.style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		start++
	case t.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		for start < len(t.data) && t.data[start] != '\n' {
			start++
		}
	}
	start = min(start, len(t.data))
	return t.data[start:], start
}

// offsetOf is the byte offset of a line and column.
func offsetOf(data []byte, line, column int) int {
	at := 0
	for ; line > 1 && at < len(data); at++ {
		if data[at] == '\n' {
			line--
		}
	}
	for ; column > 1 && at < len(data); column-- {
		_, size := utf8.DecodeRune(data[at:])
		at += size
	}
	return at
}

// align finds the source offset of the value's byte at want by walking both:
// a run of white space in one stands for a run in the other, so folding and
// indentation need no further rules.
func align(source []byte, value string, want int, style yaml.Style) (int, bool) {
	at, v := 0, 0
	for {
		at = skipInvisible(source, at, value[v:], style)
		if v >= want {
			return at, true
		}
		size, width := step(source[at:], value[v:], style)
		if size == 0 {
			return 0, false
		}
		at, v = at+size, v+width
	}
}

// skipInvisible skips white space and escaped line ends that the value does not
// have, as in front of a block's first line.
func skipInvisible(source []byte, at int, rest string, style yaml.Style) int {
	for style&yaml.DoubleQuotedStyle != 0 && at+1 < len(source) && source[at] == '\\' && source[at+1] == '\n' {
		at += 2
	}
	if rest == "" || blank(rest[0]) {
		return at
	}
	for at < len(source) && blank(source[at]) {
		at++
	}
	return at
}

// step is how many bytes of source and value stand for each other here; zero
// if they differ.
func step(source []byte, value string, style yaml.Style) (size, width int) {
	if len(source) == 0 {
		return 0, 0
	}
	if style&yaml.DoubleQuotedStyle != 0 && source[0] == '\\' {
		_, width = utf8.DecodeRuneInString(value)
		return escapeLength(source), width
	}
	if style&yaml.SingleQuotedStyle != 0 && strings.HasPrefix(string(source[:min(2, len(source))]), "''") {
		return 2, 1
	}
	if blank(value[0]) {
		return run(string(source[:min(len(source), maxLine)])), run(value)
	}
	if source[0] != value[0] {
		return 0, 0
	}
	return 1, 1
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func run(s string) int { return len(s) - len(strings.TrimLeft(s, " \n\t\r")) }

// escapeLength is the length of an escape in double quotes.
func escapeLength(source []byte) int {
	if len(source) < 2 {
		return len(source)
	}
	size := map[byte]int{'x': 4, 'u': 6, 'U': 10}[source[1]]
	return min(max(size, 2), len(source))
}
