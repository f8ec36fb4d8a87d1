package show

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

// findingsOf is a report on the sample with a customer whose names are a
// terminal's trouble.
func findingsOf(t *testing.T, names ...string) *report.Report {
	t.Helper()
	set := load(t, rules.Options{Builtin: true})
	p := fetch.Sample()
	for i, name := range names {
		p.Customers[i].CustomerShortName.S = name
		p.Customers[i].LicensedUsersCount, p.Customers[i].ActiveUserCount = fetch.CountOf(10), fetch.CountOf(12)
	}
	evaluation, err := set.Evaluate(context.Background(), p.Customers)
	if err != nil {
		t.Fatal(err)
	}
	register := evaluation.Waive(p.Customers, []rules.Waiver{{ID: "W", Rule: "over-license-usage", Customer: "harrowgate", Expires: rules.DateOf(p.AsOf.AddDate(1, 0, 0))}}, p.AsOf)
	return report.Build(report.Input{AsOf: p.AsOf, Portfolio: p, Evaluation: evaluation, Register: register,
		Prices:  report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.New(21, -1), 2: decimal.New(39, -1)}},
		Manager: func(c *fetch.Customer) (string, string) { return "Ana Silva", "" }})
}

func TestFindings(t *testing.T) {
	r := findingsOf(t).Select(report.Filter{Rules: []string{"over-license-usage", "missing-ms-tenant-id"}})
	for _, width := range []int{0, 120, 80, 40} {
		golden(t, fmt.Sprintf("findings-%d.txt", width), func(w io.Writer) error { return Findings(w, r, 21, Terminal{Width: width, Color: width == 80}) })
	}
}

// However wide a terminal is and whatever customers are called, no line is
// wider, nothing is obeyed, and no name loses a character.
func TestFindingsFit(t *testing.T) {
	names := []string{"北京電信有限公司-很長的名字", "a\x1b[31mred\x07\u009b2J", strings.Repeat("long", 60), "שלום עולם", "e\u0301clair 👩‍👩‍👧"}
	r := findingsOf(t, names...)
	for width := 2; width <= 260; width++ {
		var b bytes.Buffer
		if err := Findings(&b, r, len(r.Findings), Terminal{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			if n := uniseg.StringWidth(line); n > max(width, 4) {
				t.Fatalf("width %d: %d columns: %q", width, n, line)
			}
			if strings.ContainsAny(line, "\x1b\x07\u009b\t") {
				t.Fatalf("width %d: %q", width, line)
			}
		}
		flat := strings.Join(strings.Fields(b.String()), "")
		if width < 64 && strings.Count(flat, "long") < 60 {
			t.Fatalf("width %d: the long name is not whole", width)
		}
	}
}

// A name of megabytes does not make all rows as wide as it is.
func TestFindingsWithLongName(t *testing.T) {
	r := findingsOf(t, strings.Repeat("é", 2<<20), "short")
	for _, width := range []int{0, 80} {
		var b bytes.Buffer
		if err := Findings(&b, r, len(r.Findings), Terminal{Width: width}); err != nil {
			t.Fatal(err)
		}
		if shown := strings.Count(b.String(), "é") / len(r.Findings); shown > maxCell || !strings.Contains(b.String(), "é…") || !strings.Contains(b.String(), "short") {
			t.Errorf("width %d: %d characters of the name in %d bytes", width, shown, b.Len())
		}
	}
}

func TestColors(t *testing.T) {
	for _, s := range rules.Severities {
		if got := colored(s.String()); !strings.HasPrefix(got, "\x1b[") || !strings.HasSuffix(got, s.String()+"\x1b[0m") {
			t.Errorf("%q", got)
		}
	}
	if got := colored("other"); got != "other" {
		t.Errorf("%q", got)
	}
}

func TestWrap(t *testing.T) {
	for _, x := range []struct {
		in    string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"one two", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"over-license-usage", 14, []string{"over-license-", "usage"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"北京電信", 5, []string{"北京", "電信"}},
		{"北", 1, []string{"北"}},
		{"ab   cd", 2, []string{"ab", "cd"}},
	} {
		if got := wrap(x.in, x.width); !slices.Equal(got, x.want) {
			t.Errorf("%q in %d: %q, want %q", x.in, x.width, got, x.want)
		}
	}
}

func TestNoFindings(t *testing.T) {
	r := &report.Report{AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	for of, want := range map[int]string{0: "2026-11-01: no finding\n", 3: "2026-11-01: no finding listed, of 3\n"} {
		var b bytes.Buffer
		if err := Findings(&b, r, of, Terminal{Width: 80}); err != nil || b.String() != want {
			t.Errorf("%q, %v", b.String(), err)
		}
	}
}
