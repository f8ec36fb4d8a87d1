package xlsx

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
)

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
		{"Acquired licenses", p.connections(), report.IntValue(t.Acquired)},
		{"Active users", p.activeUsers(), report.IntValue(t.ActiveUsers)},
	}
	return append(all, p.moneyTile())
}

// connections says how many there are, or for whom that is not known.
func (p *page) connections() string {
	return number(p.r.Totals.SIPConnections) + " SIP connections" + p.exceptFor(func(c *report.Customer) bool { return c.Sites == fetch.Known })
}

func (p *page) activeUsers() string {
	return "of all customers" + p.exceptFor(func(c *report.Customer) bool { return c.ActiveUserCount.Known() })
}

// exceptFor counts the customers that a figure does not cover.
func (p *page) exceptFor(known func(c *report.Customer) bool) string {
	n := 0
	for i := range p.r.Customers {
		if !known(&p.r.Customers[i]) {
			n++
		}
	}
	switch {
	case n == 0:
		return ""
	case n == len(p.r.Customers):
		return ": not known"
	}
	return ", " + number(n) + " not known"
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
