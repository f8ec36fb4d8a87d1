package xlsx

import (
	"runtime"
	"sync"

	"trueup/report"
	"trueup/report/cell"
)

// fill writes the rows of all sections, several batches at a time. The bytes
// do not depend on how many.
func (b *Books) fill(x *book) error {
	type job struct {
		s     *section
		batch int
	}
	jobs := make(chan job)
	rows := 0
	for _, s := range x.sections {
		rows += s.to - s.from
	}
	workers := min(runtime.GOMAXPROCS(0), 1+rows/batch)
	errs := make(chan error, workers)
	var wg sync.WaitGroup
	var merging sync.Mutex
	for range workers {
		wg.Go(func() {
			d, err := b.deflater()
			if err != nil {
				errs <- err
			}
			w := &rowWriter{r: x.r, st: x.st, d: d, links: links{limit: x.limit}}
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
			if err == nil {
				b.deflaters.Put(d)
			}
		})
	}
	for _, s := range x.sections {
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
	links links
	digit [64]byte
	sums
}

func (w *rowWriter) batch(s *section, n int) error {
	w.sums = newSums(len(s.columns))
	w.x.buf, w.links.buf = w.x.buf[:0], w.links.buf[:0]
	from := s.from + n*batch
	for row := from; row < min(from+batch, s.to); row++ {
		w.row(s, row)
		w.rows++
	}
	var err error
	if s.pieces[n], err = w.d.piece(w.x.buf); err == nil && len(w.links.buf) > 0 {
		s.links[n], err = w.d.piece(w.links.buf)
	}
	return err
}

// row writes one row of the model.
func (w *rowWriter) row(s *section, row int) {
	at := row - s.from
	w.x.startRow(firstRow + at)
	high := 1
	for i := range s.columns {
		c := &s.columns[i]
		v := c.Value(w.r, row)
		linked := false
		if c.Link != nil && at < s.linked {
			linked = w.links.add(c.letters, w.x.row, c.Link(w.r, row))
		}
		style := w.st.of(c.Kind, v, linked)
		if c.Least != nil && !v.IsEmpty() && !v.IsUnknown() && c.Least(w.r, row) {
			style = w.st.kind[c.Kind].least
		}
		w.x.open(c.letters, style)
		text, isText := v.Text()
		switch {
		case isText:
			high = max(high, w.text(c, i, text))
		case v.IsEmpty():
			w.x.empty()
		case v.IsUnknown():
			w.x.text(v.String())
		default:
			w.number(c, i, v)
		}
	}
	w.x.endRow(high)
}

// text writes a text, notes its width and gives its lines.
func (w *rowWriter) text(c *column, i int, s string) int {
	s, width := w.x.text(s)
	w.widths[i] = max(w.widths[i], min(width, c.limit))
	if width <= c.limit || c.Kind == cell.KindID {
		return 1
	}
	return lines(s, c.limit)
}

// number writes a number, or the text of one that a workbook would round.
func (w *rowWriter) number(c *column, i int, v cell.Value) {
	digits, exact := appendNumber(w.digit[:0], v, c.Kind)
	if n, ok := v.Int(); ok {
		w.counts[i] += n
	} else if d, ok := v.Money(); ok {
		w.money[i] = w.money[i].Add(d)
	}
	w.widths[i] = max(w.widths[i], numberWidth(c.Kind, digits))
	if exact {
		w.x.number(digits)
	} else {
		w.x.text(v.String())
	}
}
