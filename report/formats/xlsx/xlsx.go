// Package xlsx writes the report as an Excel workbook. The book around the
// rows (styles, tables, charts, print set-up) is made with excelize; the rows
// of the data sheets are written and deflated by the package itself, many at
// a time, and put into the sheets' parts when the zip file is written.
package xlsx

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
)

// Write writes the workbook. The same report gives the same bytes.
func Write(w io.Writer, r *report.Report) error {
	if err := write(w, r, maxRows); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// book is the workbook in the making.
type book struct {
	r        *report.Report
	f        *excelize.File
	st       *styles
	sections []*section
	limit    int      // rows a sheet
	pages    []string // sheets made so far, in order
	natives  []native // charts made so far
	err      error
}

// write is Write with sheets of at most limit rows.
func write(w io.Writer, r *report.Report, limit int) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := defaultFont(f); err != nil {
		return err
	}
	st, err := newStyles(f, r)
	if err != nil {
		return err
	}
	b := &book{r: r, f: f, st: st, sections: sections(r, limit), limit: limit}
	if err := fill(r, st, b.sections); err != nil {
		return err
	}
	b.lay()
	if err := cmp.Or(b.err, b.st.err); err != nil {
		return err
	}
	return b.save(w)
}

// lay makes the sheets in the order of the reader.
func (b *book) lay() {
	b.summary()
	for _, s := range b.sections {
		b.frame(s)
	}
	b.about()
	b.properties()
}

func (b *book) save(w io.Writer) error {
	p := &pack{w: w, rows: map[string]*section{}, tails: map[string][]byte{}, charts: map[string]*native{}}
	for i := range b.natives {
		p.charts[partOfChart(i)] = &b.natives[i]
	}
	for i, s := range b.sections {
		name := part(i + 1)
		p.rows[name], p.tails[name] = s, b.links(s)
	}
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
