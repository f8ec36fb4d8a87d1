package tables

import (
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

func named(names ...string) *report.Report {
	r := &report.Report{}
	for _, name := range names {
		r.Customers = append(r.Customers, report.Customer{Customer: &fetch.Customer{CustomerFullName: fetch.TextOf(name)}})
	}
	return r
}

// The same thing about many customers is one row.
func TestQualityIsJoined(t *testing.T) {
	r := named("A", "B", "C", "D")
	r.Quality = []report.QualityRow{
		{Kind: "duplicate", Customer: -1, Text: "x"},
		{Kind: "not-evaluable", Rule: "a", Customer: 0, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "b", Customer: 0, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "a", Customer: 1, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "a", Customer: 2, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "a", Customer: 3, Text: "no sites"},
	}
	table := Quality(r, 10)
	if len(table.Rows) != 3 || table.Further != 0 {
		t.Fatalf("%+v", table)
	}
	if c := table.Rows[0].Cells[1]; !c.blank() {
		t.Errorf("a problem of no customer is about %+v", c)
	}
	if c := table.Rows[1].Cells[1]; c.String() != "4 customers, as" || len(c.Lines) != 3 {
		t.Errorf("of four customers it says %+v", c)
	}
	if c := table.Rows[2].Cells[1]; c.String() != "A" || c.To != toCustomer(0) {
		t.Errorf("of one customer it says %+v", c)
	}
	if first := Quality(r, 1); len(first.Rows) != 1 || first.Further != 2 || first.Rows[0].Cells[0].String() != "not-evaluable" {
		t.Errorf("of three rows the first is %+v", first)
	}
	if all := Quality(r, 3); all.Rows[0].Cells[0].String() != "duplicate" || all.Further != 0 {
		t.Errorf("where there is room for all the first is %+v", all.Rows[0])
	}
	r.Quality = r.Quality[:5]
	if c := Quality(r, 3).Rows[1].Cells[1]; c.String() != "A" || len(c.Lines) != 2 {
		t.Errorf("of three customers it says %+v", c)
	}
}

// A wide table is printed in parts that share the first column, with the note below
// the last; columns are left out where no cell says anything, and amounts have their
// currency in the workbook.
func TestParts(t *testing.T) {
	table := Table{Title: "One", Intro: "Intro", Note: "Note", Parts: []string{"Two"}, Heads: []Head{{Text: "Name", Paper: 1}, {Text: "A", Paper: 1},
		{Text: "B", Paper: 1, Part: 1, Kind: cell.KindMoney}, {Text: "Book only"}, {Text: "Paper only", Paper: 1, PaperOnly: true, Part: 1}},
		Rows: []Row{{Cells: []Cell{text("x"), {Lines: []string{"l"}, Small: []string{"s"}}, {Small: []string{"s"}, Mark: "m"}, text("y"), {}}}}}
	heads := func(t Table) (words string) {
		for _, h := range t.Heads {
			words += h.Text + " "
		}
		return t.Title + " " + t.Intro + ": " + words + t.Note
	}
	for _, test := range []struct {
		t    Table
		want string
	}{
		{table.Printed(0), "One Intro: Name A "},
		{table.Printed(1), "Two : Name B Paper only Note"},
		{table.InOne(), "One Intro: Name A B Note"},
		{table.InBook(&report.Report{Currency: "EUR"}), "One Intro: Name A B, EUR Book only Note"},
	} {
		if got := heads(test.t); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// A sheet without rows has its columns all the same.
func TestEmptySheet(t *testing.T) {
	sheet := SheetNamed(SheetFindings)
	if got, want := len(sheet.Filled(&report.Report{})), len(sheet.Shown(&report.Report{})); got != want {
		t.Errorf("%d columns, want %d", got, want)
	}
}

func TestFirst(t *testing.T) {
	table := Table{Further: 5, Rows: []Row{{}, {Stands: 7}, {}, {Sum: true}}}
	for n, want := range map[int][2]int{0: {1, 14}, 1: {2, 13}, 2: {3, 6}, 3: {4, 5}, 9: {4, 5}} {
		first := table.First(n)
		if got := [2]int{len(first.Rows), first.Further}; got != want || !first.Rows[len(first.Rows)-1].Sum {
			t.Errorf("first %d: rows and further %v, want %v", n, got, want)
		}
	}
	if first := (Table{}).First(3); len(first.Rows) != 0 {
		t.Errorf("an empty table has %+v", first)
	}
}

// A section lists its first rows, and counts the findings that it leaves out.
func TestSectionIsBounded(t *testing.T) {
	r := named("A")
	c := &r.Customers[0]
	c.Connections = [2]int{0, 5}
	r.Rules = []report.Rule{{Rule: &rules.Rule{ID: "a", Title: "Rule A"}}, {Rule: &rules.Rule{ID: "b", Title: "Rule B"}}}
	for i := range 5 {
		r.Connections = append(r.Connections, report.Connection{SIPConnection: &fetch.SIPConnection{SbcID: fetch.CountOf(int64(i))}})
		for rule := range 2 {
			c.Findings = append(c.Findings, len(r.Findings))
			r.Findings = append(r.Findings, report.Finding{Rule: rule, Connection: i, Waiver: i, Verdict: rules.Finding})
		}
	}
	s := SectionOf(r, 0, 3)
	if len(s.Findings.Rows) != 3 || s.Findings.Further != 7 {
		t.Errorf("%d rows of findings, %d further", len(s.Findings.Rows), s.Findings.Further)
	}
	if len(s.Connections.Rows) != 3 || s.Connections.Further != 2 {
		t.Errorf("%d rows of connections, %d further", len(s.Connections.Rows), s.Connections.Further)
	}
	if last := s.Connections.Rows[2].Cells; len(last[len(last)-1].Small) != 2 {
		t.Errorf("the findings of a connection are %+v", last[len(last)-1])
	}
}

// Sums that leave findings out carry a sign.
func TestAtLeast(t *testing.T) {
	r := &report.Report{Currency: "EUR", Totals: report.Totals{Money: report.MoneyTotals{UnpricedExposure: 1}}}
	if got := Exposure(r).Written(cell.KindMoney); got != "≥ 0.00" {
		t.Errorf("exposure %s", got)
	}
	if got := InMoney(r, UnusedSum(r)); got != "0.00 EUR" {
		t.Errorf("unused %s", got)
	}
}
