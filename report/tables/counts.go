package tables

import (
	"slices"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// AcquiredTotal is the sum of the acquired licenses, as far as known.
func AcquiredTotal(r *report.Report) Cell {
	return totalOf(r, r.Totals.Acquired, (*report.Customer).AcquiredUnknown)
}

// UsedTotal is the sum of the active users, as far as known.
func UsedTotal(r *report.Report) Cell {
	return totalOf(r, r.Totals.ActiveUsers, func(c *report.Customer) bool { return !c.ActiveUserCount.Known() })
}

// ConnectionTotal is the number of SIP connections, as far as known; it is
// unknown where no customer came with them.
func ConnectionTotal(r *report.Report) Cell {
	if v := connectionTotal(r); v.IsUnknown() {
		return Is(v)
	}
	return totalOf(r, int64(r.Totals.SIPConnections), func(c *report.Customer) bool { return c.Sites != fetch.Known })
}

func totalOf(r *report.Report, sum int64, unknown func(*report.Customer) bool) Cell {
	return Cell{Value: cell.Int(sum), AtLeast: slices.ContainsFunc(r.Customers, func(c report.Customer) bool { return unknown(&c) })}
}

// inProse writes a number of things in a sentence.
func inProse(c Cell, noun string) string {
	n, ok := c.Int()
	switch {
	case !ok:
		return plain.Noun(2, noun, noun+"s") + " unknown"
	case c.AtLeast:
		return "at least " + plain.Counted(n, noun)
	}
	return plain.Counted(n, noun)
}
