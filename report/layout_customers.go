package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

func customersSheet() Sheet {
	of := func(value func(c *Customer) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Customers[row]) }
	}
	severity := func(s rules.Severity) func(*Report, int) Value {
		return of(func(c *Customer) Value { return IntValue(int64(c.BySeverity[s])) })
	}
	sheet := Sheet{
		Name: SheetCustomers, Table: "tblCustomers", Always: true, Frozen: 1,
		About: "One customer of the API's list.",
		Rows:  func(r *Report) int { return len(r.Customers) },
		Columns: []Column{
			{Heading: "Customer", Width: 18, Kind: KindText, About: "CustomerShortName of the API.",
				Value: of(shortName)},
			{Heading: "Full name", Width: 24, Kind: KindText, About: "CustomerFullName of the API.",
				Value: of(func(c *Customer) Value { return ApiText(c.CustomerFullName) })},
			{Heading: "Verdict", Width: 9, Kind: KindVerdict, About: "finding, unknown (no finding, but a rule could not be evaluated), waived or ok.",
				Value: of(func(c *Customer) Value { return TextValue(string(c.Verdict)) })},
			{Heading: "License", Width: 22, Kind: KindText, About: "Name of the LicenseType.",
				Value: of(func(c *Customer) Value { return TextValue(c.LicenseName) })},
			{Heading: "Acquired", Width: 10, Kind: KindCount, About: "LicensedUsersCount of the API: licenses purchased. Empty: not licensed by user count.",
				Value: of(func(c *Customer) Value { return AcquiredValue(c) })},
			{Heading: "Used", Width: 10, Kind: KindCount, About: "ActiveUserCount of the API: active users counted by the license factors.",
				Value: of(func(c *Customer) Value { return needed(c.ActiveUserCount) })},
			{Heading: "Delta", Width: 10, Kind: KindDelta, About: "Used minus acquired: above zero is to be trued up.",
				Value: of(DeltaValue)},
			{Heading: "Utilization", Width: 11, Kind: KindPercent, About: "Used divided by acquired; empty if nothing was acquired.",
				Value: of(utilizationValue)},
			{Heading: HeadExposure, Width: 12, Kind: KindMoney, Money: true, About: "Amount of the customer's open findings about licenses used and not acquired, a month; unknown if a count or the price is.",
				Value: of(func(c *Customer) Value { return customerMoney(c, c.Exposure) })},
			{Heading: HeadUnused, Width: 12, Kind: KindMoney, Money: true, About: "Amount of the customer's open findings about licenses acquired and not used, a month; licenses that no rule minds are not in it.",
				Value: of(func(c *Customer) Value { return customerMoney(c, c.Unused) })},
			{Heading: "Highest severity", Width: 10, Kind: KindSeverity, About: "Worst severity among the customer's open findings.",
				Value: of(highest)},
			{Heading: "Findings", Width: 9, Kind: KindCount, About: "Open findings, waived ones not counted; the link leads to the first.",
				Value: of(func(c *Customer) Value { return IntValue(int64(openFindings(c))) }),
				Link:  firstFinding},
		},
	}
	for _, s := range rules.Severities {
		word := strings.ToUpper(s.String()[:1]) + s.String()[1:]
		sheet.Columns = append(sheet.Columns, Column{Heading: word, Width: 8, Kind: KindCount,
			About: "Open findings of severity " + s.String() + ".", Value: severity(s)})
	}
	sheet.Columns = append(sheet.Columns,
		Column{Heading: "Waived", Width: 8, Kind: KindCount, About: "Findings that a waiver accepts.",
			Value: of(func(c *Customer) Value { return IntValue(int64(c.Waived)) })},
		Column{Heading: "Not evaluable", Width: 10, Kind: KindCount, About: "Rules that could not be judged; the sheet Data quality says why.",
			Value: of(func(c *Customer) Value { return IntValue(int64(c.NotEvaluable)) })},
		Column{Heading: "Connections", Width: 11, Kind: KindCount, About: "SIP connections; unknown if the list came without them.",
			Value: of(connectionCount)},
		Column{Heading: "By state", Width: 16, Kind: KindText, About: "Connections by sbcDeploymentState, as the API sent it.",
			Value: of(func(c *Customer) Value { return stateCounts(c.ByState) })},
		Column{Heading: "By type", Width: 16, Kind: KindText, About: "Connections by sbcConfigurationType, as the API sent it.",
			Value: of(func(c *Customer) Value { return stateCounts(c.ByType) })},
		Column{Heading: "Live Hub active", Width: 10, Kind: KindCount, About: "LiveHubActiveUsersCount of the API; shown, never judged.",
			Value: of(func(c *Customer) Value { return CountValue(c.LiveHubActiveUsersCount) })},
		Column{Heading: "Live Hub simple", Width: 10, Kind: KindCount, About: "LiveHubSimpleUsersCount of the API; shown, never judged.",
			Value: of(func(c *Customer) Value { return CountValue(c.LiveHubSimpleUsersCount) })},
		Column{Heading: "Manager", Width: 16, Kind: KindText, Has: hasManagers, About: "Account manager, from the contacts file.",
			Value: of(func(c *Customer) Value { return TextValue(c.Manager) })},
		Column{Heading: "Instance", Width: 12, Kind: KindText, Has: hasInstances, About: "Live Platform instance the customer is on.",
			Value: of(func(c *Customer) Value { return TextValue(c.Instance) })},
		Column{Heading: "Microsoft tenant", Width: 38, Kind: KindID, About: "MsTenantId of the API: the customer's Microsoft 365 tenant.",
			Value: of(func(c *Customer) Value { return ApiText(c.MsTenantId) })},
		Column{Heading: "Customer GUID", Width: 38, Kind: KindID, About: "UmpCustomerGuid of the API: the customer's identity.",
			Value: of(func(c *Customer) Value { return TextValue(c.UmpCustomerGuid) })},
	)
	return sheet
}

// AcquiredValue is unknown where the type has a count and the API sent null,
// and empty where the license is not counted by user.
func AcquiredValue(c *Customer) Value {
	if c.LicensedUsersCount.State == fetch.Null && fetch.CountedByUser(c.LicenseType) {
		return Unknown()
	}
	return CountValue(c.LicensedUsersCount)
}

// shortName is what rows are found by: never blank.
func shortName(c *Customer) Value { return orUnknown(c.CustomerShortName) }

// DeltaValue is used minus acquired. It is unknown where one of the two would
// be there and is not, and empty where the license has no count of users.
func DeltaValue(c *Customer) Value {
	switch {
	case c.Delta != nil:
		return IntValue(*c.Delta)
	case AcquiredValue(c).IsEmpty():
		return Empty()
	}
	return Unknown()
}

// utilizationValue is used per acquired license: unknown and empty as the
// delta, and empty where nothing was acquired.
func utilizationValue(c *Customer) Value {
	switch {
	case c.Utilization != nil:
		return FloatValue(*c.Utilization)
	case c.Delta != nil:
		return Empty()
	}
	return DeltaValue(c)
}

// customerMoney is unknown, not zero, where counts are missing that could
// have made an amount; it is empty where the license has no count of users.
func customerMoney(c *Customer, d *decimal.Decimal) Value {
	switch {
	case d == nil:
		return Unknown()
	case d.IsZero() && c.Delta == nil:
		return DeltaValue(c)
	}
	return MoneyValue(*d)
}

func hasSbcNames(r *Report) bool {
	return slices.ContainsFunc(r.Connections, func(c Connection) bool { return c.SbcName != "" })
}

// needed is a count that every customer has: null is unknown.
func needed(c fetch.Count) Value {
	if !c.Known() {
		return Unknown()
	}
	return IntValue(c.N)
}

func highest(c *Customer) Value {
	if s, ok := c.HighestSeverity(); ok {
		return SeverityValue(s)
	}
	return Empty()
}

func openFindings(c *Customer) (n int) {
	for _, count := range c.BySeverity {
		n += count
	}
	return n
}

func firstFinding(r *Report, row int) Target {
	if f := r.Customers[row].Findings; len(f) > 0 {
		return Target{SheetFindings, f[0], true}
	}
	return Target{}
}

func connectionCount(c *Customer) Value {
	if c.Sites != fetch.Known {
		return Unknown()
	}
	return IntValue(int64(c.Connections[1] - c.Connections[0]))
}

func stateCounts(counts []StateCount) Value {
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = c.Value + ": " + strconv.Itoa(c.Count)
	}
	return TextValue(strings.Join(parts, ", "))
}

func connectionsSheet() Sheet {
	of := func(value func(c *Connection) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Connections[row]) }
	}
	owner := func(value func(c *Customer) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Customers[r.Connections[row].Customer]) }
	}
	return Sheet{
		Name: SheetConnections, Table: "tblConnections", Frozen: 2,
		About: "One SIP connection (SiteLocation of the API) of one customer.",
		Rows:  func(r *Report) int { return len(r.Connections) },
		Columns: []Column{
			{Heading: "Customer", Width: 18, Kind: KindText, About: "CustomerShortName of the API.",
				Value: owner(shortName),
				Link:  func(r *Report, row int) Target { return toCustomer(r.Connections[row].Customer) }},
			{Heading: "Connection", Width: 20, Kind: KindText, About: "name of the API; unknown if it has none.",
				Value: of(func(c *Connection) Value { return orUnknown(c.Name) })},
			{Heading: "SBC ID", Width: 8, Kind: KindCount, About: "sbcId of the API.",
				Value: of(func(c *Connection) Value { return needed(c.SbcID) })},
			{Heading: "SBC", Width: 12, Kind: KindText, Has: hasSbcNames, About: "Name of the SBC, from the settings.",
				Value: of(func(c *Connection) Value { return TextValue(c.SbcName) })},
			{Heading: "Deployment state", Width: 16, Kind: KindText, About: "sbcDeploymentState of the API, as sent; anything but Deployed is not confirmed deployed.",
				Value: of(func(c *Connection) Value { return orUnknown(c.SbcDeploymentState) })},
			{Heading: "Configuration type", Width: 16, Kind: KindText, About: "sbcConfigurationType of the API, as sent: SipTrunk is the provider's trunk, Byoc the customer's own carrier.",
				Value: of(func(c *Connection) Value { return orUnknown(c.SbcConfigurationType) })},
			{Heading: "Findings", Width: 9, Kind: KindCount, About: "Open findings about this connection.",
				Value: of(func(c *Connection) Value { return IntValue(int64(c.Findings)) })},
			{Heading: "Manager", Width: 16, Kind: KindText, Has: hasManagers, About: "Account manager, from the contacts file.",
				Value: owner(func(c *Customer) Value { return TextValue(c.Manager) })},
			{Heading: "Instance", Width: 12, Kind: KindText, Has: hasInstances, About: "Live Platform instance the customer is on.",
				Value: owner(func(c *Customer) Value { return TextValue(c.Instance) })},
			{Heading: "Connection ID", Width: 38, Kind: KindID, About: "id of the API.",
				Value: of(func(c *Connection) Value { return ApiText(c.ID) })},
			{Heading: "Customer GUID", Width: 38, Kind: KindID, About: "UmpCustomerGuid of the API.",
				Value: owner(func(c *Customer) Value { return TextValue(c.UmpCustomerGuid) })},
		},
	}
}

func orUnknown(t fetch.Text) Value {
	if !t.Known() || t.S == "" {
		return Unknown()
	}
	return TextValue(t.S)
}

// moneyOrUnknown is for columns that are only there if there are prices: an
// amount without a price is not known.
func moneyOrUnknown(d *decimal.Decimal) Value {
	if d == nil {
		return Unknown()
	}
	return MoneyValue(*d)
}
