package canvas

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jung-kurt/gofpdf"
)

// Write draws the document. The same document gives the same bytes.
func (d *Document) Write(w io.Writer) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("draw pdf: %v", fault)
		}
	}()
	p := newPen(d)
	for _, page := range d.Pages {
		p.page(page)
		if p.pdf.Err() {
			return fmt.Errorf("draw page %d: %w", p.pdf.PageNo(), p.pdf.Error())
		}
	}
	if err := p.pdf.Output(w); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// pen draws one document with the library.
type pen struct {
	pdf       *gofpdf.Fpdf
	doc       *Document
	numbers   map[*Page]int     // page numbers, from 1
	links     map[*Anchor]int   // the library's link ids
	instances map[instance]bool // fonts the library knows
	bookmarks map[*Page][]Bookmark
	font      instance // current one
	size      float64
}

func newPen(d *Document) *pen {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: d.Width, Ht: d.Height}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(d.Date.UTC())
	pdf.SetModificationDate(d.Date.UTC())
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetTitle(d.Title, true)
	pdf.SetSubject(d.Subject, true)
	pdf.SetAuthor(d.Author, true)
	pdf.SetCreator(d.Creator, true)
	pdf.SetProducer(d.Creator, true)
	p := &pen{pdf: pdf, doc: d, numbers: map[*Page]int{}, links: map[*Anchor]int{},
		instances: map[instance]bool{}, bookmarks: map[*Page][]Bookmark{}}
	for i, page := range d.Pages {
		p.numbers[page] = i + 1
	}
	for _, b := range d.Outline {
		p.bookmarks[b.To.Page] = append(p.bookmarks[b.To.Page], b)
	}
	for i, picture := range d.Images {
		pdf.RegisterImageOptionsReader(strconv.Itoa(i), png, bytes.NewReader(picture.PNG))
	}
	return p
}

var png = gofpdf.ImageOptions{ImageType: "PNG"}

func (p *pen) page(page *Page) {
	p.pdf.AddPage()
	p.font, p.size = instance{font: -1}, 0
	p.pdf.SetTextColor(0, 0, 0)
	for _, b := range p.bookmarks[page] {
		p.useFont(instance{font: 0}, 1) // the library writes UTF-16 only if the current font is UTF-8
		p.pdf.Bookmark(basicPlane(b.Title), b.Level, b.To.Top)
	}
	for _, op := range page.Ops {
		p.draw(op)
	}
}

func (p *pen) draw(op Op) {
	switch op := op.(type) {
	case Text:
		p.text(op)
	case Rect:
		p.pdf.SetFillColor(int(op.Fill.R), int(op.Fill.G), int(op.Fill.B))
		p.pdf.Rect(op.X, op.Y, op.W, op.H, "F")
	case Path:
		p.path(op)
	case Image:
		p.pdf.ImageOptions(strconv.Itoa(op.Picture), op.X, op.Y, op.W, op.H, false, png, 0, "")
	case Link:
		p.link(op)
	default:
		p.pdf.SetError(errors.New("unknown kind of drawing"))
	}
}

func (p *pen) path(op Path) {
	if len(op.Points) < 2 {
		return
	}
	p.pdf.SetDrawColor(int(op.Color.R), int(op.Color.G), int(op.Color.B))
	p.pdf.SetLineWidth(op.Width)
	if op.Dash != nil {
		p.pdf.SetDashPattern(op.Dash, 0)
		defer p.pdf.SetDashPattern(nil, 0)
	}
	p.pdf.MoveTo(op.Points[0].X, op.Points[0].Y)
	for _, to := range op.Points[1:] {
		p.pdf.LineTo(to.X, to.Y)
	}
	p.pdf.DrawPath("D")
}

func (p *pen) link(op Link) {
	if op.URL != "" {
		p.pdf.LinkString(op.X, op.Y, op.W, op.H, op.URL)
		return
	}
	number, ok := 0, false
	if op.To != nil {
		number, ok = p.numbers[op.To.Page]
	}
	if !ok {
		return
	}
	id, ok := p.links[op.To]
	if !ok {
		id = p.pdf.AddLink()
		p.pdf.SetLink(id, op.To.Top, number)
		p.links[op.To] = id
	}
	p.pdf.Link(op.X, op.Y, op.W, op.H, id)
}

// basicPlane replaces what the library cannot write as UTF-16.
func basicPlane(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, s)
}
