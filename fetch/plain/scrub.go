package plain

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Hidden stands in a text where a secret was.
const Hidden = "[secret]"

// Scrubber takes known secrets out of texts, however these write them: as they
// are, percent-encoded, quoted-printable, in hexadecimal, in base64 with
// whatever beside them, and cut off at the end of the text. The zero Scrubber
// knows none. Several goroutines may use one.
type Scrubber struct {
	mu    sync.Mutex
	known map[string]bool
	forms []form
}

// shortest is the length from which a text is taken for a part of a secret.
const shortest = 6

// Add makes a secret known; a long part of a token between its dots is one too.
func (c *Scrubber) Add(secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if secret == "" || c.known[secret] {
		return
	}
	if c.known == nil {
		c.known = map[string]bool{}
	}
	c.known[secret] = true
	c.forms = append(c.forms, form{text: secret, spelled: escaped}, form{text: secret, spelled: hexed, between: " :-"})
	c.forms = append(c.forms, base64Forms(secret)...)
	for part := range strings.SplitSeq(secret, ".") {
		if len(part) >= 4*shortest { // of a JWT
			c.forms = append(c.forms, form{text: part, spelled: escaped})
		}
	}
}

// Scrub removes the secrets from s. Of two that begin at one place the longer
// goes, so that a part never spoils the whole.
func (c *Scrubber) Scrub(s string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for s != "" {
		n := 0
		for _, f := range c.forms {
			n = max(n, f.match(s))
		}
		if n == 0 {
			b.WriteByte(s[0])
			n = 1
		} else {
			b.WriteString(Hidden)
		}
		s = s[n:]
	}
	return b.String()
}

// telling is the length from which a secret is looked for among names of customers,
// which have a shorter one by chance.
const telling = 16

// Holds tells whether a text has a known secret as it is or in base64. It is for
// megabytes, which Scrub would take seconds for.
func (c *Scrubber) Holds(text []byte) bool {
	c.mu.Lock()
	forms := c.forms // which Add does not change, but makes longer
	c.mu.Unlock()
	return slices.ContainsFunc(forms, func(f form) bool {
		known := strings.Trim(f.text, string(rune(anyDigit)))
		return len(known) >= telling && bytes.Contains(text, []byte(known))
	})
}

// Clean is TextMax of a text from outside without its secrets: they go before
// it is cut, and again when characters in between are gone.
func (c *Scrubber) Clean(s string, max int) string { return c.Scrub(TextMax(c.Scrub(s), max)) }

// form is one way to write a secret.
type form struct {
	text    string
	spelled func(s string, c byte) int // length of what spells c at the beginning of s; 0 if nothing does
	between string                     // characters that may stand between two bytes
	padding string                     // and those after the last that belong to it
}

// match is the length of the form at the beginning of s, 0 if it is not there.
// Line breaks and what nobody sees count for nothing within it. Where s ends,
// but for a quotation mark or the like, a part is enough.
func (f form) match(s string) int {
	at := 0
	for i := range len(f.text) {
		n := f.spelled(s[at:], f.text[i])
		if n == 0 && i > 0 {
			at += f.gap(s[at:])
			n = f.spelled(s[at:], f.text[i])
		}
		if n == 0 {
			if i >= shortest && strings.Trim(s[at:], `"')>]}.…`) == "" {
				return at
			}
			return 0
		}
		at += n
	}
	return len(s) - len(strings.TrimLeft(s[at:], f.padding))
}

// gap is the length of what may stand between two bytes, as the soft line
// breaks of quoted-printable.
func (f form) gap(s string) int {
	rest := s
	if soft := strings.TrimPrefix(s, "="); strings.HasPrefix(soft, "\r") || strings.HasPrefix(soft, "\n") {
		rest = soft
	}
	rest = strings.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	return len(s) - len(strings.TrimLeft(rest, f.between))
}

// escaped takes a byte as it is, or as URLs, quoted-printable and SMTP's xtext
// write it: %41, =41, +41.
func escaped(s string, c byte) int {
	switch {
	case s == "":
		return 0
	case strings.IndexByte("%=+", s[0]) >= 0 && hexed(s[1:], c) == 2:
		return 3
	case s[0] == c, s[0] == '+' && c == ' ':
		return 1
	}
	return 0
}

// hexed takes two hexadecimal digits.
func hexed(s string, c byte) int {
	if len(s) < 2 {
		return 0
	}
	if n, err := strconv.ParseUint(s[:2], 16, 8); err != nil || byte(n) != c {
		return 0
	}
	return 2
}

// anyDigit stands in a form's text for a digit of base64 that is not of the
// secret alone.
const anyDigit = 0

// base64Forms are the three ways in which a secret can lie in base64 of a
// longer text: at each distance from where a group of digits begins.
func base64Forms(secret string) (forms []form) {
	for before := range 3 {
		digits := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
		own := digits[(8*before+5)/6 : 8*(before+len(secret))/6]
		if len(own) < shortest-1 {
			continue // anything would be taken for it
		}
		if before > 0 {
			own = string(rune(anyDigit)) + own
		}
		if (before+len(secret))%3 != 0 {
			own += string(rune(anyDigit))
		}
		forms = append(forms, form{text: own, spelled: base64Digit, padding: "="})
	}
	return forms
}

// base64Digit takes a digit of either alphabet, which may be escaped.
func base64Digit(s string, c byte) int {
	switch {
	case c == '+':
		return max(escaped(s, '+'), escaped(s, '-'))
	case c == '/':
		return max(escaped(s, '/'), escaped(s, '_'))
	case c != anyDigit:
		return escaped(s, c)
	case s != "" && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z' || s[0] >= '0' && s[0] <= '9' || strings.IndexByte("+/-_", s[0]) >= 0):
		return 1
	}
	return 0
}
