package xlsx

import (
	"runtime"
	"sync"

	"trueup/report"
	"trueup/report/cell"
)

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
				j.s.add(&w.sums)
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

// rowWriter writes batches of rows; each goroutine has its own.
type rowWriter struct {
	r     *report.Report
	st    *styles
	d     *deflater
	x     cells
	vals  []cell.Value
	texts []string
	digit [64]byte
	sums
}

func newRowWriter(r *report.Report, st *styles) (*rowWriter, error) {
	d, err := newDeflater()
	return &rowWriter{r: r, st: st, d: d}, err
}

func (w *rowWriter) batch(s *section, n int) error {
	w.sums = newSums(len(s.columns))
	w.vals, w.texts = make([]cell.Value, len(s.columns)), make([]string, len(s.columns))
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
		w.cell(c, i, firstRow+at, linked, c.Least != nil && c.Least(w.r, row))
	}
	w.x.endRow()
}

// measureText notes the width of a text and gives its lines.
func (w *rowWriter) measureText(c *column, i int) int {
	width := measure(w.texts[i])
	w.widths[i] = max(w.widths[i], min(width, c.limit))
	if width <= c.limit {
		return 1
	}
	if c.Kind == cell.KindID {
		return 1
	}
	return lines(w.texts[i], c.limit)
}

func (w *rowWriter) cell(c *column, i, row int, linked, atLeast bool) {
	v := w.vals[i]
	style := w.st.of(c.Kind, v, linked)
	if atLeast && !v.IsEmpty() && !v.IsUnknown() {
		style = w.st.kind[c.Kind].least
	}
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
		w.counts[i] += n
	} else if d, ok := v.Money(); ok {
		w.money[i] = w.money[i].Add(d)
	}
	w.widths[i] = max(w.widths[i], numberWidth(c.Kind, digits))
	if exact {
		w.x.number(c.letters, row, style, digits)
	} else {
		w.x.text(c.letters, row, style, v.String())
	}
}
