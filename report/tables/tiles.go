package tables

import (
	"github.com/shopspring/decimal"

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
	return []Tile{exposureTile(r), unusedTile(r), findingsTile(r), usedTile(r), unjudgedTile(r)}
}

func exposureTile(r *report.Report) Tile {
	tile := Tile{Name: "Licenses over", Cell: count(r.PositionTotal().Over), Kind: cell.KindCount, Note: "used and not acquired"}
	if r.Currency != "" {
		tile = Tile{Name: "Exposure, " + r.Currency, Cell: Exposure(r), Kind: cell.KindMoney,
			Note: monthly(r, func(c *report.Customer) int { return c.NoExposure })}
	}
	if c := r.Changes; c != nil {
		tile.since(c.Before.Over, c.Movement.Exposure)
	}
	return tile
}

// monthly says what a sum is of, and for how many customers a part is unknown.
func monthly(r *report.Report, leftOut func(*report.Customer) int) string {
	n := 0
	for i := range r.Customers {
		if leftOut(&r.Customers[i]) > 0 {
			n++
		}
	}
	if n > 0 {
		return "a month, unknown for " + countCustomers(n)
	}
	return "a month, open findings"
}

func unusedTile(r *report.Report) Tile {
	tile := Tile{Name: "Licenses unused", Cell: count(r.PositionTotal().Surplus), Kind: cell.KindCount, Note: "acquired and not used"}
	if r.Currency != "" {
		tile = Tile{Name: "Unused value, " + r.Currency, Cell: UnusedSum(r), Kind: cell.KindMoney,
			Note: monthly(r, func(c *report.Customer) int { return c.NoUnused })}
	}
	if c := r.Changes; c != nil {
		tile.since(c.Before.Surplus, c.Movement.Unused)
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

// since compares licenses with those of the earlier report, and an amount with
// its, if that is known.
func (t *Tile) since(licenses int64, amount *report.Bridge) {
	if n, ok := t.Int(); ok {
		t.was(cell.Int(licenses), decimal.NewFromInt(n-licenses), decimal.NewFromInt(licenses))
	}
	if amount == nil || t.Kind != cell.KindMoney {
		return
	}
	before := cell.Money(amount.Before)
	t.was(before, amount.Delta(), amount.Before)
	if amount.BeforeAtLeast {
		t.Note = "was ≥ " + before.Format(cell.KindMoney)
	}
	if amount.AtLeast() && t.Delta != "" {
		t.Delta += ", known parts"
	}
}

// was says what a figure was, and what it changed by: also in percent, where
// there was something. More of it is worse.
func (t *Tile) was(before cell.Value, delta, of decimal.Decimal) {
	t.Note = "was " + before.Format(t.Kind)
	if delta.IsZero() {
		return
	}
	t.Worse, t.Better = delta.IsPositive(), delta.IsNegative()
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
// how many instances, with how many connections, licenses acquired and used.
func Portfolio(r *report.Report) string {
	words := Scope(r)
	if n := len(r.Sources); n > 1 {
		words += " on " + plain.Counted(n, "instance")
	}
	return words + ", " + ConnectionTotal(r).Counted("SIP connection") + ", " + AcquiredTotal(r).Counted("acquired license") + ", " + UsedTotal(r).Counted("active user")
}

// exposureCell and unusedCell are sums of open findings.
func exposureCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Exposure), AtLeast: m.UnpricedExposure > 0}
}

func unusedCell(m *report.MoneyTotals) Cell {
	return Cell{Value: cell.Money(m.Unused), AtLeast: m.UnpricedUnused > 0}
}
