package pdf

import (
	"bytes"
	"fmt"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"

	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// part is one part of the document; one without a title lays its own head out.
type part struct {
	title  string
	in     func(r *report.Report) bool // whether there is anything to say; nil for always
	layOut func(b *book)
}

// parts are the document, in the order of its pages.
var parts = []part{
	{"", nil, (*book).cover},
	{"Summary", nil, (*book).summary},
	{"Contents", nil, (*book).contents},
	{"Findings by rule", func(r *report.Report) bool { return len(r.Findings) > 0 }, (*book).findings},
	{"License positions", nil, (*book).positions},
	{"What changed", func(r *report.Report) bool { return r.Changes != nil }, (*book).changes},
	{"Customers", func(r *report.Report) bool { return len(r.Findings)+len(r.NotEvaluable) > 0 }, (*book).customers},
	{"Waivers", func(r *report.Report) bool { return len(r.Waivers) > 0 }, (*book).waivers},
	{"Method and data quality", nil, (*book).method},
}

// book lays one report out, part by part. The contents, whose length does not
// depend on page numbers, are filled in after the parts, page numbers last.
type book struct {
	flow
	r       *report.Report
	o       Options
	accent  canvas.Color
	logo    logo
	running string // title of the part being laid out
	entries []entry
	toc     contents
	rules   []*canvas.Anchor // by index into Report.Rules
	details []*canvas.Anchor // by index into Report.Customers; nil for those without a section
}

// entry is one line of the contents, and one bookmark.
type entry struct {
	title string
	level int
	to    *canvas.Anchor
}

func newBook(r *report.Report, o Options) (*book, error) {
	faces, err := newFaces(o)
	if err != nil {
		return nil, err
	}
	b := &book{flow: flow{faces: faces}, r: r, o: o, accent: accentOf(r.Branding.Accent)}
	if b.logo, err = readLogo(r.Branding.Logo); err != nil {
		return nil, err
	}
	b.onPage = b.startPage
	b.rules = make([]*canvas.Anchor, len(r.Rules))
	for i := range b.rules {
		b.rules[i] = &canvas.Anchor{}
	}
	b.details = chooseCustomers(r, o.MaxCustomers)
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

func (b *book) layOut() (*canvas.Document, error) {
	for _, p := range parts {
		if p.in != nil && !p.in(b.r) {
			continue
		}
		if p.title != "" {
			b.chapter(p.title)
		}
		p.layOut(b)
	}
	b.number(b.toc.fill())
	return b.document()
}

// anchor is where a link to a row of the workbook leads in print: a
// customer's section or a rule's, also for its findings; nil for anything else.
func (b *book) anchor(to tables.Target) *canvas.Anchor {
	switch {
	case !to.OK:
	case to.Sheet == tables.SheetCustomers:
		return b.details[to.Row]
	case to.Sheet == tables.SheetRules:
		return b.rules[to.Row]
	case to.Sheet == tables.SheetFindings && to.Row < len(b.r.Findings):
		return b.rules[b.r.Findings[to.Row].Rule]
	}
	return nil
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
	subject := "License compliance as of " + tables.AsOf(b.r)
	if mark := b.r.MarkWord(); mark != "" {
		subject = mark + ": " + subject
	}
	doc := &canvas.Document{
		Title: text.Display(b.r.Title), Subject: subject, Author: author(b.r),
		Creator: "trueup " + b.r.Version, Date: b.r.AsOf,
		Width: pageWidth, Height: pageHeight, Pages: b.pages, Images: b.logo.pictures,
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
