package tables

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// AcquiredTotal is the sum of the acquired licenses, as far as known.
func AcquiredTotal(r *report.Report) Cell { return leastCount(r.Totals.Acquired, r.Totals.NoAcquired) }

// UsedTotal is the sum of what is used, by the report's measure, as far as known.
func UsedTotal(r *report.Report) Cell { return leastCount(r.Totals.ActiveUsers, r.Totals.NoActive) }

// ConnectionTotal is the number of SIP connections, as far as known; it is
// unknown where no customer came with them.
func ConnectionTotal(r *report.Report) Cell {
	t := &r.Totals
	if t.NoConnections > 0 && t.NoConnections == t.Customers {
		return Is(cell.Unknown())
	}
	return leastCount(int64(t.SIPConnections), t.NoConnections)
}

// leastCount is a number that leaves out some customers.
func leastCount(n int64, leftOut int) Cell { return Cell{Value: cell.Int(n), AtLeast: leftOut > 0} }

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
