package tables

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// Months is one figure of every report of the history as a chart of bars,
// oldest first; it has no bars without a history.
type Months struct {
	Title, Unit string
	Bars        []Month
}

// Month is one bar.
type Month struct {
	Name    string
	Value   decimal.Decimal
	Label   string           // the value in few characters
	Unknown bool             // there is no such figure of that month
	Issued  *decimal.Decimal // what the report said then, where that differs
	Gap     string           // which instance was missing; "" for a whole month
	Now     bool             // this report
}

// ExposureMonths is the exposure over the months, or without prices the open
// findings.
func ExposureMonths(r *report.Report) Months {
	if r.Currency == "" {
		return monthsOf(r, "Open findings over the months", "today's rules", plain.Number[int64],
			func(p *report.TrendPoint) decimal.Decimal { return decimal.NewFromInt(int64(p.Findings)) },
			func(i *report.Issued) decimal.Decimal { return decimal.NewFromInt(int64(i.Totals.Findings)) })
	}
	return moneyMonths(r, "Exposure over the months", exposureCell)
}

// UnusedMonths is the unused value over the months; without prices it has no
// bars.
func UnusedMonths(r *report.Report) Months {
	if r.Currency == "" {
		return Months{}
	}
	return moneyMonths(r, "Unused value over the months", unusedCell)
}

func moneyMonths(r *report.Report, title string, sum func(*report.MoneyTotals) Cell) Months {
	of := func(m *report.MoneyTotals) decimal.Decimal { d, _ := sum(m).Money(); return d }
	m := monthsOf(r, title, r.Currency+" a month", nil,
		func(p *report.TrendPoint) decimal.Decimal { return of(p.Money) },
		func(i *report.Issued) decimal.Decimal { return of(&i.Totals.Money) })
	for i := range m.Bars {
		if bar := &m.Bars[i]; !bar.Unknown && sum(r.Trend[i].Money).AtLeast {
			bar.Label = "≥ " + bar.Label
		}
	}
	return m
}

// monthsOf makes the bars; a nil label is that of money.
func monthsOf(r *report.Report, title, unit string, label func(int64) string, of func(*report.TrendPoint) decimal.Decimal, issued func(*report.Issued) decimal.Decimal) Months {
	m := Months{Title: title, Unit: unit}
	names := monthNames(r.Trend)
	for i := range r.Trend {
		p := &r.Trend[i]
		bar := Month{Name: names[i], Gap: gapOf(p, 2), Now: i == len(r.Trend)-1}
		if bar.Unknown = !comparable(r, p); !bar.Unknown {
			bar.Value = of(p)
			if label != nil {
				bar.Label = label(bar.Value.IntPart())
			} else {
				bar.Label = Brief(bar.Value)
			}
			if was := p.Issued; was != nil && was.Currency == r.Currency && !issued(was).Equal(bar.Value) {
				said := issued(was)
				bar.Issued = &said
			}
		}
		m.Bars = append(m.Bars, bar)
	}
	if slices.ContainsFunc(m.Bars, func(b Month) bool { return b.Issued != nil }) {
		m.Unit += "; outline: as issued"
	}
	return m
}

// comparable tells whether a month's figures are in today's currency.
func comparable(r *report.Report, p *report.TrendPoint) bool {
	switch {
	case r.Currency == "":
		return true
	case p.OnlyIssued:
		return p.Issued != nil && p.Issued.Currency == r.Currency && p.Money != nil
	}
	return p.Money != nil
}

func gapOf(p *report.TrendPoint, most int) string {
	if p.Complete {
		return ""
	}
	if len(p.Missing) == 0 {
		return "incomplete"
	}
	return listed(p.Missing, most, "instance") + " missing"
}

// monthNames are short: the month, with its year where that begins, or the day
// where a month has several reports.
func monthNames(trend []report.TrendPoint) []string {
	names := make([]string, len(trend))
	for i, p := range trend {
		at := p.AsOf
		names[i] = at.Format("Jan")
		if i == 0 || trend[i-1].AsOf.Year() != at.Year() {
			names[i] = at.Format("Jan 2006")
		}
		if sharesMonth(trend, i) {
			names[i] = at.Format("2 Jan")
		}
	}
	return names
}

// MonthTable is the trend in numbers, the latest month first; it has the first
// rows. What was issued stands below what today's rules and prices make of it,
// where both differ.
func MonthTable(r *report.Report) Table {
	t := Table{Title: "Month by month", Noun: "report", Heads: []Head{{Text: "As of", Kind: cell.KindDate, Paper: 14},
		{Text: "Customers", Kind: cell.KindCount, Paper: 11}, {Text: "Acquired", Kind: cell.KindCount, Paper: 11}, {Text: "Used", Kind: cell.KindCount, Paper: 11},
		{Text: "Open findings", Kind: cell.KindCount, Paper: 15}}}
	if r.Currency != "" {
		t.Heads = append(t.Heads, Head{Text: "Exposure", Kind: cell.KindMoney, Paper: 20}, Head{Text: "Unused value", Kind: cell.KindMoney, Paper: 20})
	}
	t.Heads = append(t.Heads, Head{Text: "Remark", Kind: cell.KindText, Paper: 22})
	if len(r.Trend) < 2 {
		return t
	}
	differs := false
	for i := len(r.Trend) - 1; i >= 0; i-- {
		p := &r.Trend[i]
		findings, exposure, unused := count(p.Findings), Is(cell.Unknown()), Is(cell.Unknown())
		if comparable(r, p) && p.Money != nil {
			exposure, unused = exposureCell(p.Money), unusedCell(p.Money)
		}
		if was := p.Issued; was != nil && !p.OnlyIssued && was.Currency == r.Currency {
			mark := func(c *Cell, same bool, k cell.Kind, said Cell) {
				if !same {
					c.Small, differs = []string{"issued " + said.Written(k)}, true
				}
			}
			m := &was.Totals.Money
			mark(&findings, was.Totals.Findings == p.Findings, cell.KindCount, count(was.Totals.Findings))
			if p.Money != nil {
				mark(&exposure, m.Exposure.Equal(p.Money.Exposure), cell.KindMoney, exposureCell(m))
				mark(&unused, m.Unused.Equal(p.Money.Unused), cell.KindMoney, unusedCell(m))
			}
		}
		cells := []Cell{Is(cell.Time(p.AsOf)), count(p.Customers), trendAcquired(p), trendUsed(p), findings}
		if r.Currency != "" {
			cells = append(cells, exposure, unused)
		}
		t.Rows = append(t.Rows, Row{Cells: append(cells, text(monthRemark(p)))})
	}
	if differs {
		t.Note = "Figures are by today's rules and prices; where the report of then said something else, that stands below as issued."
	}
	return t.filled()
}

func monthRemark(p *report.TrendPoint) string {
	var words []string
	if gap := gapOf(p, 2); gap != "" {
		words = append(words, gap)
	}
	if p.OnlyIssued {
		words = append(words, "as issued")
	}
	return strings.Join(words, "; ")
}

// LicenseMonth is how many licenses were acquired and used in one report.
type LicenseMonth struct {
	Name           string
	Acquired, Used Cell
}

// LicenseMonths are the licenses over the months, oldest first.
func LicenseMonths(r *report.Report) (list []LicenseMonth) {
	names := monthNames(r.Trend)
	for i := range r.Trend {
		list = append(list, LicenseMonth{names[i], trendAcquired(&r.Trend[i]), trendUsed(&r.Trend[i])})
	}
	return list
}

// sharesMonth tells whether the report before or after is of the same month.
func sharesMonth(trend []report.TrendPoint, i int) bool {
	year, month, _ := trend[i].AsOf.Date()
	return slices.ContainsFunc([]int{i - 1, i + 1}, func(k int) bool {
		return k >= 0 && k < len(trend) && trend[k].AsOf.Year() == year && trend[k].AsOf.Month() == month
	})
}
