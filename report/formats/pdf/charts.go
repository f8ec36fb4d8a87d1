package pdf

import (
	"fmt"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/tables"
	"trueup/rules"
)

const (
	half        = (wide - 24) / 2 // width of one of two charts side by side
	chartTitle  = 20.0            // height of a chart's title
	barsHeight  = 112.0
	barPitch    = 14.5
	barHeight   = 8.5
	trendHeight = 106.0
	maxPoints   = 24 // latest reports shown
)

func (b *book) chartHead(x, y float64, title, remark string) {
	w := b.say(x, y+h3.ascent(), title, h3)
	b.say(x+w+6, y+h3.ascent(), remark, small)
}

// said draws a chart's head, and what is said where there is nothing to draw.
func (b *book) said(c tables.Chart, x, y float64) (nothing bool) {
	b.chartHead(x, y, c.Title, c.Remark)
	if c.Nothing != "" {
		b.say(x, y+chartTitle+cellSt.ascent(), c.Nothing, cellSt)
	}
	return c.Nothing != ""
}

// barChart draws horizontal bars on one scale, each with its name before and
// its value behind it.
func (b *book) barChart(c tables.Chart, x, y, width, names float64) {
	if b.said(c, x, y) {
		return
	}
	y += chartTitle
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
	if b.said(c, x, y) {
		return
	}
	base, full, most := y+height-11, height-chartTitle-24, highest(c)
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

// ruleChart shows as many rules as there is room for, above what is kept free.
func (b *book) ruleChart(below float64) {
	c := tables.RuleChart(b.r)
	if len(c.Bars) == 0 {
		return
	}
	if fit := max(int((b.room()-below-chartTitle)/barPitch), 1); fit < len(c.Bars) {
		c.Remark = fmt.Sprintf("the first %d of %d rules, by severity", fit, len(c.Bars))
		c.Bars = c.Bars[:fit]
	}
	b.place(chartTitle+float64(len(c.Bars))*barPitch, func(y float64) { b.barChart(c, left, y, wide, 210) })
}

// points are the latest reports of the history.
func (b *book) points() []report.TrendPoint {
	return b.r.Trend[max(0, len(b.r.Trend)-maxPoints):]
}

// monthNames writes the points' months below their places, as many as fit.
func (b *book) monthNames(points []report.TrendPoint, at func(i int) float64, baseline float64) {
	const least = 34.0
	free := -1.0
	for i, p := range points {
		if x := at(i); x-least/2 >= free {
			b.sayCentered(x, baseline, p.AsOf.UTC().Format("2006-01"), small)
			free = x + least/2
		}
	}
}

// findingsTrend stacks the findings of each report by severity.
func (b *book) findingsTrend(x, y float64) {
	b.chartHead(x, y, "Findings over time", "under today's rules")
	points := b.points()
	most := 1
	for _, p := range points {
		most = max(most, p.Findings)
	}
	base, full := y+trendHeight-11, trendHeight-chartTitle-22
	pitch := half / float64(len(points))
	width := min(pitch-3, 26)
	at := func(i int) float64 { return x + (float64(i)+0.5)*pitch }
	for i, p := range points {
		top := base
		for k := len(rules.Severities) - 1; k >= 0; k-- {
			s := rules.Severities[k]
			h := full * float64(p.BySeverity[s]) / float64(most)
			top -= h
			b.fill(at(i)-width/2, top, width, h, severityColors[s])
		}
		b.sayCentered(at(i), top-3, plain.Number(p.Findings), b.fitting(plain.Number(p.Findings), small.bold().in(ink), pitch))
	}
	b.hairline(x, base, half, grey)
	b.monthNames(points, at, base+9)
}

// licenseTrend draws acquired and used as two lines.
func (b *book) licenseTrend(x, y float64) {
	points := b.points()
	most := int64(1)
	for _, p := range points {
		most = max(most, p.Acquired, p.ActiveUsers)
	}
	b.chartHead(x, y, "Licenses over time", "")
	base, full := y+trendHeight-11, trendHeight-chartTitle-16
	const values = 46.0 // room at the right for the last values
	at := func(i int) float64 { return x + 14 + float64(i)*(half-values-28)/float64(len(points)-1) }
	height := func(n int64) float64 { return base - full*float64(n)/float64(most) }
	var acquired, used []canvas.Point
	for i, p := range points {
		acquired = append(acquired, canvas.Point{X: at(i), Y: height(p.Acquired)})
		used = append(used, canvas.Point{X: at(i), Y: height(p.ActiveUsers)})
	}
	b.hairline(x, base, half, grey)
	b.page.Add(canvas.Path{Points: acquired, Width: 1.4, Color: grey, Dash: []float64{3, 2}},
		canvas.Path{Points: used, Width: 1.8, Color: b.accent})
	last := points[len(points)-1]
	above, below := acquired[len(points)-1].Y, used[len(points)-1].Y
	b.lineNames(x+half-values, base, above, below, last)
	b.monthNames(points, at, base+9)
}

// lineNames stand at the lines' right ends, apart from one another and above
// the axis.
func (b *book) lineNames(x, axis, acquired, used float64, last report.TrendPoint) {
	const apart = 18.0
	upper, lower := &acquired, &used
	if used < acquired {
		upper, lower = lower, upper
	}
	*lower = min(max(*lower, *upper+apart/2), axis-11)
	*upper = min(*upper, *lower-apart)
	b.say(x, acquired+1, "acquired", small)
	b.say(x, acquired+9.5, plain.Number(last.Acquired), small.bold().in(ink))
	b.say(x, used+1, "used", small.in(b.accent))
	b.say(x, used+9.5, plain.Number(last.ActiveUsers), small.bold().in(b.accent))
}
