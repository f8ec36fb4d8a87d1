package xlsx

import (
	"strconv"
	"trueup/report/cell"

	"trueup/report/tables"

	"github.com/xuri/excelize/v2"
)

// head is the heading of a column of a table on the summary.
type head struct {
	text string
	kind cell.Kind
}

// table is one on the summary: cells, not an Excel table, since several stand
// below each other on one sheet.
type table struct {
	*summaryPage
	heads []head
	at    int // the next row
}

func (p *summaryPage) startTable(row int, title string, heads []head) *table {
	p.put("A", row, title, p.st.section)
	p.height(row, 22)
	high := 1
	for i, h := range heads {
		p.put(letter(i), row+1, h.text, p.st.headOf(h.kind))
		if i > 0 {
			high = max(high, lines(h.text, (p.wide-padding)/bold))
		}
	}
	p.height(row+1, 4+14*float64(high))
	return &table{p, heads, row + 2}
}

func letter(i int) string {
	name, _ := excelize.ColumnNumberToName(i + 1)
	return name
}

func (t *table) add(values ...cell.Value) {
	t.values(values, func(i int) int { return t.st.of(t.heads[i].kind, values[i], false) })
}

// sum adds the last row.
func (t *table) sum(values ...cell.Value) {
	t.values(values, func(i int) int {
		if t.heads[i].kind == cell.KindSeverity {
			return t.st.totals[cell.KindText]
		}
		return t.st.totals[t.heads[i].kind]
	})
}

func (t *table) values(values []cell.Value, style func(i int) int) {
	high := 1
	for i, v := range values {
		t.styled(letter(i), t.at, t.heads[i].kind, v, style(i))
		if text, ok := v.Text(); ok && i == 0 {
			high = max(high, lines(text, nameWidth-padding))
		}
	}
	t.height(t.at, rowHeight(high))
	t.at++
}

// atLeast marks an amount of the row added last, which leaves out what has no
// price, as the least that it can be.
func (t *table) atLeast(column int, style int) {
	cell := letter(column) + strconv.Itoa(t.at-1)
	t.do(t.f.SetCellStyle(t.name, cell, cell, style))
}

// link makes the name of the row added last lead to another sheet.
func (t *table) link(target tables.Target) {
	t.leadTo("A"+strconv.Itoa(t.at-1), target, t.st.kind[cell.KindText].link)
}

// linkCount does so for a number.
func (t *table) linkCount(column string, target tables.Target) {
	t.leadTo(column+strconv.Itoa(t.at-1), target, t.st.kind[cell.KindCount].link)
}

func (t *table) leadTo(cell string, target tables.Target, style int) {
	if !target.OK {
		return
	}
	t.do(t.f.SetCellHyperLink(t.name, cell, t.place(target), "Location"))
	t.do(t.f.SetCellStyle(t.name, cell, cell, style))
}

// remark is a note below a table, over the whole width.
func (p *summaryPage) remark(row int, text string) int {
	p.merged(row, 1, len(letters), text, p.st.note)
	p.height(row, 12*float64(lines(text, nameWidth+numbers*p.wide))+4)
	return row + 1
}
