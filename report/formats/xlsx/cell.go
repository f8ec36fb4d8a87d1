package xlsx

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/report/cell"
)

// maxText is what a cell holds, in UTF-16 units.
const maxText = 32767

// maxDigits is what a number in a workbook holds without loss.
const maxDigits = 15

// cells writes the XML of rows into buf.
type cells struct {
	buf    []byte
	row    []byte // its number's digits
	height int    // where that of the row stands
}

// oneLine is plainHeight, the height of a row of one line.
const oneLine = "15"

// startRow gives the row the height of one line.
func (x *cells) startRow(n int) {
	x.row = strconv.AppendInt(x.row[:0], int64(n), 10)
	x.buf = append(x.buf, `<row r="`...)
	x.buf = append(x.buf, x.row...)
	x.buf = append(x.buf, `" ht="`...)
	x.height = len(x.buf)
	x.buf = append(x.buf, oneLine...)
	x.buf = append(x.buf, `">`...)
}

// endRow makes the row as high as its lines.
func (x *cells) endRow(lines int) {
	x.buf = append(x.buf, `</row>`...)
	if lines > 1 {
		x.row = strconv.AppendFloat(x.row[:0], rowHeight(lines), 'f', -1, 64)
		x.buf = slices.Replace(x.buf, x.height, x.height+len(oneLine), x.row...)
	}
}

// open begins a cell, which one of the others ends.
func (x *cells) open(column string, style int) {
	x.buf = append(x.buf, `<c r="`...)
	x.buf = append(x.buf, column...)
	x.buf = append(x.buf, x.row...)
	x.buf = append(x.buf, `" s="`...)
	x.buf = strconv.AppendInt(x.buf, int64(style), 10)
}

func (x *cells) empty() { x.buf = append(x.buf, `"/>`...) }

// text gives the text as it was written, and its width.
func (x *cells) text(s string) (string, float64) {
	width, plain := plainWidth(s)
	if !plain {
		s = cellText(s)
		width = measure(s)
	}
	x.buf = append(x.buf, `" t="inlineStr"><is><t`...)
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		x.buf = append(x.buf, ` xml:space="preserve"`...)
	}
	x.buf = append(x.buf, '>')
	if plain {
		x.buf = append(x.buf, s...)
	} else {
		x.buf = appendEscaped(x.buf, s)
	}
	x.buf = append(x.buf, `</t></is></c>`...)
	return s, width
}

// number takes digits as a workbook's XML has them.
func (x *cells) number(digits []byte) {
	x.buf = append(x.buf, `"><v>`...)
	x.buf = append(x.buf, digits...)
	x.buf = append(x.buf, `</v></c>`...)
}

// appendEscaped escapes what XML reads, and the underscore of a text that a
// workbook would read as an escape, as in _x0041_.
func appendEscaped(buf []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '&':
			buf = append(buf, "&amp;"...)
		case c == '<':
			buf = append(buf, "&lt;"...)
		case c == '>':
			buf = append(buf, "&gt;"...)
		case c == '_' && isEscape(s[i:]):
			buf = append(buf, "_x005F_"...)
		default:
			buf = append(buf, c)
		}
	}
	return buf
}

// isEscape tells _xHHHH_ at the start of s.
func isEscape(s string) bool {
	if len(s) < 7 || s[0] != '_' || s[1]|0x20 != 'x' || s[6] != '_' {
		return false
	}
	return strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}

// cellText cleans a text and cuts it to what a cell holds, its escapes counted.
func cellText(s string) string {
	s = plain.TextMax(s, maxText)
	if len(s) <= maxText/2 { // escapes at most double it
		return s
	}
	escapes := 0
	for i := range len(s) {
		if isEscape(s[i:]) {
			escapes++
		}
	}
	return plain.TextMax(s, maxText-escapes*len("x005F_"))
}

// safeText prepares a text for excelize's own cells.
func safeText(s string) string {
	s = plain.TextMax(s, 1000)
	if !strings.Contains(s, "_") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if isEscape(s[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// appendNumber writes the digits of a value; false if it is none, or one that
// a workbook could not hold exactly.
func appendNumber(buf []byte, v cell.Value, kind cell.Kind) ([]byte, bool) {
	if n, ok := v.Int(); ok {
		return strconv.AppendInt(buf, n, 10), n < 1e15 && n > -1e15
	}
	if f, ok := v.Float(); ok {
		return strconv.AppendFloat(buf, f, 'g', -1, 64), !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	if d, ok := v.Money(); ok {
		s := d.String()
		return append(buf, s...), len(strings.Trim(s, "-0.")) <= maxDigits+1
	}
	if t, ok := v.Time(); ok {
		return strconv.AppendFloat(buf, serial(t, kind), 'f', -1, 64), t.Year() >= 1901 && t.Year() <= 9999
	}
	return buf, false
}

// serial is a time as a workbook counts it, which knows no zones: days since
// 1899-12-30.
func serial(t time.Time, kind cell.Kind) float64 {
	const epoch = -25569
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	if kind != cell.KindTime {
		return float64(floorDiv(seconds, 86400) - epoch)
	}
	return float64(seconds)/86400 - epoch
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
