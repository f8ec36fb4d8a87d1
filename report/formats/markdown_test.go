package formats

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

func writeMarkdown(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteMarkdown(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteMarkdown(t *testing.T) {
	golden(t, "report.md", []byte(writeMarkdown(t, fixture())))
	in := input(asOf, strings.NewReplacer("1260", "999", "Failed", "Deployed").Replace(acme)) // nothing to say
	in.Portfolio.Sample, in.Prices = true, report.Prices{}
	golden(t, "plain.md", []byte(writeMarkdown(t, report.Build(in))))
}

func TestMarkdownEscape(t *testing.T) {
	for in, want := range map[string]string{
		"Acme Ltd.":               "Acme Ltd.",
		"a|b":                     "a&#124;b",
		"<b>&":                    "&lt;b&gt;&amp;",
		"_x_ *y*":                 `\_x\_ \*y\*`,
		"[x](http://a.b)":         `\[x\]\(http\://a.b\)`,
		"WWW.a.b 10.5 a-b":        `WWW\.a.b 10.5 a-b`,
		"- x":                     `\- x`,
		"@all #1":                 `\@all \#1`,
		"a\nb":                    "a b",
		strings.Repeat("x", 1000): strings.Repeat("x", mdText-1) + "…",
	} {
		if got := mdEscape(in); got != want {
			t.Errorf("mdEscape(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever the text, the document keeps its lines and its tables their columns.
func TestMarkdownHostileText(t *testing.T) {
	want := shape(writeMarkdown(t, withText("x")))
	for _, text := range hostile {
		got := writeMarkdown(t, withText(text))
		if shape(got) != want {
			t.Errorf("%q changes the document's shape:\n%s", text, got)
		}
		for _, bad := range []string{"<script", "](http", "\x00", "\x1b", "\u202E"} {
			if strings.Contains(got, bad) {
				t.Errorf("%q comes through as %q", text, bad)
			}
		}
	}
}

// shape is the number of cells in each line.
func shape(md string) (s string) {
	for line := range strings.Lines(md) {
		s += fmt.Sprint(strings.Count(line, "|"), " ")
	}
	return s
}

func TestMarkdownIsBounded(t *testing.T) {
	r := withText(strings.Repeat("|", 10_000))
	finding, rule, row, quality := r.Findings[0], r.Rules[0], r.Changes.Rows[0], r.Quality[0]
	rule.Rule = &rules.Rule{ID: strings.Repeat("|", 10_000), Enabled: true}
	for range 2000 {
		r.Findings = append(r.Findings, finding)
		r.Rules = append(r.Rules, rule)
		r.Changes.Rows = append(r.Changes.Rows, row)
		r.Quality = append(r.Quality, quality)
	}
	md := writeMarkdown(t, r)
	if limit := 1 << 20 * 2 / 3; len(md) > limit {
		t.Errorf("%d bytes, more than %d", len(md), limit)
	}
	if !strings.Contains(md, "1,979 more in the other reports.") {
		t.Error("does not say how many findings are left out")
	}
}

func FuzzMarkdownEscape(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := mdEscape(s)
		if strings.ContainsAny(got, "|<>\n\r") {
			t.Errorf("mdEscape(%q) = %q", s, got)
		}
	})
}

func TestMarkdownNamesTheGap(t *testing.T) {
	r := report.Report{Sources: []fetch.Source{{Name: "apac", Failed: "no answer"}}}
	var b strings.Builder
	if err := WriteMarkdown(&b, &r); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(b.String(), "| Customers |")
	if !strings.Contains(head, `INCOMPLETE: no customers from apac \(no answer\)`) {
		t.Errorf("the first lines name no gap:\n%s", head)
	}
}
