package report

import "trueup/rules"

func findingsSheet() Sheet {
	finding := func(value func(r *Report, f *Finding) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(r, &r.Findings[row]) }
	}
	customer := func(value func(c *Customer) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Customers[r.Findings[row].Customer]) }
	}
	rule := func(value func(rule *Rule) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Rules[r.Findings[row].Rule]) }
	}
	connection := func(value func(c *Connection) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value {
			if at := r.Findings[row].Connection; at >= 0 {
				return value(&r.Connections[at])
			}
			return Empty()
		}
	}
	return Sheet{
		Name: SheetFindings, Table: "tblFindings", Always: true, Frozen: 4,
		About: "One finding of one rule about one customer or one of its SIP connections. Waived findings stay listed.",
		Rows:  func(r *Report) int { return len(r.Findings) },
		Columns: []Column{
			{Heading: "Severity", Width: 10, Kind: KindSeverity, About: "Severity of the rule: critical, high, medium, low or info.",
				Value: rule(func(rule *Rule) Value { return SeverityValue(rule.Severity) })},
			{Heading: "Verdict", Width: 9, Kind: KindVerdict, About: "finding, or waived if a waiver accepts it.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(f.Verdict.String()) })},
			{Heading: "Rule", Width: 22, Kind: KindID, About: "The rule's id; the sheet Rules explains it.",
				Value: rule(func(rule *Rule) Value { return TextValue(rule.ID) }),
				Link:  func(r *Report, row int) Target { return Target{SheetRules, r.Findings[row].Rule, true} }},
			{Heading: "Customer", Width: 18, Kind: KindText, About: "CustomerShortName of the API.",
				Value: customer(shortName),
				Link:  func(r *Report, row int) Target { return toCustomer(r.Findings[row].Customer) }},
			{Heading: "Full name", Width: 24, Kind: KindText, About: "CustomerFullName of the API.",
				Value: customer(func(c *Customer) Value { return ApiText(c.CustomerFullName) })},
			{Heading: "Message", Width: 36, Most: 46, Kind: KindLongText, About: "What the rule found, with the customer's values.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(f.Message) })},
			{Heading: "Quantity", Width: 10, Kind: KindCount, About: "Licenses the finding is about; empty if it is not about a number of licenses.",
				Value: finding(func(_ *Report, f *Finding) Value { return intPtr(f.Quantity) })},
			{Heading: "Counts as", Width: 10, Kind: KindText, About: "The sum that quantity and amount are in: exposure (used and not acquired), unused (acquired and not used), or waived.",
				Value: finding(CountsAs)},
			{Heading: "Amount", Width: 12, Kind: KindMoney, Money: true, About: "Quantity times the price of the license type, a month; unknown if the type has no price.",
				Value: finding(findingAmount)},
			{Heading: "Connection", Width: 18, Kind: KindText, About: "Name of the SIP connection the finding is about; empty if it is about the customer.",
				Value: connection(func(c *Connection) Value { return orUnknown(c.Name) })},
			{Heading: "SBC", Width: 10, Kind: KindText, About: "SBC of that connection: its id, with its name from the settings.",
				Value: connection(func(c *Connection) Value { return TextValue(c.Sbc()) })},
			{Heading: "Title", Width: 24, Most: 30, Kind: KindText, About: "The rule's title.",
				Value: rule(func(rule *Rule) Value { return TextValue(rule.Title) })},
			{Heading: "Remediation", Width: 36, Most: 44, Kind: KindLongText, About: "What to do about it.",
				Value: rule(func(rule *Rule) Value { return TextValue(rule.Remediation) })},
			{Heading: "Manager", Width: 16, Kind: KindText, Has: hasManagers, About: "Account manager, from the contacts file.",
				Value: customer(func(c *Customer) Value { return TextValue(c.Manager) })},
			{Heading: "Change", Width: 11, Kind: KindText, History: true, About: "new, persisting or reopened, against the earlier report.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(string(f.Change)) })},
			{Heading: "Open since", Width: 12, Kind: KindDate, History: true, About: "Date of the first report in a row that has the finding.",
				Value: finding(func(_ *Report, f *Finding) Value { return TimeValue(f.Since) })},
			{Heading: "Waiver", Width: 24, Most: 32, Kind: KindText, Has: func(r *Report) bool { return r.Totals.Waived > 0 }, About: "The waiver that accepts the finding: id, reason and last day.",
				Value: finding(findingWaiver)},
			{Heading: "Owner", Width: 14, Kind: KindBlank, About: "For people: who takes care of it.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(f.Owner) })},
			{Heading: "Due", Width: 12, Kind: KindBlank, About: "For people: until when.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(f.Due) })},
			{Heading: "Comment", Width: 30, Kind: KindBlank, About: "For people: what was agreed.",
				Value: finding(func(_ *Report, f *Finding) Value { return TextValue(f.Comment) })},
			{Heading: "Instance", Width: 12, Kind: KindText, Has: hasInstances, About: "Live Platform instance the customer is on.",
				Value: customer(func(c *Customer) Value { return TextValue(c.Instance) })},
			{Heading: "Customer GUID", Width: 38, Kind: KindID, About: "UmpCustomerGuid of the API: the customer's identity.",
				Value: customer(func(c *Customer) Value { return TextValue(c.UmpCustomerGuid) })},
			{Heading: "Connection ID", Width: 38, Kind: KindID, About: "Id of the SIP connection.",
				Value: connection(func(c *Connection) Value { return ApiText(c.ID) })},
		},
	}
}

// CountsAs keeps what is owed, what is left over and what is accepted apart,
// since one column of amounts has all three: exposure, unused or waived; empty
// if the finding is not about a number of licenses.
func CountsAs(r *Report, f *Finding) Value {
	switch {
	case f.Quantity == nil:
		return Empty()
	case f.Verdict == rules.Waived:
		return TextValue("waived")
	case r.Rules[f.Rule].Rule.Money == rules.Unused:
		return TextValue("unused")
	}
	return TextValue("exposure")
}

// findingAmount is unknown, not empty, where licenses have no price.
func findingAmount(_ *Report, f *Finding) Value {
	if f.Amount == nil && f.Quantity != nil {
		return Unknown()
	}
	return moneyPtr(f.Amount)
}

func findingWaiver(r *Report, f *Finding) Value {
	if f.Verdict != rules.Waived || f.Waiver < 0 {
		return Empty()
	}
	w := &r.Waivers[f.Waiver]
	return TextValue(w.ID + " until " + w.Expires.String() + ": " + w.Reason)
}
