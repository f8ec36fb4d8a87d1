package xlsx

import (
	"strconv"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
)

// The rows of a data sheet: title, subtitle, headings, then the data.
const (
	headRow  = 3
	firstRow = headRow + 1
	maxRows  = excelize.TotalRows - headRow
	maxLinks = 65_000 // a sheet; Excel drops all of them beyond 65,530
	batch    = 1024   // rows of a piece
)

// section is one data sheet of the workbook: all rows of a tables.Sheet, or
// as many as a sheet holds.
type section struct {
	sheet    tables.Sheet
	columns  []column
	name     string
	table    string
	from, to int // rows of the model
	linked   int // rows that carry links; the others are too many for a sheet
	pieces   []piece
	links    []piece // of each; empty ones where nothing is linked
	sums
}

// sums are what was written, by column.
type sums struct {
	rows   int
	widths []float64 // what the content needs
	counts []int64
	money  []decimal.Decimal
}

// column is a tables.Column at its place in the sheet.
type column struct {
	tables.Column
	letters string
	limit   float64
}

func newSums(columns int) sums {
	return sums{widths: make([]float64, columns), counts: make([]int64, columns), money: make([]decimal.Decimal, columns)}
}

// add takes in the sums of a batch; the order does not matter.
func (s *sums) add(b *sums) {
	s.rows += b.rows
	for i := range s.widths {
		s.widths[i] = max(s.widths[i], b.widths[i])
		s.counts[i] += b.counts[i]
		s.money[i] = s.money[i].Add(b.money[i])
	}
}

// sections lays the report's tables out on sheets of at most limit rows.
func sections(r *report.Report, limit int) []*section {
	var all []*section
	for _, sheet := range tables.Sheets() {
		rows := sheet.Rows(r)
		if rows == 0 && !sheet.Always {
			continue
		}
		columns := columnsOf(&sheet, r)
		for n, from := 1, 0; from < rows || n == 1; n, from = n+1, from+limit {
			all = append(all, newSection(sheet, columns, n, from, min(from+limit, rows)))
		}
	}
	return all
}

func columnsOf(sheet *tables.Sheet, r *report.Report) (columns []column) {
	for i, c := range sheet.Filled(r) {
		columns = append(columns, column{c, letter(i), limit(&c)})
	}
	return columns
}

func newSection(sheet tables.Sheet, columns []column, n, from, to int) *section {
	s := &section{sheet: sheet, columns: columns, name: sheetName(sheet.Name, n), table: sheet.Table,
		from: from, to: to, linked: to - from}
	if n > 1 {
		s.table += strconv.Itoa(n)
	}
	linking := 0
	for _, c := range columns {
		if c.Link != nil {
			linking++
		}
	}
	if linking > 0 {
		s.linked = min(s.linked, maxLinks/linking)
	}
	s.sums = newSums(len(columns))
	s.pieces = make([]piece, (to-from+batch-1)/batch)
	s.links = make([]piece, len(s.pieces))
	return s
}

func sheetName(name string, n int) string {
	if n == 1 {
		return name
	}
	return name + " (" + strconv.Itoa(n) + ")"
}
