package text

import (
	"strings"
	"unicode"
)

// join replaces Arabic letters with the presentation forms that they take beside
// one another, so that the font needs no shaping. Kerning is missing, and so are
// ligatures other than lam with alef.
func join(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x0621 && r <= 0x06CC }) < 0 {
		return s
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		form, joined := joinedForm(runes, i)
		if ligature := lamAlef(runes, i); ligature != 0 {
			form = ligature + joined%2 // alone, or joined to what is before
			i++
		}
		out = append(out, form)
	}
	return string(out)
}

// The forms of a letter follow one another in this order.
const (
	isolated = 0
	final    = 1
	initial  = 2
	medial   = 3
)

// joinedForm is the character that draws a letter between its neighbours, and which
// form that is.
func joinedForm(runes []rune, i int) (r rune, form rune) {
	first, forms := formsOf(runes[i])
	if forms < 2 {
		return pick(first, runes[i], 0), isolated
	}
	before := i > 0 && joinsForward(neighbour(runes, i, -1))
	after := forms == 4 && joinsBackward(neighbour(runes, i, 1))
	switch {
	case before && after:
		form = medial
	case before:
		form = final
	case after:
		form = initial
	}
	return pick(first, runes[i], form), form
}

func pick(first, letter, form rune) rune {
	if first == 0 {
		return letter
	}
	return first + form
}

// neighbour is the next letter in a direction, without marks; 0 at the end.
func neighbour(runes []rune, i, step int) rune {
	for i += step; i >= 0 && i < len(runes); i += step {
		if !unicode.Is(unicode.Mn, runes[i]) {
			return runes[i]
		}
	}
	return 0
}

const tatweel = 0x0640 // stretches the line between two letters

func joinsForward(r rune) bool {
	_, forms := formsOf(r)
	return forms == 4 || r == tatweel
}

func joinsBackward(r rune) bool {
	_, forms := formsOf(r)
	return forms >= 2 || r == tatweel
}

// formCounts has the number of forms of each letter from U+0621 to U+063A and
// from U+0641 to U+064A; their forms stand in the same order from U+FE80.
const formCounts = "12222424244444222244444444" + "4444444224"

// formsOf is a letter's first presentation form and how many it has; 0 for others.
func formsOf(r rune) (first, forms rune) {
	switch r {
	case 'پ':
		return 0xFB56, 4
	case 'چ':
		return 0xFB7A, 4
	case 'ژ':
		return 0xFB8A, 2
	case 'ک':
		return 0xFB8E, 4
	case 'گ':
		return 0xFB92, 4
	case 'ی':
		return 0xFBFC, 4
	}
	at := int(r - 0x0621)
	if r >= 0x0641 && r <= 0x064A {
		at = int(r-0x0641) + 26
	} else if r < 0x0621 || r > 0x063A {
		return 0, 0
	}
	first = 0xFE80
	for _, c := range formCounts[:at] {
		first += c - '0'
	}
	return first, rune(formCounts[at] - '0')
}

// lamAlef is the first form of the ligature of lam and an alef; 0 if there is
// none at i.
func lamAlef(runes []rune, i int) rune {
	if runes[i] != 0x0644 || i+1 == len(runes) {
		return 0
	}
	switch runes[i+1] {
	case 0x0622:
		return 0xFEF5
	case 0x0623:
		return 0xFEF7
	case 0x0625:
		return 0xFEF9
	case 0x0627:
		return 0xFEFB
	}
	return 0
}
