// Package xlsx writes the report as an Excel workbook. The book around the
// rows (styles, tables, charts, print set-up) is made with excelize; the rows
// of the data sheets are written and deflated by the package itself, many at
// a time, and put into the sheets' parts when the zip file is written.
package xlsx

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
)

// Write is Books.Write for a workbook that stands alone.
func Write(w io.Writer, r *report.Report) error { return new(Books).Write(w, r) }

// book is the workbook in the making.
type book struct {
	r        *report.Report
	f        *excelize.File
	st       *styles
	sections []*section
	limit    int            // rows a sheet
	pages    []string       // sheets made so far, in order
	natives  []native       // charts made so far
	tables   map[string]any // parts that were put aside
	err      error
}

// write is Write with sheets of at most limit rows.
func (b *Books) write(w io.Writer, r *report.Report, limit int) error {
	l, err := b.lookOf(r)
	if err != nil {
		return err
	}
	f := l.newFile()
	defer f.Close()
	x := &book{r: r, f: f, st: l.st, sections: sections(r, limit), limit: limit, tables: map[string]any{}}
	filled := make(chan error)
	go func() { filled <- b.fill(x) }()
	x.summary() // which hangs on no row
	if err := <-filled; err != nil {
		return err
	}
	x.lay()
	if x.err != nil {
		return x.err
	}
	d, err := b.deflater()
	if err != nil {
		return err
	}
	defer b.deflaters.Put(d)
	return x.save(&pack{w: w, d: d, packed: l.packed})
}

// lay makes the sheets behind the summary, whose rows are filled.
func (b *book) lay() {
	for _, s := range b.sections {
		b.frame(s)
	}
	b.about()
	b.properties()
}

func (b *book) save(p *pack) error {
	p.rows, p.charts = map[string]*section{}, map[string]*native{}
	for i := range b.natives {
		p.charts[partOfChart(i)] = &b.natives[i]
	}
	for i, s := range b.sections {
		p.rows[part(i+1)] = s
	}
	for name, raw := range b.tables {
		b.f.Pkg.Store(name, raw)
	}
	b.f.Styles, b.f.Theme = nil, nil // they are packed already
	b.f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return p.start() })
	return b.f.Write(io.Discard)
}

func defaultFont(f *excelize.File) error {
	if err := f.SetDefaultFont(font); err != nil {
		return fmt.Errorf("font: %w", err)
	}
	size := fontSize
	f.Styles.Fonts.Font[0].Sz.Val = &size
	return nil
}

// properties are what a file manager shows.
func (b *book) properties() {
	at := b.r.AsOf.UTC().Format(time.RFC3339)
	author := safeText(b.r.Organization)
	if author == "" {
		author = "trueup"
	}
	p := &page{book: b, name: "properties", err: &b.err}
	p.do(b.f.SetDocProps(&excelize.DocProperties{Title: safeText(tables.Title(b.r)), Subject: "License compliance as of " + tables.AsOf(b.r),
		Creator: author, LastModifiedBy: author, Created: at, Modified: at, ContentStatus: b.r.MarkWord(),
		Description: "Made by trueup " + safeText(b.r.Version), Language: "en"}))
	p.do(b.f.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel", Company: safeText(b.r.Organization), AppVersion: "16.0300"}))
}
