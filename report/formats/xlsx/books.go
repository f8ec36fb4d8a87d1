package xlsx

import (
	"fmt"
	"io"
	"sync"

	"github.com/xuri/excelize/v2"

	"trueup/report"
)

// Books writes the workbooks of a run, many at a time: the packs of account
// managers are small, and what they share is most of the work. The zero Books
// is ready; nil is one that shares nothing.
type Books struct {
	mu        sync.Mutex
	looks     map[[2]string]*look // by accent and unit of amounts
	deflaters sync.Pool
}

// look is what workbooks of one look share.
type look struct {
	st     *styles
	f      *excelize.File   // has the styles, and no more
	packed map[string]piece // parts that are the same in all
}

// Write writes a workbook. The same report gives the same bytes.
func (b *Books) Write(w io.Writer, r *report.Report) error {
	if b == nil {
		b = new(Books)
	}
	if err := b.write(w, r, maxRows); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// lookOf is the look of a report's workbook.
func (b *Books) lookOf(r *report.Report) (*look, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := [...]string{accentOf(r), unit(r.Currency)}
	if l := b.looks[key]; l != nil {
		return l, nil
	}
	l, err := b.newLook(r)
	if err != nil {
		return nil, err
	}
	if b.looks == nil {
		b.looks = map[[2]string]*look{}
	}
	b.looks[key] = l
	return l, nil
}

func (b *Books) newLook(r *report.Report) (*look, error) {
	l := &look{f: excelize.NewFile(), packed: map[string]piece{}}
	if err := defaultFont(l.f); err != nil {
		return nil, err
	}
	var err error
	if l.st, err = newStyles(l.f, r); err != nil {
		return nil, err
	}
	d, err := b.deflater()
	if err != nil {
		return nil, err
	}
	defer b.deflaters.Put(d)
	p := &pack{w: io.Discard, d: d}
	l.f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return p.start() })
	if err := l.f.Write(io.Discard); err != nil {
		return nil, err
	}
	for _, name := range []string{"xl/styles.xml", "xl/theme/theme1.xml"} {
		if l.packed[name], err = d.piece(p.parts[name].Bytes()); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// newFile is an empty workbook with the styles. They are read from now on and
// never written to, since other workbooks have them too.
func (l *look) newFile() *excelize.File {
	f := excelize.NewFile()
	f.Styles = l.f.Styles
	return f
}

// deflater is one that is free; whoever takes it puts it back.
func (b *Books) deflater() (*deflater, error) {
	if d, ok := b.deflaters.Get().(*deflater); ok {
		return d, nil
	}
	return newDeflater()
}
