package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible is a text that a terminal shows as it stands: line breaks and tabs
// stay, other control characters, overrides of the writing direction and bytes
// that are no UTF-8 are written as escapes, such as \x1b. Text from outside
// passes it on its way to a terminal, which would obey them.
func Visible(s string) string {
	if !strings.ContainsFunc(s, obeyed) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !obeyed(r) || r == utf8.RuneError:
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// obeyed tells a character that a terminal would act on, or that may be broken.
func obeyed(r rune) bool {
	return r != '\n' && r != '\t' && (isBad(r) || r == utf8.RuneError || unicode.IsControl(r))
}

// VisibleJSON is a JSON document that a terminal shows as it stands: what it
// would act on is written as an escape of JSON, so that the document says the
// same.
func VisibleJSON(document string) string {
	if !strings.ContainsFunc(document, obeyed) {
		return document
	}
	var b strings.Builder
	for _, r := range document {
		if !obeyed(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
