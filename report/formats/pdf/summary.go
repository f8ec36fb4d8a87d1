package pdf

import (
	"fmt"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// layOutSummary is one page: totals, money, changes, charts.
func (b *book) layOutSummary() {
	b.chapter("Summary")
	b.tiles(b.controlTotals())
	b.tiles(b.findingTotals())
	if b.r.Currency != "" {
		b.tiles(b.moneyTotals())
	}
	b.space(tileGap)
	b.changesLine("What changed since ")
	b.charts()
}

// tile is one figure with its name.
type tile struct {
	value, name, remark string
	accent              bool
}

func (b *book) controlTotals() []tile {
	t := b.r.Totals
	return []tile{
		{value: plain.Number(t.Customers), name: "Customers"},
		{value: b.connectionTotal(), name: "SIP connections", remark: b.notKnown(func(c *report.Customer) bool { return c.Sites == fetch.Known })},
		{value: total(t.Acquired), name: "Acquired licenses", remark: b.notKnown(func(c *report.Customer) bool { return !tables.AcquiredValue(c).IsUnknown() })},
		{value: total(t.ActiveUsers), name: "Active users", remark: b.notKnown(func(c *report.Customer) bool { return c.ActiveUserCount.Known() })},
	}
}

// connectionTotal is unknown where no customer came with its connections.
func (b *book) connectionTotal() string {
	for i := range b.r.Customers {
		if b.r.Customers[i].Sites == fetch.Known {
			return plain.Number(b.r.Totals.SIPConnections)
		}
	}
	if len(b.r.Customers) > 0 {
		return "unknown"
	}
	return "0"
}

// notKnown says of how many customers a total knows nothing.
func (b *book) notKnown(known func(c *report.Customer) bool) string {
	n := 0
	for i := range b.r.Customers {
		if !known(&b.r.Customers[i]) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "not known of " + plain.Counted(n, "customer", "customers")
}

func (b *book) findingTotals() []tile {
	t := b.r.Totals
	return []tile{
		{value: plain.Number(t.Findings), name: "Findings", remark: "in " + plain.Counted(t.WithFindings, "customer", "customers"), accent: true},
		{value: plain.Number(t.Waived), name: "Waived", remark: "accepted, not in the findings"},
		{value: plain.Number(t.NotEvaluable), name: "Not evaluable", remark: "never counted as a pass"},
		{value: plain.Number(t.Clean), name: "Clean customers", remark: "every rule judged, nothing found"},
	}
}

func (b *book) moneyTotals() []tile {
	m := &b.r.Totals.Money
	money := func(words string) string { return words + " " + b.r.Currency }
	unpriced := "all findings priced"
	if m.Unpriced > 0 {
		unpriced = "not in these amounts"
	}
	return []tile{
		{value: money(exposureOf(m)), name: tables.HeadExposure, remark: b.exposureNote(), accent: true},
		{value: money(unusedOf(m)), name: tables.HeadUnused, remark: "a month, open findings"},
		{value: money(atLeast(m.UnpricedWaived) + amount(m.Waived)), name: "Waived amount", remark: "a month, in neither sum"},
		{value: plain.Number(m.Unpriced), name: "Findings without price", remark: unpriced},
	}
}

// exposureNote says of whom the exposure has nothing.
func (b *book) exposureNote() string {
	if n := b.r.UnknownExposures(); n > 0 {
		return "a month, unknown of " + plain.Counted(n, "customer", "customers")
	}
	return "a month, open findings"
}

const (
	tileHeight = 50.0
	tileLow    = 39.0 // without remarks
	tileGap    = 8.0
)

func (b *book) tiles(tiles []tile) {
	height := tileLow
	for _, t := range tiles {
		if t.remark != "" {
			height = tileHeight
		}
	}
	b.place(height, func(y float64) {
		w := (wide - tileGap*float64(len(tiles)-1)) / float64(len(tiles))
		for i, t := range tiles {
			b.tile(t, left+float64(i)*(w+tileGap), y, w, height)
		}
	})
	b.space(tileGap)
}

func (b *book) tile(t tile, x, y, w, height float64) {
	b.fill(x, y, w, height, faint)
	edge := rule
	if t.accent {
		edge = b.accent
	}
	b.fill(x, y, 2, height, edge)
	b.say(x+10, y+13, t.name, label)
	b.say(x+10, y+31, t.value, b.fitting(t.value, style{15, text.Bold, ink}, w-16))
	b.say(x+10, y+43, t.remark, b.fitting(t.remark, small.size6(), w-16))
}

func (s style) size6() style { s.size = 6.4; return s }

// fitting makes a style smaller until the words fit.
func (b *book) fitting(words string, s style, width float64) style {
	for s.size > 5 && b.shape(words, s).Width > width {
		s.size *= 0.93
	}
	return s
}

// changesLine says what is different from the earlier report.
func (b *book) changesLine(since string) {
	c := b.r.Changes
	if c == nil {
		return
	}
	words := fmt.Sprintf("%s new, %s reopened, %s persisting and %s resolved findings; %s and %s.",
		plain.Number(c.New), plain.Number(c.Reopened), plain.Number(c.Persisting), plain.Number(len(c.Resolved)),
		plain.Counted(c.CustomersAdded, "customer added", "customers added"), plain.Counted(c.CustomersGone, "gone", "gone"))
	b.heading(since+dateTime(c.Baseline), h3, nil)
	b.space(1)
	b.paragraph(words, body, left, wide)
	b.space(8)
}
