package canvas

import (
	"bytes"
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// chars is a set of characters of the basic plane.
type chars [1 << 10]uint64

func (c *chars) add(r rune)      { c[r/64] |= 1 << (r % 64) }
func (c *chars) has(r rune) bool { return c[r/64]>>(r%64)&1 != 0 }

// list gives them in order.
func (c *chars) list() (list []rune) {
	for i, word := range c {
		for ; word != 0; word &= word - 1 {
			list = append(list, rune(64*i+bits.TrailingZeros64(word)))
		}
	}
	return list
}

// embedded is a font as the file has it.
type embedded struct {
	names  [2]string // in page content, of its copies; "" for one that draws nothing
	second chars     // drawn with the second copy
}

// name is what page content calls the copy of the font that draws r.
func (e *embedded) name(r rune) string {
	if e.second.has(r) {
		return e.names[1]
	}
	return e.names[0]
}

// mostNeighbours is how many used characters one copy of a font has in a row, ASCII
// not counted. The library takes cubic time over them, and names come from outside:
// the next ones are drawn with a second copy.
const mostNeighbours = 64

// copies shares the characters that a document draws out among two copies of
// their font.
func copies(used *chars) (copies [2][]rune) {
	var last rune
	at, neighbours := 0, 0
	for _, r := range used.list() {
		switch {
		case r != last+1:
			at, neighbours = 0, 0
		case neighbours >= mostNeighbours && r > '~':
			at, neighbours = 1-at, 0
		}
		copies[at] = append(copies[at], r)
		last = r
		neighbours++
	}
	return copies
}

// embed puts what the document draws of each of its fonts into the file.
func (p *pen) embed() error {
	used := make([]chars, len(p.doc.Fonts))
	for _, page := range p.doc.Pages {
		for _, op := range page.Ops {
			if t, ok := op.(Text); ok {
				for _, r := range t.Text {
					used[t.Font].add(r)
				}
			}
		}
	}
	if len(p.doc.Outline) > 0 {
		used[0].add(' ') // its titles are written as those of a font with Unicode
	}
	p.fonts = make([]embedded, len(used))
	for i, font := range p.doc.Fonts {
		for n, drawn := range copies(&used[i]) {
			if len(drawn) == 0 {
				continue
			}
			data, err := font.Face.Subset(font.Data, drawn)
			if err != nil {
				return err
			}
			family := "f" + strconv.Itoa(i) + "c" + strconv.Itoa(n)
			p.pdf.AddUTF8FontFromBytes(family, "", data)
			p.fonts[i].names[n] = p.register(family, string(drawn))
			for _, r := range drawn {
				if n == 1 {
					p.fonts[i].second.add(r)
				}
			}
		}
	}
	return nil
}

// register tells the library what a font draws, on a template that no page shows,
// and takes from there what page content calls the font.
func (p *pen) register(family, drawn string) string {
	content := p.pdf.CreateTemplate(func(t *gofpdf.Tpl) {
		t.SetFont(family, "", 1)
		t.Text(0, 0, drawn)
	}).Bytes()
	_, content, _ = bytes.Cut(content, []byte("BT /"))
	name, _, _ := bytes.Cut(content, []byte(" "))
	return string(name)
}

// Embeddable tries whether the library can embed a font, so that a damaged one is
// found before a report is drawn with it.
func Embeddable(font Font) error {
	page := &Page{}
	page.Add(Text{X: 10, Y: 10, Size: 10, Text: "A"})
	doc := &Document{Date: time.Unix(0, 0), Width: 100, Height: 100, Fonts: []Font{font}, Pages: []*Page{page}}
	if err := doc.Write(io.Discard); err != nil {
		return fmt.Errorf("cannot be embedded: %w", err)
	}
	return nil
}
