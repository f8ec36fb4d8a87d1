package xlsx

import (
	"math"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/report/cell"
	"trueup/report/tables"
)

// table is one on the summary: cells, not an Excel table, since several stand
// below each other on one sheet.
type table struct {
	tables.Table
	head        int   // row of the headings
	first, last int   // rows of the table that are no sum
	spans       []int // first column of each of the table's, from 1, and the one after the last
}

// lay puts a table, its chart and its remarks on the sheet.
func (p *summaryPage) lay(x block) {
	t := &table{Table: x.table, head: p.row + 1, spans: p.spans(x.table)}
	p.put("A", p.row, t.Title, p.st.section)
	p.height(p.row, 22)
	high := 1
	for i, h := range t.Heads {
		first, last := t.spans[i], t.spans[i+1]-1
		p.merged(t.head, first, last, h.Text, p.st.headOf(h.Kind))
		high = max(high, lines(h.Text, (p.room(first, last)-padding)/bold))
	}
	p.height(t.head, 4+14*float64(high))
	p.row = t.head + 1
	t.first, t.last = p.row, p.row-1
	for _, row := range t.Rows {
		p.tableRow(t, row)
	}
	for i, h := range t.Heads {
		if h.Kind == cell.KindPercent && t.last >= t.first {
			column := letter(t.spans[i] - 1)
			p.dataBar(column + strconv.Itoa(t.first) + ":" + column + strconv.Itoa(t.last))
		}
	}
	p.below(t, x)
}

// below a table stand its note, its remarks and its chart, if that is not
// beside it.
func (p *summaryPage) below(t *table, x block) {
	for _, note := range []string{t.Intro, t.Note} {
		if note != "" {
			p.merged(p.row, 1, p.columns, note, p.st.note)
			p.height(p.row, 12*float64(lines(note, p.room(1, p.columns)))+4)
			p.row++
		}
	}
	p.row++
	for _, l := range x.remarks {
		p.put("A", p.row, l.text, l.style)
		if l.sheet != "" {
			p.linkTo("A"+strconv.Itoa(p.row), l.sheet, "A1")
		}
		p.row++
	}
	switch {
	case len(x.chart.of) == 0 || t.last < t.first:
	case x.chart.beside:
		p.chart(&x.chart, t, t.spans[len(t.Heads)]+1, t.head-1)
		p.row = max(p.row, t.head+chartHeight+1)
	default:
		p.chart(&x.chart, t, 1, p.row)
		p.row += chartHeight + 1
	}
}

// spans gives each column of a table its place. The first takes the wide
// column; the others take one, but texts as many as they need, as long as
// there are some left.
func (p *summaryPage) spans(t tables.Table) []int {
	at, free := []int{1}, p.columns-len(t.Heads)
	for i, h := range t.Heads {
		more := 0
		if i > 0 && h.Kind == cell.KindText {
			widest := 0.0
			for _, row := range t.Rows {
				widest = max(widest, measure(row.Cells[i].Format(h.Kind)))
			}
			more = min(free, max(0, int(math.Ceil((widest+padding)/p.wide))-1))
		}
		free -= more
		at = append(at, at[i]+1+more)
	}
	return at
}

func (p *summaryPage) tableRow(t *table, row tables.Row) {
	high := 1
	for i, c := range row.Cells {
		first, last := t.spans[i], t.spans[i+1]-1
		p.merged(p.row, first, last, content(c.Value), p.st.tableCell(t.Heads[i].Kind, c, row.Sum))
		if text, ok := c.Text(); ok {
			high = max(high, lines(text, p.room(first, last)-padding))
		}
		switch at := letter(first-1) + strconv.Itoa(p.row); {
		case !c.To.OK:
		case row.Sum: // of the whole sheet
			p.linkTo(at, c.To.Sheet, "A1")
		default:
			p.do(p.f.SetCellHyperLink(p.name, at, p.place(c.To), "Location"))
		}
	}
	p.height(p.row, rowHeight(high))
	if !row.Sum {
		t.last = p.row
	}
	p.row++
}

// tableCell is the style of a cell. An amount is shown as one whatever its
// column is: the control totals have amounts below counts.
func (s *styles) tableCell(kind cell.Kind, c tables.Cell, sum bool) int {
	if _, ok := c.Money(); ok {
		kind = cell.KindMoney
	}
	set := &s.kind[kind]
	switch {
	case sum && isCentered(kind): // the word for all
		return s.kind[cell.KindText].total
	case sum && c.AtLeast:
		return set.totalLeast
	case sum:
		return set.total
	case c.AtLeast:
		return set.least
	case c.Bold && !c.To.OK:
		return set.bold
	}
	return s.of(kind, c.Value, c.To.OK)
}

func letter(i int) string {
	name, _ := excelize.ColumnNumberToName(i + 1)
	return name
}
