package tables

import (
	"cmp"

	"trueup/report"
	"trueup/report/cell"
)

// The headings that charts of the trend are drawn from.
const (
	HeadMonth          = "Month"
	HeadTrendFindings  = "Findings"
	HeadTrendExposure  = "Exposure"
	HeadIssuedExposure = "Exposure as issued"
	HeadAcquired       = "Acquired"
	HeadUsed           = "Used"
)

func trendSheet() Sheet {
	of := func(value func(r *report.Report, p *report.TrendPoint) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(r, &r.Trend[row]) }
	}
	return Sheet{
		Name: SheetTrend, Table: "tblTrend", Noun: "report", Frozen: 1,
		About: "One report of the history, under today's rules and at today's prices, and as it was issued; the last is this one.",
		Rows:  func(r *report.Report) int { return len(r.Trend) },
		Columns: []Column{
			{Heading: HeadMonth, Width: 10, Kind: cell.KindText, About: "Month of the report, or its day where a month has several; a report without the customers of an instance is marked incomplete.",
				Value: func(r *report.Report, row int) cell.Value { return cell.Text(monthOf(r, row)) }},
			{Heading: "As of", Width: 12, Kind: cell.KindDate, About: "Day of the report.", Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return cell.Time(p.AsOf) })},
			{Heading: "State", Width: 12, Kind: cell.KindText, About: "complete, or the instances that gave no customers.", Value: of(trendState)},
			{Heading: "Customers", Width: 10, Kind: cell.KindCount, About: "Customers of the report.", Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return cell.Int(int64(p.Customers)) })},
			{Heading: HeadAcquired, Width: 10, Kind: cell.KindCount, About: "Acquired licenses, as far as known.", Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return trendAcquired(p).Value }),
				Least: func(r *report.Report, row int) bool { return trendAcquired(&r.Trend[row]).AtLeast }},
			{Heading: HeadUsed, Width: 10, Kind: cell.KindCount, About: "Active users, as far as known.", Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return trendUsed(p).Value }),
				Least: func(r *report.Report, row int) bool { return trendUsed(&r.Trend[row]).AtLeast }},
			{Heading: HeadTrendFindings, Width: 10, Kind: cell.KindCount, About: "Open findings under today's rules; unknown where only what was issued is known.",
				Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value {
					return restated(p, cell.Int(int64(p.Findings)))
				})},
			{Heading: HeadTrendExposure, Width: 12, Kind: cell.KindMoney, Money: true, About: "Exposure under today's rules and at today's prices, a month.",
				Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return trendMoney(p, exposureCell).Value }),
				Least: func(r *report.Report, row int) bool { return trendMoney(&r.Trend[row], exposureCell).AtLeast }},
			{Heading: "Unused value", Width: 12, Kind: cell.KindMoney, Money: true, About: "Value of unused licenses under today's rules and at today's prices, a month.",
				Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value { return trendMoney(p, unusedCell).Value }),
				Least: func(r *report.Report, row int) bool { return trendMoney(&r.Trend[row], unusedCell).AtLeast }},
			{Heading: "Findings as issued", Width: 10, Kind: cell.KindCount, About: "Open findings that the report had when it was issued; empty if no record was kept.",
				Value: of(func(_ *report.Report, p *report.TrendPoint) cell.Value {
					if p.Issued == nil {
						return cell.Empty()
					}
					return cell.Int(int64(p.Issued.Totals.Findings))
				})},
			{Heading: HeadIssuedExposure, Width: 12, Kind: cell.KindMoney, Money: true, About: "Exposure that the report had when it was issued, a month; empty if no record was kept.",
				Value: of(func(r *report.Report, p *report.TrendPoint) cell.Value { return issuedMoney(r, p, exposureCell).Value }),
				Least: func(r *report.Report, row int) bool { return issuedMoney(r, &r.Trend[row], exposureCell).AtLeast }},
			{Heading: "Unused value as issued", Width: 12, Kind: cell.KindMoney, Money: true, About: "Value of unused licenses that the report had when it was issued, a month; empty if no record was kept.",
				Value: of(func(r *report.Report, p *report.TrendPoint) cell.Value { return issuedMoney(r, p, unusedCell).Value }),
				Least: func(r *report.Report, row int) bool { return issuedMoney(r, &r.Trend[row], unusedCell).AtLeast }},
		},
	}
}

// monthOf names a point of the trend.
func monthOf(r *report.Report, row int) string {
	p := &r.Trend[row]
	name := p.AsOf.Format("2006-01")
	if sharesMonth(r.Trend, row) {
		name = Day(p.AsOf)
	}
	if !p.Complete {
		name += " incomplete"
	}
	return name
}

func trendState(_ *report.Report, p *report.TrendPoint) cell.Value {
	return cell.Text(cmp.Or(gapOf(p, len(p.Missing)), "complete"))
}

// restated is unknown where nothing is known but what was issued.
func restated(p *report.TrendPoint, v cell.Value) cell.Value {
	if p.OnlyIssued {
		return cell.Unknown()
	}
	return v
}

// trendAcquired and trendUsed are what was acquired and used, as far as known.
func trendAcquired(p *report.TrendPoint) Cell { return leastCount(p.Acquired, p.NoAcquired) }

func trendUsed(p *report.TrendPoint) Cell { return leastCount(p.ActiveUsers, p.NoActive) }

func trendMoney(p *report.TrendPoint, sum func(*report.MoneyTotals) Cell) Cell {
	if p.Money == nil || p.OnlyIssued {
		return Is(cell.Unknown())
	}
	return sum(p.Money)
}

// issuedMoney is a text where the report had another currency.
func issuedMoney(r *report.Report, p *report.TrendPoint, sum func(*report.MoneyTotals) Cell) Cell {
	if p.Issued == nil || p.Issued.Currency == "" {
		return Cell{}
	}
	c := sum(&p.Issued.Totals.Money)
	if p.Issued.Currency != r.Currency {
		return text(c.Written(cell.KindMoney) + " " + p.Issued.Currency)
	}
	return c
}

// Incomplete are the points of the trend that lack an instance.
func Incomplete(r *report.Report) (rows []int) {
	for row := range r.Trend {
		if !r.Trend[row].Complete {
			rows = append(rows, row)
		}
	}
	return rows
}
