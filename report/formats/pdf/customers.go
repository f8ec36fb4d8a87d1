package pdf

import (
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

// chooseCustomers gives those with something to say a place of their own: if
// there are too many, those with the worst findings.
func chooseCustomers(r *report.Report, most int) []*canvas.Anchor {
	anchors := make([]*canvas.Anchor, len(r.Customers))
	choose := func(customer int) {
		if most > 0 && anchors[customer] == nil {
			anchors[customer] = &canvas.Anchor{}
			most--
		}
	}
	for i := range r.Findings {
		choose(r.Findings[i].Customer)
	}
	for i := range r.NotEvaluable {
		choose(r.NotEvaluable[i].Customer)
	}
	return anchors
}

// customers gives each customer with something to say a section.
func (b *book) customers() {
	shown := 0
	for _, anchor := range b.details {
		if anchor != nil {
			shown++
		}
	}
	b.paragraph(tables.SectionsLine(b.r, shown), body, left, wide)
	for i, anchor := range b.details {
		if anchor != nil {
			b.customer(tables.SectionOf(b.r, i, b.o.MaxAbout), anchor)
		}
	}
}

func (b *book) customer(s tables.Section, anchor *canvas.Anchor) {
	b.space(18)
	b.listed(s.Name, h2, anchor)
	b.space(2)
	b.hold(4, func(y float64) { b.hairline(left, y, wide, b.accent) })
	for at := 0; at < len(s.Facts); at += 2 {
		b.factRow(s.Facts[at:min(at+2, len(s.Facts))])
	}
	b.licenseLine(s)
	stop := b.continued(s.Name, anchor)
	b.table(s.Findings)
	if len(s.Connections.Rows) > 0 {
		b.space(5)
		b.table(s.Connections)
	}
	if s.Note != "" {
		b.space(4)
		b.paragraph(s.Note, small, left+padX, wide-2*padX)
	}
	stop()
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

// factRow sets facts side by side.
func (b *book) factRow(facts []tables.Fact) {
	const nameWidth, half = 72.0, wide / 2
	values := make([][]text.Line, len(facts))
	rows := 0
	for i, f := range facts {
		values[i] = b.wrap(f.Text, cellSt, half-nameWidth-8)
		rows = max(rows, len(values[i]))
	}
	b.hold(float64(rows)*cellSt.leading()+1, func(y float64) {
		for i, lines := range values {
			x := left + float64(i)*half
			b.say(x, y+cellSt.ascent(), facts[i].Name, small)
			for n, line := range lines {
				b.write(x+nameWidth, y+float64(n)*cellSt.leading()+cellSt.ascent(), line, cellSt)
			}
		}
	})
}

// licenseLine is acquired, used and delta in the left half, utilization with a
// bar in the right one.
func (b *book) licenseLine(s tables.Section) {
	const first = 104.0 // room for the first of them, which may be words
	pitch := (wide/2 - first) / float64(max(len(s.Counts)-1, 1))
	b.space(3)
	b.hold(24, func(y float64) {
		x, room := left, first
		for _, f := range s.Counts {
			b.say(x, y+8, f.Name, small)
			b.say(x, y+19, f.Text, b.fitting(f.Text, body.bold(), room-4))
			x, room = x+room, pitch
		}
		b.utilization(s.Utilization, left+wide/2, y)
	})
	b.space(4)
}

// utilization is a bar up to 125 %, with a mark at 100 %.
func (b *book) utilization(share cell.Value, x, y float64) {
	u, ok := share.Float()
	if !ok {
		return
	}
	const most, height = 1.25, 7.0
	width := right - x - 46
	b.say(x, y+8, "Utilization", small)
	b.sayRight(right, y+19, share.Format(cell.KindPercent), body.bold())
	b.fill(x, y+12.5, width, height, faint)
	full := width / most
	b.fill(x, y+12.5, full*min(u, 1), height, tint(b.accent, 0.75))
	if u > 1 {
		b.fill(x+full, y+12.5, full*(min(u, most)-1), height, severityColors[rules.High])
	}
	b.fill(x+full-0.4, y+10.5, 0.8, height+4, ink)
}
