package pdf

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

// everything has a value in every column that is printed.
func everything(t *testing.T) *report.Report {
	t.Helper()
	r := portfolio{customers: 120, connections: 2, priced: true, history: true, managers: 3}.build(t)
	r.Quality = append(r.Quality, report.QualityRow{Kind: "odd", Customer: 0, Text: "odd"})
	return r
}

// bare is a text without spaces, so that wrapping does not show, and without
// the dashes of empty cells.
func bare(s string) string { return strings.NewReplacer(" ", "", "–", "").Replace(s) }

func written(c tables.Cell, k cell.Kind) string {
	return bare(c.Written(k) + strings.Join(c.Lines, "") + strings.Join(c.Small, "") + c.Mark)
}

// missingFrom gives the columns that no row shows of those that a text has
// from its first cell to its last.
func missingFrom(all string, t tables.Table) (missing []string) {
	found := make([]bool, len(t.Heads))
	for _, row := range t.Rows {
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = written(c, t.Heads[i].Kind)
		}
		if !strings.Contains(all, strings.Join(cells, "")) {
			continue
		}
		for i := range cells {
			found[i] = found[i] || cells[i] != ""
		}
	}
	for i, h := range t.Heads {
		if !found[i] || !strings.Contains(all, bare(h.Text)) {
			missing = append(missing, h.Text)
		}
	}
	return missing
}

// TestEveryPrintedColumnIsShown: a column that has a part of the paper comes
// onto it, in a row that is there as a whole.
func TestEveryPrintedColumnIsShown(t *testing.T) {
	r := everything(t)
	all := bare(whole(layOut(t, r, Options{}).Pages))
	section := tables.SectionOf(r, tables.Sections(r, 1)[0], 20)
	list := []tables.Table{tables.Act(r).Printed(0), tables.TenLargest(r), tables.Bridge(r), tables.Positions(r), tables.MonthTable(r), tables.WaiversOnPaper(r, 12),
		tables.Quality(r, 25), tables.ByRule(r).Printed(0), tables.Sources(r).Printed(0), section.Findings}
	list = append(list, tables.ChangesOnPaper(r, 5)...)
	list = append(list, tables.CustomersOnPaper(r, 5)...)
	list = append(list, tables.FindingsOnPaper(r, tables.RulesByAmount(r)[:1], 1, 1)...)
	for _, table := range list {
		if missing := missingFrom(all, table.InOne()); missing != nil {
			t.Errorf("%s: %q is not in print", table.Title, missing)
		}
	}
}

// TestEveryFigureIsShown: the bars of charts and what explains the figures
// need no word here to be in print.
func TestEveryFigureIsShown(t *testing.T) {
	r := everything(t)
	doc := layOut(t, r, Options{})
	positions := &canvas.Page{} // all of the part as one
	for _, page := range chapterOf(t, doc, "License positions") {
		positions.Add(page.Ops...)
	}
	for _, bar := range tables.UtilizationChart(r).Bars {
		has(t, positions, plain.Number(bar.Count)+bar.Name)
	}
	for _, m := range []tables.Months{tables.ExposureMonths(r), tables.UnusedMonths(r)} {
		for _, bar := range m.Bars {
			has(t, positions, bar.Label+bar.Name)
		}
	}
	for _, p := range tables.Method(r) {
		if !strings.Contains(whole(doc.Pages), strings.ReplaceAll(p.Name+p.Text, " ", "")) {
			t.Errorf("nothing on %s", p.Name)
		}
	}
}

// TestTable lays out one of everything that a table may have.
func TestTable(t *testing.T) {
	r := portfolio{customers: 1, priced: true}.build(t)
	b, err := newBook(r, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	b.newPage()
	b.details[0], b.rules[1].Page = &canvas.Anchor{Page: b.page}, b.page
	to := func(sheet string, row int) tables.Target { return tables.Target{Sheet: sheet, Row: row, OK: true} }
	b.table(tables.Table{
		Intro: "Intro.", Noun: "thing", Further: 12, Note: "Note.", Parts: []string{"Second part"},
		Heads: []tables.Head{{Text: "Name", Paper: 30}, {Text: "Severity", Kind: cell.KindSeverity, Paper: 20}, {Text: "Worth", Kind: cell.KindMoney, Paper: 20},
			{Text: "Not in print", Kind: cell.KindCount}, {Text: "Count", Kind: cell.KindCount, Paper: 20, Part: 1}},
		Rows: []tables.Row{
			{Cells: []tables.Cell{{Value: cell.Text("customer"), To: to(tables.SheetCustomers, 0), Lines: []string{"line"}, Small: []string{"small"}, Mark: "mark"},
				tables.Is(cell.Severity(rules.Medium)), {Value: cell.Money(decimal.New(500, -2)), AtLeast: true}, tables.Is(cell.Int(77)), {}}},
			{Cells: []tables.Cell{{Value: cell.Text("rule"), Bold: true, To: to(tables.SheetRules, 1)}, {}, tables.Is(cell.Unknown()), {}, tables.Is(cell.Int(1234))}},
			{Sum: true, Cells: []tables.Cell{tables.Is(cell.Text("All")), {}, {}, {}, {Value: cell.Int(5), To: to("Nowhere", 3)}}},
		},
	}, section)
	if got, want := joined(b.page), "Intro.NameSeverityWorth,EURcustomerlinesmallmarkmedium≥5.00ruleunknownAll–12morethingsintheworkbook."+
		"SecondpartNameCountcustomerlinesmallmark–rule1,234All512morethingsintheworkbook.Note."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, x := range texts(b.page) {
		bold := slices.Contains([]string{"Name", "Severity", "Worth, EUR", "Count", "mark", "rule", "All", "–", "5", "Second part"}, x.Text)
		if x.Text != "–" && bold != (x.Font == text.Bold) {
			t.Errorf("%q is drawn with font %d", x.Text, x.Font)
		}
	}
	var links []*canvas.Anchor
	squares := 0
	for _, op := range b.page.Ops {
		switch op := op.(type) {
		case canvas.Link:
			links = append(links, op.To)
		case canvas.Rect:
			if op.W == square && op.Fill == severityColors[rules.Medium] {
				squares++
			}
		}
	}
	if len(links) != 10 || links[0] != b.details[0] || links[4] != b.rules[1] {
		t.Errorf("%d links: %v", len(links), links)
	}
	if squares != 1 {
		t.Errorf("%d squares of severity medium", squares)
	}
}

// A list without connections has not got 0 of them.
func TestConnectionsUnknown(t *testing.T) {
	r := portfolio{customers: 2}.build(t)
	r.Totals.NoConnections = 2
	has(t, layOut(t, r, Options{}).Pages[0], "2 customers, SIP connections unknown")
}
