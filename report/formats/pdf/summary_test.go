package pdf

import (
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/tables"
)

// rects are a page's filled rectangles of a colour.
func rects(p *canvas.Page, c canvas.Color) (list []canvas.Rect) {
	for _, op := range p.Ops {
		if r, ok := op.(canvas.Rect); ok && r.Fill == c {
			list = append(list, r)
		}
	}
	return list
}

// TestSummaryIsOnePage with every block, in the order of the page, whatever
// the portfolio is.
func TestSummaryIsOnePage(t *testing.T) {
	long := func(int) string { return strings.Repeat("long name ", 20) }
	for name, m := range map[string]portfolio{
		"plain":    {customers: 120, priced: true, history: true, managers: 6},
		"managers": {customers: 400, priced: true, history: true, managers: 40},
		"long":     {customers: 120, priced: true, history: true, managers: 12, name: long, gap: strings.Repeat("apac ", 40)},
	} {
		r := m.build(t)
		if name == "long" {
			r.Title, r.Organization, r.Branding.Confidentiality = long(0), long(0), long(0)
			for i := range r.Managers {
				r.Managers[i].Name = strings.Repeat("m", 300)
			}
		}
		doc := layOut(t, r, Options{})
		words, at := joined(doc.Pages[0]), 0
		for _, block := range []string{"Exposure, EUR", "Unused value, EUR", "Open findings", "Used of acquired", "Not judgeable", "How October 2026 became November 2026",
			"Who must act", "Exposure over the months", "Ten largest customers", "customers listed"} {
			next := strings.Index(words[at:], strings.ReplaceAll(block, " ", ""))
			if next < 0 {
				t.Fatalf("%s: no %q after %.60q", name, block, words[at:])
			}
			at += next
		}
		checkLastLine(t, 1, doc.Pages[0])
		if strings.Contains(joined(doc.Pages[1]), "customerslisted") {
			t.Errorf("%s: the summary takes more than a page", name)
		}
	}
}

// TestSummarySaysTheTables: the page has what the tables have, word for word.
func TestSummarySaysTheTables(t *testing.T) {
	r := portfolio{customers: 120, connections: 2, priced: true, history: true, managers: 4}.build(t)
	page := layOut(t, r, Options{}).Pages[0]
	has(t, page, tables.Headline(r), tables.Portfolio(r), tables.Compared(r), tables.Letterhead(r))
	for _, tile := range tables.Tiles(r) {
		has(t, page, tile.Name+tile.Written(tile.Kind)+tile.Note+tile.Delta)
	}
	for _, table := range []tables.Table{tables.Act(r).Printed(0), tables.TenLargest(r).InOne()} {
		if len(table.Rows) < 5 {
			t.Errorf("%s has %d rows", table.Title, len(table.Rows))
		}
		for _, row := range table.Rows {
			words := ""
			for i, c := range row.Cells {
				words += c.Written(table.Heads[i].Kind)
			}
			has(t, page, words)
		}
	}
	_, words := tables.WholenessOf(r)
	_, complete := tables.Completeness(r)
	has(t, page, words+complete)
}

// TestWaterfallIsTheBridge: the bars' values, lengths and ends are those of
// the table, which stands in Changes to the cent.
func TestWaterfallIsTheBridge(t *testing.T) {
	r := portfolio{customers: 600, connections: 2, priced: true, history: true}.build(t)
	doc := layOut(t, r, Options{})
	bridge := tables.Bridge(r)
	sum, last := decimal.Zero, decimal.Zero
	for i, row := range bridge.Rows {
		d, _ := row.Cells[2].Money()
		if last = d; i+1 < len(bridge.Rows) {
			sum = sum.Add(d)
		}
		has(t, chapterOf(t, doc, "Changes")[0], row.Cells[0].String()+bare(row.Cells[1].Written(bridge.Heads[1].Kind)))
	}
	if !sum.Equal(last) {
		t.Fatalf("the bridge adds up to %s, not %s", sum, last)
	}
	w := tables.WaterfallOf(r)
	steps := 0
	for _, row := range bridge.Rows {
		if d, _ := row.Cells[2].Money(); row.Sum || !d.IsZero() {
			has(t, doc.Pages[0], w.Bars[steps].Label)
			if !d.Equal(w.Bars[steps].Value) {
				t.Errorf("bar %d is %s, the table has %s", steps, w.Bars[steps].Value, d)
			}
			steps++
		}
	}
	if steps != len(w.Bars) || steps < 6 {
		t.Fatalf("%d bars for %d rows", len(w.Bars), steps)
	}
	checkBars(t, doc.Pages[0], w)
}

// checkBars compares the drawn bars with their values, all on one scale.
func checkBars(t *testing.T, page *canvas.Page, w tables.Waterfall) {
	t.Helper()
	var bars []canvas.Rect
	for _, op := range page.Ops {
		r, ok := op.(canvas.Rect)
		if ok && r.Y > 150 && r.Y+r.H < 330 && r.W > 20 && r.W < 35 && r.H != 0.5 && (r.Fill == defaultAccent || r.Fill == alarm || r.Fill == leaf || r.Fill == grey) {
			bars = append(bars, r)
		}
	}
	if len(bars) != len(w.Bars) {
		t.Fatalf("%d bars are drawn, want %d", len(bars), len(w.Bars))
	}
	unit := 0.0 // points for one euro, of the largest step
	for i, bar := range w.Bars {
		if v := bar.Value.Abs().InexactFloat64(); !bar.Total && bars[i].H > 5 {
			unit = max(unit, bars[i].H/v)
		}
	}
	for i, bar := range w.Bars {
		v := bar.Value.InexactFloat64()
		switch {
		case bar.Total && bars[i].Fill != defaultAccent || !bar.Total && v > 0 && bars[i].Fill != alarm || v < 0 && bars[i].Fill == alarm:
			t.Errorf("%s has the wrong colour", bar.Name)
		case !bar.Total && math.Abs(bars[i].H-max(math.Abs(v)*unit, 0.7)) > 0.5:
			t.Errorf("%s is %.1f points long, want %.1f", bar.Name, bars[i].H, math.Abs(v)*unit)
		}
		if i > 0 && !bar.Total { // it hangs where the one before ends
			before, start := bars[i-1], bars[i].Y+bars[i].H
			if v < 0 {
				start = bars[i].Y
			}
			end := before.Y
			if w.Bars[i-1].Value.IsNegative() {
				end += before.H
			}
			if math.Abs(start-end) > 0.8 {
				t.Errorf("%s begins at %.1f, the one before ends at %.1f", bar.Name, start, end)
			}
		}
	}
}

// TestFirstPageVariants: what is not known is not on the page.
func TestFirstPageVariants(t *testing.T) {
	base := portfolio{customers: 120, connections: 2, priced: true, history: true, managers: 3}
	for name, test := range map[string]struct {
		change   func(m *portfolio)
		has, not []string
	}{
		"no history": {func(m *portfolio) { m.history = false },
			[]string{"From the license position to the exposure", "Who must act", "Customers"}, []string{"over the months", "was", "Δ", "Oldest"}},
		"no prices": {func(m *portfolio) { m.priced = false },
			[]string{"Licenses over", "licenses used beyond those acquired", "How October 2026 became November 2026", "Open findings over the months"}, []string{"EUR", "Exposure"}},
		"neither": {func(m *portfolio) { m.priced, m.history = false, false }, []string{"Licenses over", "Ten largest customers", "Findings by rule"}, []string{"EUR", "became", "months"}},
		"clean": {func(m *portfolio) { m.clean, m.history = true, false },
			[]string{"All 120 customers comply: nothing found, nothing left unjudged", "Complete."}, []string{"Ten largest", "Findings by rule", "axis cut"}},
		"nobody": {func(m *portfolio) { m.managers = 0 }, []string{"Exposure over the months", "Ten largest customers"}, []string{"Who must act", "Manager"}},
	} {
		m := base
		test.change(&m)
		page := layOut(t, m.build(t), Options{}).Pages[0]
		has(t, page, test.has...)
		for _, words := range test.not {
			if strings.Contains(joined(page), strings.ReplaceAll(words, " ", "")) {
				t.Errorf("%s: the page says %q", name, words)
			}
		}
	}
}

// TestColoursOfTheFirstPage: the figure is red when it grew, else in the
// accent; the box is green, amber or red.
func TestColoursOfTheFirstPage(t *testing.T) {
	r := portfolio{customers: 120, priced: true, history: true}.build(t)
	figure := func() canvas.Color {
		for _, x := range texts(layOut(t, r, Options{}).Pages[0]) {
			if words, _ := tables.HeadlineFigure(r); x.Text == words {
				return x.Color
			}
		}
		t.Fatal("the figure does not stand by itself")
		return ink
	}
	delta := &r.Changes.Movement.Exposure.Before
	for before, want := range map[int64]canvas.Color{0: alarm, 1_000_000: defaultAccent} {
		if *delta = decimal.NewFromInt(before); figure() != want {
			t.Errorf("after EUR %d the figure is %v, want %v", before, figure(), want)
		}
	}
	box := func(c canvas.Color) bool { return len(rects(layOut(t, r, Options{}).Pages[0], tint(c, 0.1))) == 1 }
	if !box(green) {
		t.Error("the box of a whole report is not green")
	}
	if r.Totals.NotEvaluable = 1; !box(amber) {
		t.Error("the box of a report that could not judge all is not amber")
	}
	if r.Sources[0].Failed = "no answer"; !box(alarm) {
		t.Error("the box of an incomplete report is not red")
	}
}

// TestTileColours: what is worse is red, what is better green, the rest
// neither.
func TestTileColours(t *testing.T) {
	b, err := newBook(portfolio{}.build(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		tables.Tile
		want canvas.Color
	}{{tables.Tile{Delta: "+5", Worse: true}, alarm}, {tables.Tile{Delta: "-5", Better: true}, green}, {tables.Tile{Delta: "+0.1 points"}, ink}} {
		b.newPage()
		b.tile(test.Tile, left, 100, 90)
		for _, x := range texts(b.page) {
			if x.Text == test.Delta && x.Color != test.want {
				t.Errorf("%+v is %v", test.Tile, x.Color)
			}
		}
	}
}

// TestMonthsThatLackSomething: a month without an instance is a dashed outline
// with the instance's name, and this report's bar has the accent.
func TestMonthsThatLackSomething(t *testing.T) {
	r := portfolio{customers: 120, priced: true, history: true, gap: "apac", gapThen: true}.build(t)
	r.Sources[1].Failed = ""
	r.Trend[len(r.Trend)-1].Complete, r.Trend[len(r.Trend)-1].Missing = true, nil
	months := tables.ExposureMonths(r)
	b, err := newBook(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.newPage()
	b.page.Ops = nil
	b.months(months, left, 100, 300, 90)
	dashed := 0
	for _, op := range b.page.Ops {
		if p, ok := op.(canvas.Path); ok && p.Dash != nil {
			dashed++
		}
	}
	if dashed != 1 || len(rects(b.page, b.accent)) != 1 || len(rects(b.page, tint(b.accent, 0.32))) != 4 {
		t.Errorf("%d dashed bars, %d in the accent and %d others", dashed, len(rects(b.page, b.accent)), len(rects(b.page, tint(b.accent, 0.32))))
	}
	has(t, b.page, "apac missing", months.Bars[2].Label, "Jun 2026", "Nov")
}

// TestIssuedStandsBesideRestated: where a past month's report said something
// else, an outline and a line of the table say so.
func TestIssuedStandsBesideRestated(t *testing.T) {
	r := portfolio{customers: 120, priced: true, history: true}.build(t)
	issued := r.Trend[1]
	money := *issued.Money
	money.Exposure = money.Exposure.Add(decimal.NewFromInt(100))
	r.Trend[1].Issued = &report.Issued{Currency: "EUR", Totals: report.Totals{Findings: issued.Findings, Money: money}}
	positions := whole(chapterOf(t, layOut(t, r, Options{}), "License positions"))
	for _, words := range []string{"outline: as issued", "issued " + cell.Money(money.Exposure).Format(cell.KindMoney), "the report of then said something else"} {
		if !strings.Contains(positions, strings.ReplaceAll(words, " ", "")) {
			t.Errorf("no %q in %s", words, positions)
		}
	}
}

// TestAxis: the axis starts at 0 unless the steps are small beside the totals.
func TestAxis(t *testing.T) {
	for _, test := range []struct{ low, high, cut float64 }{{0, 100, 0}, {50, 100, 0}, {90, 100, 80}, {106_000, 112_000, 102_000}, {981.6, 986.6, 978}, {5, 5, 0}, {-5, 100, 0}} {
		if a := newAxis(test.low, test.high); a.cut != test.cut {
			t.Errorf("from %v to %v the axis is cut at %v, want %v", test.low, test.high, a.cut, test.cut)
		}
	}
}
