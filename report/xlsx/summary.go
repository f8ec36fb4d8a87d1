package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/rules"
)

// The summary has one wide column for names and ten for numbers.
const (
	nameWidth   = 36.0
	numberWide  = 12.5
	lastColumn  = "K"
	chartHeight = 13 // rows
	topCount    = 10
)

// summary lays out the first sheet: what a reader sees who opens nothing else.
func (b *book) summary() {
	p := b.newPage(report.SheetSummary)
	p.width("A", "A", nameWidth)
	p.width("B", lastColumn, numberWide)
	row := p.masthead()
	row = p.tiles(row)
	row = p.severities(row)
	row = p.positions(row)
	row = p.ruleTable(row)
	row = p.top(row)
	row = p.managers(row)
	row = p.sources(row)
	row = p.controls(row)
	p.print(nil)
	p.do(p.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: p.name,
		RefersTo: cellOf(p.name, "$A$1:$"+lastColumn+"$"+strconv.Itoa(row))}))
}

// masthead is title, who and when, and the mark of a sample.
func (p *page) masthead() int {
	p.put("A", 1, p.r.Title, p.st.title)
	p.height(1, 30)
	var parts []string
	for _, s := range []string{p.r.Organization, "As of " + p.asOf(), p.scope()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	p.put("A", 2, strings.Join(parts, "  ·  "), p.st.subtitle)
	if p.r.Branding.Confidentiality != "" {
		p.put("A", 3, p.r.Branding.Confidentiality, p.st.subtitle)
	}
	if p.r.Sample {
		p.fill(3, p.st.sample)
		p.put("A", 3, sampleText+"— not for billing", p.st.sample)
	}
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
	kind        report.Kind
	value       report.Value
}

func (p *page) tiles(row int) int {
	p.height(row, 16)
	p.height(row+1, 27)
	p.height(row+2, 16)
	for i, t := range p.figures() {
		from, to := 2*i, 2*i+1
		if i == 0 {
			from = 1
		}
		p.tile(row, from, to, t)
	}
	return row + 4
}

func (p *page) tile(row, from, to int, t tile) {
	p.merged(row, from, to, t.label, p.st.tileLabel)
	p.merged(row+1, from, to, t.value.Format(t.kind), p.st.tileValue)
	if n, ok := t.value.Int(); ok {
		p.merged(row+1, from, to, n, p.st.tileValue)
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
		{"Customers", fmt.Sprintf("%s with findings, %s clean", number(t.WithFindings), number(t.Clean)), report.KindCount, count(t.Customers)},
		{"Open findings", number(t.Waived) + " waived", report.KindCount, count(t.Findings)},
		{"Not evaluable", "never counted as a pass", report.KindCount, count(t.NotEvaluable)},
		{"Acquired licenses", number(t.SIPConnections) + " SIP connections", report.KindCount, report.IntValue(t.Acquired)},
		{"Active users", "of all customers", report.KindCount, report.IntValue(t.ActiveUsers)},
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
		return tile{"Licenses to true up", "used and not acquired", report.KindCount, report.IntValue(over)}
	}
	m := &p.r.Totals.Money
	note := "unused " + report.GroupDigits(m.Unused.StringFixed(2))
	if m.Unpriced > 0 {
		note += ", " + number(m.Unpriced) + " unpriced"
	}
	return tile{"Exposure, " + p.r.Currency + " a month", note, report.KindMoney, report.MoneyValue(m.Exposure)}
}

func number(n int) string { return report.GroupDigits(strconv.Itoa(n)) }

// severities are the findings by severity, with their chart beside them.
func (p *page) severities(row int) int {
	t := p.startTable(row, "Findings by severity", []head{
		{"Severity", report.KindSeverity}, {"Findings", report.KindCount}, {"Share", report.KindPercent}})
	first := t.row
	for _, s := range rules.Severities {
		n := p.r.Totals.BySeverity[s]
		t.add(report.SeverityValue(s), report.IntValue(int64(n)), share(n, p.r.Totals.Findings))
	}
	t.sum(report.TextValue("All"), report.IntValue(int64(p.r.Totals.Findings)), report.Empty())
	p.linkTo("B"+strconv.Itoa(t.row-1), report.SheetFindings, "A1")
	p.severityChart("E", row, first)
	p.changes(t.row + 1)
	return row + 1 + chartHeight
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
func (p *page) positions(row int) int {
	heads := []head{{"License type", report.KindText}, {"Customers", report.KindCount}, {"Acquired", report.KindCount},
		{"Used", report.KindCount}, {"Delta", report.KindDelta}, {"Utilization", report.KindPercent},
		{"Over", report.KindCount}, {"Not used", report.KindCount}, {"Not known", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"True-up a month", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(row, "License position", heads)
	first := t.row
	for i := range p.r.Positions {
		t.add(p.position(&p.r.Positions[i])...)
	}
	if len(p.r.Positions) > 0 {
		p.dataBar(fmt.Sprintf("F%d:F%d", first, t.row-1))
	}
	t.sum(p.positionSum()...)
	at := p.remark(t.row, "Acquired and used are of customers with both counts known; over and not used are summed customer by customer; "+
		"not known are customers whose type has a count that did not come. "+p.otherUsed())
	return p.positionChart(at+1, first, len(p.r.Positions))
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
	var all report.Position
	trueUp, unused := decimal.Zero, decimal.Zero
	for _, x := range p.r.Positions {
		all.Customers += x.Customers
		all.Unknown += x.Unknown
		all.Acquired += x.Acquired
		all.Used += x.Used
		all.Over += x.Over
		all.Surplus += x.Surplus
		if x.TrueUp != nil {
			trueUp = trueUp.Add(*x.TrueUp)
		}
		if x.Unused != nil {
			unused = unused.Add(*x.Unused)
		}
	}
	all.LicenseName, all.TrueUp, all.Unused = "All", &trueUp, &unused
	return p.position(&all)
}

func (p *page) otherUsed() string {
	var n int64
	for _, x := range p.r.Positions {
		n += x.OtherUsed
	}
	return report.GroupDigits(strconv.FormatInt(n, 10)) + " active users are of customers without an acquired count."
}
