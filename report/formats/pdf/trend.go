package pdf

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/rules"
)

const (
	trendHeight = 106.0
	maxPoints   = 24 // latest reports shown
)

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
	b.say(x, acquired+9.5, total(last.Acquired), small.bold().in(ink))
	b.say(x, used+1, "used", small.in(b.accent))
	b.say(x, used+9.5, total(last.ActiveUsers), small.bold().in(b.accent))
}
