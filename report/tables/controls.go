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
	Want   cell.Value // a whole number, or an amount
}

// Controls are the report's control totals, sheet by sheet. Amounts are of
// open findings, except those of the sheet Findings.
func Controls(r *report.Report) []Control {
	t, m := &r.Totals, &r.Totals.Money
	rows := func(sheet string, n int) Control {
		return Control{sheet + ": rows", sheet, "", cell.KindCount, cell.Int(int64(n))}
	}
	sum := func(sheet, column string, n int64) Control {
		return Control{sheet + ": sum of " + column, sheet, column, cell.KindCount, cell.Int(n)}
	}
	all := []Control{
		rows(SheetCustomers, t.Customers),
		sum(SheetCustomers, "Acquired", t.Acquired),
		sum(SheetCustomers, "Used", t.ActiveUsers),
		sum(SheetCustomers, "Findings", int64(t.Findings)),
		sum(SheetCustomers, "Waived", int64(t.Waived)),
		sum(SheetCustomers, "Not evaluable", int64(t.NotEvaluable)),
		rows(SheetConnections, t.SIPConnections),
		rows(SheetFindings, t.Findings+t.Waived),
		sum(SheetRules, "Finding", int64(t.Findings)),
		sum(SheetRules, "Waived", int64(t.Waived)),
		sum(SheetRules, "Not evaluable", int64(t.NotEvaluable)),
		rows(SheetQuality, len(r.NotEvaluable)+len(r.Problems)),
		rows(SheetWaivers, len(r.Waivers)),
	}
	all[7].What += ", open and waived"
	if len(r.Usage) > 0 {
		all = append(all, rows(SheetUsage, len(r.Usage)))
	}
	if r.Changes != nil {
		all = append(all, rows(SheetChanges, len(r.Changes.Rows)))
	}
	if r.Currency == "" {
		return all
	}
	money := func(sheet, column, more string, d decimal.Decimal) Control {
		return Control{sheet + ": sum of " + column + more, sheet, column, cell.KindMoney, cell.Money(d)}
	}
	listed := m.Exposure.Add(m.Unused).Add(m.Waived)
	for i := range r.Findings { // the sheet has what another rule counts as well
		if f := &r.Findings[i]; f.CountedBy >= 0 && f.Amount != nil {
			listed = listed.Add(*f.Amount)
		}
	}
	return append(all,
		money(SheetCustomers, HeadExposure, "", m.Exposure), money(SheetCustomers, HeadUnused, "", m.Unused),
		money(SheetRules, HeadExposure, "", m.Exposure), money(SheetRules, HeadUnused, "", m.Unused),
		money(SheetFindings, "Amount", ", open and waived", listed))
}
