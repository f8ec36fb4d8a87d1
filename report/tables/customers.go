package tables

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

func customersSheet() Sheet {
	of := func(value func(c *report.Customer) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Customers[row]) }
	}
	positionOf := func(value func(r *report.Report, c *report.Customer) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value {
			if c := &r.Customers[row]; c.Counted() {
				return value(r, c)
			}
			return cell.Empty()
		}
	}
	least := func(money func(c *report.Customer) Cell) func(*report.Report, int) bool {
		return func(r *report.Report, row int) bool { return money(&r.Customers[row]).AtLeast }
	}
	severity := func(s rules.Severity) func(*report.Report, int) cell.Value {
		return of(func(c *report.Customer) cell.Value { return cell.Int(int64(c.BySeverity[s])) })
	}
	sheet := Sheet{
		Name: SheetCustomers, Table: "tblCustomers", Noun: "customer", Always: true, Frozen: 1,
		About: "One customer of the API's list.",
		Rows:  func(r *report.Report) int { return len(r.Customers) },
		Columns: []Column{
			{Heading: "Customer", Width: 18, Kind: cell.KindText, About: "CustomerShortName of the API.",
				Value: of(shortName)},
			{Heading: "Full name", Width: 24, Kind: cell.KindText, About: "CustomerFullName of the API.",
				Value: of(func(c *report.Customer) cell.Value { return cell.API(c.CustomerFullName) })},
			{Heading: "Verdict", Width: 9, Kind: cell.KindVerdict, About: "finding, unknown (no finding, but a rule could not be evaluated), waived or ok.",
				Value: of(func(c *report.Customer) cell.Value { return cell.Text(string(c.Verdict)) })},
			{Heading: "Doubtful", Width: 10, Kind: cell.KindText, About: "The list has the customer again, with other values: one of the entries is wrong, and the sums have all of them.",
				Value: of(func(c *report.Customer) cell.Value {
					if c.Doubtful {
						return cell.Text("listed again")
					}
					return cell.Empty()
				})},
			{Heading: "License", Width: 22, Kind: cell.KindText, About: "Name of the LicenseType.",
				Value: of(func(c *report.Customer) cell.Value { return cell.Text(c.LicenseName) })},
			{Heading: "Acquired", Width: 10, Kind: cell.KindCount, About: "LicensedUsersCount of the API: licenses purchased. Empty: not licensed by user count.",
				Value: of(func(c *report.Customer) cell.Value { return AcquiredValue(c) })},
			{Heading: "Used", Width: 10, Kind: cell.KindCount, About: "ActiveUserCount of the API: active users counted by the license factors; or the month's peak or average, where the rule over-license-usage measures by it.",
				Value: of(func(c *report.Customer) cell.Value { return needed(c.Used) })},
			{Heading: "Delta", Width: 10, Kind: cell.KindDelta, About: "Used minus acquired: above zero is to be trued up.",
				Value: of(DeltaValue)},
			{Heading: "Utilization", Width: 11, Kind: cell.KindPercent, About: "Used divided by acquired; empty if nothing was acquired.",
				Value: of(utilizationValue)},
			{Heading: "Unit price", Width: 10, Kind: cell.KindMoney, Money: true, About: "Price of one license of the customer's type, a month; unknown if the type has none, empty if the license is not counted by user.",
				Value: positionOf(func(r *report.Report, c *report.Customer) cell.Value { return moneyOrUnknown(r.Prices.Of(c.Customer)) })},
			{Heading: "Over", Width: 8, Kind: cell.KindCount, About: "Licenses used beyond those acquired.",
				Value: positionOf(func(_ *report.Report, c *report.Customer) cell.Value { return beyond(c, 1) })},
			{Heading: "Surplus", Width: 8, Kind: cell.KindCount, About: "Licenses acquired beyond those used.",
				Value: positionOf(func(_ *report.Report, c *report.Customer) cell.Value { return beyond(c, -1) })},
			{Heading: HeadTrueUp, Width: 12, Kind: cell.KindMoney, Money: true, About: "Over times unit price, a month, before waivers: what the license position comes to.",
				Value: positionOf(func(r *report.Report, c *report.Customer) cell.Value { return worth(r, c, 1) })},
			{Heading: HeadSurplus, Width: 12, Kind: cell.KindMoney, Money: true, About: "Surplus times unit price, a month, whether a rule flags it or not.",
				Value: positionOf(func(r *report.Report, c *report.Customer) cell.Value { return worth(r, c, -1) })},
			{Heading: HeadExposure, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of the customer's open findings about licenses used and not acquired, a month; unknown if a count or the price is, ≥ if those of a part are.",
				Value: of(func(c *report.Customer) cell.Value { return exposureOf(c).Value }), Least: least(exposureOf)},
			{Heading: HeadUnused, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of the customer's open findings about licenses acquired and not used, a month; licenses no rule flags are not in it.",
				Value: of(func(c *report.Customer) cell.Value { return unusedOf(c).Value }), Least: least(unusedOf)},
			{Heading: "Acquired before", Width: 10, Kind: cell.KindCount, History: true, About: "Acquired in the earlier report; empty if the customer was not in it.", Value: of(acquiredBefore)},
			{Heading: "Acquired Δ", Width: 10, Kind: cell.KindDelta, History: true, About: "Licenses bought since then; below zero those returned.",
				Value: of(func(c *report.Customer) cell.Value { return moreThan(AcquiredValue(c), acquiredBefore(c)) })},
			{Heading: "Used before", Width: 10, Kind: cell.KindCount, History: true, About: "Used in the earlier report; empty if the customer was not in it.", Value: of(usedBefore)},
			{Heading: "Used Δ", Width: 10, Kind: cell.KindDelta, History: true, About: "Used more than then; below zero less.",
				Value: of(func(c *report.Customer) cell.Value { return moreThan(needed(c.Used), usedBefore(c)) })},
			{Heading: "Exposure Δ", Width: 12, Kind: cell.KindSigned, History: true, Money: true, About: "What the customer owes more than in the earlier report; new if it owed nothing then.", Value: exposureSince},
			{Heading: "Highest severity", Width: 10, Kind: cell.KindSeverity, About: "Worst severity among the customer's open findings.",
				Value: of(highest)},
			rank(of(highest)),
			{Heading: "Findings", Width: 9, Kind: cell.KindCount, About: "Open findings, waived ones not counted; the link leads to the first.",
				Value: of(func(c *report.Customer) cell.Value { return cell.Int(int64(c.OpenFindings())) }),
				Link:  firstFinding},
		},
	}
	for _, s := range rules.Severities {
		word := strings.ToUpper(s.String()[:1]) + s.String()[1:]
		sheet.Columns = append(sheet.Columns, Column{Heading: word, Width: 8, Kind: cell.KindCount,
			About: "Open findings of severity " + s.String() + ".", Value: severity(s)})
	}
	sheet.Columns = append(sheet.Columns,
		Column{Heading: "Waived", Width: 8, Kind: cell.KindCount, About: "Findings that a waiver accepts.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Int(int64(c.Waived)) })},
		Column{Heading: "Not evaluable", Width: 10, Kind: cell.KindCount, About: "Rules that could not be judged; the sheet Data quality says why.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Int(int64(c.NotEvaluable)) })},
		Column{Heading: "Connections", Width: 11, Kind: cell.KindCount, About: "SIP connections; unknown if the list came without them.",
			Value: of(connectionCount)},
		Column{Heading: "By state", Width: 16, Kind: cell.KindText, About: "Connections by sbcDeploymentState, as the API sent it, behind its meaning where the settings give one.",
			Value: of(func(c *report.Customer) cell.Value { return stateCounts(c.ByState) })},
		Column{Heading: "By type", Width: 16, Kind: cell.KindText, About: "Connections by sbcConfigurationType, as the API sent it, behind its meaning where the settings give one.",
			Value: of(func(c *report.Customer) cell.Value { return stateCounts(c.ByType) })},
		Column{Heading: "Live Hub active", Width: 10, Kind: cell.KindCount, About: "LiveHubActiveUsersCount of the API; shown, never judged.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Count(c.LiveHubActiveUsersCount) })},
		Column{Heading: "Live Hub simple", Width: 10, Kind: cell.KindCount, About: "LiveHubSimpleUsersCount of the API; shown, never judged.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Count(c.LiveHubSimpleUsersCount) })},
		Column{Heading: "Manager", Width: 16, Kind: cell.KindText, About: "Account manager, from the contacts file.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Text(c.Manager) })},
		Column{Heading: "Instance", Width: 12, Kind: cell.KindText, About: "Live Platform instance the customer is on.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Text(c.Instance) })},
		Column{Heading: "Microsoft tenant", Width: 38, Kind: cell.KindID, About: "MsTenantId of the API: the customer's Microsoft 365 tenant.",
			Value: of(func(c *report.Customer) cell.Value { return cell.API(c.MsTenantId) })},
		Column{Heading: "Customer GUID", Width: 38, Kind: cell.KindID, About: "UmpCustomerGuid of the API: the customer's identity.",
			Value: of(func(c *report.Customer) cell.Value { return cell.Text(c.UmpCustomerGuid) })},
	)
	return sheet
}

// beyond is how many licenses are used beyond those acquired, or with sign -1
// acquired beyond those used; unknown where a count is.
func beyond(c *report.Customer, sign int64) cell.Value {
	if c.Delta == nil {
		return cell.Unknown()
	}
	return cell.Int(max(sign**c.Delta, 0))
}

// worth is what those licenses come to.
func worth(r *report.Report, c *report.Customer, sign int64) cell.Value {
	n, ok := beyond(c, sign).Int()
	switch {
	case !ok:
		return cell.Unknown()
	case n == 0:
		return cell.Money(decimal.Zero)
	}
	return moneyOrUnknown(r.Prices.Worth(c.Customer, n))
}

func acquiredBefore(c *report.Customer) cell.Value {
	if c.Before == nil {
		return cell.Empty()
	}
	return cell.Count(c.Before.Acquired)
}

func usedBefore(c *report.Customer) cell.Value {
	if c.Before == nil {
		return cell.Empty()
	}
	return needed(c.Before.Used)
}

// moreThan is how much a count is above an earlier one: empty where one is
// empty, else unknown where one is unknown.
func moreThan(now, before cell.Value) cell.Value {
	a, ok := now.Int()
	b, both := before.Int()
	switch {
	case now.IsEmpty() || before.IsEmpty():
		return cell.Empty()
	case !ok || !both:
		return cell.Unknown()
	}
	return cell.Int(a - b)
}

// exposureSince is empty for customers that owe nothing and never did.
func exposureSince(r *report.Report, row int) cell.Value {
	c := &r.Customers[row]
	owed := c.Before != nil && (!c.Before.Exposure.IsZero() || c.Before.NoExposure > 0)
	switch {
	case c.NoExposure > 0:
		return cell.Unknown()
	case c.Exposure.IsZero() && !owed:
		return cell.Empty()
	}
	return sinceLast(r, c)
}

// AcquiredValue is unknown where the type has a count and the API sent none,
// and empty where the license is not counted by user.
func AcquiredValue(c *report.Customer) cell.Value {
	if c.AcquiredUnknown() {
		return cell.Unknown()
	}
	return cell.Count(c.LicensedUsersCount)
}

// shortName is what rows are found by: never blank.
func shortName(c *report.Customer) cell.Value { return orUnknown(c.CustomerShortName) }

// DeltaValue is used minus acquired. It is unknown where one of the two would
// be there and is not, and empty where the license has no count of users.
func DeltaValue(c *report.Customer) cell.Value {
	switch {
	case c.Delta != nil:
		return cell.Int(*c.Delta)
	case AcquiredValue(c).IsEmpty():
		return cell.Empty()
	}
	return cell.Unknown()
}

// utilizationValue is used per acquired license: unknown and empty as the
// delta, and empty where nothing was acquired.
func utilizationValue(c *report.Customer) cell.Value {
	switch {
	case c.Utilization != nil:
		return cell.Float(*c.Utilization)
	case c.Delta != nil:
		return cell.Empty()
	}
	return DeltaValue(c)
}

// exposureOf and unusedOf are a customer's sums: unknown, not zero, where
// nothing of them is known; empty where the license has no count of users.
func exposureOf(c *report.Customer) Cell { return customerMoney(c, c.Exposure, c.NoExposure) }

func unusedOf(c *report.Customer) Cell { return customerMoney(c, c.Unused, c.NoUnused) }

func customerMoney(c *report.Customer, d *decimal.Decimal, leftOut int) Cell {
	if d.IsZero() && leftOut == 0 && c.Delta == nil {
		return Cell{}
	}
	return knownPart(d, leftOut)
}

// knownPart is an amount that leaves something out: unknown where nothing of it
// is known.
func knownPart(d *decimal.Decimal, leftOut int) Cell {
	if leftOut > 0 && d.IsZero() {
		return Is(cell.Unknown())
	}
	return Cell{Value: cell.Money(*d), AtLeast: leftOut > 0}
}

// needed is a count that every customer has: null is unknown.
func needed(c fetch.Count) cell.Value {
	if !c.Known() {
		return cell.Unknown()
	}
	return cell.Int(c.N)
}

func highest(c *report.Customer) cell.Value {
	if s, ok := c.HighestSeverity(); ok {
		return cell.Severity(s)
	}
	return cell.Empty()
}

func firstFinding(r *report.Report, row int) Target {
	if f := r.Customers[row].Findings; len(f) > 0 {
		return Target{SheetFindings, f[0], true}
	}
	return Target{}
}

func connectionCount(c *report.Customer) cell.Value {
	if c.Sites != fetch.Known {
		return cell.Unknown()
	}
	return cell.Int(int64(c.Connections[1] - c.Connections[0]))
}

func stateCounts(counts []report.StateCount) cell.Value {
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = c.Value + ": " + strconv.Itoa(c.Count)
	}
	return cell.Text(strings.Join(parts, ", "))
}

func orUnknown(t fetch.Text) cell.Value {
	if !t.Known() || t.S == "" {
		return cell.Unknown()
	}
	return cell.Text(t.Shown())
}

// moneyOrUnknown is for columns that are only there if there are prices: an
// amount without a price is not known.
func moneyOrUnknown(d *decimal.Decimal) cell.Value {
	if d == nil {
		return cell.Unknown()
	}
	return cell.Money(*d)
}
