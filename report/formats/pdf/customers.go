package pdf

import (
	"strings"

	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/tables"
	"trueup/rules"
)

// customers gives customers with something to say a section each. They stand
// by amount; the bookmarks list them by name.
func (b *book) customers(int) {
	shown := b.shown()
	b.paragraph(tables.SectionsLine(b.r, b.sections, len(shown)), body, left, wide)
	for _, i := range shown {
		b.customer(tables.SectionOf(b.r, i, b.o.MaxAbout), b.details[i])
	}
	for _, i := range tables.ByName(b.r, shown) {
		b.entries = append(b.entries, entry{title: b.r.Customers[i].Name(), level: 1, to: b.details[i], index: true})
	}
}

const nameSize = 10.0 // of a customer's name above its section

func (b *book) customer(s tables.Section, anchor *canvas.Anchor) {
	b.space(14)
	b.heading(s.Name, h3.sized(nameSize), anchor, 0)
	b.space(1)
	b.hold(3, func(y float64) { b.hairline(left, y, wide, b.accent) })
	for _, line := range b.wrap(factLine(s.Facts), small, wide) {
		b.hold(small.leading(), func(y float64) { b.write(left, y+small.ascent(), line, small) })
	}
	b.licenseLine(s)
	b.used(s.Months)
	stop := b.continued(s.Name, anchor)
	b.table(s.Findings, section)
	if len(s.Connections.Rows) > 0 {
		b.space(4)
		b.table(s.Connections, section)
	}
	if s.Note != "" {
		b.space(3)
		b.paragraph(s.Note, small, left+section.padX, wide-2*section.padX)
	}
	stop()
}

// factLine is what there is to know of a customer, in one paragraph.
func factLine(facts []tables.Fact) string {
	words := make([]string, len(facts))
	for i, f := range facts {
		words[i] = f.Name + " " + f.Text
	}
	return strings.Join(words, "  |  ")
}

// continued names the customer again at the head of each further page.
func (b *book) continued(name string, anchor *canvas.Anchor) func() {
	line := b.clip(name, small.bold(), wide-80)
	draw := func(y float64) {
		b.write(left, y+small.ascent(), line, small.bold())
		b.say(left+line.Width+4, y+small.ascent(), "continued", small)
	}
	return b.repeat(block{height: 16, draw: draw, live: func() bool { return anchor.Page != nil }})
}

// licenseLine is acquired, used and delta in the left half, utilization with a
// bar in the right one.
func (b *book) licenseLine(s tables.Section) {
	b.space(2)
	b.hold(body.leading(), func(y float64) {
		x, baseline := left, y+body.ascent()
		for _, f := range s.Counts {
			x += b.say(x, baseline, f.Name+" ", small)
			x += b.say(x+1, baseline, f.Text, cellSt.bold()) + 14
		}
		b.utilization(s.Utilization, left+wide/2, y)
	})
	b.space(2)
}

// utilization is a bar up to 125 %, with a mark at 100 %.
func (b *book) utilization(share cell.Value, x, y float64) {
	u, ok := share.Float()
	if !ok {
		return
	}
	const most, height = 1.25, 6.0
	baseline := y + body.ascent()
	x += b.say(x, baseline, "Utilization", small) + 8
	b.sayRight(right, baseline, share.Format(cell.KindPercent), cellSt.bold())
	width := right - x - 46
	y = baseline - height
	b.fill(x, y, width, height, faint)
	full := width / most
	b.fill(x, y, full*min(u, 1), height, tint(b.accent, 0.75))
	if u > 1 {
		b.fill(x+full, y, full*(min(u, most)-1), height, severityColors[rules.High])
	}
	b.fill(x+full-0.4, y-2, 0.8, height+4, ink)
}
