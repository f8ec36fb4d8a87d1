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
		heads = append(heads, moneyHeads...)
	}
	if p.somePriceless() {
		heads = append(heads, head{"Without price", report.KindCount})
	}
	t := p.startTable(p.block(len(p.r.Rules)+4), "Findings by rule", heads)
	for i := range p.r.Rules {
		if rule := &p.r.Rules[i]; rule.Enabled {
			t.add(p.ruleRow(rule)...)
			t.markMoney(7, &rule.Money, p.st.atLeast)
			t.link(report.Target{Sheet: report.SheetRules, Row: i, OK: true})
			t.linkCount("C", p.r.FirstFinding(i))
		}
	}
	t.sum(p.ruleSum()...)
	t.markMoney(7, &p.r.Totals.Money, p.st.totalAtLeast)
	p.row = t.at + 1
}

// moneyHeads stand over the sums of open findings.
var moneyHeads = []head{{report.HeadExposure, report.KindMoney}, {report.HeadUnused, report.KindMoney}}

// markMoney marks sums that leave something out, in two columns from one on.
func (t *table) markMoney(column int, m *report.MoneyTotals, style int) {
	priced := t.r.Currency != ""
	if priced && m.UnpricedExposure > 0 {
		t.atLeast(column, style)
	}
	if priced && m.UnpricedUnused > 0 {
		t.atLeast(column+1, style)
	}
}

func (p *page) ruleRow(rule *report.Rule) []report.Value {
	count := func(v rules.Verdict) report.Value { return report.IntValue(int64(rule.Tally[v])) }
	values := []report.Value{report.TextValue(rule.Title), report.SeverityValue(rule.Severity), count(rules.Finding),
		count(rules.Waived), count(rules.NotEvaluable), count(rules.Pass), count(rules.NotApplicable)}
	if p.r.Currency != "" {
		values = append(values, rule.ExposureValue(), rule.UnusedValue())
	}
	if p.somePriceless() {
		values = append(values, rule.UnpricedValue())
	}
	return values
}

// somePriceless tells whether amounts leave open findings out.
func (p *page) somePriceless() bool {
	m := &p.r.Totals.Money
	return p.r.Currency != "" && m.UnpricedExposure+m.UnpricedUnused > 0
}

func (p *page) ruleSum() []report.Value {
	var all rules.Tally
	for i := range p.r.Rules {
		for v, n := range p.r.Rules[i].Tally {
			all[v] += n
		}
	}
	m := &p.r.Totals.Money
	values := p.ruleRow(&report.Rule{Rule: &rules.Rule{Title: "All"}, Tally: all})[:7]
	values[1] = report.Empty()
	if p.r.Currency != "" {
		values = append(values, report.MoneyValue(m.Exposure), report.MoneyValue(m.Unused))
	}
	if p.somePriceless() {
		values = append(values, report.IntValue(int64(m.UnpricedExposure+m.UnpricedUnused)))
	}
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
		heads = append(heads, moneyHeads[0])
	}
	t := p.startTable(p.block(len(top)+4), title, heads)
	first := t.at
	for _, i := range top {
		t.add(p.topRow(heads, i)...)
		t.link(report.Target{Sheet: report.SheetCustomers, Row: i, OK: true})
		p.do(p.f.MergeCell(p.name, fmt.Sprintf("B%d", t.at-1), fmt.Sprintf("C%d", t.at-1)))
	}
	p.dataBar(fmt.Sprintf("G%d:G%d", first, t.at-1))
	p.row = t.at + 1
	if n := p.r.UnknownExposures(); n > 0 {
		p.row = p.remark(t.at, "Exposure unknown, so not among them: "+report.Number(n)+" of the customers, as a count or the price of the license type is missing.") + 1
	}
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
		heads = append(heads, moneyHeads...)
	}
	t := p.startTable(p.block(min(len(p.r.Managers), 20)+4), "Account managers", heads)
	for _, m := range p.r.Managers {
		t.add(p.managerRow(&m)...)
		t.markMoney(3, &m.Money, p.st.atLeast)
	}
	all := &p.r.Totals
	t.sum(p.managerRow(&report.Manager{Name: "All", Customers: all.Customers, Findings: all.Findings, Money: all.Money})...)
	t.markMoney(3, &all.Money, p.st.totalAtLeast)
	p.row = t.at + 1
}

func (p *page) managerRow(m *report.Manager) []report.Value {
	values := []report.Value{report.TextValue(m.Name), report.IntValue(int64(m.Customers)), report.IntValue(int64(m.Findings))}
	if p.r.Currency != "" {
		values = append(values, report.MoneyValue(m.Money.Exposure), report.MoneyValue(m.Money.Unused))
	}
	return values
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
