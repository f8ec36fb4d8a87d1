package tables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

func changesSheet() Sheet {
	return Sheet{
		Name: SheetChanges, Table: "tblChanges", Frozen: 4,
		About: "One finding that is new, reopened or resolved since the earlier report.",
		Rows:  func(r *report.Report) int { return len(changeRows(r)) },
		Columns: []Column{
			{Heading: "Change", Width: 11, Kind: cell.KindText, About: "new, reopened or resolved.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Change) })},
			{Heading: "Severity", Width: 10, Kind: cell.KindSeverity, About: "Severity of the rule.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Severity(c.Severity) })},
			{Heading: "Rule", Width: 22, Kind: cell.KindID, About: "The rule's id.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Rule) })},
			{Heading: "Customer", Width: 20, Kind: cell.KindText, About: "The customer's name; for a resolved finding as it was then.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Customer) }),
				Link: func(r *report.Report, row int) Target {
					if at := changeRows(r)[row].Finding; at >= 0 {
						return toCustomer(r.Findings[at].Customer)
					}
					return Target{}
				}},
			{Heading: "What", Width: 40, Kind: cell.KindLongText, About: "The finding's message, or why a resolved one is gone.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Text(c.Text) })},
			{Heading: "Since", Width: 12, Kind: cell.KindDate, About: "Date of the first report in a row that had it.", Value: change(func(c *report.ChangeRow) cell.Value { return cell.Time(c.Since) })},
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

func rulesSheet() Sheet {
	of := func(value func(rule *report.Rule) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Rules[row]) }
	}
	tally := func(v rules.Verdict) func(*report.Report, int) cell.Value {
		return of(func(rule *report.Rule) cell.Value { return cell.Int(int64(rule.Tally[v])) })
	}
	return Sheet{
		Name: SheetRules, Table: "tblRules", Always: true, Frozen: 1,
		About: "One rule as it took effect, with how often it gave each verdict.",
		Rows:  func(r *report.Report) int { return len(r.Rules) },
		Columns: []Column{
			{Heading: "Rule", Width: 24, Kind: cell.KindID, About: "The rule's id: stable, waivers and history hold on to it.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.ID) })},
			{Heading: "Title", Width: 30, Kind: cell.KindText, About: "What the rule finds.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Title) })},
			{Heading: "Severity", Width: 10, Kind: cell.KindSeverity, About: "Effective severity.", Value: of(func(x *report.Rule) cell.Value { return cell.Severity(x.Severity) })},
			{Heading: "Each", Width: 13, Kind: cell.KindText, About: "What it judges: every customer or every sipConnection.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Each.String()) })},
			{Heading: "State", Width: 8, Kind: cell.KindText, About: "on, or off if the settings switch it off.", Value: of(ruleState)},
			{Heading: "Finding", Width: 9, Kind: cell.KindCount, About: "Open findings; the link leads to the first.", Value: tally(rules.Finding),
				Link: func(r *report.Report, row int) Target { return FirstFinding(r, row) }},
			{Heading: "Waived", Width: 9, Kind: cell.KindCount, About: "Findings that a waiver accepts.", Value: tally(rules.Waived)},
			{Heading: "Not evaluable", Width: 9, Kind: cell.KindCount, About: "Could not be judged: never a pass.", Value: tally(rules.NotEvaluable)},
			{Heading: "Pass", Width: 9, Kind: cell.KindCount, About: "Judged, nothing found.", Value: tally(rules.Pass)},
			{Heading: "Not applicable", Width: 9, Kind: cell.KindCount, About: "The rule does not apply.", Value: tally(rules.NotApplicable)},
			{Heading: HeadExposure, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of its open findings about licenses used and not acquired, a month; empty if the rule is not about that.",
				Value: of(ExposureValue)},
			{Heading: HeadUnused, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of its open findings about licenses acquired and not used, a month; empty if the rule is not about that.",
				Value: of(UnusedValue)},
			{Heading: "Without price", Width: 9, Kind: cell.KindCount, Money: true, About: "Its open findings about licenses that have no price: their amounts are unknown and in no sum.",
				Value: of(UnpricedValue), Has: func(r *report.Report) bool { return r.Totals.Money.Unpriced > 0 }},
			{Heading: "Parameters", Width: 22, Kind: cell.KindText, About: "Effective parameters.", Value: of(ruleParams)},
			{Heading: "Overridden", Width: 14, Kind: cell.KindText, Has: hasOverrides, About: "What the settings changed.", Value: of(ruleOverridden)},
			{Heading: "Why", Width: 44, Kind: cell.KindLongText, About: "Why it matters.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Why) })},
			{Heading: "Remediation", Width: 44, Kind: cell.KindLongText, About: "What to do about it.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Remediation) })},
			{Heading: "Condition", Width: 44, Kind: cell.KindLongText, About: "The expression that finds.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.When) })},
			{Heading: "Reference", Width: 30, Kind: cell.KindText, About: "Where it is documented.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Reference) })},
			{Heading: "Source", Width: 14, Kind: cell.KindText, About: "built-in, or the file it comes from.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Source) })},
		},
	}
}

// ExposureValue is what the rule's open findings are about in money; empty if
// they never are about licenses used and not acquired.
func ExposureValue(rule *report.Rule) cell.Value {
	return ruleSum(rule, rules.TrueUp, rule.Money.Exposure)
}

// UnusedValue is the same for licenses acquired and not used.
func UnusedValue(rule *report.Rule) cell.Value { return ruleSum(rule, rules.Unused, rule.Money.Unused) }

func ruleSum(rule *report.Rule, kind rules.Money, d decimal.Decimal) cell.Value {
	if rule.Quantity == "" || rule.Rule.Money != kind {
		return cell.Empty()
	}
	return cell.Money(d)
}

// UnpricedValue counts the rule's open findings whose amount is unknown and in
// no sum; empty if it is not about licenses.
func UnpricedValue(rule *report.Rule) cell.Value {
	if rule.Quantity == "" {
		return cell.Empty()
	}
	return cell.Int(int64(rule.Money.UnpricedExposure + rule.Money.UnpricedUnused))
}

func hasOverrides(r *report.Report) bool {
	return slices.ContainsFunc(r.Rules, func(rule report.Rule) bool { return len(rule.Overridden) > 0 })
}

func ruleState(rule *report.Rule) cell.Value {
	if rule.Enabled {
		return cell.Text("on")
	}
	return cell.Text("off")
}

func ruleParams(rule *report.Rule) cell.Value {
	var parts []string
	for name, value := range rule.Params {
		parts = append(parts, fmt.Sprintf("%s = %v", name, value))
	}
	slices.Sort(parts)
	return cell.Text(strings.Join(parts, ", "))
}

func ruleOverridden(rule *report.Rule) cell.Value {
	var parts []string
	for name := range rule.Overridden {
		parts = append(parts, name)
	}
	slices.Sort(parts)
	return cell.Text(strings.Join(parts, ", "))
}

func waiversSheet() Sheet {
	of := func(value func(w *report.Waiver) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Waivers[row]) }
	}
	return Sheet{
		Name: SheetWaivers, Table: "tblWaivers", Frozen: 1,
		About: "One waiver of the register, with its state at the as-of time.",
		Rows:  func(r *report.Report) int { return len(r.Waivers) },
		Columns: []Column{
			{Heading: "Waiver", Width: 10, Kind: cell.KindID, About: "The waiver's id.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.ID) })},
			{Heading: "State", Width: 9, Kind: cell.KindVerdict, About: "active, ending (within 30 days), expired, or unused (waives nothing).", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(string(w.State)) })},
			{Heading: "Rule", Width: 24, Kind: cell.KindID, About: "The rule whose findings it accepts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Rule) })},
			{Heading: "Customer", Width: 24, Kind: cell.KindID, About: "GUID, short name or pattern, as written.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Waiver.Customer) })},
			{Heading: "Connection ID", Width: 14, Kind: cell.KindID, Has: hasConnectionWaivers, About: "The one connection it is for; empty for all.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.SIPConnection) })},
			{Heading: "Findings", Width: 9, Kind: cell.KindCount, About: "Findings it waives; for an expired one, those it no longer does.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.Findings)) })},
			{Heading: "Amount", Width: 12, Kind: cell.KindMoney, Money: true, About: "What those findings are worth, a month; empty if they are not about licenses.", Value: func(r *report.Report, row int) cell.Value { return WaiverAmount(r, &r.Waivers[row]) }},
			{Heading: "Expires", Width: 12, Kind: cell.KindDate, About: "The last day on which it counts.", Value: of(func(w *report.Waiver) cell.Value { return cell.Time(w.Expires.Time()) })},
			{Heading: "Days left", Width: 9, Kind: cell.KindCount, About: "Days until then from the as-of day; negative once expired.", Value: of(func(w *report.Waiver) cell.Value { return cell.Int(int64(w.DaysLeft)) })},
			{Heading: "Owner", Width: 14, Kind: cell.KindText, About: "Who answers for it.", Value: of(func(w *report.Waiver) cell.Value { return cell.Text(w.Owner) })},
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

func qualitySheet() Sheet {
	of := func(value func(r *report.Report, q *report.QualityRow) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(r, &r.Quality[row]) }
	}
	return Sheet{
		Name: SheetQuality, Table: "tblQuality", Frozen: 1,
		About: "One thing that could not be judged, or that is odd in the data.",
		Rows:  func(r *report.Report) int { return len(r.Quality) },
		Columns: []Column{
			{Heading: "Kind", Width: 20, Kind: cell.KindText, About: "not-evaluable, or the kind of the problem.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Kind) })},
			{Heading: "Rule", Width: 24, Kind: cell.KindID, About: "The rule that could not be judged.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Rule) })},
			{Heading: "Customer", Width: 24, Kind: cell.KindText, About: "The customer it is about.",
				Value: of(func(r *report.Report, q *report.QualityRow) cell.Value {
					if q.Customer < 0 {
						return cell.Empty()
					}
					return cell.Text(r.Customers[q.Customer].Name())
				}),
				Link: func(r *report.Report, row int) Target { return toCustomer(r.Quality[row].Customer) }},
			{Heading: "What", Width: 80, Kind: cell.KindLongText, About: "The reason, or the problem.", Value: of(func(_ *report.Report, q *report.QualityRow) cell.Value { return cell.Text(q.Text) })},
		},
	}
}
