package tables

import (
	"slices"

	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// BySeverity counts the open findings by severity; print has a chart of them.
func BySeverity(r *report.Report) Table {
	t := Table{Title: "Findings by severity", Heads: []Head{
		{Text: "Severity", Kind: cell.KindSeverity}, {Text: "Findings", Kind: cell.KindCount}, {Text: "Share", Kind: cell.KindPercent}}}
	for _, s := range rules.Severities {
		n := r.Totals.BySeverity[s]
		first := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return r.Rules[f.Rule].Severity == s })
		t.Rows = append(t.Rows, Row{Cells: []Cell{Is(cell.Severity(s)),
			{Value: cell.Int(int64(n)), To: Target{SheetFindings, first, first >= 0}}, Is(share(n, r.Totals.Findings))}})
	}
	t.Rows = append(t.Rows, Row{Sum: true, Cells: []Cell{text("All"),
		{Value: cell.Int(int64(r.Totals.Findings)), To: Target{Sheet: SheetFindings, OK: true}}, {}}})
	return t
}

func share(n, of int) cell.Value {
	if of == 0 {
		return cell.Empty()
	}
	return cell.Float(float64(n) / float64(of))
}

// ByRule counts every verdict of every rule, so that they add up.
func ByRule(r *report.Report) Table {
	t := Table{Title: "Rules and verdicts", Noun: "rule", Heads: []Head{
		{Text: "Rule", Kind: cell.KindText, Paper: 40}, {Text: "Severity", Kind: cell.KindSeverity, Paper: 13},
		{Text: "Findings", Kind: cell.KindCount, Paper: 10}, {Text: "Waived", Kind: cell.KindCount, Paper: 10},
		{Text: "Not evaluable", Kind: cell.KindCount, Paper: 12}, {Text: "Pass", Kind: cell.KindCount, Paper: 10},
		{Text: "Not applicable", Kind: cell.KindCount, Paper: 12}}}
	m := &r.Totals.Money
	priced, unpriced := r.Currency != "", r.Currency != "" && m.Unpriced > 0
	if priced {
		t.Heads = append(t.Heads, Head{Text: HeadExposure, Kind: cell.KindMoney}, Head{Text: HeadUnused, Kind: cell.KindMoney})
	}
	if unpriced {
		t.Heads = append(t.Heads, Head{Text: HeadUnpriced, Kind: cell.KindCount})
	}
	off := slices.ContainsFunc(r.Rules, func(rule report.Rule) bool { return !rule.Enabled })
	if off { // print says so below the title
		t.Heads = append(t.Heads, Head{Text: "State", Kind: cell.KindText})
	}
	var all rules.Tally
	for i := range r.Rules {
		rule := &r.Rules[i]
		cells := []Cell{{Value: cell.Text(rule.Title), Small: []string{ruleOrigin(rule)}, To: Target{SheetRules, i, true}}, Is(cell.Severity(rule.Severity))}
		cells = append(cells, tallyCells(&rule.Tally)...)
		cells[2].To = FirstFinding(r, i)
		for v, n := range rule.Tally {
			all[v] += n
		}
		if priced {
			cells = append(cells, Cell{Value: ExposureValue(rule), AtLeast: exposureCell(&rule.Money).AtLeast},
				Cell{Value: UnusedValue(rule), AtLeast: unusedCell(&rule.Money).AtLeast})
		}
		if unpriced {
			cells = append(cells, Is(UnpricedValue(rule)))
		}
		if off {
			cells = append(cells, Is(ruleState(rule)))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	sum := append([]Cell{text("All"), {}}, tallyCells(&all)...)
	if priced {
		sum = append(sum, exposureCell(m), unusedCell(m))
	}
	if unpriced {
		sum = append(sum, count(m.Unpriced))
	}
	if off {
		sum = append(sum, Cell{})
	}
	t.Rows = append(t.Rows, Row{Cells: sum, Sum: true})
	return t
}

func tallyCells(t *rules.Tally) (cells []Cell) {
	for _, v := range []rules.Verdict{rules.Finding, rules.Waived, rules.NotEvaluable, rules.Pass, rules.NotApplicable} {
		cells = append(cells, count(t[v]))
	}
	return cells
}

// ruleOrigin is a rule's id, what it judges, and what a reader should know of
// where it is from.
func ruleOrigin(rule *report.Rule) string {
	id := rule.ID + ", each customer"
	if rule.Each == rules.EachConnection {
		id = rule.ID + ", each SIP connection"
	}
	if !rule.Enabled {
		id += " (switched off)"
	}
	if rule.Source != "built-in" && rule.Source != "" {
		id += ", from " + rule.Source
	}
	return id
}

// Sources are where the customers came from.
func Sources(r *report.Report) Table {
	t := Table{Title: "Instances", Noun: "instance", Heads: []Head{
		{Text: "Source", Kind: cell.KindText, Paper: 25}, {Text: "Address", Kind: cell.KindText, Paper: 45, PaperOnly: true},
		{Text: "Listed", Kind: cell.KindCount, Paper: 13}, {Text: "Customers", Kind: cell.KindCount, Paper: 13},
		{Text: "State", Kind: cell.KindText, Paper: 20}}}
	for _, s := range r.Sources {
		state := "complete"
		if s.Failed != "" {
			state = "FAILED: " + s.Failed
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{text(s.Name), text(s.URL), count(s.Listed), count(s.Customers),
			{Value: cell.Text(state), Bold: s.Failed != ""}}})
	}
	return t
}
