package plain

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"Zoë & 北京\tx\n": "Zoë & 北京\tx\n",
		"\x1b[31mred":   `\x1b[31mred`,
		"a\rb":          `a\x0db`,
		"a\v\f\u0085":   `a\x0b\x0c\u0085`,
		"\u202Eevil":    `\u202eevil`,
		"\u009b2J":      `\u009b2J`,
		"\xff":          `\xff`,
		"\uFFFD":        "\uFFFD",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What is written says the same, and has nothing that a terminal obeys.
func TestVisibleJSON(t *testing.T) {
	for _, text := range []string{"Zoë & 北京\tx\n", "\x1b[31mred\x7f", "\u202Eevil", "\u009b2J", "\u0085", "\uFFFD\U0001FFFE", "\xff"} {
		document, err := json.MarshalIndent(map[string]string{"a": text}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		got := VisibleJSON(string(document))
		var want, back map[string]string
		if json.Unmarshal(document, &want) != nil || json.Unmarshal([]byte(got), &back) != nil || want["a"] != back["a"] {
			t.Errorf("%q: %q says another thing", text, got)
		}
		if strings.ContainsFunc(got, obeyed) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("a\x1b]0;t\x07")
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("%q gives %q", s, got)
		}
	})
}
