package pdf

import (
	"strings"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// list lays out a list that is capped, with its title.
func (b *book) list(t tables.Table) {
	if len(t.Rows) == 0 {
		return
	}
	b.space(12)
	b.section(t.Title)
	b.printed(t.InOne(), listed)
}

// changes are the bridge in numbers, the findings behind each of its steps,
// and the customers that came, went, bought or returned.
func (b *book) changes(most int) {
	b.printed(tables.Bridge(b.r).InOne(), listed)
	b.grouped("Findings that moved a figure", tables.ChangesOnPaper(b.r, most))
	b.grouped("Customers and licenses", tables.CustomersOnPaper(b.r, most))
}

// grouped lays lists out below one head, each with its title above its rows.
func (b *book) grouped(title string, list []tables.Table) {
	if len(list) == 0 {
		return
	}
	b.space(14)
	b.section(title)
	b.groups(list, listed, func(i int) {
		b.hold(4, nil)
		b.band(list[i].Title, &canvas.Anchor{})
	})
}

// band is the title of one of several lists that share a head.
func (b *book) band(title string, to *canvas.Anchor) {
	b.entries = append(b.entries, entry{title: title, level: 2, to: to})
	b.heading(title, h3, to, 2)
}

// positions are what finance compares with the contract, and how that went
// over the months.
func (b *book) positions(most int) {
	b.printed(tables.Positions(b.r).First(max(most, 8)).InOne(), dense)
	if b.r.Changes == nil {
		b.list(tables.Bridge(b.r))
	}
	b.space(12)
	usage := tables.UtilizationChart(b.r)
	b.place(panelHead+linesHeight, func(y float64) {
		b.y = y
		x := leftHalf
		if len(b.r.Trend) > 1 {
			x = rightHalf
			b.panel(leftHalf, half, "Licenses over the months", "acquired and used")
			b.licenseLines(leftHalf, y+panelHead, half)
		}
		b.panel(x, half, usage.Title, usage.Remark)
		b.columnChart(usage, x, y+panelHead, linesHeight)
	})
	if len(b.r.Trend) < 2 {
		return
	}
	exposure, unused := tables.ExposureMonths(b.r), tables.UnusedMonths(b.r)
	b.space(14)
	b.place(panelHead+linesHeight, func(y float64) {
		b.y = y
		for i, m := range []tables.Months{exposure, unused} {
			if x := []float64{leftHalf, rightHalf}[i]; len(m.Bars) > 0 {
				b.panel(x, half, m.Title, m.Unit)
				b.months(m, x, y+panelHead, half, linesHeight)
			}
		}
	})
	b.list(tables.MonthTable(b.r).First(most))
}

// findings lists the most valuable findings of each rule, with what the rule
// says.
func (b *book) findings(most int) {
	order := tables.RulesByAmount(b.r)
	shown := min(len(order), 5*most)
	if words := tables.RulesShown(b.r, order, shown); words != "" {
		b.paragraph(words, body, left, wide)
		b.space(6)
	}
	list := tables.FindingsOnPaper(b.r, order[:shown], min(2*most, lengths[0]), max(most/4, 2))
	b.groups(list, listed, func(i int) { b.rule(order[i], i == 0, most > tight) })
}

const ruleSize = 9.6 // of a rule's title

// tight is how few rows leave no room for references.
const tight = 3

// rule heads the findings of a rule.
func (b *book) rule(at int, first, reference bool) {
	r := &b.r.Rules[at]
	if !first {
		b.space(9)
	}
	b.hold(4, nil)
	b.listed(r.Title, h3.sized(ruleSize), b.rules[at])
	for i, line := range b.wrapped(strings.Join(tables.RuleFacts(b.r, r), " · "), small, wide-12, 2) {
		b.hold(small.leading(), func(y float64) {
			if i == 0 {
				b.fill(left, y+2, square, square, severityColors[r.Severity])
			}
			b.write(left+square+4, y+small.ascent(), line, small)
		})
	}
	b.space(1)
	b.labelled("Why", r.Why, listed.cell, "", 2)
	b.labelled("What to do", r.Remediation, listed.cell, "", 2)
	if reference {
		web := ""
		if strings.HasPrefix(r.Reference, "https://") || strings.HasPrefix(r.Reference, "http://") {
			web = r.Reference
		}
		b.labelled("Reference", r.Reference, listed.small, web, 1)
	}
}

// mostWaivers are listed, so that the next part has a page.
const mostWaivers = 12

func (b *book) waivers(most int) {
	b.paragraph(tables.WaiverLine, body, left, wide)
	b.space(6)
	b.printed(tables.WaiversOnPaper(b.r, min(most, mostWaivers)).InOne(), listed)
}

// method is how far the figures can be trusted: what could not be judged, how
// they come about, and what they were made from.
func (b *book) method(most int) {
	b.section(tables.SheetQuality)
	b.paragraph(tables.QualityLine(b.r), body, left, wide)
	b.space(6)
	b.table(tables.Quality(b.r, most), listed)
	b.list(tables.ByRule(b.r).First(most))
	b.list(tables.Sources(b.r).First(most))
	b.space(14)
	b.section("How the figures come about")
	b.paragraphs(tables.Method(b.r))
	b.space(12)
	b.section("Made from")
	for _, f := range tables.MadeFrom(b.r) {
		b.labelled(f.Name, f.Text, listed.cell, "", 2)
		b.place(0, nil)
	}
}

// paragraphs explain one thing each, in two columns.
func (b *book) paragraphs(list []tables.Paragraph) {
	const labelled = 58.0
	s := listed.small.in(ink)
	lines := make([][]text.Line, len(list))
	heights, sum := make([]float64, len(list)), 0.0
	for i, p := range list {
		lines[i] = b.wrap(p.Text, s, half-labelled)
		heights[i] = 2.5 + float64(len(lines[i]))*s.leading()
		sum += heights[i]
	}
	first, tall := 0, 0.0
	for tall < sum/2 {
		tall += heights[first]
		first++
	}
	b.place(max(tall, sum-tall), func(top float64) {
		x, y := leftHalf, top
		for i, p := range list {
			if i == first {
				x, y = rightHalf, top
			}
			b.say(x, y+s.ascent(), p.Name, s.in(grey))
			for n, line := range lines[i] {
				b.write(x+labelled, y+float64(n)*s.leading()+s.ascent(), line, s)
			}
			y += heights[i]
		}
	})
}
