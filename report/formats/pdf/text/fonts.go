package text

import (
	"slices"
	"strings"
	"unicode"
)

// Faces numbers the fonts of one document: Regular and Bold are embedded, the
// others are fallbacks for the characters that those lack.
type Faces struct {
	fallbacks []Fallback
	family    Family              // asked last; nil for none
	known     [2][256]*[256]glyph // by weight and character; nil and the zero glyph are not looked up yet
	used      []Fallback          // the embedded ones, and fallbacks that draw something in order of first use
}

// The embedded faces.
const (
	Regular = 0
	Bold    = 1
)

// Fallback is a font that may draw what the embedded ones lack.
type Fallback interface {
	Width(r rune) (int, bool)
}

// Family is a set of fonts that is searched only if all fonts before it lack a
// character.
type Family interface {
	Find(r rune) Fallback // nil if none draws r
}

// glyph is how one character is drawn: by which face, how wide in thousandths
// of an em, and whether as Replacement.
type glyph struct {
	width uint16
	face  uint8
	state uint8
}

const (
	unseen uint8 = iota
	drawn
	replaced
)

// maxFaces bounds the faces of one document.
const maxFaces = 66

// NewFaces sets up the fonts of a document: the two embedded ones and, in the
// order in which they are asked, the fallbacks; family is asked last and may
// be nil.
func NewFaces(regular, bold Fallback, fallbacks []Fallback, family Family) *Faces {
	return &Faces{used: []Fallback{regular, bold}, fallbacks: fallbacks, family: family}
}

// Used are the faces that runs name: the embedded ones, and from 2 on the
// fallbacks that drew something.
func (f *Faces) Used() []Fallback { return f.used }

// Missing tells whether r is drawn as Replacement, because no font has it or
// because it is beyond the basic plane.
func (f *Faces) Missing(r rune) bool {
	r = shown(r)
	return r == Replacement || r >= 0 && f.lookup(r, Regular).state == replaced
}

// lookup finds who draws r; Replacement stands in where nobody does.
func (f *Faces) lookup(r rune, weight int) glyph {
	if r < 0 || r > 0xFFFF {
		r = Replacement
	}
	block := &f.known[weight][r>>8]
	if *block == nil {
		*block = new([256]glyph)
	}
	g := &(*block)[r&0xFF]
	if g.state == unseen {
		*g = f.find(r, weight)
	}
	return *g
}

func (f *Faces) find(r rune, weight int) glyph {
	for _, w := range []int{weight, Regular} {
		if width, ok := f.used[w].Width(r); ok {
			return glyph{width: uint16(width), face: uint8(w), state: drawn}
		}
	}
	if fallback := f.fallback(r); fallback != nil {
		width, _ := fallback.Width(r)
		if face, ok := f.number(fallback); ok {
			return glyph{width: uint16(width), face: face, state: drawn}
		}
	}
	width, _ := f.used[weight].Width(Replacement)
	return glyph{width: uint16(width), face: uint8(weight), state: replaced}
}

// fallback is the first that draws r, or nil.
func (f *Faces) fallback(r rune) Fallback {
	for _, fallback := range f.fallbacks {
		if _, ok := fallback.Width(r); ok {
			return fallback
		}
	}
	if f.family != nil {
		return f.family.Find(r)
	}
	return nil
}

// number is that of a face, which it gets if it is new and there is room.
func (f *Faces) number(fallback Fallback) (uint8, bool) {
	n := slices.Index(f.used[2:], fallback) + 2
	if n < 2 {
		if n = len(f.used); n == maxFaces {
			return 0, false
		}
		f.used = append(f.used, fallback)
	}
	return uint8(n), true
}

// Run is a piece of a line that one face draws, in the order it is drawn.
type Run struct {
	Face  int
	Text  string
	Width float64 // at the size it was shaped for
}

// Line is one line, ready to be drawn from left to right.
type Line struct {
	Runs  []Run
	Width float64
}

// Shape makes one line of a string.
func (f *Faces) Shape(s string, weight int, size float64) Line {
	return f.shape(join(Display(s)), weight, size)
}

// shape draws what Display and join have prepared.
func (f *Faces) shape(s string, weight int, size float64) Line {
	s = Visual(strings.ReplaceAll(s, string(NoBreak), " "))
	var line Line
	start, face, width := 0, -1, 0
	close := func(end int) {
		if end > start {
			run := Run{face, f.drawable(s[start:end], weight), float64(width) * size / 1000}
			line.Runs = append(line.Runs, run)
			line.Width += run.Width
		}
	}
	for i, r := range s {
		g := f.lookup(r, weight)
		if int(g.face) != face && !f.follows(r, face) {
			close(i)
			start, face, width = i, int(g.face), 0
		}
		width += int(g.width)
	}
	close(len(s))
	return line
}

// follows keeps a mark in the font of its letter, if that font has it.
func (f *Faces) follows(r rune, face int) bool {
	if face < 0 || r < 0x0300 || !unicode.Is(unicode.Mn, r) {
		return false
	}
	_, ok := f.used[face].Width(r)
	return ok
}

// drawable puts Replacement in place of what no font has.
func (f *Faces) drawable(s string, weight int) string {
	return strings.Map(func(r rune) rune {
		if f.lookup(r, weight).state == replaced {
			return Replacement
		}
		return r
	}, s)
}

// measure is the width of what Display and join have prepared.
func (f *Faces) measure(s string, weight int, size float64) float64 {
	total := 0
	for _, r := range s {
		total += int(f.lookup(r, weight).width)
	}
	return float64(total) * size / 1000
}
