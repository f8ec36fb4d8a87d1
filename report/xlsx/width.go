package xlsx

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"trueup/report"
)

// Widths are in characters of the normal font.
const (
	padding    = 2.0 // free space of a cell
	filterRoom = 2.5 // for the button in a header cell
	textCap    = 40.0
	idCap      = 48.0
	maxLines   = 10
	lineHeight = 13.0 // points
)

// limit is the width beyond which a column's texts are wrapped.
func limit(c *report.Column) float64 {
	switch c.Kind {
	case report.KindLongText:
		return c.Width
	case report.KindID:
		return max(c.Width, idCap)
	}
	return max(c.Width, textCap)
}

// measure is the width of a text: characters of wide scripts count double,
// marks nothing.
func measure(s string) float64 {
	ascii, n := true, 0
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return float64(len(s))
	}
	for _, r := range s {
		n += runeWidth(r)
	}
	return float64(n)
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// lines is how many lines a text takes in a column of the given width, broken
// between words where there are any.
func lines(s string, room float64) int {
	if measure(s) <= room {
		return 1
	}
	n, used := 1, 0.0
	for word := range strings.SplitSeq(s, " ") {
		w := measure(word)
		if used > 0 && used+1+w > room {
			n++
			used = 0
		} else if used > 0 {
			used++
		}
		for used += w; used > room; used -= room {
			n++
		}
	}
	return n
}

// rowHeight is in points; 0 leaves it to the sheet's default.
func rowHeight(lines int) float64 {
	if lines <= 1 {
		return 0
	}
	return float64(min(lines, maxLines))*lineHeight + 3
}

// headingWidth is what a heading of up to two lines needs.
func headingWidth(heading string) float64 {
	widest := 0.0
	for word := range strings.SplitSeq(heading, " ") {
		widest = max(widest, measure(word))
	}
	return max(widest, measure(heading)/2) + padding + filterRoom
}

// numberWidth is what a number needs as its column's format shows it.
func numberWidth(kind report.Kind, digits []byte) float64 {
	switch kind {
	case report.KindPercent:
		return 8
	case report.KindDate:
		return 10
	case report.KindTime:
		return 16
	}
	whole := bytes.IndexByte(digits, '.')
	if whole < 0 {
		whole = len(digits)
	}
	n := float64(whole + (whole-1)/3)
	if kind == report.KindMoney {
		n += 7 // decimals and currency
	}
	return n
}
