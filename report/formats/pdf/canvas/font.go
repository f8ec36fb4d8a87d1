package canvas

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// instance is one copy of a font in the file. The library takes cubic time over
// used characters that are neighbours and equally wide, and names come from outside.
// So the file has each font in two copies that alternate every blockSize characters:
// no copy ever sees a longer run of neighbours.
type instance struct {
	font int
	copy int
}

const (
	blockSize = 64
	// wholeBelow: up to here a Whole font stays in one copy, so that words of
	// European scripts and Hebrew are drawn in one piece.
	wholeBelow = 0x600
)

func (p *pen) instanceOf(font int, r rune) instance {
	if r < wholeBelow && p.doc.Fonts[font].Whole {
		return instance{font, 0}
	}
	return instance{font, int(r) / blockSize % 2}
}

// text draws a run, changing the copy of its font where it must.
func (p *pen) text(op Text) {
	p.pdf.SetTextColor(int(op.Color.R), int(op.Color.G), int(op.Color.B))
	x, start := op.X, 0
	var at instance
	for i, r := range op.Text {
		next := p.instanceOf(op.Font, r)
		if i > 0 && next != at {
			x = p.piece(at, op, x, op.Text[start:i])
			start = i
		}
		at = next
	}
	if start < len(op.Text) {
		p.piece(at, op, x, op.Text[start:])
	}
}

// piece draws with one copy of the font; the result is where the next piece starts.
func (p *pen) piece(at instance, op Text, x float64, s string) float64 {
	p.useFont(at, op.Size)
	p.pdf.Text(x, op.Y, s)
	return x + float64(p.pdf.GetStringSymbolWidth(s))*op.Size/1000
}

func (p *pen) useFont(at instance, size float64) {
	if p.font == at && p.size == size {
		return
	}
	family := "f" + strconv.Itoa(at.font) + "c" + strconv.Itoa(at.copy)
	if !p.instances[at] {
		// The library writes into the bytes it is given: they must be its own.
		p.pdf.AddUTF8FontFromBytes(family, "", slices.Clone(p.doc.Fonts[at.font].Data))
		p.instances[at] = true
	}
	p.pdf.SetFont(family, "", size)
	p.font, p.size = at, size
}

// Embeddable tries whether the library can embed a font, so that a damaged one is
// found before a report is drawn with it.
func Embeddable(data []byte) error {
	page := &Page{}
	page.Add(Text{X: 10, Y: 10, Size: 10, Text: "A"})
	doc := &Document{Date: time.Unix(0, 0), Width: 100, Height: 100, Fonts: []Font{{Data: data}}, Pages: []*Page{page}}
	if err := doc.Write(io.Discard); err != nil {
		return fmt.Errorf("cannot be embedded: %w", err)
	}
	return nil
}
