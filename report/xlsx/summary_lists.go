package xlsx

import (
	"fmt"

	"trueup/report"
	"trueup/rules"
)

// ruleTable counts every verdict of every rule that is on.
func (p *summaryPage) ruleTable() {
	heads := []head{{"Rule", report.KindText}, {"Severity", report.KindSeverity}, {"Findings", report.KindCount}, {"Waived", report.KindCount},
		{"Not evaluable", report.KindCount}, {"Pass", report.KindCount}, {"Not applicable", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"Exposure", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(p.block(len(p.r.Rules)+4), "Findings by rule", heads)
	for i := range p.r.Rules {
		if rule := &p.r.Rules[i]; rule.Enabled {
			t.add(p.ruleRow(rule)...)
			t.link(report.Target{Sheet: report.SheetRules, Row: i, OK: true})
			t.linkCount("C", p.r.FirstFinding(i))
		}
	}
	t.sum(p.ruleSum()...)
	p.row = t.at + 1
}

func (p *page) ruleRow(rule *report.Rule) []report.Value {
	count := func(v rules.Verdict) report.Value { return report.IntValue(int64(rule.Tally[v])) }
	values := []report.Value{report.TextValue(rule.Title), report.SeverityValue(rule.Severity), count(rules.Finding),
		count(rules.Waived), count(rules.NotEvaluable), count(rules.Pass), count(rules.NotApplicable)}
	if p.r.Currency != "" {
		values = append(values, report.MoneyValue(rule.Money.Exposure), report.MoneyValue(rule.Money.Unused))
	}
	return values
}

func (p *page) ruleSum() []report.Value {
	var all rules.Tally
	for i := range p.r.Rules {
		for v, n := range p.r.Rules[i].Tally {
			all[v] += n
		}
	}
	sum := &report.Rule{Rule: &rules.Rule{Title: "All"}, Tally: all, Money: p.r.Totals.Money}
	values := p.ruleRow(sum)
	values[1] = report.Empty()
	return values
}

// top lists the customers that owe most.
func (p *summaryPage) top() {
	top := p.r.TopExposures(topCount)
	if len(top) == 0 {
		return
	}
	heads := []head{{"Customer", report.KindText}, {"License", report.KindText}, {"", report.KindText}, {"Acquired", report.KindCount},
		{"Used", report.KindCount}, {"Delta", report.KindDelta}, {"Utilization", report.KindPercent},
		{"Findings", report.KindCount}, {"Highest severity", report.KindSeverity}}
	title := "Largest overuse"
	if p.r.Currency != "" {
		title = "Largest exposures"
		heads = append(heads, head{"Exposure", report.KindMoney})
	}
	t := p.startTable(p.block(len(top)+3), title, heads)
	first := t.at
	for _, i := range top {
		t.add(p.topRow(heads, i)...)
		t.link(report.Target{Sheet: report.SheetCustomers, Row: i, OK: true})
		p.do(p.f.MergeCell(p.name, fmt.Sprintf("B%d", t.at-1), fmt.Sprintf("C%d", t.at-1)))
	}
	p.dataBar(fmt.Sprintf("G%d:G%d", first, t.at-1))
	p.row = t.at + 1
}

// topRow takes the values from the customers sheet, so that both agree.
func (p *page) topRow(heads []head, i int) []report.Value {
	sheet := report.SheetNamed(report.SheetCustomers)
	values := []report.Value{report.TextValue(p.r.Customers[i].Name())}
	for _, h := range heads[1:] {
		values = append(values, columnValue(&sheet, h.text, p.r, i))
	}
	return values
}

func columnValue(sheet *report.Sheet, heading string, r *report.Report, row int) report.Value {
	for _, c := range sheet.Columns {
		if c.Heading == heading {
			return c.Value(r, row)
		}
	}
	return report.Empty()
}

// managers are what each account manager must call about.
func (p *summaryPage) managers() {
	if len(p.r.Managers) == 0 {
		return
	}
	heads := []head{{"Account manager", report.KindText}, {"Customers", report.KindCount}, {"Findings", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"Exposure", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(p.block(min(len(p.r.Managers), 20)+3), "Account managers", heads)
	for _, m := range p.r.Managers {
		values := []report.Value{report.TextValue(m.Name), report.IntValue(int64(m.Customers)), report.IntValue(int64(m.Findings))}
		if p.r.Currency != "" {
			values = append(values, report.MoneyValue(m.Money.Exposure), report.MoneyValue(m.Money.Unused))
		}
		t.add(values...)
	}
	p.row = t.at + 1
}

// sources are where the customers came from.
func (p *summaryPage) sources() {
	t := p.startTable(p.block(len(p.r.Sources)+3), "Instances", []head{{"Source", report.KindText}, {"Listed", report.KindCount}, {"Customers", report.KindCount}, {"State", report.KindText}})
	for _, s := range p.r.Sources {
		state := "answered whole"
		if s.Failed != "" {
			state = "FAILED: " + s.Failed
		}
		t.add(report.TextValue(s.Name), report.IntValue(int64(s.Listed)), report.IntValue(int64(s.Customers)), report.Empty())
		p.put("D", t.at-1, state, p.st.subtitle)
	}
	p.row = t.at + 1
}
