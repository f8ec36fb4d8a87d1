package pdf

import (
	"fmt"
	"strings"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

const maxRunning = 200.0 // width of a running title

// startPage draws the running header; cover and summary have their own.
func (b *book) startPage(*canvas.Page) {
	b.warn()
	if b.running == "" {
		return
	}
	b.write(left, headerLine, b.clip(tables.Letterhead(b.r), small, maxRunning), small)
	b.sayRight(right, headerLine, b.running, small.bold())
	b.hairline(left, headerLine+7, wide, rule)
}

// warn stands at the head of every page that nobody must take for one of a
// whole report about true customers; on the cover and the summary it is a band
// across the page.
func (b *book) warn() {
	words := strings.Replace(b.r.Mark(), ": ", " · ", 1)
	if words == "" {
		return
	}
	const height = 17
	s := style{8, text.Bold, white}
	line := b.clip(words, s, wide-20)
	width := line.Width + 20
	x, y := (pageWidth-width)/2, 12.0
	if b.running == "" {
		b.fill(0, 0, pageWidth, y+height-4, alarm)
		y = 3
	} else {
		b.fill(x, y, width, height, alarm)
	}
	b.write(x+10, y+11.6, line, s)
}

// footer tells the page, the time of the data and what the report was made
// from.
func (b *book) footer(n int) {
	b.hairline(left, footerLine-11, wide, rule)
	words := "As of " + tables.AsOf(b.r)
	for _, f := range []struct{ name, hash string }{{"snapshot", b.r.Hashes.Snapshot}, {"rules", b.r.Hashes.Rules}} {
		if f.hash != "" {
			words += " · " + f.name + " " + shortHash(f.hash)
		}
	}
	b.say(left, footerLine, words+" · trueup "+b.r.Version, small)
	page := fmt.Sprintf("Page %d of %d", n, b.front)
	switch further := len(b.pages) - b.front; {
	case n > b.front:
		page = fmt.Sprintf("Page %d, appendix %d of %d", n, n-b.front, further)
	case further > 0:
		page += " + appendix"
	}
	b.sayRight(right, footerLine, page, small)
}

// shortHash is what tells two of a kind apart; the method section has it whole.
func shortHash(hash string) string {
	const enough = len("sha256:") + 12
	if len(hash) <= enough {
		return hash
	}
	return hash[:enough] + "…"
}

// leastStart is the room that a part needs below another one.
const leastStart = 0.3 * (bottom - top)

// chapter starts a part: on the page that the last one ended on, if there is
// room and it need not be a new one.
func (b *book) chapter(title string, anew bool) {
	b.held = nil
	b.running = title
	if anew || len(b.pages) <= b.firstPages() || b.room() < leastStart {
		b.newPage()
	} else {
		b.space(24)
	}
	anchor := &canvas.Anchor{}
	b.entries = append(b.entries, entry{title: title, to: anchor})
	b.hold(30, func(y float64) {
		anchor.Page, anchor.Top = b.page, max(y-20, 0)
		b.fill(left, y+2, 24, 3, b.accent)
		b.say(left, y+24, title, h1)
	})
	b.space(6)
}

// firstPages are the cover and the summary, on which no part starts.
func (b *book) firstPages() int {
	if b.o.Cover {
		return 2
	}
	return 1
}

// heading starts a part of a section; to is where the contents lead. It has no
// more lines than most; 0 for all.
func (b *book) heading(title string, s style, to *canvas.Anchor, most int) {
	lines := b.wrapped(title, s, wide, most)
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
	b.entries = append(b.entries, entry{title: title, level: 1, to: to})
	b.heading(title, s, to, 2)
}

// section is a heading of ours within a chapter, with white space below.
func (b *book) section(title string) {
	b.listed(title, h2, &canvas.Anchor{})
	b.space(5)
}

const labelWidth = 62.0

// labelled is a paragraph with its name at its left, which may lead to the web.
// It has no more lines than most; 0 for all.
func (b *book) labelled(name, words string, s style, url string, most int) {
	if words == "" {
		return
	}
	for i, line := range b.wrapped(words, s, wide-labelWidth, most) {
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
