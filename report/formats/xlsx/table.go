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
	first, last int   // rows of the table, the last sum excepted
	spans       []int // first column of each of the table's, from 1, and the one after the last
}

// lay puts a table, its chart and its remarks on the sheet.
func (p *summaryPage) lay(x block) {
	t := &table{Table: x.table, head: p.row + 1, spans: p.spans(x.table)}
	p.titled(t)
	high := 1
	for i, h := range t.Heads {
		first, last := t.spans[i], t.spans[i+1]-1
		style := p.st.headOf(h.Kind)
		if i > 0 && style == p.st.head {
			style = p.st.headText
		}
		p.merged(t.head, first, last, h.Text, style)
		high = max(high, lines(h.Text, (p.room(first, last)-padding)/bold))
	}
	p.height(t.head, 4+14*float64(high))
	p.row = t.head + 1
	t.first = p.row
	for _, row := range t.Rows {
		p.tableRow(t, row)
	}
	t.last = p.row - 1
	if t.Rows[len(t.Rows)-1].Sum {
		t.last--
	}
	p.laid[t.Title] = t
	for i, h := range t.Heads {
		if h.Kind == cell.KindPercent && t.last >= t.first {
			column := letter(t.spans[i] - 1)
			p.dataBar(column + strconv.Itoa(t.first) + ":" + column + strconv.Itoa(t.last))
		}
	}
	p.below(t, x)
}

// titled puts the title of a table, and beside it the sentence that explains
// it, or below it where there is no room.
func (p *summaryPage) titled(t *table) {
	p.put("A", p.row, t.Title, p.st.section)
	p.height(p.row, 22)
	if t.Intro == "" {
		return
	}
	const large = sectionSize / fontSize * bold
	from := 2
	for from < p.columns && p.room(1, from-1) < measure(t.Title)*large+padding {
		from++
	}
	p.merged(p.row, from, p.columns, t.Intro, p.st.intro)
}

// below a table stand its note, its remarks and its chart, if that is not
// beside it.
func (p *summaryPage) below(t *table, x block) {
	beside := max(chartHeight, p.row-t.head)
	if x.chart.beside && len(x.chart.of) > 0 {
		p.row = max(p.row, t.head+beside)
	}
	if t.Note != "" {
		p.merged(p.row, 1, p.columns, t.Note, p.st.note)
		p.height(p.row, 12*float64(lines(t.Note, p.room(1, p.columns)))+4)
		p.row++
	}
	for _, l := range x.remarks {
		p.put("A", p.row, l.text, l.style)
		if l.sheet != "" {
			p.linkTo("A"+strconv.Itoa(p.row), l.sheet, "A1")
		}
		p.row++
	}
	p.row++
	switch {
	case len(x.chart.of) == 0 || t.last < t.first:
	case x.chart.beside:
		p.wait(x.chart, t, t.spans[len(t.Heads)]+1, t.head, beside)
	default:
		p.wait(x.chart, t, 1, p.row, chartHeight)
		p.row += chartHeight + 1
	}
}

// least are the grid columns that a table's columns need: numbers whole, texts
// by their longest word.
func (p *summaryPage) least(t tables.Table) []int {
	units := make([]int, len(t.Heads)-min(len(t.Heads), 1))
	for i := range units {
		h, widest := t.Heads[i+1], twoLines(t.Heads[i+1].Text)*bold
		for _, row := range t.Rows {
			c := row.Cells[i+1]
			switch text, isText := c.Text(); {
			case isText:
				widest = max(widest, min(longestWord(text), mostWord)*bold)
			case p.st.bare[h.Kind] != nil:
				widest = max(widest, measure(c.Written(h.Kind))*bold+1)
			default:
				widest = max(widest, measure(p.written(c, h.Kind))*bold+1)
			}
		}
		units[i] = grid(widest + padding)
	}
	return units
}

// mostWord is the width from which on a word may be broken.
const mostWord = 14.0

// written is a cell as the workbook shows it, an amount with its currency.
func (p *page) written(c tables.Cell, kind cell.Kind) string {
	if _, ok := c.Money(); ok {
		return tables.InMoney(p.r, c)
	}
	return c.Written(kind)
}

// grid is how many columns of the grid a width takes.
func grid(chars float64) int { return int(math.Ceil(chars / gridWidth)) }

func total(units []int) (sum int) {
	for _, n := range units {
		sum += n
	}
	return sum
}

// spans gives each column of a table its place: the first takes the column of
// names, the others what they need. What is left goes to texts, until they
// stand in one line.
func (p *summaryPage) spans(t tables.Table) []int {
	units := append([]int{1}, p.least(t)...)
	free := p.columns - total(units)
	for i, h := range t.Heads {
		if h.Kind != cell.KindText && h.Kind != cell.KindLongText {
			continue
		}
		widest := 0.0
		for _, row := range t.Rows {
			widest = max(widest, measure(row.Cells[i].Format(h.Kind)))
		}
		want := grid(min(widest, textCap)*bold + padding)
		if i == 0 {
			want -= int(nameWidth/gridWidth) - 1
		}
		more := min(free, max(0, want-units[i]))
		units[i] += more
		free -= more
	}
	at := []int{1}
	for i, n := range units {
		at = append(at, at[i]+n)
	}
	return at
}

func (p *summaryPage) tableRow(t *table, row tables.Row) {
	high := 1
	for i, c := range row.Cells {
		first, last := t.spans[i], t.spans[i+1]-1
		p.merged(p.row, first, last, content(c.Value), p.st.tableCell(i, t.Heads[i].Kind, c, row.Sum))
		if text, ok := c.Text(); ok {
			high = max(high, lines(text, (p.room(first, last)-padding)/bold))
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
	p.row++
}

// tableCell is the style of a cell of the summary, whose headings have the
// currency.
func (s *styles) tableCell(column int, kind cell.Kind, c tables.Cell, sum bool) int {
	kind = shownAs(kind, c)
	if set := s.bare[kind]; set != nil && column > 0 {
		return s.inTable(set, kind, c, sum)
	}
	return s.withUnit(kind, c, sum)
}

// withUnit is the same with the currency in the cell.
func (s *styles) withUnit(kind cell.Kind, c tables.Cell, sum bool) int {
	kind = shownAs(kind, c)
	return s.inTable(&s.kind[kind], kind, c, sum)
}

// shownAs is the kind of a cell, where it is not its column's: a total among
// differences has no sign, and control totals have amounts below counts.
func shownAs(kind cell.Kind, c tables.Cell) cell.Kind {
	switch _, isMoney := c.Money(); {
	case isMoney && (c.IsTotal() || kind != cell.KindSigned):
		return cell.KindMoney
	case c.IsTotal():
		return cell.KindCount
	}
	return kind
}

func (s *styles) inTable(set *cellStyles, kind cell.Kind, c tables.Cell, sum bool) int {
	_, isTime := c.Time()
	switch {
	case sum && isCentered(kind) && !isTime: // the word for all
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
	return s.in(set, kind, c.Value, c.To.OK)
}

func letter(i int) string {
	name, _ := excelize.ColumnNumberToName(i + 1)
	return name
}
