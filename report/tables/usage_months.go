package tables

import (
	"maps"
	"slices"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
)

// mostUsedMonths is how many months are shown: the latest.
const mostUsedMonths = 13

// The headings of the sums by month that charts show.
const (
	HeadPeaks   = "Peaks"
	HeadAverage = "Average"
)

// usedIn sums the license histories of one month.
type usedIn struct {
	customers, acquired, peaks, average int64

	someUntold, someUnpaired bool // histories with too few days; peaks without acquired licenses
}

func (s *usedIn) add(m *fetch.Month) {
	if !m.Enough() {
		s.someUntold = true
		return
	}
	s.customers++
	s.peaks += m.Peak.N
	s.average += m.Rounded().N
	s.acquired += m.Acquired.N // 0 where that is not known
	s.someUnpaired = s.someUnpaired || !m.Acquired.Known()
}

// UsageByMonth sums the license histories, a row for each of the latest months
// that any of them tells enough of; no rows where none was fetched.
func UsageByMonth(r *report.Report) Table {
	t := Table{Title: "Usage by month", Noun: "month",
		Note: "Sums over the customers with data for at least nine days in ten: their own peaks, be they on different days, the licenses acquired on those days, and their averages. ≥ where a customer's history does not tell.",
		Heads: []Head{{Text: HeadMonth, Kind: cell.KindText}, {Text: "Customers", Kind: cell.KindCount},
			{Text: HeadAcquired, Kind: cell.KindCount}, {Text: HeadPeaks, Kind: cell.KindCount}, {Text: HeadAverage, Kind: cell.KindCount}}}
	months := map[fetch.Day]*usedIn{}
	for i := range r.Usage {
		m := &r.Usage[i].Month
		if months[m.First] == nil {
			months[m.First] = &usedIn{}
		}
		months[m.First].add(m)
	}
	maps.DeleteFunc(months, func(_ fetch.Day, s *usedIn) bool { return s.customers == 0 })
	failed := slices.ContainsFunc(r.Customers, func(c report.Customer) bool { return c.Usage != nil && !c.Usage.Known() })
	for _, first := range latest(slices.Sorted(maps.Keys(months))) {
		s := months[first]
		least := failed || s.someUntold
		t.Rows = append(t.Rows, Row{Cells: []Cell{text(first.MonthName()), count(s.customers), {Value: cell.Int(s.acquired), AtLeast: least || s.someUnpaired},
			{Value: cell.Int(s.peaks), AtLeast: least}, {Value: cell.Int(s.average), AtLeast: least}}})
	}
	return t
}

// UsedMonths are the latest months of a customer's license history, for a chart:
// none where fewer than two have a peak.
func UsedMonths(c *report.Customer) []fetch.Month {
	if !c.Usage.Known() {
		return nil
	}
	months := latest(c.Usage.Months())
	if peaks := slices.DeleteFunc(slices.Clone(months), func(m fetch.Month) bool { return !m.Peak.Known() }); len(peaks) < 2 {
		return nil
	}
	return months
}

func latest[T any](months []T) []T { return months[max(0, len(months)-mostUsedMonths):] }
