package pdf

import (
	"fmt"

	"trueup/fetch/plain"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

const (
	maxSources    = 6 // instances named on the cover
	maxCoverLines = 6 // of the title and of the organization
	coverLabelsW  = 110.0
)

// cover is a page of its own, without a running header.
func (b *book) cover() {
	b.newPage()
	b.fill(0, 0, 10, pageHeight, b.accent)
	b.layOutLogo(left, 72, 190, 64)
	b.y = 230
	b.coverLines(b.r.Title, style{30, text.Bold, ink})
	b.y += 6
	if b.r.Organization != "" {
		b.coverLines(b.r.Organization, style{15, text.Regular, grey})
	}
	b.y += 22
	b.fill(left, b.y, 48, 3, b.accent)
	b.y += 30
	b.coverFacts()
	b.confidentiality()
}

func (b *book) coverLines(words string, s style) {
	for i, line := range b.wrap(words, s, wide) {
		if i == maxCoverLines {
			break
		}
		b.write(left, b.y+s.ascent(), line, s)
		b.y += s.leading()
	}
}

// coverFacts are when, what and from where.
func (b *book) coverFacts() {
	r := b.r
	b.fact("As of", tables.AsOf(r))
	if r.Changes != nil {
		b.fact("Compared with", tables.Moment(r.Changes.Baseline))
	}
	b.fact("Scope", tables.Scope(r))
	if gap := r.Gap(); gap != "" {
		b.fact("Missing", gap)
	}
	if r.Manager != "" {
		b.fact("Account manager", r.Manager)
	}
	name := plain.Noun(len(r.Sources), "Instance")
	for i, s := range r.Sources {
		if i == maxSources {
			b.fact("", fmt.Sprintf("and %d more, listed under Instances", len(r.Sources)-i))
			break
		}
		b.fact(name, tables.SourceLine(s))
		name = ""
	}
	b.fact("Findings", tables.VerdictCounts(r))
}

func (b *book) fact(name, value string) {
	s := style{10, text.Regular, ink}
	b.say(left, b.y+s.ascent(), name, s.in(grey))
	for _, line := range b.wrap(value, s, wide-coverLabelsW) {
		b.write(left+coverLabelsW, b.y+s.ascent(), line, s)
		b.y += s.leading() + 2
	}
	b.y += 4
}

func (b *book) confidentiality() {
	s := style{9, text.Regular, grey}
	lines := b.wrap("Made by trueup "+b.r.Version, s, wide)
	if b.r.Branding.Confidentiality != "" {
		lines = append(b.wrap(b.r.Branding.Confidentiality, s.bold(), wide), lines...)
	}
	y := bottom - float64(len(lines))*s.leading()
	for _, line := range lines {
		b.write(left, y+s.ascent(), line, s)
		y += s.leading()
	}
}
