package tables

import (
	"slices"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

func waiversSheet() Sheet {
	of := func(value func(w *report.Waiver) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Waivers[row]) }
	}
	return Sheet{
		Name: SheetWaivers, Table: "tblWaivers", Noun: "waiver", Frozen: 1,
		About: "One waiver of the register, with its state at the as-of time.",
		Rows:  func(r *report.Report) int { return len(r.Waivers) },
		Columns: []Column{
			{Heading: "Waiver", Paper: 12, Width: 10, Kind: cell.KindID, About: "The waiver's id.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.ID) })},
			{Heading: "State", Paper: 12, Print: printedState, Width: 9, Kind: cell.KindVerdict, About: "active, ending (within 30 days), expired, or unused (waives nothing).", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(string(w.State)) })},
			{Heading: "Rule", Paper: 34, Print: printedWaived, Width: 24, Kind: cell.KindID, About: "The rule whose findings it accepts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Rule) })},
			{Heading: "Customer", Width: 24, Kind: cell.KindID, About: "GUID, short name or pattern, as written.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Waiver.Customer) })},
			{Heading: "Connection ID", Width: 14, Kind: cell.KindID, Has: hasConnectionWaivers, About: "The one connection it is for; empty for all.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.SIPConnection) })},
			{Heading: "Findings", Paper: 11, Width: 9, Kind: cell.KindCount, About: "Findings it waives; for an expired one, those it no longer does.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.Findings)) })},
			{Heading: "Not evaluable", Width: 9, Kind: cell.KindCount, Has: acceptsUnjudged, About: "Verdicts that could not be given, which it accepts; for an expired one, no longer does.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.Unjudged)) })},
			{Heading: "Amount", Paper: 16, Width: 12, Kind: cell.KindMoney, Money: true, About: "What those findings are worth, a month; empty if they are not about licenses.", Value: func(r *report.Report, row int) cell.Value { return WaiverAmount(r, &r.Waivers[row]) }},
			{Heading: "Expires", Paper: 15, Width: 12, Kind: cell.KindDate, About: "The last day on which it counts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Time(w.Expires.Time()) })},
			{Heading: "Days left", Paper: 11, Width: 9, Kind: cell.KindCount, About: "Days until then from the as-of day; negative once expired.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.DaysLeft)) })},
			{Heading: "Owner", Paper: 34, Print: printedOwner, Width: 14, Kind: cell.KindText, About: "Who answers for it.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Owner) })},
			{Heading: "Reason", Width: 36, Kind: cell.KindLongText, About: "Why it was given.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Reason) })},
			{Heading: "Ticket", Width: 12, Kind: cell.KindText, About: "Where it was agreed.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Ticket) })},
		},
	}
}

// WaiverAmount is what a waiver's findings are worth; empty if it has none or
// its rule is not about a number of licenses.
func WaiverAmount(r *report.Report, w *report.Waiver) cell.Value {
	counted := slices.ContainsFunc(r.Rules, func(rule report.Rule) bool { return rule.ID == w.Rule && rule.Quantity != "" })
	if !counted || w.Findings == 0 {
		return cell.Empty()
	}
	return moneyOrUnknown(w.Amount)
}

func hasConnectionWaivers(r *report.Report) bool {
	return slices.ContainsFunc(r.Waivers, func(w report.Waiver) bool { return w.SIPConnection != "" })
}

func acceptsUnjudged(r *report.Report) bool {
	return slices.ContainsFunc(r.Waivers, func(w report.Waiver) bool { return w.Unjudged > 0 })
}

// printedState stands out where the waiver has to be looked at.
func printedState(r *report.Report, row int) Cell {
	state := r.Waivers[row].State
	return Cell{Value: cell.Text(string(state)), Bold: state == rules.WaiverExpired || state == rules.WaiverUnused}
}

// printedWaived is the rule with the customer and the connection it is waived for.
func printedWaived(r *report.Report, row int) Cell {
	w := &r.Waivers[row]
	out := Cell{Value: cell.Text(w.Rule), Small: []string{w.Waiver.Customer}}
	if w.SIPConnection != "" {
		out.Small = append(out.Small, "connection "+w.SIPConnection)
	}
	if w.Unjudged > 0 {
		out.Small = append(out.Small, plain.Number(w.Unjudged)+" not evaluable")
	}
	return out
}

// printedOwner is the owner with reason and ticket.
func printedOwner(r *report.Report, row int) Cell {
	w := &r.Waivers[row]
	out := Cell{Value: cell.Text(w.Owner), Small: []string{w.Reason}}
	if w.Ticket != "" {
		out.Small = append(out.Small, w.Ticket)
	}
	return out
}
