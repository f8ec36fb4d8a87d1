package pdf

import (
	"fmt"
	"slices"

	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// part is one part of the document after the summary.
type part struct {
	title string
	last  int                         // the page by which it ends, cover and contents not counted; 0 for the appendix
	in    func(r *report.Report) bool // whether there is anything to say; nil for always
	draw  func(b *book, most int)     // most is how many rows each of its lists may have
}

// parts are the document, in the order of its pages: before the appendix no
// portfolio takes more than these pages and the contents.
var parts = []part{
	{"Changes", 3, func(r *report.Report) bool { return r.Changes != nil }, (*book).changes},
	{"License positions", 4, nil, (*book).positions},
	{"Findings by rule", 6, func(r *report.Report) bool { return len(r.Findings) > 0 }, (*book).findings},
	{"Waivers", 7, func(r *report.Report) bool { return len(r.Waivers) > 0 }, (*book).waivers},
	{"Method and data quality", 8, nil, (*book).method},
	{"Appendix: customers", 0, func(r *report.Report) bool { return len(r.Findings)+len(r.NotEvaluable) > 0 }, (*book).customers},
}

// lengths are how many rows the lists of a part have: the first with which it
// ends where it must.
var lengths = []int{25, 20, 16, 13, 10, 8, 6, 5, 4, 3, 2, 1}

// book lays one report out, part by part. The contents and the page numbers
// are filled in last.
type book struct {
	flow
	r        *report.Report
	o        Options
	accent   canvas.Color
	logo     logo
	running  string // title of the part being laid out
	entries  []entry
	front    int              // pages before the appendix; 0 while they are not known
	rules    []*canvas.Anchor // by index into Report.Rules
	sections []int            // customers with something to say, in their order
	details  []*canvas.Anchor // by index into Report.Customers; nil for those without a section
}

// entry is one bookmark and, unless it is in the index of customers, one line
// of the contents.
type entry struct {
	title string
	level int
	to    *canvas.Anchor
	index bool
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
	b.sections = tables.Sections(r, b.o.MaxCustomers)
	b.details = make([]*canvas.Anchor, len(r.Customers))
	for _, i := range b.shown() {
		b.details[i] = &canvas.Anchor{}
	}
	return b, nil
}

// shown are the customers that have a section.
func (b *book) shown() []int { return b.sections[:min(len(b.sections), b.o.MaxCustomers)] }

func newFaces(o Options) (*text.Faces, error) {
	r, err := regular()
	if err != nil {
		return nil, err
	}
	b, err := bold()
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
	return text.NewFaces(r, b, fallbacks, family), nil
}

func (b *book) layOut() (*canvas.Document, error) {
	if b.o.Cover {
		b.cover()
	}
	b.summary()
	for _, p := range parts {
		if p.in != nil && !p.in(b.r) {
			continue
		}
		if p.last == 0 {
			b.front = len(b.pages)
		}
		b.part(p)
	}
	if b.front == 0 {
		b.front = len(b.pages)
	}
	contents := b.contents()
	number := make(map[*canvas.Page]int, len(b.pages))
	for i, page := range b.pages {
		number[page] = i + 1
	}
	contents(number)
	for i, page := range b.pages {
		b.page = page
		b.footer(i + 1)
	}
	return b.document()
}

// part lays one part out, with lists as long as it has pages for.
func (b *book) part(p part) {
	covers := 0
	if b.o.Cover {
		covers = 1
	}
	before := b.mark()
	for i, most := range lengths {
		b.chapter(p.title, p.last == 0)
		p.draw(b, most)
		if p.last == 0 || len(b.pages) <= p.last+covers || i == len(lengths)-1 {
			return
		}
		b.back(before)
	}
}

// place in the book that one can go back to.
type mark struct {
	flow
	ops     int // of its page
	running string
	entries int
}

func (b *book) mark() mark {
	b.held = nil // white space after the last part
	return mark{b.flow, len(b.page.Ops), b.running, len(b.entries)}
}

// back takes back everything since a mark.
func (b *book) back(to mark) {
	b.flow, b.running, b.entries = to.flow, to.running, b.entries[:to.entries]
	b.page.Ops = b.page.Ops[:to.ops]
	for _, rule := range b.rules {
		if !slices.Contains(b.pages, rule.Page) {
			rule.Page = nil
		}
	}
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

func (b *book) document() (*canvas.Document, error) {
	subject := "License compliance as of " + tables.AsOf(b.r)
	if word := b.r.MarkWord(); word != "" {
		subject = word + ": " + subject
	}
	doc := &canvas.Document{
		Title: text.Display(b.r.Title), Subject: subject, Author: author(b.r),
		Creator: "trueup " + b.r.Version, Date: b.r.AsOf,
		Width: pageWidth, Height: pageHeight, Pages: b.pages, Images: b.logo.pictures,
	}
	for _, used := range b.faces.Used() {
		font, err := used.(fallback).font()
		if err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
		doc.Fonts = append(doc.Fonts, font)
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
