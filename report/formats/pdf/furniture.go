package pdf

import (
	"fmt"
	"strings"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

const maxRunning = 200.0 // width of a running title

// startPage draws the running header; the cover has none.
func (b *book) startPage(*canvas.Page) {
	b.mark()
	if b.running == "" {
		return
	}
	b.write(left, headerLine, b.clip(b.r.Title, small, maxRunning), small)
	b.sayRight(right, headerLine, b.running, small.bold())
	b.hairline(left, headerLine+8, wide, rule)
}

// mark stands at the head of every page that nobody must take for one of a
// whole report about true customers.
func (b *book) mark() {
	words := strings.Replace(b.r.Mark(), ": ", " · ", 1)
	if words == "" {
		return
	}
	const height = 17
	mark := style{8, text.Bold, white}
	line := b.clip(words, mark, wide-20)
	width := line.Width + 20
	x := (pageWidth - width) / 2
	b.fill(x, 14, width, height, alarm)
	b.write(x+10, 14+11.6, line, mark)
}

// footer tells the page, the time of the data and what the data was.
func (b *book) footer(n, total int) {
	b.hairline(left, footerLine-12, wide, rule)
	words := "As of " + tables.AsOf(b.r)
	if b.r.Hashes.Snapshot != "" {
		words += " · snapshot " + shortHash(b.r.Hashes.Snapshot)
	}
	b.say(left, footerLine, words, small)
	b.sayRight(right, footerLine, fmt.Sprintf("Page %d of %d", n, total), small)
}

// shortHash is what tells two snapshots apart; the method section has it whole.
func shortHash(hash string) string {
	const enough = len("sha256:") + 16
	if len(hash) <= enough {
		return hash
	}
	return hash[:enough] + "…"
}

// chapter starts a main section on a new page.
func (b *book) chapter(title string) {
	b.running = title
	b.newPage()
	anchor := &canvas.Anchor{}
	b.entries = append(b.entries, entry{title, 0, anchor})
	b.hold(34, func(y float64) {
		anchor.Page, anchor.Top = b.page, max(y-20, 0)
		b.fill(left, y+2, 24, 3, b.accent)
		b.say(left, y+26, title, h1)
	})
	b.space(10)
}

// heading starts a part of a section; to is where the contents lead.
func (b *book) heading(title string, s style, to *canvas.Anchor) {
	lines := b.wrap(title, s, wide)
	for i, line := range lines {
		b.hold(s.leading(), func(y float64) {
			if i == 0 && to != nil {
				to.Page, to.Top = b.page, max(y-20, 0)
			}
			b.write(left, y+s.ascent(), line, s)
		})
	}
}

// listed is a heading that the contents list too.
func (b *book) listed(title string, s style, to *canvas.Anchor) {
	b.entries = append(b.entries, entry{title, 1, to})
	b.heading(title, s, to)
}

// section is a heading of ours within a chapter, with white space below.
func (b *book) section(title string) {
	b.listed(title, h2, &canvas.Anchor{})
	b.space(5)
}

const labelWidth = 62.0

// labelled is a paragraph with its name at its left, which may lead to the web.
func (b *book) labelled(name, words string, s style, url string) {
	if words == "" {
		return
	}
	for i, line := range b.wrap(words, s, wide-labelWidth) {
		b.hold(s.leading(), func(y float64) {
			if i == 0 {
				b.say(left, y+s.ascent(), name, body.in(grey))
			}
			b.write(left+labelWidth, y+s.ascent(), line, s)
			if url != "" {
				b.page.Add(canvas.Link{X: left + labelWidth, Y: y, W: line.Width, H: s.leading(), URL: url})
			}
		})
	}
	b.space(2)
}
