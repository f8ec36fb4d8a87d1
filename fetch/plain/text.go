// Package plain is the leaf below all other packages: numbers and sizes for
// people, nouns with their number, files read up to a limit, secrets taken out
// of texts, work shared out among the cores, and text from outside made safe to
// lay out.
//
// Text from outside passes through Text or CSV in every writer. What these
// cannot keep they replace visibly, so that nobody takes a mended name for the
// one that was sent.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ellipsis ends a text that was cut.
const ellipsis = "…"

// Text gives s as one line of valid UTF-8 in normal form C. Line breaks and
// tabs become spaces; bytes that are no UTF-8, other control characters,
// overrides of the writing direction and characters that XML forbids become
// U+FFFD.
func Text(s string) string {
	if IsPlain(s) {
		return s
	}
	if Replaced(s) > 0 || strings.ContainsFunc(s, isBreak) {
		s = strings.Map(mend, s)
	}
	return norm.NFC.String(s)
}

// TextMax is Text, cut to max UTF-16 units (the workbook's measure, and never
// less than the number of characters) with "…" as the last.
func TextMax(s string, max int) string {
	s = Text(s)
	if len(s) <= max {
		return s
	}
	units, end := 0, 0 // end: where a cut leaves room for the ellipsis
	for i, r := range s {
		if units < max && !joins(r) {
			end = i
		}
		if units += utf16.RuneLen(r); units > max {
			return s[:end] + ellipsis
		}
	}
	return s
}

// Replaced counts the characters that Text would replace with U+FFFD.
func Replaced(s string) (n int) {
	if IsPlain(s) {
		return 0
	}
	for i, r := range s {
		if isBad(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			n++
		}
	}
	return n
}

// IsPlain tells whether s is printable ASCII, as nearly all text is. It looks at
// eight bytes at a time, since every text of the report passes here.
func IsPlain(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		if !plain8(word(s)) {
			return false
		}
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// word is the first eight bytes of s.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// plain8 tells whether eight bytes are printable ASCII: none has its high bit
// set, or borrows it when a space is taken away, or reaches it when 1 is added
// (as 0x7F does).
func plain8(w uint64) bool {
	const each = 0x0101010101010101
	return (w|(w-' '*each)|(w+each))&(0x80*each) == 0
}

func mend(r rune) rune {
	switch {
	case isBreak(r):
		return ' '
	case isBad(r):
		return utf8.RuneError
	}
	return r // strings.Map has already made U+FFFD of broken bytes
}

func isBreak(r rune) bool {
	switch r {
	case '\t', '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func isBad(r rune) bool {
	switch {
	case isBreak(r):
		return false
	case unicode.IsControl(r):
		return true
	case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
		return true // a name must not turn the numbers beside it around
	}
	return r&0xFFFE == 0xFFFE // not characters: U+FFFE, U+FFFF and their like
}

// joins tells whether a character belongs to the one before it.
func joins(r rune) bool {
	const joiner, selector = '\u200D', '\uFE0F'
	return r == joiner || r == selector || r > 0x2FF && unicode.In(r, unicode.Mn, unicode.Me)
}

// formulaStarts are the characters after which a spreadsheet runs a cell of a
// CSV file, with the full-width forms that East Asian settings take for them.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// StartsFormula tells whether a spreadsheet would run the text.
func StartsFormula(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && r != utf8.RuneError && strings.ContainsRune(formulaStarts, r)
}

// CSV is Text for a cell of a CSV file: behind an apostrophe if a spreadsheet
// would run it.
func CSV(s string) string {
	if s = Text(s); StartsFormula(s) {
		return "'" + s
	}
	return s
}
