package tables

import (
	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
)

// Control is a total that what a sheet holds must come to: the number of its
// rows, or the sum of one of its columns.
type Control struct {
	What   string
	Sheet  string
	Column string // heading; "" for the number of rows
	Kind   cell.Kind
	Want   Cell // a whole number, or an amount
}

// Controls are the report's control totals, sheet by sheet. Amounts are of
// open findings, except those of the sheet Findings.
func Controls(r *report.Report) []Control {
	t, m := &r.Totals, &r.Totals.Money
	rows := func(sheet string, n int) Control {
		return Control{sheet + ": rows", sheet, "", cell.KindCount, count(n)}
	}
	sum := func(sheet, column string, c Cell) Control {
		return Control{sheet + ": sum of " + column, sheet, column, cell.KindCount, c}
	}
	all := []Control{
		rows(SheetCustomers, t.Customers),
		sum(SheetCustomers, "Acquired", AcquiredTotal(r)),
		sum(SheetCustomers, "Used", UsedTotal(r)),
		sum(SheetCustomers, "Findings", count(t.Findings)),
		sum(SheetCustomers, "Waived", count(t.Waived)),
		sum(SheetCustomers, "Not evaluable", count(t.NotEvaluable)),
		rows(SheetConnections, t.SIPConnections),
		rows(SheetFindings, t.Findings+t.Waived),
		sum(SheetRules, "Finding", count(t.Findings)),
		sum(SheetRules, "Waived", count(t.Waived)),
		sum(SheetRules, "Not evaluable", count(t.NotEvaluable)),
		rows(SheetQuality, len(r.NotEvaluable)+len(r.Problems)),
		rows(SheetWaivers, len(r.Waivers)),
	}
	all[6].Want.AtLeast = ConnectionTotal(r).AtLeast
	all[7].What += ", open and waived"
	if len(r.Usage) > 0 {
		all = append(all, rows(SheetUsage, len(r.Usage)))
	}
	if r.Changes != nil {
		all = append(all, rows(SheetChanges, len(r.Changes.Rows)))
	}
	if len(r.Trend) > 0 {
		all = append(all, rows(SheetTrend, len(r.Trend)))
	}
	if r.Currency == "" {
		return all
	}
	money := func(sheet, column, more string, c Cell) Control {
		return Control{sheet + ": sum of " + column + more, sheet, column, cell.KindMoney, c}
	}
	trueUp, surplus := positionAmounts(r.PositionTotal())
	all = append(all,
		money(SheetCustomers, HeadTrueUp, "", trueUp), money(SheetCustomers, HeadSurplus, "", surplus),
		money(SheetCustomers, HeadExposure, "", exposureCell(m)), money(SheetCustomers, HeadUnused, "", unusedCell(m)),
		money(SheetRules, HeadExposure, "", exposureCell(m)), money(SheetRules, HeadUnused, "", unusedCell(m)),
		money(SheetFindings, "Amount", ", open and waived", listedAmounts(r)))
	if c := r.Changes; c != nil && c.Movement.Exposure != nil {
		moved := func(b *report.Bridge) Cell { return Is(cell.Money(explained(b))) }
		all = append(all, money(SheetChanges, HeadMovesExposure, "", moved(c.Movement.Exposure)), money(SheetChanges, HeadMovesUnused, "", moved(c.Movement.Unused)))
	}
	return all
}

// listedAmounts are those of all findings: of those that are open, of those
// that are waived, and of those about licenses that another rule counts.
func listedAmounts(r *report.Report) Cell {
	m := &r.Totals.Money
	sum := m.Exposure.Add(m.Unused).Add(m.Waived)
	for i := range r.Findings {
		if f := &r.Findings[i]; f.CountedBy >= 0 && f.Amount != nil {
			sum = sum.Add(*f.Amount)
		}
	}
	return Cell{Value: cell.Money(sum), AtLeast: m.Unpriced+m.UnpricedWaived > 0}
}

// explained is what the rows of the sheet Changes come to: all steps but those
// that have no finding.
func explained(b *report.Bridge) decimal.Decimal {
	return b.Delta().Sub(b.By[report.RulesChanged]).Sub(b.By[report.Reassigned])
}
