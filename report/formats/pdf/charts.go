package pdf

import (
	"fmt"

	"trueup/fetch/plain"
	"trueup/report/formats/pdf/canvas"
	"trueup/rules"
)

const (
	half       = (wide - 24) / 2 // width of one of two charts side by side
	chartTitle = 20.0            // height of a chart's title
	barPitch   = 14.5
	barHeight  = 8.5
)

// charts fills what the summary page has left.
func (b *book) charts() {
	b.place(112, func(y float64) {
		b.severityChart(left, y)
		b.utilizationChart(left+half+24, y, 112)
	})
	b.space(14)
	trend := 0.0
	if len(b.r.Trend) > 1 {
		trend = trendHeight + 14
	}
	b.ruleChart(trend)
	b.exposureTable(trend)
	if trend > 0 {
		b.space(14)
		b.place(trendHeight, func(y float64) {
			b.findingsTrend(left, y)
			b.licenseTrend(left+half+24, y)
		})
	}
}

func (b *book) chartHead(x, y float64, title, remark string) {
	w := b.say(x, y+h3.ascent(), title, h3)
	b.say(x+w+6, y+h3.ascent(), remark, small)
}

// bar is one horizontal bar with its name before and its value behind it.
type bar struct {
	name  string
	value int
	color canvas.Color
	to    *canvas.Anchor
}

// bars draws horizontal bars on one scale.
func (b *book) bars(x, y, width, names float64, bars []bar) {
	most := 1
	for _, bar := range bars {
		most = max(most, bar.value)
	}
	for _, bar := range bars {
		b.write(x, y+cellSt.ascent(), b.clip(bar.name, cellSt, names-6), cellSt)
		full := width - names - 40
		w := full * float64(bar.value) / float64(most)
		b.fill(x+names, y+1, w, barHeight, bar.color)
		b.say(x+names+w+4, y+cellSt.ascent(), plain.Number(bar.value), cellSt.bold())
		if bar.to != nil {
			b.page.Add(canvas.Link{X: x, Y: y, W: width, H: barPitch, To: bar.to})
		}
		y += barPitch
	}
}

func (b *book) severityChart(x, y float64) {
	b.chartHead(x, y, "Findings by severity", "")
	if b.r.Totals.Findings == 0 {
		b.say(x, y+chartTitle+cellSt.ascent(), b.noFindings(), cellSt)
		return
	}
	var bars []bar
	for _, s := range rules.Severities {
		bars = append(bars, bar{name: s.String(), value: b.r.Totals.BySeverity[s], color: severityColors[s]})
	}
	b.bars(x, y+chartTitle, half, 52, bars)
}

// noFindings is said where there would be a chart of nothing.
func (b *book) noFindings() string {
	if n := b.r.Totals.NotEvaluable; n > 0 {
		return "No open finding; " + plain.Counted(n, "verdict", "verdicts") + " could not be given."
	}
	return "No open finding."
}

// ruleChart shows the rules that found something, in the report's order, and
// leaves room below for the trend.
func (b *book) ruleChart(below float64) {
	var bars []bar
	for i := range b.r.Rules {
		r := &b.r.Rules[i]
		if n := r.Tally[rules.Finding]; n > 0 {
			bars = append(bars, bar{r.Title, n, severityColors[r.Severity], b.rules[i]})
		}
	}
	if len(bars) == 0 {
		return
	}
	fit := max(int((b.room()-below-chartTitle)/barPitch), 1)
	remark := ""
	if len(bars) > fit {
		remark = fmt.Sprintf("the first %d of %d rules, by severity", fit, len(bars))
		bars = bars[:fit]
	}
	b.place(chartTitle+float64(len(bars))*barPitch, func(y float64) {
		b.chartHead(left, y, "Findings by rule", remark)
		b.bars(left, y+chartTitle, wide, 210, bars)
	})
}

// bin counts the customers whose utilization is at most a limit.
type bin struct {
	name  string
	limit float64
	count int
	over  bool
}

// utilizationBins sorts the customers by utilization; none counts those
// without one.
func (b *book) utilizationBins() (bins []bin, none int) {
	bins = []bin{{"0–20 %", 0.2, 0, false}, {"20–40 %", 0.4, 0, false}, {"40–60 %", 0.6, 0, false}, {"60–80 %", 0.8, 0, false},
		{"80–90 %", 0.9, 0, false}, {"90–100 %", 1, 0, false}, {"> 100 %", 0, 0, true}}
	for i := range b.r.Customers {
		u := b.r.Customers[i].Utilization
		if u == nil {
			none++
			continue
		}
		at := 0
		for !bins[at].over && *u > bins[at].limit {
			at++
		}
		bins[at].count++
	}
	return bins, none
}

// utilizationChart shows how many customers use how much of their licenses.
func (b *book) utilizationChart(x, y, height float64) {
	bins, none := b.utilizationBins()
	remark := "customers by used per acquired"
	if none > 0 {
		remark += ", " + plain.Number(none) + " without"
	}
	b.chartHead(x, y, "Utilization", remark)
	if none == len(b.r.Customers) {
		b.say(x, y+chartTitle+cellSt.ascent(), "No customer has both counts.", cellSt)
		return
	}
	most := 1
	for _, bin := range bins {
		most = max(most, bin.count)
	}
	base, full := y+height-11, height-chartTitle-24
	pitch := half / float64(len(bins))
	for i, bin := range bins {
		color := tint(b.accent, 0.55)
		if bin.over {
			color = severityColors[rules.High]
		}
		at, h := x+float64(i)*pitch, full*float64(bin.count)/float64(most)
		b.fill(at+3, base-h, pitch-6, h, color)
		b.sayCentered(at+pitch/2, base-h-3, plain.Number(bin.count), small.bold().in(ink))
		b.sayCentered(at+pitch/2, base+9, bin.name, b.fitting(bin.name, small, pitch-1))
	}
	b.hairline(x, base, half, grey)
}

func (b *book) sayCentered(x, baseline float64, words string, s style) {
	line := b.shape(words, s)
	b.write(x-line.Width/2, baseline, line, s)
}
