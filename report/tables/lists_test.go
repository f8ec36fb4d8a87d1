package tables

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/booktest"
	"trueup/report/cell"
	"trueup/rules"
)

func eur(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// A list that is cut says of how much it is.
func TestRemarks(t *testing.T) {
	rows := []Row{{Worth: []decimal.Decimal{eur("100.10"), eur("0")}}, {Worth: []decimal.Decimal{eur("20.20"), eur("7")}}, {Worth: []decimal.Decimal{eur("3"), eur("1")}}}
	for _, test := range []struct {
		t    Table
		want string
	}{
		{Table{Rows: rows, Whole: &Whole{Count: 3}}, ""},
		{Table{Rows: rows, Further: 2, Noun: "row"}, "2 more rows in the workbook."},
		{Table{Rows: rows, Note: "Note."}, "Note."},
		{Table{Rows: rows[:2], Further: 89, Note: "Note.", Whole: &Whole{91, []Sum{{"EUR", "", eur("133884.60")}}}}, "2 of 91 shown: EUR 120.30 of 133,884.60; all in the workbook. Note."},
		{Table{Rows: rows[:1], Further: 2, Whole: &Whole{3, []Sum{{"EUR", "exposure", eur("123.30")}, {"EUR", "unused value", eur("8")}}}},
			"1 of 3 shown: EUR 100.10 of 123.30 exposure, EUR 0.00 of 8.00 unused value; all in the workbook."},
		{Table{Rows: rows[:2], Further: 1, Whole: &Whole{3, []Sum{{"", "licenses", eur("1500")}}}}, "2 of 3 shown: 120 of 1,500 licenses; all in the workbook."},
		{Table{Rows: append(rows[:1:1], Row{}), Further: 1, Whole: &Whole{3, []Sum{{"EUR", "", eur("103.10")}}}}, "2 of 3 shown: EUR 100.10 of 103.10; all in the workbook."},
		{Table{Rows: rows[:2], Further: 1, Whole: &Whole{3, []Sum{{"EUR", "", decimal.Zero}}}}, "2 of 3 shown; all in the workbook."},
	} {
		if got := strings.Join(test.t.Remarks(), " "); !strings.HasSuffix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// moving is a report in which findings moved the figures.
func moving() *report.Report {
	row := func(step report.Step, customer, exposure, unused string) report.ChangeRow {
		return report.ChangeRow{Step: step, Customer: customer, Text: "text", Title: "title", Count: 1, Exposure: eur(exposure), Unused: eur(unused), Finding: -1}
	}
	return &report.Report{Currency: "EUR", Changes: &report.Changes{Movement: report.Movement{Exposure: &report.Bridge{}, Unused: &report.Bridge{}},
		Rows: []report.ChangeRow{row(report.StepNew, "A", "1", "0"), row(report.StepNew, "B", "0", "50"), row(report.StepNew, "C", "9", "0"), row(report.Fixed, "D", "-4", "0")},
		Customers: []report.CustomerChange{
			{Customer: -1, Name: "Went", Kind: "went", Acquired: [2]fetch.Count{fetch.CountOf(30), {}}},
			{Customer: -1, Name: "Gone", Kind: "went", Acquired: [2]fetch.Count{fetch.CountOf(50), {}}},
			{Customer: -1, Name: "Few", Kind: "bought", Acquired: [2]fetch.Count{fetch.CountOf(10), fetch.CountOf(12)}},
			{Customer: -1, Name: "Many", Kind: "bought", Acquired: [2]fetch.Count{fetch.CountOf(10), fetch.CountOf(1010)}}}}}
}

func TestChangesOnPaper(t *testing.T) {
	list := ChangesOnPaper(moving(), 2)
	if len(list) != 2 || list[0].Title != "New: 3 findings, exposure EUR +10.00, unused value EUR +50.00" || list[1].Title != "Fixed: 1 finding, exposure EUR -4.00" {
		t.Fatalf("%+v", list)
	}
	if got := list[0].Rows[0].Cells[0].String() + list[0].Rows[1].Cells[0].String(); got != "BC" || len(list[0].Rows) != 2 {
		t.Errorf("the most valuable are %s", got)
	}
	if got := list[0].Remarks()[0]; got != "2 of 3 shown: EUR 9.00 of 10.00 exposure, EUR 50.00 of 50.00 unused value; all in the workbook." {
		t.Error(got)
	}
	if len(list[0].Heads) != len(list[1].Heads) || list[1].Heads[2].Text != "Exposure" { // nobody has licenses, a manager or a day
		t.Errorf("heads %+v and %+v", list[0].Heads, list[1].Heads)
	}
}

func TestCustomersOnPaper(t *testing.T) {
	list := CustomersOnPaper(moving(), 1)
	if len(list) != 2 || list[0].Title != "Customers that went: 2 customers, -80 acquired licenses" || list[1].Title != "Licenses bought: 2 customers, +1,002 acquired licenses" {
		t.Fatalf("%+v", list)
	}
	if cells := list[1].Rows[0].Cells; cells[0].String() != "Many" || cells[1].String() != "10 → 1,010" {
		t.Errorf("%+v", cells)
	}
	if cells := list[0].Rows[0].Cells; cells[0].String() != "Gone" || cells[1].String() != "was 50" {
		t.Errorf("%+v", cells)
	}
	for i, want := range []string{"1 of 2 shown: 50 of 80 licenses; all in the workbook.", "1 of 2 shown: 1,000 of 1,002 licenses; all in the workbook."} {
		if got := list[i].Remarks()[0]; got != want {
			t.Error(got)
		}
	}
	if CustomersOnPaper(&report.Report{}, 5) != nil {
		t.Error("customers that came without an earlier report")
	}
}

// The next waiver to end is first, those that have ended are last.
func TestWaiversOnPaper(t *testing.T) {
	r := &report.Report{}
	for _, days := range []int{100, -3, 5, -90, 0} {
		r.Waivers = append(r.Waivers, report.Waiver{DaysLeft: days, State: rules.WaiverActive})
	}
	var got []string
	for _, row := range WaiversOnPaper(r, 4).Rows {
		got = append(got, row.Cells[1].Small[0])
	}
	if words := strings.Join(got, ", "); words != "0 days left, 5 days left, 100 days left, 3 days ago" {
		t.Error(words)
	}
}

func TestMonthNames(t *testing.T) {
	for _, test := range []struct{ days, want string }{
		{"2026-11-01 2026-12-01 2027-01-01 2027-02-01", "Nov 2026, Dec, Jan 2027, Feb"},
		{"2026-11-01 2026-12-01 2026-12-20 2027-01-01", "Nov 2026, 1 Dec, 20 Dec, Jan 2027"},
		{"2026-12-01 2026-12-20 2027-12-01", "1 Dec, 20 Dec, Dec 2027"},
	} {
		var trend []report.TrendPoint
		for day := range strings.FieldsSeq(test.days) {
			at, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			trend = append(trend, report.TrendPoint{AsOf: at})
		}
		if got := strings.Join(monthNames(trend), ", "); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// A month in another currency has no bar; one that said something else has what it said.
func TestMonthsOf(t *testing.T) {
	money := func(s string) *report.MoneyTotals { return &report.MoneyTotals{Exposure: eur(s)} }
	issued := func(currency, s string) *report.Issued {
		return &report.Issued{Currency: currency, Totals: report.Totals{Money: *money(s)}}
	}
	r := &report.Report{Currency: "EUR", Trend: []report.TrendPoint{
		{Money: money("9"), OnlyIssued: true, Issued: issued("USD", "9"), Complete: true},
		{Money: money("12345"), Issued: issued("EUR", "11000"), Complete: true},
		{Money: money("7"), Issued: issued("EUR", "7"), Missing: []string{"apac", "emea"}}}}
	for i := range r.Trend {
		r.Trend[i].AsOf = time.Date(2026, time.Month(5+i), 1, 0, 0, 0, 0, time.UTC)
	}
	for _, p := range []report.TrendPoint{{OnlyIssued: true}, {OnlyIssued: true, Issued: issued("EUR", "5")}} {
		if comparable(r, &p) {
			t.Errorf("nothing is known of %+v", p)
		}
	}
	bars := ExposureMonths(r).Bars
	if !bars[0].Unknown || bars[1].Unknown || bars[1].Issued == nil || !bars[1].Issued.Equal(eur("11000")) || bars[1].Label != "12.3k" {
		t.Errorf("%+v", bars[:2])
	}
	if bars[2].Issued != nil || bars[2].Gap != "apac, emea missing" || !bars[2].Now || bars[1].Now {
		t.Errorf("%+v", bars[2])
	}
	table := MonthTable(r)
	last, first := table.Rows[0].Cells, table.Rows[2].Cells
	if words, _ := last[len(last)-1].Text(); words != "apac, emea missing" || !first[5].IsUnknown() || table.Rows[1].Cells[5].Small[0] != "issued 11,000.00" || table.Note == "" {
		t.Errorf("%+v", table)
	}
}

// Prices of instances of their own are shown from the lowest to the highest.
func TestPriceOf(t *testing.T) {
	for _, test := range []struct {
		p    report.Position
		want string
	}{
		{report.Position{Prices: []decimal.Decimal{eur("4.2")}}, "4.20"},
		{report.Position{Prices: []decimal.Decimal{eur("3.9"), eur("4"), eur("4.2")}}, "3.90–4.20"},
		{report.Position{Compared: 1}, "unknown"},
		{report.Position{}, ""},
	} {
		if got := priceOf(&test.p).Format(cell.KindMoney); got != test.want {
			t.Errorf("%+v costs %q, want %q", test.p, got, test.want)
		}
	}
}

// A finding names its connection only where its message does not.
func TestShortFinding(t *testing.T) {
	for _, x := range []struct{ name, message, want string }{
		{"trunk", "trunk is down", ""}, {"trunk", "it is down", "Connection trunk, SBC 7"}, {"", "it is down", ""}} {
		r := booktest.Complete(t)
		r.Connections[0].SIPConnection = &fetch.SIPConnection{Name: fetch.TextOf(x.name), SbcID: fetch.CountOf(7)}
		f := &r.Findings[0]
		f.Connection, f.Message = 0, x.message
		if got := strings.Join(shortFinding(r, 0, f)[1].Small, "; "); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

// Listed are the rules that found something, though a waiver accepts all of it.
func TestRulesByAmount(t *testing.T) {
	r := &report.Report{}
	for _, tally := range []rules.Tally{{rules.Finding: 1, rules.Waived: 1}, {rules.Waived: 1}, {rules.Pass: 3}} {
		r.Rules = append(r.Rules, report.Rule{Rule: &rules.Rule{}, Tally: tally})
	}
	if got := RulesByAmount(r); len(got) != 2 {
		t.Errorf("rules %v", got)
	}
}

// What people wrote as a day is one, or stays what they wrote.
func TestDayOf(t *testing.T) {
	for words, day := range map[string]bool{"2026-12-08": true, "soon": false, "": false} {
		if _, isText := dayOf(words).Text(); isText != (!day && words != "") || dayOf(words).Format(cell.KindDue) != words {
			t.Errorf("%q is %v", words, dayOf(words))
		}
	}
}

// Amounts that are known to nobody make a sum at least so much, open or waived.
func TestListedAmounts(t *testing.T) {
	for _, x := range []struct {
		open, waived int
		want         bool
	}{{0, 0, false}, {1, 0, true}, {0, 1, true}, {1, 1, true}} {
		r := &report.Report{Totals: report.Totals{Money: report.MoneyTotals{Unpriced: x.open, UnpricedWaived: x.waived}}}
		if got := listedAmounts(r).AtLeast; got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
}

// A mail says nothing of an amount, or of licenses, that nobody knows.
func TestTodoAmount(t *testing.T) {
	r := report.Build(booktest.Input(t, "2026-11-23", "emea a 1 10 12", report.Prices{}))
	f := r.Findings[0]
	if got := todoAmount(r, &f); got != "2 licenses over" {
		t.Error(got)
	}
	if f.Quantity = nil; todoAmount(r, &f) != "" {
		t.Error(todoAmount(r, &f))
	}
}

// What is explained is what the report has.
func TestMethod(t *testing.T) {
	for _, x := range []struct {
		r    report.Report
		want string
	}{
		{report.Report{Measure: rules.Current}, "Customers Acquired Used Utilization Moment "},
		{report.Report{Measure: rules.Peak, Currency: "EUR"}, "Customers Acquired Used Utilization Amounts "},
	} {
		got := ""
		for _, p := range Method(&x.r) {
			if p.Group == "Figure" {
				got += p.Name + " "
			}
		}
		if got != x.want {
			t.Errorf("%+v: %s", x.r, got)
		}
	}
	r := &report.Report{Title: "T", Manager: "Ana", Version: "1", Hashes: report.Hashes{Rules: "sha256:1"}}
	if got := MadeFrom(r); len(got) != 2 || got[0].Name != "Rules" || Title(r) != "T: Ana" {
		t.Errorf("%+v of %s", got, Title(r))
	}
	if r.Manager = ""; Title(r) != "T" {
		t.Error(Title(r))
	}
}

func TestWholeness(t *testing.T) {
	r := &report.Report{}
	for _, test := range []struct {
		change func()
		want   Wholeness
		word   string
	}{
		{func() {}, AllThere, "Complete."},
		{func() { r.Totals.NotEvaluable = 1 }, Unjudged, "Complete, but not all judged."},
		{func() { r.Sources = []fetch.Source{{Name: "apac", Failed: "no answer"}} }, Gapped, "INCOMPLETE."},
	} {
		test.change()
		if got, word := WholenessOf(r); got != test.want || word != test.word {
			t.Errorf("got %v %q, want %v %q", got, word, test.want, test.word)
		}
	}
}
