package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlug bounds a slug in bytes; files in the folder add their own names.
const maxSlug = 80

// Slug is the name of a manager's folder: the manager's name in lower case with
// dashes for blanks. Where that loses something, or some file system refuses it, the
// beginning of the name's hash follows. So slugs differ where names differ by more
// than case, and none depends on the other names.
func Slug(name string) string {
	slug := strings.ReplaceAll(norm.NFC.String(strings.ToLower(name)), " ", "-")
	if isSlug(slug) && !strings.Contains(name, "-") {
		return slug
	}
	sum := sha256.Sum256([]byte(norm.NFC.String(strings.ToLower(name))))
	kept := strings.FieldsFunc(slug, func(r rune) bool { return !isSlugRune(r) })
	base := cutBytes(strings.Join(kept, "-"), maxSlug-9)
	return strings.TrimPrefix(base+"-"+hex.EncodeToString(sum[:4]), "-")
}

func isSlug(s string) bool {
	if s == "" || len(s) > maxSlug || isDeviceName(s) || strings.Contains(s, "--") || strings.Trim(s, "-") != s {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && !isSlugRune(r) })
}

func isSlugRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// isDeviceName tells whether Windows keeps the name for a device.
func isDeviceName(s string) bool {
	switch s {
	case "con", "prn", "aux", "nul":
		return true
	}
	device := len(s) == 4 && (strings.HasPrefix(s, "com") || strings.HasPrefix(s, "lpt"))
	return device && s[3] >= '0' && s[3] <= '9'
}

// cutBytes cuts to max bytes and whole characters.
func cutBytes(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return strings.Trim(s[:max], "-")
}
