package tables

import (
	"fmt"
	"strings"
	"testing"

	"trueup/report"
	"trueup/report/booktest"
)

// overBy are so many customers of which the nth uses n licenses more than it has.
func overBy(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "emea c%02d 1 10 %d\n", i+1, 11+i)
	}
	return b.String()
}

// What is owed, against the earlier report, and that there is nothing to say.
func TestHeadline(t *testing.T) {
	eur, usd, free := booktest.Prices("4"), booktest.Prices("4"), report.Prices{}
	usd.Currency = "USD"
	const over, unused, unjudged, unpriced, waived = "emea a 1 10 12", "emea a 1 100 10", "emea a 1 null 7", "emea a 4 5 6", "emea dune 2 30 33"
	for _, x := range []struct {
		name, before, now string // before is "none" in a first report
		then, prices      report.Prices
		headline, short   string
	}{
		{"nobody", "none", "", eur, eur, "No customers", "all 0 customers comply"},
		{"one complies", "none", "emea a 1 10 10", eur, eur, "1 customer complies: nothing found, nothing left unjudged", "1 customer complies"},
		{"two comply", "none", "emea a 1 10 10\nemea b 1 10 9", free, free, "All 2 customers comply: nothing found, nothing left unjudged", "all 2 customers comply"},
		{"only waived", "none", waived, eur, eur, "No true-up exposure; 0 open findings", "0 findings"},
		{"only unjudged", "none", unjudged, free, free, "No license used beyond those acquired; 0 open findings; 2 verdicts could not be given", "0 findings, 2 not judged"},
		{"only unused", "none", unused, eur, eur, "No true-up exposure; 1 open finding", "1 finding"},
		{"only unused, without prices", "none", unused, free, free, "No license used beyond those acquired; 1 open finding", "1 finding"},
		{"without a price", "none", unpriced, eur, eur, "No true-up exposure as far as known", "1 finding"},
		{"owed", "none", over, eur, eur, "True-up exposure EUR 8.00 a month", "EUR 8.00 at risk"},
		{"owed in part", "none", over + "\nemea b 4 5 6", eur, eur, "True-up exposure at least EUR 8.00 a month", "≥ EUR 8.00 at risk"},
		{"licenses", "none", over, free, free, "2 licenses used beyond those acquired", "2 licenses over"},
		{"more", "emea a 1 10 11", over, eur, eur, "True-up exposure EUR 8.00 a month, EUR 4.00 more than on 2026-10-23", "EUR 8.00 at risk"},
		{"less", "emea a 1 20 24", over, eur, eur, "True-up exposure EUR 8.00 a month, EUR 8.00 less than on 2026-10-23", "EUR 8.00 at risk"},
		{"the same", over, over, eur, eur, "True-up exposure EUR 8.00 a month, as much as on 2026-10-23", "EUR 8.00 at risk"},
		{"another currency", over, over, usd, eur, "True-up exposure EUR 8.00 a month", "EUR 8.00 at risk"},
		{"more findings", "emea a 1 10 10", over, free, free, "2 licenses used beyond those acquired, 1 open finding more than on 2026-10-23", "2 licenses over, 1 new"},
		{"fewer findings", over + "\nemea b 1 20 21", over + "\nemea b 1 20 20", free, free, "2 licenses used beyond those acquired, 1 open finding fewer than on 2026-10-23", "2 licenses over, 1 fixed"},
		{"as many findings", over, over, free, free, "2 licenses used beyond those acquired, as many open findings as on 2026-10-23", "2 licenses over"},
		{"ten customers", "none", overBy(10), eur, eur, "True-up exposure EUR 220.00 a month", "EUR 220.00 at risk"},
		{"eleven customers", "none", overBy(11), eur, eur, "True-up exposure EUR 264.00 a month; 10 of 11 customers make up 98 %", "EUR 264.00 at risk"},
	} {
		in := booktest.Input(t, "2026-11-23", x.now, x.prices)
		if x.before != "none" {
			in.History = report.Remember(report.PastOf(report.Build(booktest.Input(t, "2026-10-23", x.before, x.then)), x.prices))
		}
		r := report.Build(in)
		if got := Headline(r); got != x.headline {
			t.Errorf("%s: got  %s\nwant %s", x.name, got, x.headline)
		}
		if got := Short(r); got != x.short {
			t.Errorf("%s: got  %s\nwant %s", x.name, got, x.short)
		}
	}
}

// The ten largest have shares of what all owe, not of what they do.
func TestTenLargest(t *testing.T) {
	for n, want := range map[int]string{10: "", 11: "98.5 % of what 11 customers owe; all in the workbook"} {
		table := TenLargest(report.Build(booktest.Input(t, "2026-11-23", overBy(n), booktest.Prices("4"))))
		if len(table.Rows) != 10 || table.Intro != want || table.Note != "" {
			t.Errorf("of %d customers: %d rows, %s %s", n, len(table.Rows), table.Intro, table.Note)
		}
	}
	if table := TenLargest(report.Build(booktest.Input(t, "2026-11-23", "emea a 4 5 6", booktest.Prices("4")))); len(table.Rows) > 0 || table.Note != "" {
		t.Errorf("without any there is %s", table.Note)
	}
}

// The figure of the headline is worse if more is owed, or nobody knows of before.
func TestHeadlineFigure(t *testing.T) {
	for _, x := range []struct {
		before, now, want string
		worse             bool
	}{
		{"none", "emea a 1 10 12", "2 licenses", true},
		{"emea a 1 10 12", "emea a 1 10 12", "2 licenses", false},
		{"emea a 1 10 11", "emea a 1 10 12", "2 licenses", true},
		{"emea a 1 10 14", "emea a 1 10 12", "2 licenses", false},
		{"emea a 1 10 14", "emea a 1 10 10", "", false},
	} {
		in := booktest.Input(t, "2026-11-23", x.now, report.Prices{})
		if x.before != "none" {
			in.History = report.Remember(report.PastOf(report.Build(booktest.Input(t, "2026-10-23", x.before, report.Prices{})), report.Prices{}))
		}
		if got, worse := HeadlineFigure(report.Build(in)); got != x.want || worse != x.worse {
			t.Errorf("%s, before %s: %q, worse %v", x.now, x.before, got, worse)
		}
	}
}

// More verdicts that cannot be given are worse, and so is a finding that is lost.
func TestUnjudgedTile(t *testing.T) {
	for _, x := range []struct {
		before, now, lost int
		want              string
	}{
		{3, 3, 0, "was 3 false false"}, {3, 4, 0, "was 3 true false"}, {3, 2, 0, "was 3 false true"},
		{3, 2, 1, "was 3 · 1 finding lost true false"}, {3, 3, 2, "was 3 · 2 findings lost true false"},
	} {
		r := &report.Report{Changes: &report.Changes{Before: report.PastTotals{NotEvaluable: x.before}, Lost: make([]report.Lost, x.lost)}}
		r.Totals.NotEvaluable = x.now
		tile := unjudgedTile(r)
		if got := fmt.Sprint(tile.Line(), " ", tile.Worse, " ", tile.Better); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

// A chart without a bar says why, and one with all its bars says nothing of some.
func TestCharts(t *testing.T) {
	for want, totals := range map[string]report.Totals{
		"": {Findings: 1, NotEvaluable: 1}, "No open finding.": {}, "No open finding; 1 verdict could not be given.": {NotEvaluable: 1}} {
		if got := SeverityChart(&report.Report{Totals: totals}).Nothing; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	c := RuleChart(booktest.Complete(t))
	if got := c.First(len(c.Bars)); len(got.Bars) != 2 || got.Remark != c.Remark {
		t.Errorf("%+v", got)
	}
}

// What was used of no licenses is no share that another can be compared with.
func TestUsedTile(t *testing.T) {
	in := booktest.Input(t, "2026-11-23", "emea a 1 10 12", report.Prices{})
	in.History = report.Remember(report.PastOf(report.Build(booktest.Input(t, "2026-10-23", "emea a 1 0 3", report.Prices{})), report.Prices{}))
	if tile := usedTile(report.Build(in)); tile.Line() != "12 of 10 licenses" {
		t.Error(tile.Line())
	}
}

// A number that nobody knows is not 0.
func TestPortfolio(t *testing.T) {
	for customers, want := range map[string]string{
		"":                                 "0 customers on 2 instances, 0 SIP connections, 0 acquired licenses, 0 active users",
		"emea a 1 10 12 -":                 "1 customer on 2 instances, SIP connections unknown, 10 acquired licenses, 12 active users",
		"emea a 1 10 12 -\nemea b 1 1 1 D": "2 customers on 2 instances, at least 1 SIP connection, 11 acquired licenses, 13 active users",
		"emea a 1 null 12 D":               "1 customer on 2 instances, 1 SIP connection, at least 0 acquired licenses, 12 active users",
		"emea a 1 10 null D":               "1 customer on 2 instances, 1 SIP connection, 10 acquired licenses, at least 0 active users",
	} {
		if got := Portfolio(report.Build(booktest.Input(t, "2026-11-23", customers, report.Prices{}))); got != "The whole portfolio: "+want {
			t.Errorf("%q: %s", customers, got)
		}
	}
}
