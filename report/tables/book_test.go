package tables

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/booktest"
	"trueup/report/cell"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lines writes a table as people read it, a line a row.
func lines(t Table) string {
	if len(t.Rows) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n== %s\n", t.Title)
	for i, h := range t.Heads {
		if i > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(h.Text)
	}
	b.WriteString("\n")
	for _, row := range t.Rows {
		for i, c := range row.Cells {
			words := c.Written(t.Heads[i].Kind)
			for _, below := range append(c.Lines, c.Small...) {
				words += " / " + below
			}
			if c.Mark != "" {
				words += " ! " + c.Mark
			}
			if c.Bold {
				words = "*" + words
			}
			if c.To.OK {
				words += fmt.Sprintf(" > %s %d", c.To.Sheet, c.To.Row)
			}
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(words)
		}
		if row.Stands > 1 {
			fmt.Fprintf(&b, " (stands for %d)", row.Stands)
		}
		b.WriteString("\n")
	}
	for _, remark := range t.Remarks() {
		b.WriteString(remark + "\n")
	}
	return b.String()
}

// shown is all that a report's tables, tiles and sentences say.
func shown(r *report.Report) string {
	var b strings.Builder
	complete, words := Completeness(r)
	fmt.Fprintf(&b, "%s\n%s\n%s\n%v: %s\n%s\n", Letterhead(r), Headline(r), Short(r), complete, words, Portfolio(r))
	figure, worse := HeadlineFigure(r)
	fmt.Fprintf(&b, "%s, worse %v; %s\n", figure, worse, strings.Join([]string{Compared(r), Scope(r), SourceNames(r), VerdictCounts(r), Severities(r), Unpriced(r), QualityLine(r)}, "; "))
	for _, s := range r.Sources {
		b.WriteString(SourceLine(s) + "\n")
	}
	for i := range r.Rules {
		b.WriteString(strings.Join(RuleFacts(r, &r.Rules[i]), ", ") + "\n")
	}
	briefing := BriefingOf(r)
	for _, todo := range briefing.Largest {
		fmt.Fprintf(&b, "%+v\n", todo)
	}
	for _, found := range briefing.Found {
		fmt.Fprintf(&b, "%+v\n", found)
	}
	order, brief := RulesByAmount(r), SheetNamed(SheetFindings)
	fmt.Fprintf(&b, "%s\n%s\n", RulesShown(r, order, 1), RulesShown(r, order, len(order)))
	for _, tile := range Tiles(r) {
		fmt.Fprintf(&b, "%s %s; %s; worse %v, better %v\n", tile.Name, tile.Written(tile.Kind), tile.Line(), tile.Worse, tile.Better)
	}
	for _, c := range Controls(r) {
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Want.Written(c.Kind))
	}
	for _, f := range TotalsOf(r).Figures() {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Text)
	}
	for _, c := range []Chart{SeverityChart(r), RuleChart(r), RuleChart(r).First(1), UtilizationChart(r)} {
		fmt.Fprintf(&b, "%s (%s)\n", c.Title, c.Remark+c.Nothing)
		for _, bar := range c.Bars {
			fmt.Fprintf(&b, "  %s: %d\n", bar.Name, bar.Count)
		}
	}
	for _, m := range []Months{ExposureMonths(r), UnusedMonths(r)} {
		for _, bar := range m.Bars {
			fmt.Fprintf(&b, "%s (%s): %s: %s\n", m.Title, m.Unit, bar.Name, bar.Label)
		}
	}
	for _, t := range []Table{Act(r), ActFirst(r, 0), ActFirst(r, 2).InBook(r), Act(r).Printed(0), brief.Brief(r, 2), TenLargest(r), Bridge(r), FromPosition(r), WaterfallOf(r).Figures(r), Positions(r), PriceList(r), BySeverity(r), ByRule(r), Sources(r), MonthTable(r), WaiversOnPaper(r, 3), Quality(r, 5)} {
		b.WriteString(lines(t))
	}
	for _, list := range [][]Table{ChangesOnPaper(r, 2), CustomersOnPaper(r, 2), FindingsOnPaper(r, order, 2, 1)} {
		for _, t := range list {
			b.WriteString(lines(t))
		}
	}
	return b.String()
}

// sheetsOf is all that its sheets and sections say.
func sheetsOf(r *report.Report) string {
	var b strings.Builder
	for _, s := range Sheets() {
		t := Table{Title: "Sheet " + s.Name}
		columns := s.Filled(r)
		for _, c := range columns {
			t.Heads = append(t.Heads, Head{Text: c.Heading, Kind: c.Kind})
		}
		for row := range s.Rows(r) {
			var cells []Cell
			for _, c := range columns {
				cells = append(cells, c.Cell(r, row))
			}
			t.Rows = append(t.Rows, Row{Cells: cells})
		}
		b.WriteString(lines(t))
	}
	sections := Sections(r, len(r.Customers))
	fmt.Fprintf(&b, "\n%s\n%s\n", SectionsLine(r, sections, 2), SectionsLine(r, sections, len(sections)))
	for _, i := range sections {
		s := SectionOf(r, i, 5)
		fmt.Fprintf(&b, "\n%s %s %v %v %s\n%s%s", s.Name, s.Utilization.Format(cell.KindPercent), s.Facts, s.Counts, s.Note, lines(s.Findings), lines(s.Connections))
	}
	return b.String()
}

// A small book whose figures can be added up by hand: compared with October at
// other prices; without prices and without an instance; and a first report in which
// all is known.
func TestBook(t *testing.T) {
	compared := booktest.Build(t)
	for name, got := range map[string]string{"compared": shown(compared), "sheets": sheetsOf(compared), "gap": shown(report.Build(booktest.Gap(t, report.Prices{}, report.Prices{}))), "first": shown(booktest.Complete(t))} {
		booktest.Golden(t, name, got, *update)
	}
}

// What the sheets hold comes to the control totals.
func TestControlsAddUp(t *testing.T) {
	for _, r := range []*report.Report{booktest.Build(t), booktest.Complete(t), report.Build(booktest.Inputs(t, report.Prices{}, report.Prices{}))} {
		for _, c := range Controls(r) {
			s := SheetNamed(c.Sheet)
			sum, atLeast := decimal.Zero, c.Want.AtLeast && c.Column == ""
			if c.Column == "" {
				sum = decimal.NewFromInt(int64(s.Rows(r)))
			}
			for _, column := range s.Columns {
				if column.Heading != c.Column || c.Column == "" {
					continue
				}
				for row := range s.Rows(r) {
					v := column.Cell(r, row)
					if n, ok := v.Int(); ok {
						sum = sum.Add(decimal.NewFromInt(n))
					} else if d, ok := v.Money(); ok {
						sum = sum.Add(d)
					}
					atLeast = atLeast || v.AtLeast || v.IsUnknown()
				}
			}
			want, isMoney := c.Want.Money()
			if n, ok := c.Want.Int(); ok && !isMoney {
				want = decimal.NewFromInt(n)
			}
			if !sum.Equal(want) || atLeast != c.Want.AtLeast && c.Sheet != SheetRules { // rules have no rows for counts that are missing
				t.Errorf("%s: %s, at least: %v; want %s", c.What, sum, atLeast, c.Want.Written(c.Kind))
			}
		}
	}
}
