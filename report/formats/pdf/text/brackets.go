package text

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// maxBrackets is the depth that UAX #9 (BD16) asks for.
const maxBrackets = 63

type pair struct{ open, close int }

// resolveBrackets is N0: a pair of brackets takes the direction of what it
// holds, so that both face the same way.
func (p *paragraph) resolveBrackets(original []bidi.Class) {
	for _, pair := range p.pairs() {
		c := p.directionOf(pair)
		if c == bidi.ON {
			continue
		}
		for _, at := range []int{pair.open, pair.close} {
			p.classes[at] = c
			for i := at + 1; i < len(original) && original[i] == bidi.NSM; i++ {
				p.classes[i] = c
			}
		}
	}
}

// pairs finds matching brackets in the order of the opening ones (BD16).
func (p *paragraph) pairs() []pair {
	var open []int
	var found []pair
	for i, r := range p.runes {
		properties, _ := bidi.LookupRune(r)
		if p.classes[i] != bidi.ON || !properties.IsBracket() {
			continue
		}
		if properties.IsOpeningBracket() {
			if len(open) == maxBrackets {
				return nil
			}
			open = append(open, i)
			continue
		}
		for at := len(open) - 1; at >= 0; at-- {
			if mirror(p.runes[open[at]]) == r {
				found = append(found, pair{open[at], i})
				open = open[:at]
				break
			}
		}
	}
	slices.SortFunc(found, func(a, b pair) int { return a.open - b.open })
	return found
}

// directionOf is N0 b and c: the base direction if it is inside, else the
// other one if that also stands before the pair; ON if nothing strong is in it.
func (p *paragraph) directionOf(pair pair) bidi.Class {
	opposite := false
	for _, c := range p.classes[pair.open+1 : pair.close] {
		switch strongOf(c) {
		case p.edge():
			return p.edge()
		case bidi.ON:
		default:
			opposite = true
		}
	}
	if !opposite {
		return bidi.ON
	}
	for i := pair.open - 1; i >= 0; i-- {
		if c := strongOf(p.classes[i]); c != bidi.ON {
			return c
		}
	}
	return p.edge()
}

// reorder is L2 to L4: runs are turned around from the highest level down, marks go
// back behind their letter, and characters with a mirror image become it.
func reorder(runes []rune, levels []uint8) {
	for i, level := range levels {
		if level%2 == 1 {
			runes[i] = mirror(runes[i])
		}
	}
	for level := slices.Max(append(levels, 0)); level > 0; level-- {
		for i := 0; i < len(levels); i++ {
			end := i
			for end < len(levels) && levels[end] >= level {
				end++
			}
			if end > i {
				slices.Reverse(runes[i:end])
				slices.Reverse(levels[i:end])
				i = end
			}
		}
	}
	marksBehind(runes, levels)
}

// marksBehind is L3: in a run that was turned around, marks stand before their
// letter, while fonts draw a mark over the letter before it.
func marksBehind(runes []rune, levels []uint8) {
	for i := 0; i < len(runes); i++ {
		end := i
		for end < len(runes) && levels[end]%2 == 1 && unicode.Is(unicode.Mn, runes[end]) {
			end++
		}
		if end > i && end < len(runes) {
			slices.Reverse(runes[i : end+1])
			i = end
		}
	}
}

// mirror is the mirror image of a character (Bidi_Mirroring_Glyph), itself if
// it has none.
func mirror(r rune) rune {
	switch r {
	case '<':
		return '>'
	case '>':
		return '<'
	case '«':
		return '»'
	case '»':
		return '«'
	case '‹':
		return '›'
	case '›':
		return '‹'
	case '≤':
		return '≥'
	case '≥':
		return '≤'
	}
	if properties, _ := bidi.LookupRune(r); properties.IsBracket() {
		return []rune(bidi.ReverseString(string(r)))[0]
	}
	return r
}
