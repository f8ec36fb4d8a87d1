package pdf

import (
	"bytes"
	"fmt"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// book lays one report out. The body is laid out first; then the contents,
// whose length does not depend on page numbers, are put before it; page
// numbers come last.
type book struct {
	flow
	r       *report.Report
	o       Options
	accent  canvas.Color
	section string // of the page being laid out
	entries []entry
	rules   []*canvas.Anchor // by index into Report.Rules
	details []*canvas.Anchor // by index into Report.Customers; nil for those without a section
	byRule  []span           // of Report.Findings, by index into Report.Rules
	images  []canvas.Picture
}

// entry is one line of the contents, and one bookmark.
type entry struct {
	title string
	level int
	to    *canvas.Anchor
}

// span is a range of indexes, from first to one before end.
type span struct{ first, end int }

func (s span) len() int { return s.end - s.first }

func newBook(r *report.Report, o Options) (*book, error) {
	faces, err := newFaces(o)
	if err != nil {
		return nil, err
	}
	b := &book{flow: flow{faces: faces}, r: r, o: o, accent: accentOf(r.Branding.Accent)}
	b.onPage = b.startPage
	b.byRule = findingsByRule(r)
	b.rules = make([]*canvas.Anchor, len(r.Rules))
	for i := range b.rules {
		b.rules[i] = &canvas.Anchor{}
	}
	b.details = b.chooseCustomers()
	return b, nil
}

func newFaces(o Options) (*text.Faces, error) {
	regular, err := text.ParseFace("DejaVu Sans Condensed", bytes.NewReader(dejavusanscondensed.TTF))
	if err != nil {
		return nil, err
	}
	bold, err := text.ParseFace("DejaVu Sans Condensed Bold", bytes.NewReader(dejavusanscondensedbold.TTF))
	if err != nil {
		return nil, err
	}
	fallbacks, err := fallbacksOf(o)
	if err != nil {
		return nil, err
	}
	var family text.Family
	if o.System != nil {
		family = o.System
	}
	return text.NewFaces(regular, bold, fallbacks, family), nil
}

// findingsByRule relies on the findings being sorted by severity and rule, so
// that those of one rule stand together.
func findingsByRule(r *report.Report) []span {
	spans := make([]span, len(r.Rules))
	for i := range r.Findings {
		s := &spans[r.Findings[i].Rule]
		if s.len() == 0 {
			s.first = i
		}
		s.end = i + 1
	}
	return spans
}

func (b *book) layOut() (*canvas.Document, error) {
	if err := b.layOutCover(); err != nil {
		return nil, err
	}
	b.layOutSummary()
	front := len(b.pages)
	b.layOutBody()
	body := b.pages[front:]
	b.pages = b.pages[:front:front]
	numbers := b.layOutContents()
	b.pages = append(b.pages, body...)
	b.number(numbers)
	return b.document()
}

func (b *book) layOutBody() {
	b.layOutFindings()
	b.layOutPositions()
	b.layOutChanges()
	b.layOutCustomers()
	b.layOutWaivers()
	b.layOutMethod()
}

// number writes what depends on the total of pages.
func (b *book) number(contents func(number map[*canvas.Page]int)) {
	number := make(map[*canvas.Page]int, len(b.pages))
	for i, page := range b.pages {
		number[page] = i + 1
	}
	contents(number)
	for i, page := range b.pages {
		b.page = page
		b.footer(i+1, len(b.pages))
	}
}

func (b *book) document() (*canvas.Document, error) {
	subject := "License compliance as of " + asOf(b.r)
	if mark := b.r.MarkWord(); mark != "" {
		subject = mark + ": " + subject
	}
	doc := &canvas.Document{
		Title: text.Display(b.r.Title), Subject: subject, Author: author(b.r),
		Creator: "trueup " + b.r.Version, Date: b.r.AsOf,
		Width: pageWidth, Height: pageHeight, Pages: b.pages, Images: b.images,
		Fonts: []canvas.Font{
			{Data: dejavusanscondensed.TTF, Whole: true},
			{Data: dejavusanscondensedbold.TTF, Whole: true},
		},
	}
	for _, used := range b.faces.Used() {
		data, err := used.(fallback).data()
		if err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
		doc.Fonts = append(doc.Fonts, canvas.Font{Data: data})
	}
	for _, e := range b.entries {
		doc.Outline = append(doc.Outline, canvas.Bookmark{Title: text.Display(e.title), Level: e.level, To: e.to})
	}
	return doc, nil
}

// author is who the report is from; the workbook says the same.
func author(r *report.Report) string {
	if name := text.Display(r.Organization); name != "" {
		return name
	}
	return "trueup"
}

// asOf is the report's time as every page shows it.
func asOf(r *report.Report) string { return tables.AsOf(r) }

// count writes a number with its thousands grouped.
// more is the remark under a list that was capped.
func more(n int, one, many string) string {
	if n <= 0 {
		return ""
	}
	return plain.Number(n) + " more " + plain.Noun(n, one, many) + " in the workbook."
}
