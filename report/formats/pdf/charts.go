package pdf

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/tables"
	"trueup/rules"
)

const (
	half      = (wide - 24) / 2 // width of one of two charts side by side
	leftHalf  = left
	rightHalf = left + half + 24
	barPitch  = 14.0
	barHeight = 8.0
)

// barChart draws horizontal bars on one scale, each with its name before and
// its value behind it.
func (b *book) barChart(c tables.Chart, x, y, width, names float64) {
	if c.Nothing != "" {
		b.say(x, y+cellSt.ascent(), c.Nothing, cellSt)
		return
	}
	most := highest(c)
	for _, bar := range c.Bars {
		b.write(x, y+cellSt.ascent(), b.clip(bar.Name, cellSt, names-6), cellSt)
		w := (width - names - 40) * float64(bar.Count) / most
		b.fill(x+names, y+1, w, barHeight, severityColors[bar.Severity])
		b.say(x+names+w+4, y+cellSt.ascent(), plain.Number(bar.Count), cellSt.bold())
		if to := b.anchor(bar.To); to != nil {
			b.page.Add(canvas.Link{X: x, Y: y, W: width, H: barPitch, To: to})
		}
		y += barPitch
	}
}

func highest(c tables.Chart) float64 {
	most := 1
	for _, bar := range c.Bars {
		most = max(most, bar.Count)
	}
	return float64(most)
}

// columnChart draws upright bars with their names below.
func (b *book) columnChart(c tables.Chart, x, y, height float64) {
	if c.Nothing != "" {
		b.say(x, y+cellSt.ascent(), c.Nothing, cellSt)
		return
	}
	base, full, most := y+height-11, height-24, highest(c)
	pitch := half / float64(len(c.Bars))
	for i, bar := range c.Bars {
		color := tint(b.accent, 0.55)
		if bar.Over {
			color = severityColors[rules.High]
		}
		at, h := x+float64(i)*pitch, full*float64(bar.Count)/most
		b.fill(at+3, base-h, pitch-6, h, color)
		b.sayCentered(at+pitch/2, base-h-3, plain.Number(bar.Count), small.bold().in(ink))
		b.sayCentered(at+pitch/2, base+9, bar.Name, b.fitting(bar.Name, small, pitch-1))
	}
	b.hairline(x, base, half, grey)
}

func (b *book) sayCentered(x, baseline float64, words string, s style) {
	line := b.shape(words, s)
	b.write(x-line.Width/2, baseline, line, s)
}

const (
	fallsHeight = 92.0 // of the waterfall's bars, with the values above them
	fallNames   = 2    // lines of a bar's name
	mostPitch   = 84.0 // width of a bar with its name
	cutBelow    = 0.4  // the axis is cut where the steps move within this part of the height
)

// waterfall draws the bridge: totals stand on the ground, steps hang between
// them.
func (b *book) waterfall(w tables.Waterfall) {
	if w.Still() {
		return
	}
	b.y += panelGap
	b.panel(left, wide, w.Title, w.Unit)
	b.y += panelHead
	low, high := w.Range()
	scale := newAxis(low, high)
	pitch := min(wide/float64(len(w.Bars)), mostPitch)
	width := min(pitch*0.72, 34)
	at := func(i int) float64 { return left + (float64(i)+0.5)*pitch }
	value, name := small.sized(6.8).bold().in(ink), small.sized(6.6)
	base := b.y + fallsHeight
	height := func(v float64) float64 { return base - (fallsHeight-value.leading())*scale.share(v) }
	for i, bar := range w.Bars {
		from, to := height(bar.From.InexactFloat64()), height(bar.To.InexactFloat64())
		if bar.Total {
			from = base
			defer b.cutMark(scale.cut > 0, at(i), width, base)
		}
		upper := min(from, to)
		b.fill(at(i)-width/2, upper, width, max(max(from, to)-upper, 0.7), b.fallColor(bar))
		if i+1 < len(w.Bars) {
			b.hairline(at(i)+width/2, to-0.25, pitch-width, grey)
		}
		words := bar.Label
		if bar.AtLeast {
			words = "≥ " + words
		}
		b.sayCentered(at(i), upper-2.5, words, b.fitting(words, value, pitch-1))
	}
	end := left + pitch*float64(len(w.Bars))
	b.hairline(left, base, end-left, ink)
	b.y = base + 2
	b.y += b.fallNames(w, at, pitch, name)
	if scale.cut > 0 {
		b.sayRight(end, b.y+name.ascent()-2, "axis cut at "+w.Written(scale.cut), name)
		b.y += name.leading() - 2
	}
}

// fallColor tells totals, what got worse and what got better apart.
func (b *book) fallColor(bar tables.Fall) canvas.Color {
	switch {
	case bar.Total:
		return b.accent
	case bar.Value.IsPositive():
		return alarm
	case bar.Name == tables.StepWords(report.NotJudgeable):
		return grey // nobody knows whether that is better
	}
	return leaf
}

// cutMark shows in a bar that its axis is cut.
func (b *book) cutMark(cut bool, x, width, base float64) {
	if cut {
		points := []canvas.Point{{X: x - width/2 - 1, Y: base - 7}, {X: x + width/2 + 1, Y: base - 10}}
		b.page.Add(canvas.Path{Points: points, Width: 1.8, Color: white})
	}
}

// fallNames writes the bars' names below them and gives their height.
func (b *book) fallNames(w tables.Waterfall, at func(int) float64, pitch float64, s style) float64 {
	deepest := 0.0
	for i, bar := range w.Bars {
		st := s
		for st.size > 4.6 && (len(b.wrap(bar.Name, st, pitch-1)) > fallNames || b.widestWord(bar.Name, st) > pitch-1) {
			st.size *= 0.96
		}
		y := b.y
		for _, line := range b.wrapped(bar.Name, st, pitch-1, fallNames+1) {
			b.write(at(i)-line.Width/2, y+st.ascent(), line, st)
			y += st.leading()
		}
		deepest = max(deepest, y-b.y)
	}
	return deepest
}

// axis is the part of a scale that a chart shows.
type axis struct{ low, high, cut float64 }

// newAxis starts at 0, unless everything happens far above it: then it is cut
// at a round number below.
func newAxis(low, high float64) axis {
	a := axis{min(low, 0), max(high, 0), 0}
	if low > 0 && high-low < cutBelow*high {
		step := roundBelow((high - low) / 2)
		if high == low {
			return a
		}
		a.cut = float64(int64((low-(high-low)*0.6)/step)) * step
		a.low = a.cut
	}
	return a
}

// roundBelow is the largest of 1, 2 and 5 times a power of ten below a number.
func roundBelow(n float64) float64 {
	step := 0.01
	for {
		for _, f := range []float64{2, 5, 10} {
			if step*f > n {
				if f == 2 {
					return step
				}
				return step * map[float64]float64{5: 2, 10: 5}[f]
			}
		}
		step *= 10
	}
}

func (a axis) share(v float64) float64 {
	if a.high == a.low {
		return 0
	}
	return (v - a.low) / (a.high - a.low)
}

const (
	monthsLow  = 84.0
	mostMonths = 13   // latest bars shown
	leastPitch = 21.0 // width of one of them
)

// months draws one figure over the months: the last in the accent, months that
// are not whole as dashed outlines with what they lack.
func (b *book) months(m tables.Months, x, y, width, height float64) {
	bars := m.Bars[max(0, len(m.Bars)-min(mostMonths, int(width/leastPitch))):]
	most := 0.0
	for _, bar := range bars {
		most = max(most, bar.Value.InexactFloat64())
		if bar.Issued != nil {
			most = max(most, bar.Issued.InexactFloat64())
		}
	}
	value := small.sized(6.8).bold().in(ink)
	base, full := y+height-10, height-10-value.leading()
	pitch := width / float64(len(bars))
	w := min(pitch*0.7, 30)
	scale := axis{high: most}
	for i, bar := range bars {
		center := x + (float64(i)+0.5)*pitch
		h := full * scale.share(bar.Value.InexactFloat64())
		color := tint(b.accent, 0.32)
		if bar.Now {
			color = b.accent
		}
		switch {
		case bar.Gap != "":
			b.gapBar(center, base, w, max(h, full*0.5), pitch, bar)
			h = max(h, full*0.5)
		case bar.Unknown:
			b.sayCentered(center, base-3, "unknown", b.fitting("unknown", small, pitch))
		case bar.Issued != nil:
			issued := full * scale.share(bar.Issued.InexactFloat64())
			b.outline(center-w/2, base-issued, w*0.6, issued, nil)
			b.fill(center-w/2+w*0.4, base-h, w*0.6, h, color)
			h = max(h, issued)
		default:
			b.fill(center-w/2, base-h, w, h, color)
		}
		if !bar.Unknown {
			b.sayCentered(center, base-h-2.5, bar.Label, b.fitting(bar.Label, value, pitch-1))
		}
		b.sayCentered(center, base+8.5, bar.Name, b.fitting(bar.Name, small.sized(6.8), pitch-1))
	}
	b.hairline(x, base, width, ink)
}

// gapBar is a month that lacks customers.
func (b *book) gapBar(center, base, w, h, pitch float64, bar tables.Month) {
	b.outline(center-w/2, base-h, w, h, []float64{2, 1.5})
	if bar.Now {
		b.fill(center-w/2, base-2.5, w, 2.5, b.accent)
	}
	s := small.sized(5.8)
	y := base - h/2 - s.leading()
	for _, line := range b.wrapped(bar.Gap, b.fittingWord(bar.Gap, s, w-2), w-1, 3) {
		b.write(center-line.Width/2, y+s.ascent(), line, b.fittingWord(bar.Gap, s, w-2))
		y += s.leading()
	}
}

// fittingWord makes a style smaller until the widest word fits.
func (b *book) fittingWord(words string, s style, width float64) style {
	for s.size > 4 && b.widestWord(words, s) > width {
		s.size *= 0.95
	}
	return s
}

// outline draws an unfilled rectangle.
func (b *book) outline(x, y, w, h float64, dash []float64) {
	points := []canvas.Point{{X: x, Y: y + h}, {X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}}
	b.page.Add(canvas.Path{Points: points, Width: 0.7, Color: grey, Dash: dash})
}

const linesHeight = 92.0

// licenseLines draws acquired and used licenses as two lines.
func (b *book) licenseLines(x, y, width float64) {
	points := tables.LicenseMonths(b.r)
	points = points[max(0, len(points)-mostMonths):]
	number := func(c tables.Cell) int64 { n, _ := c.Int(); return n }
	most := int64(1)
	for _, p := range points {
		most = max(most, number(p.Acquired), number(p.Used))
	}
	base, full := y+linesHeight-10, linesHeight-34
	const values = 46.0 // room at the right for the last values
	at := func(i int) float64 { return x + 14 + float64(i)*(width-values-28)/float64(len(points)-1) }
	height := func(n int64) float64 { return base - full*float64(n)/float64(most) }
	var acquired, used []canvas.Point
	for i, p := range points {
		acquired = append(acquired, canvas.Point{X: at(i), Y: height(number(p.Acquired))})
		used = append(used, canvas.Point{X: at(i), Y: height(number(p.Used))})
		b.sayCentered(at(i), base+8.5, p.Name, b.fitting(p.Name, small.sized(6.8), (width-values-28)/float64(len(points)-1)))
	}
	b.hairline(x, base, width, grey)
	b.page.Add(canvas.Path{Points: acquired, Width: 1.4, Color: grey, Dash: []float64{3, 2}},
		canvas.Path{Points: used, Width: 1.8, Color: b.accent})
	last := len(points) - 1
	b.lineNames(x+width-values, base, acquired[last].Y, used[last].Y, points[last])
}

// lineNames stand at the lines' right ends, apart from one another and above
// the axis.
func (b *book) lineNames(x, axis, acquired, used float64, last tables.LicenseMonth) {
	const apart = 18.0
	upper, lower := &acquired, &used
	if used < acquired {
		upper, lower = lower, upper
	}
	*lower = min(max(*lower, *upper+apart/2), axis-11)
	*upper = min(*upper, *lower-apart)
	b.say(x, acquired+1, "acquired", small)
	b.say(x, acquired+9.5, last.Acquired.Written(cell.KindCount), small.bold().in(ink))
	b.say(x, used+1, "used", small.in(b.accent))
	b.say(x, used+9.5, last.Used.Written(cell.KindCount), small.bold().in(b.accent))
}
