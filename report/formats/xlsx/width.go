package xlsx

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"trueup/report/cell"

	"trueup/report/tables"

	"golang.org/x/text/width"
)

// Widths are in characters of the normal font.
const (
	padding    = 2.0 // free space of a cell
	filterRoom = 2.5 // for the button in a header cell
	textCap    = 40.0
	longCap    = 56.0
	idCap      = 48.0
	bold       = 1.08 // of the plain width
	maxLines   = 10
	lineHeight = 13.0 // points
)

// limit is the width beyond which a column's texts are wrapped.
func limit(c *tables.Column) float64 {
	if c.Most > 0 {
		return max(c.Width, c.Most)
	}
	switch c.Kind {
	case cell.KindLongText:
		return max(c.Width, longCap)
	case cell.KindID:
		return max(c.Width, idCap)
	}
	return max(c.Width, textCap)
}

// glyphs are the widths of Arial's printable ASCII characters, in thousandths
// of the font's size.
var glyphs = [...]uint16{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

const (
	digitGlyph = 556.0 // the unit of a column's width
	otherGlyph = 600   // letters beyond ASCII, about
)

// measure is the width of a text in digits: characters of wide scripts count
// double, marks nothing.
func measure(s string) float64 {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return (float64(n) + measureRunes(s[i:])) / digitGlyph
		}
		if c -= ' '; int(c) < len(glyphs) {
			n += int(glyphs[c])
		}
	}
	return float64(n) / digitGlyph
}

func measureRunes(s string) (n float64) {
	for _, r := range s {
		n += float64(runeWidth(r))
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return int(glyphs[r-' '])
	case r < 0x300:
		return otherGlyph
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2 * digitGlyph
	}
	return otherGlyph
}

// lines is how many lines a text takes in a column of the given width, broken
// between words where there are any.
func lines(s string, room float64) int {
	if measure(s) <= room {
		return 1
	}
	const space = 0.5
	n, used := 1, 0.0
	for word := range strings.SplitSeq(s, " ") {
		w := measure(word)
		if used > 0 && used+space+w > room {
			n++
			used = 0
		} else if used > 0 {
			used += space
		}
		for used += w; used > room; used -= room {
			n++
		}
	}
	return n
}

// rowHeight is in points.
func rowHeight(lines int) float64 {
	if lines <= 1 {
		return plainHeight
	}
	return float64(min(lines, maxLines))*lineHeight + 3
}

// headingWidth is what a bold heading of up to two lines needs.
func headingWidth(heading string) float64 { return twoLines(heading)*bold + padding + filterRoom }

// twoLines is the width in which a text takes two lines at most.
func twoLines(s string) float64 {
	room := longestWord(s)
	for lines(s, room) > 2 {
		room++
	}
	return room
}

func longestWord(s string) (widest float64) {
	for word := range strings.SplitSeq(s, " ") {
		widest = max(widest, measure(word))
	}
	return widest
}

// numberWidth is what a number needs as its column's format shows it.
func numberWidth(kind cell.Kind, digits []byte) float64 {
	switch kind {
	case cell.KindPercent:
		return 8
	case cell.KindDate, cell.KindDue:
		return 10
	case cell.KindTime:
		return 16
	}
	whole := bytes.IndexByte(digits, '.')
	if whole < 0 {
		whole = len(digits)
	}
	n := float64(whole + (whole-1)/3)
	if kind == cell.KindMoney || kind == cell.KindSigned {
		n += 7 // decimals and currency
	}
	return n
}
