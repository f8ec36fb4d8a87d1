package strict

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type level string

func (l *level) UnmarshalText(b []byte) error {
	if string(b) != "high" && string(b) != "low" {
		return fmt.Errorf("unknown level %q", b)
	}
	*l = level(b)
	return nil
}

type entry struct {
	ID     string                  `yaml:"id,required"`
	Level  *level                  `yaml:"level"`
	Count  int                     `yaml:"count"`
	On     *bool                   `yaml:"on"`
	Params map[string]Located[any] `yaml:"params"`
	When   Text                    `yaml:"when"`
}

type document struct {
	Title   string                    `yaml:"title"`
	Entries []entry                   `yaml:"entries"`
	Prices  map[int]Located[string]   `yaml:"prices"`
	Named   map[string]Located[entry] `yaml:"named"`
}

func TestDecode(t *testing.T) {
	var doc document
	errs := Decode("a.yaml", []byte(`
title: 007
entries:
  - {id: 2027-03-31, level: high, count: -3, on: false, params: {a: 1, b: 1.5, c: x, d: true}}
  - &second {id: "x"}
  - *second
prices: {1: "2.10", 5: 3.90}
named:
  first:
    id: f
`), &doc)
	if errs != nil {
		t.Fatal(errs)
	}
	if doc.Title != "007" || len(doc.Entries) != 3 || doc.Entries[2].ID != "x" {
		t.Errorf("got %+v", doc)
	}
	first := doc.Entries[0]
	if first.ID != "2027-03-31" || *first.Level != "high" || first.Count != -3 || *first.On {
		t.Errorf("got %+v", first)
	}
	params := map[string]any{}
	for k, p := range first.Params {
		params[k] = p.V
	}
	if want := map[string]any{"a": 1, "b": 1.5, "c": "x", "d": true}; !reflect.DeepEqual(params, want) {
		t.Errorf("params %v, want %v", params, want)
	}
	if p := doc.Prices[5]; p.V != "3.90" || p.Pos != (Position{"a.yaml", 7, 24}) || p.Key != (Position{"a.yaml", 7, 21}) {
		t.Errorf("price %+v", p)
	}
	if p := doc.Named["first"]; p.Key != (Position{"a.yaml", 9, 3}) || p.V.ID != "f" {
		t.Errorf("named %+v", p)
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"unknown key", "titel: x", `f:1:1: unknown key "titel" | did you mean "title"?`},
		{"far key", "qqqqqq: x", `f:1:1: unknown key "qqqqqq" | known keys: title, entries, prices, named`},
		{"duplicate key", "title: x\ntitle: y", `f:2:1: duplicate key "title" | it is first in line 1`},
		{"missing key", "entries:\n  - count: 1", `f:2:5: missing key "id"`},
		{"kinds", "title: [x]\nentries: {a: 1}", "f:1:8: \"title\": want a text, got a list\nf:2:10: \"entries\": want a list, got a mapping"},
		{"null text", "title:", `f:1:7: "title": want a text, got nothing`},
		{"bad int", "entries: [{id: a, count: 1.5}]", `f:1:26: "count": want a whole number, got the number 1.5`},
		{"bad bool", "entries: [{id: a, on: yes}]", `f:1:23: "on": want true or false, got the text "yes"`},
		{"long key", strings.Repeat("😀", 50) + ": x", `f:1:1: unknown key "` + strings.Repeat("😀", 40) + `…" | known keys: title, entries, prices, named`},
		{"bad param", "entries: [{id: a, params: {p: [1]}}]", `f:1:31: "p": want a number, a text, true or false, got a list`},
		{"null param", "entries: [{id: a, params: {p: null}}]", `f:1:31: "p": want a number, a text, true or false, got nothing`},
		{"own type", "entries: [{id: a, level: worst}]", `f:1:26: unknown level "worst"`},
		{"int key", "prices: {x: 1}", `f:1:10: want a whole number as the key, got "x"`},
		{"int key spelled otherwise", "prices: {01: 1}", `f:1:10: want a whole number as the key, got "01"`},
		{"two documents", "title: a\n---\ntitle: b", `f:3:1: a second document in the file | write one file for each`},
		{"not a mapping", "- a", `f:1:1: want a mapping (key: value), got a list`},
		{"colon in a text", "title: a\nentries: b: c", "f:2:11: not valid YAML: mapping values are not allowed in this context | put a text that holds a colon in quotes; indent a key like the keys beside it"},
		{"indented too far", "title: a\nentries:\n  - id: x\n     level: low\n", "f:4:11: not valid YAML: mapping values are not allowed in this context | put a text that holds a colon in quotes; indent a key like the keys beside it"},
		{"indented too little", "title: a\nentries:\n  - id: x\n   level: low\n", "f:4:4: not valid YAML: did not find expected '-' indicator | indent the line like the lines beside it; close a quote before what follows it"},
		{"indented with a tab", "named:\n\ta: {}\n", "f:2:1: not valid YAML: found character that cannot start any token | put the text in quotes; indent with spaces, not tabs"},
		{"double quote not closed", "title: a\nnamed:\n  é: {id: \"x}\n  b: {id: y}\n", "f:3:11: not valid YAML: found unexpected end of stream | close this quote"},
		{"single quote not closed", "entries:\n  - id: 'x\n    count: 1\n  - id: y\n", "f:2:9: not valid YAML: found unexpected end of stream | close this quote"},
		{"text after a quote", "title: \"a\" b\n", "f:1:12: not valid YAML: did not find expected key | indent the line like the lines beside it; close a quote before what follows it"},
		{"bracket not closed", "prices: {1: 2\ntitle: b\n", "f:2:6: not valid YAML: did not find expected ',' or '}' | write a comma here, or close the bracket of line 1, column 9"},
		{"key without a value", "title: |\n  a\nb\nentries: []\n", "f:3:1: not valid YAML: could not find expected ':' | write key: value, or indent the line like the text that it continues"},
		{"unknown escape", `title: "a\q"`, "f:1:10: not valid YAML: found unknown escape character"},
		{"control character", "title: a\nnamed: \x01", "f: not valid YAML: control characters are not allowed (value: 1)"},
		{"mistake in a second document", "title: a\n---\nb: c: d\n", "f:3:5: not valid YAML: mapping values are not allowed in this context | put a text that holds a colon in quotes; indent a key like the keys beside it"},
		{"not UTF-8", "title: é\n  \xff", `f:2:3: not UTF-8 text | save the file as UTF-8`},
		{"unknown alias", "title: *x", `f:1:8: not valid YAML: unknown anchor 'x' referenced`},
		{"all at once", "titel: x\nentries: 3\nnamed: {a: {}}", "f:1:1: unknown key \"titel\" | did you mean \"title\"?\n" +
			"f:2:10: \"entries\": want a list, got the number 3\nf:3:12: missing key \"id\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := list(Decode("f", []byte(test.yaml), new(document))); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func list(errs Errors) string {
	var lines []string
	for _, e := range errs {
		line := e.Error()
		if e.Hint() != "" {
			line += " | " + e.Hint()
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestEmptyFiles(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "---\n"} {
		if errs := Decode("f", []byte(text), new(document)); errs != nil {
			t.Errorf("%q: %v", text, errs)
		}
		if got := list(Decode("f", []byte(text), new(entry))); !strings.HasSuffix(got, `:1: missing key "id"`) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	bomb := "named:\n  a0: &a0 {id: x, params: {p: 1}}\n"
	for i := range 40 {
		bomb += fmt.Sprintf("  a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i)
	}
	tests := map[string]string{
		"more than":      "entries: &l [" + "&x {id: a, params: {a: 1, b: 2, c: 3}}, " + strings.Repeat("*x, ", 60_000) + "]",
		"is larger than": "title: " + strings.Repeat("x", 10<<20),
		"want":           bomb,
		"nested deeper":  "entries: &e [*e]\n",
		"not valid YAML": "title: " + strings.Repeat("[", 20_000),
		"got a list":     "title: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000),
	}
	type lists struct {
		Title   string      `yaml:"title"`
		Entries []lists2    `yaml:"entries"`
		Named   [][][]entry `yaml:"named"`
	}
	for want, text := range tests {
		var errs Errors
		if want == "nested deeper" {
			errs = Decode("f", []byte(text), new(lists))
		} else {
			errs = Decode("f", []byte(text), new(document))
		}
		if !strings.Contains(list(errs), want) {
			t.Errorf("%s: got %.200s", want, list(errs))
		}
	}
}

type lists2 []lists2

func TestTextAt(t *testing.T) {
	tests := []struct{ name, yaml, find, want string }{
		{"plain", `when: a > bad`, "bad", "f:1:11"},
		{"plain, folded", "when: a >\n  b and\n  bad", "bad", "f:3:3"},
		{"double quotes", `when: "é \"x\" \u00e9 bad"`, "bad", "f:1:23"},
		{"single quotes", `when: 'it''s bad'`, "bad", "f:1:14"},
		{"literal", "when: |\n  a\n    and bad\n", "bad", "f:3:9"},
		{"folded", "when: >-\n\n  a\n  b\n\n  bad\n", "bad", "f:6:3"},
		{"double quotes, escaped line end", "when: \"a \\\n    bad\"", "bad", "f:2:5"},
		{"tab escape", `when: "a\tbad"`, "bad", "f:1:11"},
		{"byte order mark", "\ufeffwhen: a > bad", "bad", "f:1:11"},
		{"start of a block", "when: |\n  bad\n", "bad", "f:2:3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var doc struct {
				When Text `yaml:"when"`
			}
			if errs := Decode("f", []byte(test.yaml), &doc); errs != nil {
				t.Fatal(errs)
			}
			at := strings.Index(doc.When.S, test.find)
			if at < 0 {
				t.Fatalf("%q is not in %q", test.find, doc.When.S)
			}
			if got := doc.When.At(at).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSnippet(t *testing.T) {
	errs := Decode("f", []byte("title: x\n\tentries: 3\n"), new(document))
	errs = append(errs, Decode("f", []byte("title: x\nentries: 3\n"), new(document))...)
	want := "    2 | entries: 3\n      |          ^"
	if got := errs[len(errs)-1].Snippet(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	long := Error{Pos: Position{"f", 1, 5000}, SourceLine: strings.Repeat("é", 9000)}
	if got := long.Snippet(); len([]rune(got)) > 300 {
		t.Errorf("long line: %s", got)
	}
}

func TestErrIsNilWithoutErrors(t *testing.T) {
	var none Errors
	if none.Err() != nil {
		t.Error("no errors are an error")
	}
	some := Decode("f", []byte("x: 1"), new(document)).Err()
	if errs := (Errors)(nil); !errors.As(fmt.Errorf("read: %w", some), &errs) || len(errs) != 1 {
		t.Error("errors are not found through a wrapper")
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "title: x", "entries: [{id: a, when: |\n  x\n}]", "entries: &a [*a]", "named: {a: {id: \"\\u00e9 \\\n  b\"}}",
		"entries:\n  - {id: 'it''s', level: high, params: {a: 1e3}}\n", "a: b: c", "---\n---\n", "\xff", "prices: {1: 2, 1: 3}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var doc document
		errs := Decode("f", data, &doc)
		for _, e := range errs {
			if e.Text == "" || e.Pos.File != "f" {
				t.Errorf("poor error %+v", e)
			}
			_ = e.Snippet()
		}
		for _, entry := range doc.Entries {
			for i := range entry.When.S[:min(len(entry.When.S), 200)] {
				if p := entry.When.At(i); p.Line < entry.When.Pos.Line {
					t.Errorf("byte %d of %q is at %v, before its start %v", i, entry.When.S, p, entry.When.Pos)
				}
			}
		}
	})
}

// table names its keys when it is read.
type table struct {
	title Located[string]
	count int
}

func (t *table) Keys() []Key {
	return []Key{{Name: "title", Required: true, Into: &t.title}, {Name: "count", Into: &t.count}}
}

func TestKeyed(t *testing.T) {
	var into struct {
		Tables []table `yaml:"tables"`
	}
	errs := Decode("f", []byte("tables:\n  - {title: a, count: 2}\n  - {count: 1}\n  - {titel: b}\n  - {title: c, x: 1}\n"), &into)
	want := "f:3:5: missing key \"title\"\nf:4:5: missing key \"title\"\nf:4:6: unknown key \"titel\"\nf:5:16: unknown key \"x\""
	if errs.Error() != want {
		t.Errorf("got\n%v\nwant\n%v", errs, want)
	}
	if errs[2].Hint() != `did you mean "title"?` || errs[3].Hint() != "known keys: title, count" {
		t.Errorf("hints %q and %q", errs[2].Hint(), errs[3].Hint())
	}
	if first := into.Tables[0]; first.title.V != "a" || first.title.Pos.Line != 2 || first.count != 2 {
		t.Errorf("%+v", first)
	}
}
