package xlsx

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/rules"
)

// The summary has one wide column for names and ten for numbers.
const (
	nameWidth   = 40.0
	numberWide  = 12.5
	lastColumn  = "K"
	chartHeight = 11 // rows
	topCount    = 10

	plainHeight = 15.0 // points of a row
	paperScale  = 0.85 // brings the columns onto A4 landscape
	paperHeight = (595 - 2*72*topMargin) / paperScale
)

// summary lays out the first sheet: what a reader sees who opens nothing else.
func (b *book) summary() {
	p := &summaryPage{page: b.newPage(report.SheetSummary)}
	p.width("A", "A", nameWidth)
	p.width("B", lastColumn, numberWide)
	p.row = p.masthead()
	p.tiles()
	p.severities()
	p.positions()
	p.positionChart()
	p.ruleTable()
	p.top()
	p.managers()
	p.sources()
	p.controls()
	p.finish()
}

// summaryPage is laid out block by block; blocks stay whole on paper.
type summaryPage struct {
	*page
	row        int    // of the next block
	paperTop   int    // first row of the printed page, from 0
	positionAt [2]int // first and last row of the license position
}

// block starts a block of n rows on a new printed page if it would not fit.
func (p *summaryPage) block(n int) int {
	height := 0.0
	for row := max(p.paperTop, 1); row < p.row+n; row++ {
		height += p.heightOf(row)
	}
	if height > paperHeight {
		p.do(p.f.InsertPageBreak(p.name, "A"+strconv.Itoa(p.row)))
		p.paperTop = p.row
	}
	return p.row
}

func (p *summaryPage) heightOf(row int) float64 {
	if h := p.heights[row]; h > 0 {
		return h
	}
	return plainHeight
}

// finish gives every row its height, which charts and page breaks rest on,
// and sets up the print. The scale is fixed, as fitting to a page would undo
// the breaks.
func (p *summaryPage) finish() {
	for row := 1; row < p.row; row++ {
		p.height(row, p.heightOf(row))
	}
	scale, size := uint(paperScale*100), paperA4
	p.paper(&excelize.PageLayoutOptions{Size: &size, AdjustTo: &scale})
	p.do(p.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: p.name,
		RefersTo: cellOf(p.name, "$A$1:$"+lastColumn+"$"+strconv.Itoa(p.row))}))
}

// masthead is title, who and when, and the mark of a sample.
func (p *summaryPage) masthead() int {
	p.put("A", 1, p.r.Title, p.st.title)
	p.height(1, 30)
	var parts []string
	for _, s := range []string{p.r.Organization, "As of " + p.asOf(), p.scope(), p.r.Branding.Confidentiality} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	p.put("A", 2, strings.Join(parts, "  ·  "), p.st.subtitle)
	p.logo()
	if !p.r.Sample {
		return 4
	}
	p.fill(3, p.st.sample)
	p.put("A", 3, "  "+sampleText+", not for billing", p.st.sample)
	p.height(3, 18)
	return 5
}

func (p *page) scope() string {
	if p.r.Manager != "" {
		return "Customers of " + p.r.Manager
	}
	var names []string
	for _, s := range p.r.Sources {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (p *page) fill(row, style int) {
	p.do(p.f.SetCellStyle(p.name, "A"+strconv.Itoa(row), lastColumn+strconv.Itoa(row), style))
}

// tile is one figure of the strip below the masthead.
type tile struct {
	label, note string
	value       report.Value
}

func (p *summaryPage) tiles() {
	row := p.row
	p.height(row, 17)
	p.height(row+1, 28)
	p.height(row+2, 17)
	for i, t := range p.figures() {
		from, to := 2*i, 2*i+1 // columns, two a tile but for the wide first one
		if i == 0 {
			from = 1
		}
		p.tile(row, from, to, t)
	}
	p.row += 4
}

func (p *page) tile(row, from, to int, t tile) {
	p.merged(row, from, to, t.label, p.st.tileLabel)
	if d, ok := t.value.Money(); ok {
		p.merged(row+1, from, to, d.InexactFloat64(), p.st.tileMoney)
	} else {
		n, _ := t.value.Int()
		p.merged(row+1, from, to, n, p.st.tileCount)
	}
	p.merged(row+2, from, to, t.note, p.st.tileNote)
}

func (p *page) merged(row, from, to int, value any, style int) {
	first, err := excelize.ColumnNumberToName(from)
	p.do(err)
	last, err := excelize.ColumnNumberToName(to)
	p.do(err)
	p.put(first, row, value, style)
	if from != to {
		a, z := first+strconv.Itoa(row), last+strconv.Itoa(row)
		p.do(p.f.SetCellStyle(p.name, a, z, style))
		p.do(p.f.MergeCell(p.name, a, z))
	}
}

func (p *page) figures() []tile {
	t := &p.r.Totals
	count := func(n int) report.Value { return report.IntValue(int64(n)) }
	all := []tile{
		{"Customers", fmt.Sprintf("%s with findings, %s clean", number(t.WithFindings), number(t.Clean)), count(t.Customers)},
		{"Open findings", number(t.Waived) + " waived", count(t.Findings)},
		{"Not evaluable", "never counted as a pass", count(t.NotEvaluable)},
		{"Acquired licenses", number(t.SIPConnections) + " SIP connections", report.IntValue(t.Acquired)},
		{"Active users", "of all customers", report.IntValue(t.ActiveUsers)},
	}
	return append(all, p.moneyTile())
}

// moneyTile is what true-up brings; without prices the licenses it is about.
func (p *page) moneyTile() tile {
	if p.r.Currency == "" {
		var over int64
		for _, x := range p.r.Positions {
			over += x.Over
		}
		return tile{"Licenses to true up", "used and not acquired", report.IntValue(over)}
	}
	m := &p.r.Totals.Money
	note := "unused " + report.GroupDigits(m.Unused.StringFixed(2))
	if m.Unpriced > 0 {
		note += ", " + number(m.Unpriced) + " unpriced"
	}
	return tile{"Exposure, " + p.r.Currency + " a month", note, report.MoneyValue(m.Exposure)}
}

func number(n int) string { return report.GroupDigits(strconv.Itoa(n)) }

// severities are the findings by severity, with their chart beside them.
func (p *summaryPage) severities() {
	row := p.block(chartHeight + 2)
	t := p.startTable(row, "Findings by severity", []head{
		{"Severity", report.KindSeverity}, {"Findings", report.KindCount}, {"Share", report.KindPercent}})
	first := t.row
	for _, s := range rules.Severities {
		n := p.r.Totals.BySeverity[s]
		t.add(report.SeverityValue(s), report.IntValue(int64(n)), share(n, p.r.Totals.Findings))
		t.linkCount("B", p.firstOf(s))
	}
	t.sum(report.TextValue("All"), report.IntValue(int64(p.r.Totals.Findings)), report.Empty())
	p.linkTo("B"+strconv.Itoa(t.row-1), report.SheetFindings, "A1")
	p.severityChart("E", row, first)
	p.changes(t.row + 1)
	p.row = row + chartHeight + 2
}

// firstOf is the first finding of a severity.
func (p *page) firstOf(s rules.Severity) report.Target {
	at := slices.IndexFunc(p.r.Findings, func(f report.Finding) bool { return p.r.Rules[f.Rule].Severity == s })
	return report.Target{Sheet: report.SheetFindings, Row: at, OK: at >= 0}
}

func share(n, of int) report.Value {
	if of == 0 {
		return report.Empty()
	}
	return report.FloatValue(float64(n) / float64(of))
}

// changes count what differs from the earlier report.
func (p *page) changes(row int) {
	c := p.r.Changes
	if c == nil {
		return
	}
	p.put("A", row, "Since "+c.Baseline.UTC().Format("2006-01-02"), p.st.label)
	p.put("A", row+1, fmt.Sprintf("%s new, %s reopened, %s resolved, %s persisting", number(c.New), number(c.Reopened),
		number(len(c.Resolved)), number(c.Persisting)), p.st.link)
	p.linkTo("A"+strconv.Itoa(row+1), report.SheetChanges, "A1")
	p.put("A", row+2, fmt.Sprintf("%s customers added, %s gone", number(c.CustomersAdded), number(c.CustomersGone)), p.st.subtitle)
}

// positions compare acquired and used licenses by type.
func (p *summaryPage) positions() {
	heads := []head{{"License type", report.KindText}, {"Customers", report.KindCount}, {"Acquired", report.KindCount},
		{"Used", report.KindCount}, {"Delta", report.KindDelta}, {"Utilization", report.KindPercent},
		{"Over", report.KindCount}, {"Not used", report.KindCount}, {"Not known", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"True-up", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(p.block(len(p.r.Positions)+5), "License position", heads)
	p.positionAt = [2]int{t.row, t.row + len(p.r.Positions) - 1}
	for i := range p.r.Positions {
		t.add(p.position(&p.r.Positions[i])...)
	}
	if len(p.r.Positions) > 0 {
		p.dataBar(fmt.Sprintf("F%d:F%d", p.positionAt[0], p.positionAt[1]))
	}
	t.sum(p.positionSum()...)
	p.row = p.remark(t.row, p.positionNote()) + 1
}

func (p *page) positionNote() string {
	var other int64
	for _, x := range p.r.Positions {
		other += x.OtherUsed
	}
	note := "Acquired and used are of customers with both counts known. Over and not used are summed customer by customer. " +
		"Not known: customers whose type is sold by user and whose counts did not come. "
	if other > 0 {
		note += report.GroupDigits(strconv.FormatInt(other, 10)) + " more active users are of customers without an acquired count. "
	}
	if p.r.Currency != "" {
		note += "True-up and unused value: licenses times price, a month."
	}
	return note
}

func (p *page) position(x *report.Position) []report.Value {
	values := []report.Value{report.TextValue(x.LicenseName), report.IntValue(int64(x.Customers)), report.IntValue(x.Acquired),
		report.IntValue(x.Used), report.IntValue(x.Delta()), utilization(x), report.IntValue(x.Over),
		report.IntValue(x.Surplus), report.IntValue(int64(x.Unknown))}
	if p.r.Currency != "" {
		values = append(values, priced(x.TrueUp), priced(x.Unused))
	}
	return values
}

func utilization(x *report.Position) report.Value {
	if u, ok := x.Utilization(); ok {
		return report.FloatValue(u)
	}
	return report.Empty()
}

func priced(d *decimal.Decimal) report.Value {
	if d == nil {
		return report.Empty()
	}
	return report.MoneyValue(*d)
}

func (p *page) positionSum() []report.Value {
	all := report.Position{LicenseName: "All"}
	for _, x := range p.r.Positions {
		all.Customers += x.Customers
		all.Unknown += x.Unknown
		all.Acquired += x.Acquired
		all.Used += x.Used
		all.Over += x.Over
		all.Surplus += x.Surplus
		all.TrueUp = plus(all.TrueUp, x.TrueUp)
		all.Unused = plus(all.Unused, x.Unused)
	}
	return p.position(&all)
}

// plus adds amounts of which either may be missing.
func plus(a, b *decimal.Decimal) *decimal.Decimal {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	sum := a.Add(*b)
	return &sum
}
