package pdf

import (
	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report/formats/pdf/canvas"
	"trueup/rules"
)

const (
	usedHeight = 56.0 // of the bars with the months below them
	usedPitch  = 34.0 // width of a month
)

// used draws a customer's monthly peaks, with the licenses acquired on their days
// as a dashed line. A month with too few days for a peak is an outline.
func (b *book) used(months []fetch.Month) {
	if len(months) == 0 {
		return
	}
	title := "Peak of each month; dashed: licenses acquired on its day; outlined: too few days with data"
	b.hold(small.leading(), func(y float64) { b.say(left, y+small.ascent(), title, small) })
	b.hold(usedHeight, func(y float64) { b.usedMonths(months, y) })
	b.space(4)
}

func (b *book) usedMonths(months []fetch.Month, y float64) {
	most := int64(1)
	for i := range months {
		most = max(most, months[i].Peak.N, months[i].Acquired.N)
	}
	const pitch, full = usedPitch, usedHeight - 14
	base := y + usedHeight - 10
	height := func(n int64) float64 { return full * float64(n) / float64(most) }
	var acquired []canvas.Point
	for i := range months {
		m, x := &months[i], left+float64(i)*pitch
		h := height(m.Peak.N) // 0 without a peak
		value := small.sized(6.8).bold().in(ink)
		switch {
		case !m.Enough():
			b.outline(x+5, base-h, pitch-10, h, []float64{2, 1.5})
		case m.Acquired.Known() && m.Peak.N > m.Acquired.N:
			b.fill(x+5, base-h, pitch-10, h, severityColors[rules.High])
			if h > value.leading() {
				value = value.in(white)
			}
		default:
			b.fill(x+5, base-h, pitch-10, h, tint(b.accent, 0.55))
		}
		if m.Peak.Known() {
			label := plain.Number(m.Peak.N)
			b.sayCentered(x+pitch/2, base-3, label, b.fitting(label, value, pitch-11)) // where no line runs
		}
		if m.Acquired.Known() {
			acquired = append(acquired, canvas.Point{X: x, Y: base - height(m.Acquired.N)}, canvas.Point{X: x + pitch, Y: base - height(m.Acquired.N)})
		} else {
			b.dashed(acquired)
			acquired = nil
		}
		name := m.First.Time().Format("Jan")
		if i == 0 || m.First.Time().Month() == 1 {
			name = m.First.Time().Format("Jan 06")
		}
		b.sayCentered(x+pitch/2, base+8.5, name, b.fitting(name, small.sized(6.8), pitch-1))
	}
	b.dashed(acquired)
	if last := months[len(months)-1].Acquired; last.Known() {
		b.say(left+pitch*float64(len(months))+4, base-height(last.N)+2, plain.Number(last.N), small.bold().in(ink))
	}
	b.hairline(left, base, pitch*float64(len(months)), ink)
}

// dashed is a line through some points; none through none.
func (b *book) dashed(points []canvas.Point) {
	if len(points) > 0 {
		b.page.Add(canvas.Path{Points: points, Width: 1, Color: ink, Dash: []float64{3, 2}})
	}
}
