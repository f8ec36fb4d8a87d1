package tables

import (
	"slices"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// Tile is one figure of the summary.
type Tile struct {
	Name string
	Cell
	Kind   cell.Kind
	Note   string
	Accent bool // one of the figures that a reader looks for
}

// Tiles are the figures of the summary, four of one subject after another:
// what was read, what was found, and, with prices, what it is worth. A new
// tile is one entry.
func Tiles(r *report.Report) []Tile {
	t, m := &r.Totals, &r.Totals.Money
	tiles := []Tile{
		{Name: "Customers", Cell: count(t.Customers), Kind: cell.KindCount},
		{Name: "SIP connections", Cell: Is(connectionTotal(r)), Kind: cell.KindCount,
			Note: unknownFor(r, func(c *report.Customer) bool { return c.Sites != fetch.Known })},
		{Name: "Acquired licenses", Cell: count(t.Acquired), Kind: cell.KindCount,
			Note: unknownFor(r, (*report.Customer).AcquiredUnknown)},
		{Name: "Active users", Cell: count(t.ActiveUsers), Kind: cell.KindCount,
			Note: unknownFor(r, func(c *report.Customer) bool { return !c.ActiveUserCount.Known() })},
		{Name: "Open findings", Cell: count(t.Findings), Kind: cell.KindCount, Accent: true,
			Note: "in " + plain.Counted(t.WithFindings, "customer")},
		{Name: "Waived", Cell: count(t.Waived), Kind: cell.KindCount, Note: "accepted, not in the findings"},
		{Name: "Not evaluable", Cell: count(t.NotEvaluable), Kind: cell.KindCount, Note: "never counted as a pass"},
		{Name: "Clean customers", Cell: count(t.Clean), Kind: cell.KindCount, Note: "every rule judged, nothing found"},
	}
	if r.Currency == "" {
		return append(tiles, Tile{Name: "Licenses to true up", Cell: count(r.PositionTotal().Over), Kind: cell.KindCount,
			Note: "used and not acquired", Accent: true})
	}
	exposure := "a month, open findings"
	if n := r.UnknownExposures(); n > 0 {
		exposure = "a month, unknown for " + plain.Counted(n, "customer")
	}
	unpriced := "all findings priced"
	if m.Unpriced > 0 {
		unpriced = "not in these amounts"
	}
	return append(tiles,
		Tile{Name: HeadExposure, Cell: exposureCell(m), Kind: cell.KindMoney, Note: exposure, Accent: true},
		Tile{Name: HeadUnused, Cell: unusedCell(m), Kind: cell.KindMoney, Note: "a month, open findings"},
		Tile{Name: "Waived amount", Cell: Cell{Value: cell.Money(m.Waived), AtLeast: m.UnpricedWaived > 0}, Kind: cell.KindMoney, Note: "a month, in neither sum"},
		Tile{Name: "Findings without price", Cell: count(m.Unpriced), Kind: cell.KindCount, Note: unpriced})
}

// connectionTotal is unknown where no customer came with its connections.
func connectionTotal(r *report.Report) cell.Value {
	known := slices.ContainsFunc(r.Customers, func(c report.Customer) bool { return c.Sites == fetch.Known })
	if !known && len(r.Customers) > 0 {
		return cell.Unknown()
	}
	return cell.Int(int64(r.Totals.SIPConnections))
}

// unknownFor says for how many customers a total knows nothing.
func unknownFor(r *report.Report, unknown func(c *report.Customer) bool) string {
	n := 0
	for i := range r.Customers {
		if unknown(&r.Customers[i]) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "unknown for " + plain.Counted(n, "customer")
}

// exposureCell and unusedCell are sums of open findings.
func exposureCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Exposure), AtLeast: m.UnpricedExposure > 0}
}

func unusedCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Unused), AtLeast: m.UnpricedUnused > 0}
}
