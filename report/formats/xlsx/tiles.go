package xlsx

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// tile is one figure of the strip below the masthead.
type tile struct {
	label, note string
	value       cell.Value
	atLeast     bool // the amount leaves something out
}

func (p *summaryPage) tiles() {
	row, figures := p.row, p.figures()
	p.height(row, 17)
	p.height(row+1, 28)
	p.height(row+2, p.notesHeight(figures))
	for i, t := range figures {
		from, to := tileSpan(i)
		p.tile(row, from, to, t)
	}
	p.row += 4
}

// tileSpan are the first and last column of a tile: two each, but one for the
// first, which is wide, and three for the last.
func tileSpan(i int) (from, to int) {
	switch i {
	case 0:
		return 1, 1
	case 5:
		return 10, len(letters)
	}
	return 2 * i, 2*i + 1
}

// notesHeight has room for the longest note.
func (p *summaryPage) notesHeight(figures []tile) float64 {
	const small = 0.9 // of the plain size
	high := 1
	for i, t := range figures {
		from, to := tileSpan(i)
		room := p.wide * float64(to-from+1)
		if from == 1 {
			room = nameWidth
		}
		high = max(high, lines(t.note, (room-2*padding)/small))
	}
	return 5 + 12*float64(high)
}

func (p *page) tile(row, from, to int, t tile) {
	p.merged(row, from, to, t.label, p.st.tileLabel)
	if d, ok := t.value.Money(); ok {
		p.merged(row+1, from, to, d.InexactFloat64(), p.moneyStyle(t))
	} else {
		n, _ := t.value.Int()
		p.merged(row+1, from, to, n, p.st.tileCount)
	}
	p.merged(row+2, from, to, t.note, p.st.tileNote)
}

func (p *page) moneyStyle(t tile) int {
	if t.atLeast {
		return p.st.tileAtLeast
	}
	return p.st.tileMoney
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
	count := func(n int) cell.Value { return cell.Int(int64(n)) }
	all := []tile{
		{label: "Customers", note: fmt.Sprintf("%s with findings, %s clean, %s", plain.Number(t.WithFindings), plain.Number(t.Clean), p.connections()), value: count(t.Customers)},
		{label: "Open findings", note: plain.Number(t.Waived) + " waived", value: count(t.Findings)},
		{label: "Not evaluable", note: "never counted as a pass", value: count(t.NotEvaluable)},
		{label: "Acquired licenses", note: p.acquired(), value: cell.Int(t.Acquired)},
		{label: "Active users", note: p.activeUsers(), value: cell.Int(t.ActiveUsers)},
	}
	return append(all, p.moneyTile())
}

// connections says how many there are, and of how many customers that is not
// known.
func (p *page) connections() string {
	n := p.unknown(func(c *report.Customer) bool { return c.Sites != fetch.Known })
	if n > 0 && n == len(p.r.Customers) {
		return "SIP connections unknown"
	}
	return plain.Number(p.r.Totals.SIPConnections) + " SIP connections" + notKnown(n)
}

func (p *page) acquired() string {
	return "where licensed by user" + notKnown(p.unknown(func(c *report.Customer) bool { return tables.AcquiredValue(c).IsUnknown() }))
}

func (p *page) activeUsers() string {
	return "of all customers" + notKnown(p.unknown(func(c *report.Customer) bool { return !c.ActiveUserCount.Known() }))
}

// unknown counts the customers that a figure does not cover.
func (p *page) unknown(is func(c *report.Customer) bool) (n int) {
	for i := range p.r.Customers {
		if is(&p.r.Customers[i]) {
			n++
		}
	}
	return n
}

func notKnown(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + plain.Number(n) + " not known"
}

// moneyTile is what true-up brings; without prices the licenses it is about.
func (p *page) moneyTile() tile {
	if p.r.Currency == "" {
		var over int64
		for _, x := range p.r.Positions {
			over += x.Over
		}
		return tile{label: "Licenses to true up", note: "used and not acquired", value: cell.Int(over)}
	}
	m := &p.r.Totals.Money
	note := p.unknownExposures() + "unused value (findings) "
	if m.UnpricedUnused > 0 {
		note += "≥ "
	}
	note += plain.Group(m.Unused.StringFixed(2))
	return tile{tables.HeadExposure + ", " + p.r.Currency + " a month", note, cell.Money(m.Exposure), m.UnpricedExposure > 0}
}

// unknownExposures says of whom the exposure has nothing.
func (p *page) unknownExposures() string {
	switch n := p.r.UnknownExposures(); n {
	case 0:
		return ""
	case 1:
		return "unknown of 1 customer; "
	default:
		return "unknown of " + plain.Number(n) + " customers; "
	}
}
