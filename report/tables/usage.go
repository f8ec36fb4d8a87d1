package tables

import (
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
)

// SheetUsage is the sheet of the months that the license histories have.
const SheetUsage = "Usage"

// factorHeads are the headings of the columns that the peak is made of.
var factorHeads = map[fetch.Column]string{
	fetch.DirectRouting: "Direct Routing", fetch.OperatorConnect: "Operator Connect", fetch.LifeCycle: "LifeCycle Management",
	fetch.UserInterface: "User interface", fetch.ServiceNumbers: "Service numbers",
}

// usageSheet has a customer's months one below the other.
func usageSheet() Sheet {
	of := func(value func(m *report.UsageMonth) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Usage[row]) }
	}
	owner := func(value func(c *report.Customer) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Customers[r.Usage[row].Customer]) }
	}
	sheet := Sheet{
		Name: SheetUsage, Table: "tblUsage", Noun: "month", Frozen: 2,
		About: "One month of one customer's license history.",
		Rows:  func(r *report.Report) int { return len(r.Usage) },
		Columns: []Column{
			{Heading: "Customer", Width: 18, Kind: cell.KindText, About: "CustomerShortName of the API.", Value: owner(shortName),
				Link: func(r *report.Report, row int) Target { return toCustomer(r.Usage[row].Customer) }},
			{Heading: "Month", Width: 9, Kind: cell.KindText, About: "Month of the calendar.",
				Value: of(func(m *report.UsageMonth) cell.Value { return cell.Text(m.Name()) })},
			{Heading: "Acquired", Width: 10, Kind: cell.KindCount, About: "acquiredLicenses of the history on the day of the peak.",
				Value: of(func(m *report.UsageMonth) cell.Value { return needed(m.Acquired) })},
			{Heading: "Peak", Width: 10, Kind: cell.KindCount, About: "Highest currentlyLicensed of the days with data.",
				Value: of(func(m *report.UsageMonth) cell.Value { return needed(m.Peak) })},
			{Heading: "Day of the peak", Width: 11, Kind: cell.KindDate, About: "The first day with it.",
				Value: of(func(m *report.UsageMonth) cell.Value { return cell.Time(peakDay(m)) })},
			{Heading: "Average", Width: 10, Kind: cell.KindCount, About: "Mean currentlyLicensed of the days with data, in whole licenses.",
				Value: of(func(m *report.UsageMonth) cell.Value { return needed(m.Rounded()) })},
			{Heading: "Last", Width: 10, Kind: cell.KindCount, About: "currentlyLicensed of the newest day with data.",
				Value: of(func(m *report.UsageMonth) cell.Value { return needed(m.Last) })},
			{Heading: "Utilization", Width: 11, Kind: cell.KindPercent, About: "Peak divided by the licenses acquired then.",
				Value: of(usageUtilization)},
			{Heading: "Days", Width: 7, Kind: cell.KindCount, About: "Days with data. With fewer than nine in ten nobody can tell the month's peak.",
				Value: of(func(m *report.UsageMonth) cell.Value { return cell.Int(int64(m.Days)) })},
			{Heading: "Days in month", Width: 8, Kind: cell.KindCount, About: "Days that the month has.",
				Value: of(func(m *report.UsageMonth) cell.Value { return cell.Int(int64(m.DaysInMonth)) })},
			{Heading: "Judged", Width: 9, Kind: cell.KindText, About: "The month that a peak or an average is taken of.",
				Value: of(func(m *report.UsageMonth) cell.Value { return mark(m.Measured, "judged") })},
			{Heading: "Counted alike", Width: 16, Kind: cell.KindText, About: "Says where license factors were switched within the month: its days do not compare.",
				Value: of(func(m *report.UsageMonth) cell.Value { return mark(m.SwitchesChanged, "factors switched") })},
		},
	}
	for i, factor := range fetch.Factors {
		sheet.Columns = append(sheet.Columns, Column{Heading: factorHeads[factor], Width: 11, Kind: cell.KindCount,
			About: "Of the peak, as the license factor counts it.", Value: of(func(m *report.UsageMonth) cell.Value { return cell.Count(m.Split[i]) })})
	}
	sheet.Columns = append(sheet.Columns,
		Column{Heading: "Limit reached", Width: 12, Kind: cell.KindText, About: "Month in which the licenses acquired now are reached, if the monthly peaks go on as they did; or why nobody can tell.",
			Value: of(forecastValue)},
		Column{Heading: "Manager", Width: 16, Kind: cell.KindText, About: "Account manager, from the contacts file.",
			Value: owner(func(c *report.Customer) cell.Value { return cell.Text(c.Manager) })},
		Column{Heading: "Instance", Width: 12, Kind: cell.KindText, About: "Live Platform instance the customer is on.",
			Value: owner(func(c *report.Customer) cell.Value { return cell.Text(c.Instance) })})
	return sheet
}

func peakDay(m *report.UsageMonth) (t time.Time) {
	if m.Peak.Known() {
		t = m.PeakDay.Time()
	}
	return t
}

func usageUtilization(m *report.UsageMonth) cell.Value {
	if u, ok := m.Utilization(); ok {
		return cell.Float(u)
	}
	return cell.Empty()
}

func forecastValue(m *report.UsageMonth) cell.Value {
	switch {
	case !m.Measured: // it is the same for all months of a customer
		return cell.Empty()
	case m.Forecast.Month == 0:
		return cell.Text(m.Forecast.Reason)
	}
	return cell.Text(m.Forecast.Month.MonthName())
}

func mark(is bool, word string) cell.Value {
	if is {
		return cell.Text(word)
	}
	return cell.Empty()
}
