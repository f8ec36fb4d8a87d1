package text

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// Visual puts one line into the order in which it is drawn from left to right, by
// the Unicode bidirectional algorithm (UAX #9) for text without explicit
// embeddings: Display takes those out. The line has the direction of its first
// strong character.
func Visual(line string) string {
	if !hasRTL(line) {
		return line
	}
	runes := []rune(line)
	levels := embeddingLevels(runes)
	reorder(runes, levels)
	return string(runes)
}

// hasRTL tells whether any character could be drawn from right to left.
func hasRTL(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return r >= 0x0590 && r <= 0x08FF || r == 0x200F || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFE
	}) >= 0
}

// paragraph resolves the classes of one line to levels, rule by rule; the
// names W1 to L1 are those of UAX #9.
type paragraph struct {
	runes   []rune
	classes []bidi.Class // as resolved so far
	base    uint8        // 0 left to right, 1 right to left
}

func embeddingLevels(runes []rune) []uint8 {
	p := &paragraph{runes: runes, classes: make([]bidi.Class, len(runes))}
	for i, r := range runes {
		properties, _ := bidi.LookupRune(r)
		p.classes[i] = properties.Class()
	}
	p.base = p.baseLevel()
	original := slices.Clone(p.classes)
	p.resolveWeak()
	p.resolveBrackets(original)
	p.resolveNeutral()
	return p.levels(original)
}

// baseLevel follows P2 and P3.
func (p *paragraph) baseLevel() uint8 {
	for _, c := range p.classes {
		switch c {
		case bidi.L:
			return 0
		case bidi.R, bidi.AL:
			return 1
		}
	}
	return 0
}

// edge is the class that the line's ends count as.
func (p *paragraph) edge() bidi.Class {
	if p.base == 1 {
		return bidi.R
	}
	return bidi.L
}

func (p *paragraph) resolveWeak() {
	p.resolveMarksAndNumbers()
	p.resolveSeparators()
	p.resolveTerminators()
	strong := p.edge()
	for i, c := range p.classes { // W6, W7
		switch c {
		case bidi.ES, bidi.ET, bidi.CS:
			p.classes[i] = bidi.ON
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				p.classes[i] = bidi.L
			}
		}
	}
}

// resolveMarksAndNumbers is W1, W2 and W3.
func (p *paragraph) resolveMarksAndNumbers() {
	previous, strong := p.edge(), p.edge()
	for i, c := range p.classes {
		if c == bidi.NSM {
			c = previous
		}
		switch c {
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL {
				c = bidi.AN
			}
		}
		p.classes[i], previous = c, c
	}
	for i, c := range p.classes {
		if c == bidi.AL {
			p.classes[i] = bidi.R
		}
	}
}

// resolveSeparators is W4: one separator between two numbers joins them.
func (p *paragraph) resolveSeparators() {
	for i := 1; i+1 < len(p.classes); i++ {
		before, c, after := p.classes[i-1], p.classes[i], p.classes[i+1]
		if before != after {
			continue
		}
		if before == bidi.EN && (c == bidi.ES || c == bidi.CS) || before == bidi.AN && c == bidi.CS {
			p.classes[i] = before
		}
	}
}

// resolveTerminators is W5: signs such as % belong to the number beside them.
func (p *paragraph) resolveTerminators() {
	for i := 0; i < len(p.classes); i++ {
		if p.classes[i] != bidi.ET {
			continue
		}
		end := i
		for end < len(p.classes) && p.classes[end] == bidi.ET {
			end++
		}
		if i > 0 && p.classes[i-1] == bidi.EN || end < len(p.classes) && p.classes[end] == bidi.EN {
			p.fill(i, end, bidi.EN)
		}
		i = end - 1
	}
}

func (p *paragraph) fill(start, end int, c bidi.Class) {
	for i := start; i < end; i++ {
		p.classes[i] = c
	}
}

// resolveNeutral is N1 and N2.
func (p *paragraph) resolveNeutral() {
	for i := 0; i < len(p.classes); i++ {
		if strongOf(p.classes[i]) != bidi.ON {
			continue
		}
		end := i
		for end < len(p.classes) && strongOf(p.classes[end]) == bidi.ON {
			end++
		}
		before, after := p.edge(), p.edge()
		if i > 0 {
			before = strongOf(p.classes[i-1])
		}
		if end < len(p.classes) {
			after = strongOf(p.classes[end])
		}
		if before != after {
			before = p.edge()
		}
		p.fill(i, end, before)
		i = end - 1
	}
}

// strongOf is the direction that a resolved class lends its neighbours;
// ON for neutrals.
func strongOf(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

// levels is I1, I2 and L1.
func (p *paragraph) levels(original []bidi.Class) []uint8 {
	levels := make([]uint8, len(p.classes))
	for i, c := range p.classes {
		levels[i] = p.base
		switch {
		case c == bidi.EN || c == bidi.AN:
			levels[i] += 2 - p.base%2
		case c != p.edge():
			levels[i]++
		}
	}
	trailing := true
	for i := len(levels) - 1; i >= 0; i-- {
		switch original[i] {
		case bidi.S, bidi.B:
			levels[i], trailing = p.base, true
		case bidi.WS:
			if trailing {
				levels[i] = p.base
			}
		default:
			trailing = false
		}
	}
	return levels
}
