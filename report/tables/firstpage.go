package tables

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// Letterhead is whose report it is: the organization, the title and, of a
// pack, the account manager.
func Letterhead(r *report.Report) string {
	words := r.Title
	if r.Organization != "" {
		words = r.Organization + " · " + words
	}
	if r.Manager != "" {
		words += " · " + r.Manager
	}
	return words
}

// Compared says of which moment the report is, and with which it is compared.
func Compared(r *report.Report) string {
	words := "as of " + AsOf(r)
	if r.Changes != nil {
		words += " · compared with " + Day(r.Changes.Baseline)
	}
	return words
}

// HeadlineFigure is the figure of the headline, as it stands there, and
// whether it is worse than in the earlier report, or there is none; "" where
// nothing is owed.
func HeadlineFigure(r *report.Report) (words string, worse bool) {
	switch {
	case owesNothing(r):
		return "", false
	case r.Currency == "":
		over := r.PositionTotal().Over
		return plain.Counted(over, "license"), r.Changes == nil || over > r.Changes.Before.Over
	}
	worse = !comparesMoney(r) || r.Changes.Movement.Exposure.Delta().IsPositive()
	return r.Currency + " " + Exposure(r).Format(cell.KindMoney), worse
}

// Wholeness is how far a report can be taken for the whole.
type Wholeness int

// From the best to the worst: everything is there and judged, some verdicts
// could not be given, the customers of an instance are missing.
const (
	AllThere Wholeness = iota
	Unjudged
	Gapped
)

// WholenessOf tells how whole a report is, and the word for it, which stands
// before what Completeness says.
func WholenessOf(r *report.Report) (Wholeness, string) {
	complete, _ := Completeness(r)
	switch {
	case len(r.Missing()) > 0:
		return Gapped, "INCOMPLETE."
	case !complete:
		return Unjudged, "Complete, but not all judged."
	}
	return AllThere, "Complete."
}

// InOne is the table as one wide printed part has it: with all columns that
// have a part of the paper and something in them.
func (t Table) InOne() Table {
	return t.columns(func(_ int, h Head) bool { return h.Paper > 0 }).filled()
}

// Still tells that there is nothing to draw: no bars, or all of them 0.
func (w Waterfall) Still() bool {
	return !slices.ContainsFunc(w.Bars, func(b Fall) bool { return !b.Value.IsZero() })
}

// Range is between what heights the bars begin and end.
func (w Waterfall) Range() (low, high float64) {
	for i, b := range w.Bars {
		for _, d := range []decimal.Decimal{b.From, b.To} {
			at := d.InexactFloat64()
			if b.Total && d.Equal(b.From) && !d.Equal(b.To) {
				continue // it stands on the ground
			}
			if i == 0 {
				low, high = at, at
			}
			low, high = min(low, at), max(high, at)
		}
	}
	return low, high
}

// Written is a height of the chart in few characters.
func (w Waterfall) Written(at float64) string {
	d := decimal.NewFromFloat(at)
	if strings.HasPrefix(w.Unit, "exposure") {
		return Brief(d)
	}
	return d.String()
}

// First is the chart with its first bars.
func (c Chart) First(n int) Chart {
	if n < len(c.Bars) {
		c.Remark = "the first " + plain.Number(n) + " of " + plain.Counted(len(c.Bars), "rule") + ", by severity"
		c.Bars = c.Bars[:n]
	}
	return c
}
