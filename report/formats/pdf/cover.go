package pdf

import (
	"fmt"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
)

const (
	maxSources    = 6 // instances named on the cover
	maxCoverLines = 6 // of the title and of the organization
	coverLabelsW  = 110.0
)

func (b *book) layOutCover() error {
	b.newPage()
	b.fill(0, 0, 10, pageHeight, b.accent)
	if err := b.logo(); err != nil {
		return err
	}
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
	return nil
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
	b.fact("As of", asOf(b.r))
	if b.r.Changes != nil {
		b.fact("Compared with", dateTime(b.r.Changes.Baseline))
	}
	b.fact("Scope", b.scope())
	if gap := b.r.Gap(); gap != "" {
		b.fact("Missing", gap)
	}
	if b.r.Manager != "" {
		b.fact("Account manager", b.r.Manager)
	}
	for i, s := range b.r.Sources {
		name := ""
		if i == 0 {
			name = plain.Noun(len(b.r.Sources), "Instance", "Instances")
		}
		if i == maxSources {
			b.fact("", fmt.Sprintf("and %d more, listed under Sources", len(b.r.Sources)-i))
			break
		}
		b.fact(name, sourceLine(s))
	}
	b.fact("Findings", fmt.Sprintf("%s, %s waived, %s not evaluable",
		plain.Number(b.r.Totals.Findings), plain.Number(b.r.Totals.Waived), plain.Number(b.r.Totals.NotEvaluable)))
}

func (b *book) scope() string {
	customers := plain.Counted(b.r.Totals.Customers, "customer", "customers")
	if b.r.Manager != "" {
		return "The account manager's customers only: " + customers
	}
	if b.r.Gap() != "" {
		return "Not the whole portfolio: " + customers
	}
	return "The whole portfolio: " + customers
}

func sourceLine(s fetch.Source) string {
	parts := []string{s.Name}
	if s.URL != "" {
		parts = append(parts, s.URL)
	}
	if s.Failed != "" {
		return strings.Join(append(parts, "no answer"), ", ")
	}
	return strings.Join(append(parts, plain.Counted(s.Customers, "customer", "customers")), ", ")
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

// logo draws the sender's logo at the head of the cover.
func (b *book) logo() error {
	if len(b.r.Branding.Logo) == 0 {
		return nil
	}
	picture, aspect, err := readLogo(b.r.Branding.Logo)
	if err != nil {
		return err
	}
	const maxW, maxH = 190.0, 64.0
	w, h := maxW, maxW/aspect
	if h > maxH {
		w, h = maxH*aspect, maxH
	}
	b.images = append(b.images, picture)
	b.page.Add(canvas.Image{X: left, Y: 72, W: w, H: h, Picture: len(b.images) - 1})
	return nil
}
