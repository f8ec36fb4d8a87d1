package tables

import (
	"time"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

func findingsSheet() Sheet {
	finding := func(value func(r *report.Report, f *report.Finding) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(r, &r.Findings[row]) }
	}
	customer := func(value func(c *report.Customer) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Customers[r.Findings[row].Customer]) }
	}
	rule := func(value func(rule *report.Rule) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Rules[r.Findings[row].Rule]) }
	}
	connection := func(value func(c *report.Connection) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value {
			if at := r.Findings[row].Connection; at >= 0 {
				return value(&r.Connections[at])
			}
			return cell.Empty()
		}
	}
	severity := rule(func(rule *report.Rule) cell.Value { return cell.Severity(rule.Severity) })
	return Sheet{
		Name: SheetFindings, Table: "tblFindings", Noun: "finding", Always: true, Frozen: 3,
		About: "One finding of one rule about one customer or one of its SIP connections, by severity, then amount. Waived findings stay listed.",
		Rows:  func(r *report.Report) int { return len(r.Findings) },
		Columns: []Column{
			{Heading: "Severity", Brief: true, Width: 10, Kind: cell.KindSeverity, About: "Severity of the rule: critical, high, medium, low or info.", Value: severity},
			rank(severity),
			{Heading: "Customer", Brief: true, Width: 18, Kind: cell.KindText, About: "CustomerShortName of the API.",
				Value: customer(shortName),
				Link:  func(r *report.Report, row int) Target { return toCustomer(r.Findings[row].Customer) }},
			{Heading: "Title", Brief: true, Width: 24, Most: 30, Kind: cell.KindText, About: "The rule's title; the sheet Rules explains it.",
				Value: rule(func(rule *report.Rule) cell.Value { return cell.Text(rule.Title) }),
				Link:  func(r *report.Report, row int) Target { return Target{SheetRules, r.Findings[row].Rule, true} }},
			{Heading: "Message", Brief: true, Width: 36, Most: 46, Kind: cell.KindLongText, About: "What the rule found, with the customer's values.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Text(f.Message) })},
			{Heading: "Verdict", Brief: true, Width: 9, Kind: cell.KindVerdict, About: "finding, or waived if a waiver accepts it.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Text(f.Verdict.String()) })},
			{Heading: "Quantity", Width: 10, Kind: cell.KindCount, About: "Licenses the finding is about; empty if it is not about a number of licenses.",
				Value: finding(findingQuantity)},
			{Heading: "Unit price", Width: 10, Kind: cell.KindMoney, Money: true, About: "Price of one license of the customer's type, a month; unknown if the type has none. Quantity times unit price is the amount.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return ofLicenses(f, f.UnitPrice) })},
			{Heading: "Amount", Brief: true, Width: 12, Kind: cell.KindMoney, Money: true, About: "Quantity times unit price, a month; unknown if either is.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return ofLicenses(f, f.Amount) })},
			{Heading: "Counts as", Width: 10, Most: 30, Kind: cell.KindText, About: "The sum that quantity and amount are in: exposure (used and not acquired), unused (acquired and not used), or waived. " +
				"Where another rule counts the same licenses: in none, and by which rule they are counted.",
				Value: finding(CountsAs)},
			{Heading: "Change", Brief: true, Width: 11, Kind: cell.KindText, History: true, About: "new, persisting or reopened, against the earlier report.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Text(string(f.Change)) })},
			{Heading: "Open since", Width: 12, Kind: cell.KindDate, History: true, About: "Date of the first report in a row that has the finding.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Time(f.Since) })},
			{Heading: "Owner", Width: 14, Kind: cell.KindBlank, About: "For people: who takes care of it.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Text(f.Owner) })},
			{Heading: "Due", Width: 12, Kind: cell.KindDue, About: "For people: until when; a day, as 2026-12-08.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return dayOf(f.Due) })},
			{Heading: "Comment", Width: 30, Kind: cell.KindBlank, About: "For people: what was agreed.",
				Value: finding(func(_ *report.Report, f *report.Finding) cell.Value { return cell.Text(f.Comment) })},
			{Heading: "Waiver", Width: 24, Most: 32, Kind: cell.KindText, About: "The waiver that accepts the finding: id, reason and last day.",
				Value: finding(findingWaiver)},
			{Heading: "Remediation", Width: 36, Most: 44, Kind: cell.KindLongText, About: "What to do about it.",
				Value: rule(func(rule *report.Rule) cell.Value { return cell.Text(rule.Remediation) })},
			{Heading: "Manager", Brief: true, Width: 16, Kind: cell.KindText, About: "Account manager, from the contacts file.",
				Value: customer(func(c *report.Customer) cell.Value { return cell.Text(c.Manager) })},
			{Heading: "Full name", Width: 24, Kind: cell.KindText, About: "CustomerFullName of the API.",
				Value: customer(func(c *report.Customer) cell.Value { return cell.API(c.CustomerFullName) })},
			{Heading: "Connection", Width: 18, Kind: cell.KindText, About: "Name of the SIP connection the finding is about; empty if it is about the customer.",
				Value: connection(func(c *report.Connection) cell.Value { return orUnknown(c.Name) })},
			{Heading: "SBC", Width: 10, Kind: cell.KindText, About: "SBC of that connection: its id, with its name from the settings.",
				Value: connection(func(c *report.Connection) cell.Value { return cell.Text(c.Sbc()) })},
			{Heading: "Instance", Width: 12, Kind: cell.KindText, About: "Live Platform instance the customer is on.",
				Value: customer(func(c *report.Customer) cell.Value { return cell.Text(c.Instance) })},
			{Heading: "Rule", Width: 22, Kind: cell.KindID, About: "The rule's id.",
				Value: rule(func(rule *report.Rule) cell.Value { return cell.Text(rule.ID) })},
			{Heading: "Customer GUID", Width: 38, Kind: cell.KindID, About: "UmpCustomerGuid of the API: the customer's identity.",
				Value: customer(func(c *report.Customer) cell.Value { return cell.Text(c.UmpCustomerGuid) })},
			{Heading: "Connection ID", Width: 38, Kind: cell.KindID, About: "Id of the SIP connection.",
				Value: connection(func(c *report.Connection) cell.Value { return cell.API(c.ID) })},
		},
	}
}

// CountsAs is the sum that a finding is in, since one column of amounts has
// what is owed, what is left over and what is accepted: exposure, unused or
// waived. It names the rule that counts the same licenses, if another does, and
// is empty if the finding is not about a number of licenses.
func CountsAs(r *report.Report, f *report.Finding) cell.Value {
	if f.CountedBy >= 0 {
		return cell.Text("counted by: " + r.Rules[f.CountedBy].Title)
	}
	return cell.Text(r.CountsAs(f))
}

// ofLicenses is unknown, not empty, where a finding about licenses lacks it.
func ofLicenses(f *report.Finding, d *decimal.Decimal) cell.Value {
	if d == nil && f.Licenses {
		return cell.Unknown()
	}
	return cell.MaybeMoney(d)
}

func findingQuantity(_ *report.Report, f *report.Finding) cell.Value {
	if f.Quantity == nil && f.Licenses {
		return cell.Unknown()
	}
	return cell.MaybeInt(f.Quantity)
}

// dayOf is a day that somebody wrote, or what else was written.
func dayOf(s string) cell.Value {
	if s == "" { // as nearly all are: an error takes memory
		return cell.Text(s)
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return cell.Time(day)
	}
	return cell.Text(s)
}

func findingWaiver(r *report.Report, f *report.Finding) cell.Value {
	if f.Verdict != rules.Waived || f.Waiver < 0 {
		return cell.Empty()
	}
	w := &r.Waivers[f.Waiver]
	return cell.Text(w.ID + " until " + w.Expires.String() + ": " + w.Reason)
}

// printedMessage is the message with the connection it is about and the waiver
// that accepts it.
func printedMessage(r *report.Report, row int) Cell {
	f := &r.Findings[row]
	out := text(f.Message)
	if f.Connection >= 0 {
		c := &r.Connections[f.Connection]
		out.Small = append(out.Small, "Connection "+apiText(c.Name, "without a name")+", SBC "+c.Sbc())
	}
	if f.Verdict == rules.Waived {
		out.Mark = WaivedBy(r, f)
	}
	return out
}
