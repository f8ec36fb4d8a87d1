package tables

import (
	"fmt"
	"slices"
	"strings"

	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"

	"github.com/shopspring/decimal"
)

func rulesSheet() Sheet {
	of := func(value func(rule *report.Rule) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Rules[row]) }
	}
	tally := func(v rules.Verdict) func(*report.Report, int) cell.Value {
		return of(func(rule *report.Rule) cell.Value { return cell.Int(int64(rule.Tally[v])) })
	}
	severity := of(func(x *report.Rule) cell.Value { return cell.Severity(x.Severity) })
	return Sheet{
		Name: SheetRules, Table: "tblRules", Noun: "rule", Always: true, Frozen: 1,
		About: "One rule as it took effect, with how often it gave each verdict.",
		Rows:  func(r *report.Report) int { return len(r.Rules) },
		Columns: []Column{
			{Heading: "Title", Brief: true, Width: 30, Kind: cell.KindText, About: "What the rule finds.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Title) })},
			{Heading: "Rule", Brief: true, Width: 24, Kind: cell.KindID, About: "The rule's id: stable, waivers and history hold on to it.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.ID) })},
			{Heading: "Severity", Brief: true, Width: 10, Kind: cell.KindSeverity, About: "Effective severity.", Value: severity},
			rank(severity),
			{Heading: "Each", Width: 13, Kind: cell.KindText, About: "What it judges: every customer or every sipConnection.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Each.String()) })},
			{Heading: "State", Brief: true, Width: 8, Kind: cell.KindText, About: "on, or off if the settings switch it off.", Value: of(ruleState)},
			{Heading: "Finding", Brief: true, Width: 9, Kind: cell.KindCount, About: "Open findings; the link leads to the first.", Value: tally(rules.Finding),
				Link: func(r *report.Report, row int) Target { return FirstFinding(r, row) }},
			{Heading: "Waived", Brief: true, Width: 9, Kind: cell.KindCount, About: "Findings that a waiver accepts.", Value: tally(rules.Waived)},
			{Heading: "Not evaluable", Brief: true, Width: 9, Kind: cell.KindCount, About: "Could not be judged: never a pass.", Value: tally(rules.NotEvaluable)},
			{Heading: "Pass", Brief: true, Width: 9, Kind: cell.KindCount, About: "Judged, nothing found.", Value: tally(rules.Pass)},
			{Heading: "Not applicable", Brief: true, Width: 9, Kind: cell.KindCount, About: "The rule does not apply.", Value: tally(rules.NotApplicable)},
			{Heading: HeadExposure, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of its open findings about licenses used and not acquired, a month; empty if the rule is not about that.",
				Value: of(ExposureValue), Least: leaves(exposureCell)},
			{Heading: HeadUnused, Width: 12, Kind: cell.KindMoney, Money: true, About: "Amount of its open findings about licenses acquired and not used, a month; empty if the rule is not about that.",
				Value: of(UnusedValue), Least: leaves(unusedCell)},
			{Heading: HeadUnpriced, Width: 9, Kind: cell.KindCount, Money: true, About: "Its open findings about licenses whose amount is unknown, for want of a price or a number: they are in no sum.",
				Value: of(UnpricedValue)},
			{Heading: "Parameters", Width: 22, Kind: cell.KindText, About: "Effective parameters.", Value: of(ruleParams)},
			{Heading: "Overridden", Width: 14, Kind: cell.KindText, About: "What the settings changed.", Value: of(ruleOverridden)},
			{Heading: "Why", Width: 44, Kind: cell.KindLongText, About: "Why it matters.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Why) })},
			{Heading: "Remediation", Width: 44, Kind: cell.KindLongText, About: "What to do about it.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Remediation) })},
			{Heading: "Condition", Width: 44, Kind: cell.KindLongText, About: "The expression that finds.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.When) })},
			{Heading: "Reference", Width: 30, Kind: cell.KindText, About: "Where it is documented.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Reference) })},
			{Heading: "Source", Width: 14, Kind: cell.KindText, About: "built-in, or the file it comes from.", Value: of(func(x *report.Rule) cell.Value { return cell.Text(x.Source) })},
		},
	}
}

// leaves tells that a sum of the rule leaves something out.
func leaves(sum func(*report.MoneyTotals) Cell) func(*report.Report, int) bool {
	return func(r *report.Report, row int) bool { return sum(&r.Rules[row].Money).AtLeast }
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
	return cell.Int(int64(rule.Money.Unpriced))
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
