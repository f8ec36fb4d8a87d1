package plain

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives s as names are compared without regard to case, and however
// their accents are written: texts that fold to the same are the same name.
func Fold(s string) string {
	if IsPlain(s) { // ASCII, which nearly all names are
		return strings.ToLower(s)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFD.String(s)))
}

// SameFold tells whether two names fold to the same.
func SameFold(a, b string) bool {
	if IsPlain(a) && IsPlain(b) {
		return strings.EqualFold(a, b)
	}
	return Fold(a) == Fold(b)
}
