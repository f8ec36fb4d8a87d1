package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"trueup/fetch/plain"
)

// NoBreak is a space at which no line ends; it is drawn as a space.
const NoBreak = '\u00A0'

// Replacement is drawn for every character that no font has.
const Replacement = utf8.RuneError

// Display makes a string ready to be drawn: cleaned, without characters that are
// never visible, and with Replacement for those beyond the basic plane, which the
// PDF library cannot draw.
func Display(s string) string {
	if plain.IsPlain(s) {
		return s
	}
	return strings.Map(shown, plain.Text(s))
}

// shown is what is drawn for a character; -1 for format characters and variation
// selectors, which would shape their neighbours and are nothing by themselves.
func shown(r rune) rune {
	switch {
	case r > 0xFFFF || unicode.Is(unicode.Co, r):
		return Replacement
	case r >= 0xFE00 && r <= 0xFE0F || r == 0x034F || unicode.Is(unicode.Cf, r):
		return -1
	case r == '\u202F' || r == '\u2007':
		return NoBreak
	}
	return r
}
