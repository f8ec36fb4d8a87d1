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
	p.row = t.row + 1
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
	first := t.row
	for _, i := range top {
		t.add(p.topRow(heads, i)...)
		t.link(report.Target{Sheet: report.SheetCustomers, Row: i, OK: true})
		p.do(p.f.MergeCell(p.name, fmt.Sprintf("B%d", t.row-1), fmt.Sprintf("C%d", t.row-1)))
	}
	p.dataBar(fmt.Sprintf("G%d:G%d", first, t.row-1))
	p.row = t.row + 1
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
	p.row = t.row + 1
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
		p.put("D", t.row-1, state, p.st.subtitle)
	}
	p.row = t.row + 1
}

// control compares what the sheets hold with the model's totals.
type control struct {
	what   string
	sheets int64
	model  int64
}

func (p *summaryPage) controls() {
	totals := p.controlTotals()
	t := p.startTable(p.block(len(totals)+3), "Control totals", []head{{"What", report.KindText}, {"In the sheets", report.KindCount}, {"In the report", report.KindCount}, {"Agree", report.KindText}})
	for _, c := range totals {
		agree := "yes"
		if c.sheets != c.model {
			agree = "NO"
		}
		t.add(report.TextValue(c.what), report.IntValue(c.sheets), report.IntValue(c.model), report.TextValue(agree))
	}
	p.row = t.row
	for _, note := range p.notes() {
		p.row = p.remark(p.row, note)
	}
}

// notes say what a sheet could not take.
func (b *book) notes() (notes []string) {
	for i, s := range b.sections {
		if s.from == 0 && i+1 < len(b.sections) && b.sections[i+1].from > 0 {
			notes = append(notes, s.name+" goes on in the sheets after it, as a sheet holds "+number(b.limit)+" of its rows: "+number(s.sheet.Rows(b.r))+" in all.")
		}
		if s.linked < s.rows {
			notes = append(notes, s.name+" has links on its first "+number(s.linked)+" rows, as a sheet holds so many.")
		}
	}
	return notes
}

func (b *book) controlTotals() []control {
	t := &b.r.Totals
	all := []control{
		{"Customers: rows", b.rows(report.SheetCustomers), int64(t.Customers)},
		{"Customers: sum of Acquired", b.sum(report.SheetCustomers, "Acquired"), t.Acquired},
		{"Customers: sum of Used", b.sum(report.SheetCustomers, "Used"), t.ActiveUsers},
		{"Customers: sum of Findings", b.sum(report.SheetCustomers, "Findings"), int64(t.Findings)},
		{"Customers: sum of Waived", b.sum(report.SheetCustomers, "Waived"), int64(t.Waived)},
		{"Customers: sum of Not evaluable", b.sum(report.SheetCustomers, "Not evaluable"), int64(t.NotEvaluable)},
		{"SIP Connections: rows", b.rows(report.SheetConnections), int64(t.SIPConnections)},
		{"Findings: rows, open and waived", b.rows(report.SheetFindings), int64(t.Findings + t.Waived)},
		{"Rules: sum of Finding", b.sum(report.SheetRules, "Finding"), int64(t.Findings)},
		{"Rules: sum of Waived", b.sum(report.SheetRules, "Waived"), int64(t.Waived)},
		{"Rules: sum of Not evaluable", b.sum(report.SheetRules, "Not evaluable"), int64(t.NotEvaluable)},
		{"Data quality: rows", b.rows(report.SheetQuality), int64(len(b.r.NotEvaluable) + len(b.r.Problems))},
		{"Waivers: rows", b.rows(report.SheetWaivers), int64(len(b.r.Waivers))},
	}
	if b.r.Changes != nil {
		all = append(all, control{"Changes: rows", b.rows(report.SheetChanges), int64(len(b.r.Changes.Rows))})
	}
	return all
}

// rows counts the rows written to the sheets of a name.
func (b *book) rows(name string) (n int64) {
	for _, s := range b.sections {
		if s.sheet.Name == name {
			n += int64(s.rows)
		}
	}
	return n
}

// sum adds up a column as it was written.
func (b *book) sum(name, heading string) (n int64) {
	for _, s := range b.sections {
		for i := range s.columns {
			if s.sheet.Name == name && s.columns[i].Heading == heading {
				n += s.sums[i]
			}
		}
	}
	return n
}
