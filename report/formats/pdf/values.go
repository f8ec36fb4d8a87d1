package pdf

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
)

func dateTime(t time.Time) string { return cell.Time(t).Format(cell.KindTime) }

func date(t time.Time) string { return cell.Time(t).Format(cell.KindDate) }

// total writes a sum.
func total(n int64) string { return cell.Int(n).Format(cell.KindCount) }

func percent(share float64) string { return cell.Float(share).Format(cell.KindPercent) }

// amount writes an amount without its currency.
func amount(d decimal.Decimal) string { return cell.Money(d).Format(cell.KindMoney) }

// atLeast is the sign before a sum that leaves n amounts out.
func atLeast(n int) string {
	if n == 0 {
		return ""
	}
	return "≥ "
}

// exposureOf writes a sum of open findings, marked if it leaves some out.
func exposureOf(m *report.MoneyTotals) string {
	return atLeast(m.UnpricedExposure) + amount(m.Exposure)
}

func unusedOf(m *report.MoneyTotals) string { return atLeast(m.UnpricedUnused) + amount(m.Unused) }

// orDash writes a value; what has nothing to say is a dash.
func orDash(v cell.Value, kind cell.Kind) string {
	if v.IsEmpty() {
		return "–"
	}
	return v.Format(kind)
}

// amountOr writes an amount that may not be known.
func amountOr(d *decimal.Decimal, other string) string {
	if d == nil {
		return other
	}
	return amount(*d)
}

// apiCount shows a count of the API: null is what it means there, anything
// else that is not a number is unknown.
func apiCount(c fetch.Count, null string) string {
	switch c.State {
	case fetch.Known:
		return total(c.N)
	case fetch.Null:
		return null
	}
	return "unknown"
}

// apiText shows a text of the API.
func apiText(t fetch.Text, null string) string {
	if t.State == fetch.Null || t.Known() && t.S == "" {
		return null
	}
	if !t.Known() {
		return "unknown"
	}
	return t.S
}

func itoa(n int) string { return strconv.Itoa(n) }
