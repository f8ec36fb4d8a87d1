package tables

import (
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

func waiversSheet() Sheet {
	of := func(value func(w *report.Waiver) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(waiverAt(r, row)) }
	}
	return Sheet{
		Name: SheetWaivers, Table: "tblWaivers", Noun: "waiver", Frozen: 1,
		About: "One waiver of the register, with its state at the as-of time; the one that ends next is first.",
		Rows:  func(r *report.Report) int { return len(r.Waivers) },
		Columns: []Column{
			{Heading: "Waiver", Width: 10, Kind: cell.KindID, About: "The waiver's id.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.ID) })},
			{Heading: "State", Width: 9, Kind: cell.KindVerdict, About: "active, ending (within 30 days), expired, or unused (waives nothing).", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(string(w.State)) })},
			{Heading: "Rule", Width: 24, Kind: cell.KindID, About: "The rule whose findings it accepts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Rule) })},
			{Heading: "Customers", Width: 24, Kind: cell.KindText, About: "Names of the customers whose findings it accepts; without any, of those that it names. The link leads to the first.",
				Value: waivedNames, Link: func(r *report.Report, row int) Target { return toCustomer(firstWaived(r, row)) }},
			{Heading: "Written as", Width: 24, Kind: cell.KindID, About: "GUID, short name or pattern of its customers, as written.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Waiver.Customer) })},
			{Heading: "Connection ID", Width: 14, Kind: cell.KindID, About: "The one connection it is for; empty for all.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.SIPConnection) })},
			{Heading: "Findings", Width: 9, Kind: cell.KindCount, About: "Findings it waives; for an expired one, those it no longer does. The link leads to the first.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.Findings)) }),
				Link: firstAccepted},
			{Heading: "Not evaluable", Width: 9, Kind: cell.KindCount, About: "Verdicts that could not be given, which it accepts; for an expired one, no longer does.", Value: of(unjudgedOf)},
			{Heading: "Amount", Width: 12, Kind: cell.KindMoney, Money: true, About: "What those findings are worth, a month; empty if they are not about licenses.",
				Value: func(r *report.Report, row int) cell.Value { return WaiverAmount(r, waiverAt(r, row)).Value },
				Least: func(r *report.Report, row int) bool { return WaiverAmount(r, waiverAt(r, row)).AtLeast }},
			{Heading: "Expires", Width: 12, Kind: cell.KindDate, About: "The last day on which it counts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Time(w.Expires.Time()) })},
			{Heading: "Days left", Width: 9, Kind: cell.KindCount, About: "Days until then from the as-of day; negative once expired.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.DaysLeft)) })},
			{Heading: "Owner", Width: 14, Kind: cell.KindText, About: "Who answers for it.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Owner) })},
			{Heading: "Reason", Width: 36, Kind: cell.KindLongText, About: "Why it was given.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Reason) })},
			{Heading: "Ticket", Width: 12, Kind: cell.KindText, About: "Where it was agreed.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Ticket) })},
		},
	}
}

// waiverAt is the waiver of a row: the one that ends next is first.
func waiverAt(r *report.Report, row int) *report.Waiver { return &r.Waivers[r.WaiverByEnd(row)] }

// firstWaived is the first of a waiver's customers; -1 without any.
func firstWaived(r *report.Report, row int) int {
	if c := waiverAt(r, row).Customers; len(c) > 0 {
		return c[0]
	}
	return -1
}

// firstAccepted leads to the first finding that a waiver accepts.
func firstAccepted(r *report.Report, row int) Target {
	waiver := r.WaiverByEnd(row)
	for _, customer := range r.Waivers[waiver].Customers {
		for _, at := range r.Customers[customer].Findings {
			if r.Findings[at].Waiver == waiver {
				return Target{SheetFindings, at, true}
			}
		}
	}
	return Target{}
}

// waivedFirst names the first of a waiver's customers, and counts the others.
func waivedFirst(r *report.Report, w *report.Waiver) (names []string, more int) {
	const named = 3
	for _, at := range w.Customers[:min(len(w.Customers), named)] {
		names = append(names, r.Customers[at].Name())
	}
	return names, len(w.Customers) - len(names)
}

func waivedNames(r *report.Report, row int) cell.Value {
	names, more := waivedFirst(r, waiverAt(r, row))
	if more > 0 {
		names = append(names, plain.Number(more)+" more")
	}
	return cell.Text(strings.Join(names, ", "))
}

// WaiverAmount is what a waiver's findings are worth; empty if it has none or
// its rule is not about a number of licenses.
func WaiverAmount(r *report.Report, w *report.Waiver) Cell {
	counted := slices.ContainsFunc(r.Rules, func(rule report.Rule) bool { return rule.ID == w.Rule && rule.Quantity != "" })
	switch {
	case !counted || w.Findings == 0:
		return Cell{}
	case w.Amount == nil:
		return Is(cell.Unknown())
	}
	return Cell{Value: cell.Money(*w.Amount), AtLeast: w.Unpriced > 0}
}

// unjudgedOf is empty for a waiver of findings alone.
func unjudgedOf(w *report.Waiver) cell.Value {
	if w.Unjudged == 0 {
		return cell.Empty()
	}
	return cell.Int(int64(w.Unjudged))
}
