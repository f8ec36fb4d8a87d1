package tables

import (
	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// AcquiredTotal is the sum of the acquired licenses, as far as known.
func AcquiredTotal(r *report.Report) Cell {
	return Cell{Value: cell.Int(r.Totals.Acquired), AtLeast: without(r, (*report.Customer).AcquiredUnknown) > 0}
}

// UsedTotal is the sum of what is used, by the report's measure, as far as known.
func UsedTotal(r *report.Report) Cell {
	return Cell{Value: cell.Int(r.Totals.ActiveUsers), AtLeast: without(r, noActive) > 0}
}

// ConnectionTotal is the number of SIP connections, as far as known; it is
// unknown where no customer came with them.
func ConnectionTotal(r *report.Report) Cell {
	n := without(r, noConnections)
	if n > 0 && n == len(r.Customers) {
		return Is(cell.Unknown())
	}
	return Cell{Value: cell.Int(int64(r.Totals.SIPConnections)), AtLeast: n > 0}
}

func noConnections(c *report.Customer) bool { return c.Sites != fetch.Known }

func noActive(c *report.Customer) bool { return !c.Used.Known() }

// without counts the customers that a total leaves out.
func without(r *report.Report, unknown func(*report.Customer) bool) (n int) {
	for i := range r.Customers {
		if unknown(&r.Customers[i]) {
			n++
		}
	}
	return n
}

// Counted writes a number of things in a sentence.
func (c Cell) Counted(noun string) string {
	n, ok := c.Int()
	switch {
	case !ok:
		return noun + "s unknown"
	case c.AtLeast:
		return "at least " + plain.Counted(n, noun)
	}
	return plain.Counted(n, noun)
}
