package tables

import (
	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
)

func changesSheet() Sheet {
	severity := change(func(c *report.ChangeRow) cell.Value { return cell.Severity(c.Severity) })
	return Sheet{
		Name: SheetChanges, Table: "tblChanges", Noun: "change", Frozen: 4,
		About: "One finding that moved a figure since the earlier report, in the order of the bridge.",
		Rows:  func(r *report.Report) int { return len(changeRows(r)) },
		Columns: []Column{
			{Heading: "Change", Brief: true, Width: 14, Kind: cell.KindText, About: "The row of the bridge that the finding is in.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(StepWords(c.Step)) })},
			{Heading: "Severity", Brief: true, Width: 10, Kind: cell.KindSeverity, About: "Severity of the rule.", Value: severity},
			rank(severity),
			{Heading: "Customer", Brief: true, Width: 20, Kind: cell.KindText, About: "The customer's name; of a finding that is gone as it was then.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Customer) }),
				Link: func(r *report.Report, row int) Target {
					if at := changeRows(r)[row].Finding; at >= 0 {
						return toCustomer(r.Findings[at].Customer)
					}
					return Target{}
				}},
			{Heading: "Title", Brief: true, Width: 24, Most: 30, Kind: cell.KindText, About: "The rule's title.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Title) })},
			{Heading: "What", Brief: true, Width: 40, Kind: cell.KindLongText, About: "The finding's message; of a finding that is gone as it was then.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Text) })},
			{Heading: HeadMovesExposure, Brief: true, Width: 12, Kind: cell.KindSigned, Money: true, About: "What the change adds to the exposure, or takes from it; these add up to the bridge's row.",
				Value: change(func(c *report.ChangeRow) cell.Value { return moved(c.Exposure) })},
			{Heading: HeadMovesUnused, Width: 12, Kind: cell.KindSigned, Money: true, About: "What the change adds to the unused value, or takes from it; these add up to the bridge's row.",
				Value: change(func(c *report.ChangeRow) cell.Value { return moved(c.Unused) })},
			{Heading: "Manager", Brief: true, Width: 16, Kind: cell.KindText, About: "Account manager, from the contacts file.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Manager) })},
			{Heading: "Reason", Width: 16, Kind: cell.KindText, About: "Why a finding is gone: fixed, customer-gone, not-evaluable or instance-missing.",
				Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Reason) })},
			{Heading: "Licenses before", Width: 10, Kind: cell.KindCount, About: "Licenses the finding was about.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.MaybeInt(c.From) })},
			{Heading: "Licenses now", Width: 10, Kind: cell.KindCount, About: "Licenses the finding is about.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.MaybeInt(c.To) })},
			{Heading: "Amount before", Width: 12, Kind: cell.KindMoney, Money: true, About: "What it was worth a month, at the price of then.", Value: amountBefore},
			{Heading: "Amount now", Width: 12, Kind: cell.KindMoney, Money: true, About: "What it is worth a month.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.MaybeMoney(c.After) })},
			{Heading: "Since", Width: 12, Kind: cell.KindDate, About: "Date of the first report in a row in which the rule fired.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Time(c.Since) })},
			{Heading: "Last seen", Width: 12, Kind: cell.KindDate, About: "Date of the last report that had it.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Time(c.LastSeen) })},
			{Heading: "Rule", Width: 22, Kind: cell.KindID, About: "The rule's id.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Rule) })},
			{Heading: "Customer GUID", Width: 38, Kind: cell.KindID, About: "UmpCustomerGuid of the API.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.GUID) })},
		},
	}
}

// Headings of what a change moves.
const (
	HeadMovesExposure = "Moves exposure"
	HeadMovesUnused   = "Moves unused value"
)

// amountBefore is left out where it was in another currency.
func amountBefore(r *report.Report, row int) cell.Value {
	if r.Changes.Movement.Exposure == nil {
		return cell.Empty()
	}
	return cell.MaybeMoney(changeRows(r)[row].Before)
}

func change(value func(c *report.ChangeRow) cell.Value) func(*report.Report, int) cell.Value {
	return func(r *report.Report, row int) cell.Value { return value(&changeRows(r)[row]) }
}

func changeRows(r *report.Report) []report.ChangeRow {
	if r.Changes == nil {
		return nil
	}
	return r.Changes.Rows
}

// moved is an amount that moves a figure; one that does not is left empty.
func moved(d decimal.Decimal) cell.Value {
	if d.IsZero() {
		return cell.Empty()
	}
	return cell.Money(d)
}
