package tables

import (
	"trueup/report"
	"trueup/report/cell"
)

func changesSheet() Sheet {
	return Sheet{
		Name: SheetChanges, Table: "tblChanges", Noun: "change", Frozen: 4,
		About: "One finding that is new, reopened or resolved since the earlier report.",
		Rows:  func(r *report.Report) int { return len(changeRows(r)) },
		Columns: []Column{
			{Heading: "Change", Brief: true, Paper: 12, Width: 11, Kind: cell.KindText, About: "new, reopened or resolved.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Change) })},
			{Heading: "Severity", Brief: true, Paper: 13, Width: 10, Kind: cell.KindSeverity, About: "Severity of the rule.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Severity(c.Severity) })},
			{Heading: "Rule", Brief: true, Width: 22, Kind: cell.KindID, About: "The rule's id.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Rule) })},
			{Heading: "Customer", Brief: true, Paper: 25, Width: 20, Kind: cell.KindText, About: "The customer's name; for a resolved finding as it was then.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Customer) }),
				Link: func(r *report.Report, row int) Target {
					if at := changeRows(r)[row].Finding; at >= 0 {
						return toCustomer(r.Findings[at].Customer)
					}
					return Target{}
				}},
			{Heading: "What", Brief: true, Paper: 45, Width: 40, Kind: cell.KindLongText, About: "The finding's message, or why a resolved one is gone.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Text) }),
				Print: func(r *report.Report, row int) Cell {
					c := &changeRows(r)[row]
					return Cell{Value: cell.Text(c.Text), Small: []string{c.Rule}}
				}},
			{Heading: "Since", Paper: 14, Width: 12, Kind: cell.KindDate, About: "Date of the first report in a row that had it.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Time(c.Since) })},
			{Heading: "Last seen", Width: 12, Kind: cell.KindDate, About: "Date of the last report that had it.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Time(c.LastSeen) })},
			{Heading: "Customer GUID", Width: 38, Kind: cell.KindID, About: "UmpCustomerGuid of the API.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.GUID) })},
		},
	}
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
