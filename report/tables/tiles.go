package tables

import (
	"slices"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// Tile is one figure of the first page: now, before, and what it changed by.
type Tile struct {
	Name string
	Cell
	Kind  cell.Kind
	Note  string // what stands below it: what it was, or what it is of
	Delta string // how it changed; "" without an earlier report, or if it did not
	Worse bool   // it changed for the worse
	// Better is that it changed for the better; some changes are neither.
	Better bool
}

// Tiles are the figures of the first page, money first. A new tile is one
// entry.
func Tiles(r *report.Report) []Tile {
	t := []Tile{exposureTile(r), unusedTile(r), findingsTile(r), usedTile(r), unjudgedTile(r)}
	return t
}

func exposureTile(r *report.Report) Tile {
	if r.Currency == "" {
		over := r.PositionTotal().Over
		tile := Tile{Name: "Licenses over", Cell: count(over), Kind: cell.KindCount, Note: "used and not acquired"}
		if c := r.Changes; c != nil {
			tile.was(cell.Int(c.Before.Over), decimal.NewFromInt(over-c.Before.Over), decimal.NewFromInt(c.Before.Over), true)
		}
		return tile
	}
	tile := Tile{Name: "Exposure, " + r.Currency, Cell: Exposure(r), Kind: cell.KindMoney, Note: "a month, open findings"}
	if n := r.UnknownExposures(); n > 0 {
		tile.Note = "a month, unknown for " + countCustomers(n)
	}
	if c := r.Changes; c != nil && c.Movement.Exposure != nil {
		tile.moved(c.Movement.Exposure)
	}
	return tile
}

func unusedTile(r *report.Report) Tile {
	if r.Currency == "" {
		surplus := r.PositionTotal().Surplus
		tile := Tile{Name: "Licenses unused", Cell: count(surplus), Kind: cell.KindCount, Note: "acquired and not used"}
		if c := r.Changes; c != nil {
			tile.was(cell.Int(c.Before.Surplus), decimal.NewFromInt(surplus-c.Before.Surplus), decimal.NewFromInt(c.Before.Surplus), true)
		}
		return tile
	}
	tile := Tile{Name: "Unused value, " + r.Currency, Cell: UnusedSum(r), Kind: cell.KindMoney, Note: "a month, open findings"}
	if c := r.Changes; c != nil && c.Movement.Unused != nil {
		tile.moved(c.Movement.Unused)
	}
	return tile
}

func findingsTile(r *report.Report) Tile {
	tile := Tile{Name: "Open findings", Cell: count(r.Totals.Findings), Kind: cell.KindCount, Note: "in " + countCustomers(r.Totals.WithFindings)}
	if c := r.Changes; c != nil {
		b := &c.Movement.Findings
		tile.Note = "was " + plain.Number(b.Before.IntPart())
		came := b.By[report.StepNew].Add(b.By[report.NewCustomers]).IntPart()
		tile.Delta = plain.Number(came) + " new, " + plain.Number(b.By[report.Fixed].Neg().IntPart()) + " fixed"
		tile.Worse, tile.Better = b.Delta().IsPositive(), b.Delta().IsNegative()
	}
	return tile
}

func usedTile(r *report.Report) Tile {
	p := r.PositionTotal()
	tile := Tile{Name: "Used of acquired", Kind: cell.KindPercent, Note: plain.Number(p.Used) + " of " + plain.Number(p.Acquired) + " licenses"}
	u, ok := p.Utilization()
	if !ok {
		tile.Note = "no license type with a count"
		return tile
	}
	tile.Cell = Is(cell.Float(u))
	if c := r.Changes; c != nil && c.Before.Acquired > 0 {
		points := decimal.NewFromFloat(100 * (u - float64(c.Before.Used)/float64(c.Before.Acquired))).Round(1)
		if !points.IsZero() {
			tile.Delta = signed(points) + " points"
		}
	}
	return tile
}

func unjudgedTile(r *report.Report) Tile {
	tile := Tile{Name: "Not judgeable", Cell: count(r.Totals.NotEvaluable), Kind: cell.KindCount, Note: "verdicts; never counted as a pass"}
	if c := r.Changes; c != nil {
		tile.Note = "was " + plain.Number(c.Before.NotEvaluable)
		n := len(c.Lost)
		tile.Worse, tile.Better = n > 0 || r.Totals.NotEvaluable > c.Before.NotEvaluable, n == 0 && r.Totals.NotEvaluable < c.Before.NotEvaluable
		if n > 0 {
			tile.Delta = plain.Counted(n, "finding") + " lost"
		}
	}
	tile.Note += accepted(r)
	return tile
}

// moved says what an amount was and what it changed by.
func (t *Tile) moved(b *report.Bridge) {
	before := cell.Money(b.Before)
	t.was(before, b.Delta(), b.Before, true)
	if b.BeforeAtLeast {
		t.Note = "was ≥ " + before.Format(cell.KindMoney)
	}
	if b.AtLeast() && t.Delta != "" {
		t.Delta += ", known parts"
	}
}

// was says what a figure was, and what it changed by: also in percent, where
// there was something.
func (t *Tile) was(before cell.Value, delta, of decimal.Decimal, moreIsWorse bool) {
	t.Note = "was " + before.Format(t.Kind)
	if delta.IsZero() {
		return
	}
	t.Worse = delta.IsPositive() == moreIsWorse
	t.Better = !t.Worse
	if t.Kind == cell.KindMoney {
		t.Delta = cell.Money(delta).Format(cell.KindSigned)
	} else {
		t.Delta = cell.Int(delta.IntPart()).Format(cell.KindDelta)
	}
	if !of.IsZero() {
		t.Delta += " (" + signed(delta.Mul(decimal.NewFromInt(100)).Div(of).Round(1)) + " %)"
	}
}

func signed(d decimal.Decimal) string {
	if d.IsPositive() {
		return "+" + d.StringFixed(1)
	}
	return d.StringFixed(1)
}

// Portfolio says in a line whose customers the report is about: how many, on
// how many instances, with how many connections, and at which prices.
func Portfolio(r *report.Report) string {
	words := Scope(r)
	if n := len(r.Sources); n > 1 {
		words += " on " + plain.Counted(n, "instance")
	}
	if v := connectionTotal(r); v.IsUnknown() {
		words += ", SIP connections unknown"
	} else {
		words += ", " + plain.Counted(r.Totals.SIPConnections, "SIP connection")
	}
	return words + ", " + plain.Number(r.Totals.Acquired) + " acquired licenses, " + plain.Counted(r.Totals.ActiveUsers, "active user")
}

// exposureCell and unusedCell are sums of open findings.
func exposureCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Exposure), AtLeast: m.UnpricedExposure > 0}
}

func unusedCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Unused), AtLeast: m.UnpricedUnused > 0}
}

// connectionTotal is unknown where no customer came with its connections.
func connectionTotal(r *report.Report) cell.Value {
	known := slices.ContainsFunc(r.Customers, func(c report.Customer) bool { return c.Sites == fetch.Known })
	if !known && len(r.Customers) > 0 {
		return cell.Unknown()
	}
	return cell.Int(int64(r.Totals.SIPConnections))
}
