package xlsx

import (
	"fmt"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// ruleTable counts every verdict of every rule that is on.
func (p *summaryPage) ruleTable() {
	heads := []head{{"Rule", cell.KindText}, {"Severity", cell.KindSeverity}, {"Findings", cell.KindCount}, {"Waived", cell.KindCount},
		{"Not evaluable", cell.KindCount}, {"Pass", cell.KindCount}, {"Not applicable", cell.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, moneyHeads...)
	}
	if p.somePriceless() {
		heads = append(heads, head{"Without price", cell.KindCount})
	}
	t := p.startTable(p.block(len(p.r.Rules)+4), "Findings by rule", heads)
	for i := range p.r.Rules {
		if rule := &p.r.Rules[i]; rule.Enabled {
			t.add(p.ruleRow(rule)...)
			t.markMoney(7, &rule.Money, p.st.atLeast)
			t.link(tables.Target{Sheet: tables.SheetRules, Row: i, OK: true})
			t.linkCount("C", tables.FirstFinding(p.r, i))
		}
	}
	t.sum(p.ruleSum()...)
	t.markMoney(7, &p.r.Totals.Money, p.st.totalAtLeast)
	p.row = t.at + 1
}

// moneyHeads stand over the sums of open findings.
var moneyHeads = []head{{tables.HeadExposure, cell.KindMoney}, {tables.HeadUnused, cell.KindMoney}}

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

func (p *page) ruleRow(rule *report.Rule) []cell.Value {
	count := func(v rules.Verdict) cell.Value { return cell.Int(int64(rule.Tally[v])) }
	values := []cell.Value{cell.Text(rule.Title), cell.Severity(rule.Severity), count(rules.Finding),
		count(rules.Waived), count(rules.NotEvaluable), count(rules.Pass), count(rules.NotApplicable)}
	if p.r.Currency != "" {
		values = append(values, tables.ExposureValue(rule), tables.UnusedValue(rule))
	}
	if p.somePriceless() {
		values = append(values, tables.UnpricedValue(rule))
	}
	return values
}

// somePriceless tells whether amounts leave open findings out.
func (p *page) somePriceless() bool {
	m := &p.r.Totals.Money
	return p.r.Currency != "" && m.UnpricedExposure+m.UnpricedUnused > 0
}

func (p *page) ruleSum() []cell.Value {
	var all rules.Tally
	for i := range p.r.Rules {
		for v, n := range p.r.Rules[i].Tally {
			all[v] += n
		}
	}
	m := &p.r.Totals.Money
	values := p.ruleRow(&report.Rule{Rule: &rules.Rule{Title: "All"}, Tally: all})[:7]
	values[1] = cell.Empty()
	if p.r.Currency != "" {
		values = append(values, cell.Money(m.Exposure), cell.Money(m.Unused))
	}
	if p.somePriceless() {
		values = append(values, cell.Int(int64(m.UnpricedExposure+m.UnpricedUnused)))
	}
	return values
}

// top lists the customers that owe most.
func (p *summaryPage) top() {
	top := p.r.TopExposures(topCount)
	if len(top) == 0 {
		return
	}
	heads := []head{{"Customer", cell.KindText}, {"License", cell.KindText}, {"", cell.KindText}, {"Acquired", cell.KindCount},
		{"Used", cell.KindCount}, {"Delta", cell.KindDelta}, {"Utilization", cell.KindPercent},
		{"Findings", cell.KindCount}, {"Highest severity", cell.KindSeverity}}
	title := "Largest overuse"
	if p.r.Currency != "" {
		title = "Largest exposures"
		heads = append(heads, moneyHeads[0])
	}
	t := p.startTable(p.block(len(top)+4), title, heads)
	first := t.at
	for _, i := range top {
		t.add(p.topRow(heads, i)...)
		t.link(tables.Target{Sheet: tables.SheetCustomers, Row: i, OK: true})
		p.do(p.f.MergeCell(p.name, fmt.Sprintf("B%d", t.at-1), fmt.Sprintf("C%d", t.at-1)))
	}
	p.dataBar(fmt.Sprintf("G%d:G%d", first, t.at-1))
	p.row = t.at + 1
	if n := p.r.UnknownExposures(); n > 0 {
		p.row = p.remark(t.at, "Exposure unknown, so not among them: "+plain.Number(n)+" of the customers, as a count or the price of the license type is missing.") + 1
	}
}

// topRow takes the values from the customers sheet, so that both agree.
func (p *page) topRow(heads []head, i int) []cell.Value {
	sheet := tables.SheetNamed(tables.SheetCustomers)
	values := []cell.Value{cell.Text(p.r.Customers[i].Name())}
	for _, h := range heads[1:] {
		values = append(values, columnValue(&sheet, h.text, p.r, i))
	}
	return values
}

func columnValue(sheet *tables.Sheet, heading string, r *report.Report, row int) cell.Value {
	for _, c := range sheet.Columns {
		if c.Heading == heading {
			return c.Value(r, row)
		}
	}
	return cell.Empty()
}

// managers are what each account manager must call about.
func (p *summaryPage) managers() {
	if len(p.r.Managers) == 0 {
		return
	}
	heads := []head{{"Account manager", cell.KindText}, {"Customers", cell.KindCount}, {"Findings", cell.KindCount}}
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

func (p *page) managerRow(m *report.Manager) []cell.Value {
	values := []cell.Value{cell.Text(m.Name), cell.Int(int64(m.Customers)), cell.Int(int64(m.Findings))}
	if p.r.Currency != "" {
		values = append(values, cell.Money(m.Money.Exposure), cell.Money(m.Money.Unused))
	}
	return values
}

// sources are where the customers came from.
func (p *summaryPage) sources() {
	t := p.startTable(p.block(len(p.r.Sources)+3), "Instances", []head{{"Source", cell.KindText}, {"Listed", cell.KindCount}, {"Customers", cell.KindCount}, {"State", cell.KindText}})
	for _, s := range p.r.Sources {
		state := "answered whole"
		if s.Failed != "" {
			state = "FAILED: " + s.Failed
		}
		t.add(cell.Text(s.Name), cell.Int(int64(s.Listed)), cell.Int(int64(s.Customers)), cell.Empty())
		p.put("D", t.at-1, state, p.st.subtitle)
	}
	p.row = t.at + 1
}
