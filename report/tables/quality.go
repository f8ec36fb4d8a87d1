package tables

import (
	"trueup/report"
	"trueup/report/cell"
)

func qualitySheet() Sheet {
	of := func(value func(r *report.Report, q *report.QualityRow) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(r, &r.Quality[row]) }
	}
	return Sheet{
		Name: SheetQuality, Table: "tblQuality", Noun: "row", Frozen: 1,
		About: "One thing that could not be judged, or that is odd in the data.",
		Rows:  func(r *report.Report) int { return len(r.Quality) },
		Columns: []Column{
			{Heading: "Kind", Brief: true, Width: 20, Kind: cell.KindText, About: "not-evaluable, or the kind of the problem.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Kind) })},
			{Heading: "Rule", Brief: true, Width: 24, Kind: cell.KindID, About: "The rule that could not be judged.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Rule) })},
			{Heading: "Customer", Brief: true, Width: 24, Kind: cell.KindText, About: "The customer it is about.",
				Value: of(func(r *report.Report, q *report.QualityRow) cell.Value {
					if q.Customer < 0 {
						return cell.Empty()
					}
					return cell.Text(r.Customers[q.Customer].Name())
				}),
				Link: func(r *report.Report, row int) Target { return toCustomer(r.Quality[row].Customer) }},
			{Heading: "What", Brief: true, Width: 80, Kind: cell.KindLongText, About: "The reason, or the problem.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Text) })},
		},
	}
}
