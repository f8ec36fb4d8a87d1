package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/rules"
)

func changesSheet() Sheet {
	return Sheet{
		Name: SheetChanges, Table: "tblChanges", Frozen: 4,
		About: "One finding that is new, reopened or resolved since the earlier report.",
		Rows:  func(r *Report) int { return len(r.changeRows()) },
		Columns: []Column{
			{Heading: "Change", Width: 11, Kind: KindText, About: "new, reopened or resolved.", Value: change(func(c *ChangeRow) Value { return TextValue(c.Change) })},
			{Heading: "Severity", Width: 10, Kind: KindSeverity, About: "Severity of the rule.", Value: change(func(c *ChangeRow) Value { return SeverityValue(c.Severity) })},
			{Heading: "Rule", Width: 22, Kind: KindID, About: "The rule's id.", Value: change(func(c *ChangeRow) Value { return TextValue(c.Rule) })},
			{Heading: "Customer", Width: 20, Kind: KindText, About: "The customer's name; for a resolved finding as it was then.", Value: change(func(c *ChangeRow) Value { return TextValue(c.Customer) }),
				Link: func(r *Report, row int) Target {
					if at := r.changeRows()[row].Finding; at >= 0 {
						return toCustomer(r.Findings[at].Customer)
					}
					return Target{}
				}},
			{Heading: "What", Width: 40, Kind: KindLongText, About: "The finding's message, or why a resolved one is gone.", Value: change(func(c *ChangeRow) Value { return TextValue(c.Text) })},
			{Heading: "Since", Width: 12, Kind: KindDate, About: "Date of the first report in a row that had it.", Value: change(func(c *ChangeRow) Value { return TimeValue(c.Since) })},
			{Heading: "Last seen", Width: 12, Kind: KindDate, About: "Date of the last report that had it.", Value: change(func(c *ChangeRow) Value { return TimeValue(c.LastSeen) })},
			{Heading: "Customer GUID", Width: 38, Kind: KindID, About: "UmpCustomerGuid of the API.", Value: change(func(c *ChangeRow) Value { return TextValue(c.Guid) })},
		},
	}
}

func change(value func(c *ChangeRow) Value) func(*Report, int) Value {
	return func(r *Report, row int) Value { return value(&r.changeRows()[row]) }
}

func (r *Report) changeRows() []ChangeRow {
	if r.Changes == nil {
		return nil
	}
	return r.Changes.Rows
}

func rulesSheet() Sheet {
	of := func(value func(rule *Rule) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Rules[row]) }
	}
	tally := func(v rules.Verdict) func(*Report, int) Value {
		return of(func(rule *Rule) Value { return IntValue(int64(rule.Tally[v])) })
	}
	return Sheet{
		Name: SheetRules, Table: "tblRules", Always: true, Frozen: 1,
		About: "One rule as it took effect, with how often it gave each verdict.",
		Rows:  func(r *Report) int { return len(r.Rules) },
		Columns: []Column{
			{Heading: "Rule", Width: 24, Kind: KindID, About: "The rule's id: stable, waivers and history hold on to it.", Value: of(func(x *Rule) Value { return TextValue(x.ID) })},
			{Heading: "Title", Width: 30, Kind: KindText, About: "What the rule finds.", Value: of(func(x *Rule) Value { return TextValue(x.Title) })},
			{Heading: "Severity", Width: 10, Kind: KindSeverity, About: "Effective severity.", Value: of(func(x *Rule) Value { return SeverityValue(x.Severity) })},
			{Heading: "Each", Width: 13, Kind: KindText, About: "What it judges: every customer or every sipConnection.", Value: of(func(x *Rule) Value { return TextValue(x.Each.String()) })},
			{Heading: "State", Width: 8, Kind: KindText, About: "on, or off if the settings switch it off.", Value: of(ruleState)},
			{Heading: "Finding", Width: 9, Kind: KindCount, About: "Open findings; the link leads to the first.", Value: tally(rules.Finding),
				Link: func(r *Report, row int) Target { return r.FirstFinding(row) }},
			{Heading: "Waived", Width: 9, Kind: KindCount, About: "Findings that a waiver accepts.", Value: tally(rules.Waived)},
			{Heading: "Not evaluable", Width: 9, Kind: KindCount, About: "Could not be judged: never a pass.", Value: tally(rules.NotEvaluable)},
			{Heading: "Pass", Width: 9, Kind: KindCount, About: "Judged, nothing found.", Value: tally(rules.Pass)},
			{Heading: "Not applicable", Width: 9, Kind: KindCount, About: "The rule does not apply.", Value: tally(rules.NotApplicable)},
			{Heading: HeadExposure, Width: 12, Kind: KindMoney, Money: true, About: "Amount of its open findings about licenses used and not acquired, a month; empty if the rule is not about that.",
				Value: of((*Rule).ExposureValue)},
			{Heading: HeadUnused, Width: 12, Kind: KindMoney, Money: true, About: "Amount of its open findings about licenses acquired and not used, a month; empty if the rule is not about that.",
				Value: of((*Rule).UnusedValue)},
			{Heading: "Without price", Width: 9, Kind: KindCount, Money: true, About: "Its open findings about licenses that have no price: their amounts are unknown and in no sum.",
				Value: of((*Rule).UnpricedValue), Has: func(r *Report) bool { return r.Totals.Money.Unpriced > 0 }},
			{Heading: "Parameters", Width: 22, Kind: KindText, About: "Effective parameters.", Value: of(ruleParams)},
			{Heading: "Overridden", Width: 14, Kind: KindText, Has: hasOverrides, About: "What the settings changed.", Value: of(ruleOverridden)},
			{Heading: "Why", Width: 44, Kind: KindLongText, About: "Why it matters.", Value: of(func(x *Rule) Value { return TextValue(x.Why) })},
			{Heading: "Remediation", Width: 44, Kind: KindLongText, About: "What to do about it.", Value: of(func(x *Rule) Value { return TextValue(x.Remediation) })},
			{Heading: "Condition", Width: 44, Kind: KindLongText, About: "The expression that finds.", Value: of(func(x *Rule) Value { return TextValue(x.When) })},
			{Heading: "Reference", Width: 30, Kind: KindText, About: "Where it is documented.", Value: of(func(x *Rule) Value { return TextValue(x.Reference) })},
			{Heading: "Source", Width: 14, Kind: KindText, About: "built-in, or the file it comes from.", Value: of(func(x *Rule) Value { return TextValue(x.Source) })},
		},
	}
}

// ExposureValue is what the rule's open findings are about in money; empty if
// they never are about licenses used and not acquired.
func (rule *Rule) ExposureValue() Value { return rule.sum(rules.TrueUp, rule.Money.Exposure) }

// UnusedValue is the same for licenses acquired and not used.
func (rule *Rule) UnusedValue() Value { return rule.sum(rules.Unused, rule.Money.Unused) }

func (rule *Rule) sum(kind rules.Money, d decimal.Decimal) Value {
	if rule.Quantity == "" || rule.Rule.Money != kind {
		return Empty()
	}
	return MoneyValue(d)
}

// UnpricedValue counts the rule's open findings whose amount is unknown and in
// no sum; empty if it is not about licenses.
func (rule *Rule) UnpricedValue() Value {
	if rule.Quantity == "" {
		return Empty()
	}
	return IntValue(int64(rule.Money.UnpricedExposure + rule.Money.UnpricedUnused))
}

func hasOverrides(r *Report) bool {
	return slices.ContainsFunc(r.Rules, func(rule Rule) bool { return len(rule.Overridden) > 0 })
}

func ruleState(rule *Rule) Value {
	if rule.Enabled {
		return TextValue("on")
	}
	return TextValue("off")
}

func ruleParams(rule *Rule) Value {
	var parts []string
	for name, value := range rule.Params {
		parts = append(parts, fmt.Sprintf("%s = %v", name, value))
	}
	slices.Sort(parts)
	return TextValue(strings.Join(parts, ", "))
}

func ruleOverridden(rule *Rule) Value {
	var parts []string
	for name := range rule.Overridden {
		parts = append(parts, name)
	}
	slices.Sort(parts)
	return TextValue(strings.Join(parts, ", "))
}

func waiversSheet() Sheet {
	of := func(value func(w *Waiver) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(&r.Waivers[row]) }
	}
	return Sheet{
		Name: SheetWaivers, Table: "tblWaivers", Frozen: 1,
		About: "One waiver of the register, with its state at the as-of time.",
		Rows:  func(r *Report) int { return len(r.Waivers) },
		Columns: []Column{
			{Heading: "Waiver", Width: 10, Kind: KindID, About: "The waiver's id.", Value: of(func(w *Waiver) Value { return TextValue(w.ID) })},
			{Heading: "State", Width: 9, Kind: KindVerdict, About: "active, ending (within 30 days), expired, or unused (waives nothing).", Value: of(func(w *Waiver) Value { return TextValue(string(w.State)) })},
			{Heading: "Rule", Width: 24, Kind: KindID, About: "The rule whose findings it accepts.", Value: of(func(w *Waiver) Value { return TextValue(w.Rule) })},
			{Heading: "Customer", Width: 24, Kind: KindID, About: "GUID, short name or pattern, as written.", Value: of(func(w *Waiver) Value { return TextValue(w.Waiver.Customer) })},
			{Heading: "Connection ID", Width: 14, Kind: KindID, Has: hasConnectionWaivers, About: "The one connection it is for; empty for all.", Value: of(func(w *Waiver) Value { return TextValue(w.SIPConnection) })},
			{Heading: "Findings", Width: 9, Kind: KindCount, About: "Findings it waives; for an expired one, those it no longer does.", Value: of(func(w *Waiver) Value { return IntValue(int64(w.Findings)) })},
			{Heading: "Amount", Width: 12, Kind: KindMoney, Money: true, About: "What those findings are worth, a month; empty if they are not about licenses.", Value: func(r *Report, row int) Value { return r.WaiverAmount(&r.Waivers[row]) }},
			{Heading: "Expires", Width: 12, Kind: KindDate, About: "The last day on which it counts.", Value: of(func(w *Waiver) Value { return TimeValue(w.Expires.Time()) })},
			{Heading: "Days left", Width: 9, Kind: KindCount, About: "Days until then from the as-of day; negative once expired.", Value: of(func(w *Waiver) Value { return IntValue(int64(w.DaysLeft)) })},
			{Heading: "Owner", Width: 14, Kind: KindText, About: "Who answers for it.", Value: of(func(w *Waiver) Value { return TextValue(w.Owner) })},
			{Heading: "Reason", Width: 36, Kind: KindLongText, About: "Why it was given.", Value: of(func(w *Waiver) Value { return TextValue(w.Reason) })},
			{Heading: "Ticket", Width: 12, Kind: KindText, About: "Where it was agreed.", Value: of(func(w *Waiver) Value { return TextValue(w.Ticket) })},
		},
	}
}

// WaiverAmount is what a waiver's findings are worth; empty if it has none or
// its rule is not about a number of licenses.
func (r *Report) WaiverAmount(w *Waiver) Value {
	counted := slices.ContainsFunc(r.Rules, func(rule Rule) bool { return rule.ID == w.Rule && rule.Quantity != "" })
	if !counted || w.Findings == 0 {
		return Empty()
	}
	return moneyOrUnknown(w.Amount)
}

func hasConnectionWaivers(r *Report) bool {
	return slices.ContainsFunc(r.Waivers, func(w Waiver) bool { return w.SIPConnection != "" })
}

func qualitySheet() Sheet {
	of := func(value func(r *Report, q *QualityRow) Value) func(*Report, int) Value {
		return func(r *Report, row int) Value { return value(r, &r.Quality[row]) }
	}
	return Sheet{
		Name: SheetQuality, Table: "tblQuality", Frozen: 1,
		About: "One thing that could not be judged, or that is odd in the data.",
		Rows:  func(r *Report) int { return len(r.Quality) },
		Columns: []Column{
			{Heading: "Kind", Width: 20, Kind: KindText, About: "not-evaluable, or the kind of the problem.", Value: of(func(_ *Report, q *QualityRow) Value { return TextValue(q.Kind) })},
			{Heading: "Rule", Width: 24, Kind: KindID, About: "The rule that could not be judged.", Value: of(func(_ *Report, q *QualityRow) Value { return TextValue(q.Rule) })},
			{Heading: "Customer", Width: 24, Kind: KindText, About: "The customer it is about.",
				Value: of(func(r *Report, q *QualityRow) Value {
					if q.Customer < 0 {
						return Empty()
					}
					return TextValue(r.Customers[q.Customer].Name())
				}),
				Link: func(r *Report, row int) Target { return toCustomer(r.Quality[row].Customer) }},
			{Heading: "What", Width: 80, Kind: KindLongText, About: "The reason, or the problem.", Value: of(func(_ *Report, q *QualityRow) Value { return TextValue(q.Text) })},
		},
	}
}
