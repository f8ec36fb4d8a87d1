package xlsx

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"trueup/fetch/plain"
	"trueup/report/cell"
	"trueup/report/tables"
)

// chartHeight is in rows, at least.
const chartHeight = 11

// Pixels of columns and rows as excelize counts them, to find the cell in
// which a chart ends.
func columnPixels(chars float64) int { return int(chars*8 + 0.5) }

func rowPixels(points float64) int { return int(math.Ceil(points * 4 / 3.4)) }

// chart shows columns of a table.
type chart struct {
	title   string
	kind    excelize.ChartType
	of      []shown
	from    string   // title of the table; "" for the one it stands with
	floor   *float64 // where the axis of values starts; nil for 0
	beside  bool     // the table; else below it
	nothing string   // what to say in its place; "" for a chart
}

// shown is a column of a table in a chart.
type shown struct {
	heading string
	fill    string // "" for what is not drawn: the others stand on it
	labels  string // number format of its labels
	on      string // colour of its labels; "" for ink
}

// waiting is a chart with its place: it is drawn when all tables are laid.
type waiting struct {
	chart
	table             *table
	column, row, high int
}

func (p *summaryPage) wait(c chart, t *table, column, row, high int) {
	if c.nothing != "" {
		p.put(letter(column-1), row, c.nothing, p.st.subtitle)
		return
	}
	p.waiting = append(p.waiting, waiting{c, t, column, row, high})
}

// draw puts a chart from its place to the last column.
func (p *summaryPage) draw(w waiting) {
	t := w.table
	if w.from != "" {
		t = p.laid[w.from]
	}
	n := native{kind: w.kind, title: w.title, floor: w.floor, remark: "the numbers stand in the table beside it",
		names: p.span(t, 0), width: -1}
	for column := w.column; column <= p.columns; column++ {
		n.width += columnPixels(p.room(column, column))
	}
	for row := w.row; row < w.row+w.high; row++ {
		n.height += rowPixels(p.heightOf(row))
	}
	for _, s := range w.of {
		at := slices.IndexFunc(t.Heads, func(h tables.Head) bool { return strings.TrimSuffix(h.Text, ", "+p.r.Currency) == s.heading })
		n.series = append(n.series, drawn{name: p.points(t, at, t.head, t.head, cell.Text(t.Heads[at].Text)), values: p.span(t, at), fill: s.fill, labels: s.labels, on: s.on})
	}
	p.addChart(letter(w.column-1)+strconv.Itoa(w.row), n)
}

// span is a column of a table's rows as a chart refers to it.
func (p *page) span(t *table, at int) points {
	var values []cell.Value
	for _, row := range t.Rows[:t.last+1-t.first] {
		values = append(values, row.Cells[at].Value)
	}
	return p.points(t, at, t.first, t.last, values...)
}

func (p *page) points(t *table, at, first, last int, values ...cell.Value) points {
	return pointsOf(p.name, letter(t.spans[at]-1), first, last, values...)
}

// waterfall shows the bridge as columns that stand on what is not drawn.
func (b *book) waterfall(w tables.Waterfall) chart {
	if len(w.Figures(b.r).Rows) == 0 {
		return chart{}
	}
	format := "#,##0"
	switch most, _ := w.Most().Float64(); {
	case w.Kind() == cell.KindCount:
	case most >= 999_950:
		format = `#,##0.0,,"m"`
	case most >= 10_000:
		format = `#,##0.0,"k"`
	case most < 1000:
		format = "#,##0.00"
	}
	c := chart{title: strings.ToUpper(w.Measure()[:1]) + w.Measure()[1:], kind: excelize.ColStacked, from: tables.FiguresTitle, beside: true, of: []shown{
		{heading: tables.HeadGround}, {tables.HeadTotal, b.st.accent, format, "FFFFFF"},
		{tables.HeadMore, worseFill, "+" + format, ""}, {tables.HeadLess, betterFill, "-" + format, ""}}}
	if floor, _ := w.Floor().Float64(); floor > 0 {
		c.floor = &floor
		c.title += "; axis from " + plain.Group(w.Floor().String())
	}
	return c
}
