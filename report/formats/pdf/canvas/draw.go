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
	if err := p.embed(); err != nil {
		return fmt.Errorf("embed fonts: %w", err)
	}
	for _, page := range d.Pages {
		p.page(page)
		if p.pdf.Err() {
			return fmt.Errorf("draw page %d: %w", p.pdf.PageNo(), p.pdf.Error())
		}
	}
	p.outline()
	var file bytes.Buffer
	if err := p.pdf.Output(&file); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	if err := pack(w, file.Bytes()); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// pen draws one document with the library.
type pen struct {
	content
	pdf     *gofpdf.Fpdf
	doc     *Document
	numbers map[*Page]int   // page numbers, from 1
	links   map[*Anchor]int // the library's link ids
	fonts   []embedded      // by index into Document.Fonts
}

func newPen(d *Document) *pen {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: d.Width, Ht: d.Height}})
	pdf.SetCompression(false) // see pack
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
	p := &pen{pdf: pdf, doc: d, numbers: map[*Page]int{}, links: map[*Anchor]int{}}
	for i, page := range d.Pages {
		p.numbers[page] = i + 1
	}
	for i, picture := range d.Images {
		pdf.RegisterImageOptionsReader(strconv.Itoa(i), png, bytes.NewReader(picture.PNG))
	}
	return p
}

var png = gofpdf.ImageOptions{ImageType: "PNG"}

func (p *pen) page(page *Page) {
	p.pdf.AddPage()
	p.content = content{b: p.b[:0], height: p.doc.Height}
	for _, op := range page.Ops {
		p.draw(op)
	}
	p.flush()
}

// flush gives the library what is written of the page.
func (p *pen) flush() {
	p.pdf.RawWriteBuf(bytes.NewReader(p.b))
	p.b = p.b[:0]
}

// outline writes the bookmarks, whose order need not be that of the pages.
func (p *pen) outline() {
	if len(p.doc.Outline) == 0 {
		return
	}
	p.pdf.SetFont("f0c0", "", 1) // the library writes UTF-16 only if the current font is UTF-8
	last := p.pdf.PageNo()
	for _, b := range p.doc.Outline {
		if number, ok := p.numbers[b.To.Page]; ok {
			p.pdf.SetPage(number)
			p.pdf.Bookmark(basicPlane(b.Title), b.Level, b.To.Top)
		}
	}
	p.pdf.SetPage(last)
}

func (p *pen) draw(op Op) {
	switch op := op.(type) {
	case Text:
		p.text(op, &p.fonts[op.Font])
	case Rect:
		p.rect(op)
	case Path:
		p.path(op)
	case Image:
		p.flush()
		p.pdf.ImageOptions(strconv.Itoa(op.Picture), op.X, op.Y, op.W, op.H, false, png, 0, "")
	case Link:
		p.link(op)
	default:
		p.pdf.SetError(errors.New("unknown kind of drawing"))
	}
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
