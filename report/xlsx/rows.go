package xlsx

import (
	"runtime"
	"strconv"
	"sync"

	"github.com/xuri/excelize/v2"

	"trueup/report"
)

// The rows of a data sheet: title, subtitle, headings, then the data.
const (
	headRow  = 3
	firstRow = headRow + 1
	maxRows  = excelize.TotalRows - headRow
	maxLinks = 65_000 // a sheet; Excel drops all of them beyond 65,530
	batch    = 1024   // rows of a piece
)

// section is one data sheet of the workbook: all rows of a report.Sheet, or
// as many as a sheet holds.
type section struct {
	sheet    report.Sheet
	columns  []column
	name     string
	table    string
	from, to int // rows of the model
	linked   int // rows that carry links; the others are too many for a sheet
	pieces   []piece
	sizes    []size // by column
	sums     []int64
	rows     int // written
}

// column is a report.Column at its place in the sheet.
type column struct {
	report.Column
	letters string
	limit   float64
}

// size is what a column's content needs.
type size struct{ width float64 }

// sections lays the report's tables out on sheets of at most limit rows.
func sections(r *report.Report, limit int) []*section {
	var all []*section
	for _, sheet := range report.Sheets() {
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

func columnsOf(sheet *report.Sheet, r *report.Report) (columns []column) {
	for i, c := range sheet.Shown(r) {
		letters, _ := excelize.ColumnNumberToName(i + 1)
		columns = append(columns, column{c, letters, limit(&c)})
	}
	return columns
}

func newSection(sheet report.Sheet, columns []column, n, from, to int) *section {
	s := &section{sheet: sheet, columns: columns, name: sheetName(sheet.Name, n), table: sheet.Table,
		from: from, to: to, linked: to - from}
	if n > 1 {
		s.table += strconv.Itoa(n)
	}
	links := 0
	for _, c := range columns {
		if c.Link != nil {
			links++
		}
	}
	if links > 0 {
		s.linked = min(s.linked, maxLinks/links)
	}
	s.sizes, s.sums = make([]size, len(columns)), make([]int64, len(columns))
	s.pieces = make([]piece, (to-from+batch-1)/batch)
	return s
}

func sheetName(name string, n int) string {
	if n == 1 {
		return name
	}
	return name + " (" + strconv.Itoa(n) + ")"
}

// fill writes the rows of all sections, several batches at a time. The bytes
// do not depend on how many.
func fill(r *report.Report, st *styles, all []*section) error {
	type job struct {
		s     *section
		batch int
	}
	jobs := make(chan job)
	workers := runtime.GOMAXPROCS(0)
	errs := make(chan error, workers)
	var wg sync.WaitGroup
	var merging sync.Mutex
	for range workers {
		wg.Go(func() {
			w, err := newRowWriter(r, st)
			if err != nil {
				errs <- err
			}
			for j := range jobs {
				if err != nil {
					continue
				}
				if err = w.batch(j.s, j.batch); err != nil {
					errs <- err
					continue
				}
				merging.Lock()
				j.s.merge(w)
				merging.Unlock()
			}
		})
	}
	for _, s := range all {
		for i := range s.pieces {
			jobs <- job{s, i}
		}
	}
	close(jobs)
	wg.Wait()
	close(errs)
	return <-errs
}

// merge adds what a batch needs and sums to; the order does not matter.
func (s *section) merge(w *rowWriter) {
	s.rows += w.rows
	for i := range s.columns {
		s.sizes[i].width = max(s.sizes[i].width, w.sizes[i].width)
		s.sums[i] += w.sums[i]
	}
}

// rowWriter writes batches of rows; each goroutine has its own.
type rowWriter struct {
	r     *report.Report
	st    *styles
	d     *deflater
	x     cells
	vals  []report.Value
	texts []string
	sizes []size
	sums  []int64
	rows  int
	digit [64]byte
}

func newRowWriter(r *report.Report, st *styles) (*rowWriter, error) {
	d, err := newDeflater()
	return &rowWriter{r: r, st: st, d: d}, err
}

func (w *rowWriter) batch(s *section, n int) error {
	w.sizes, w.sums, w.rows = make([]size, len(s.columns)), make([]int64, len(s.columns)), 0
	w.vals, w.texts = make([]report.Value, len(s.columns)), make([]string, len(s.columns))
	w.x.buf = w.x.buf[:0]
	from := s.from + n*batch
	for row := from; row < min(from+batch, s.to); row++ {
		w.row(s, row)
		w.rows++
	}
	var err error
	s.pieces[n], err = w.d.piece(w.x.buf)
	return err
}

// row writes one row of the model.
func (w *rowWriter) row(s *section, row int) {
	high := 1
	for i := range s.columns {
		c := &s.columns[i]
		v := c.Value(w.r, row)
		w.vals[i], w.texts[i] = v, ""
		if text, ok := v.Text(); ok {
			w.texts[i] = cellText(text)
			high = max(high, w.measureText(c, i))
		}
	}
	at := row - s.from
	w.x.startRow(firstRow+at, rowHeight(high))
	for i := range s.columns {
		c := &s.columns[i]
		linked := c.Link != nil && at < s.linked && c.Link(w.r, row).OK
		w.cell(c, i, firstRow+at, linked)
	}
	w.x.endRow()
}

// measureText notes the width of a text and gives its lines.
func (w *rowWriter) measureText(c *column, i int) int {
	width := measure(w.texts[i])
	size := &w.sizes[i]
	if width <= c.limit {
		size.width = max(size.width, width)
		return 1
	}
	size.width = c.limit
	if c.Kind == report.KindID {
		return 1
	}
	return lines(w.texts[i], c.limit)
}

func (w *rowWriter) cell(c *column, i, row int, linked bool) {
	v := w.vals[i]
	style := w.st.of(c.Kind, v, linked)
	switch {
	case v.IsEmpty():
		w.x.empty(c.letters, row, style)
	case w.texts[i] != "":
		w.x.text(c.letters, row, style, w.texts[i])
	case v.IsUnknown():
		w.x.text(c.letters, row, style, v.String())
	default:
		w.number(c, i, row, style)
	}
}

// number writes a number, or the text of one that a workbook would round.
func (w *rowWriter) number(c *column, i, row, style int) {
	v := w.vals[i]
	digits, exact := appendNumber(w.digit[:0], v, c.Kind)
	if n, ok := v.Int(); ok {
		w.sums[i] += n
	}
	w.sizes[i].width = max(w.sizes[i].width, numberWidth(c.Kind, digits))
	if exact {
		w.x.number(c.letters, row, style, digits)
	} else {
		w.x.text(c.letters, row, style, v.String())
	}
}
