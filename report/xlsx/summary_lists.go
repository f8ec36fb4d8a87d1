package xlsx

import (
	"fmt"
	"strconv"

	"trueup/report"
	"trueup/rules"
)

// ruleTable counts every verdict of every rule that is on.
func (p *page) ruleTable(row int) int {
	heads := []head{{"Rule", report.KindText}, {"Severity", report.KindSeverity}, {"Findings", report.KindCount}, {"Waived", report.KindCount},
		{"Not evaluable", report.KindCount}, {"Pass", report.KindCount}, {"Not applicable", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"Exposure", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(row, "Findings by rule", heads)
	for i := range p.r.Rules {
		if rule := &p.r.Rules[i]; rule.Enabled {
			t.add(p.ruleRow(rule)...)
			t.link("A", report.Target{Sheet: report.SheetRules, Row: i, OK: true})
		}
	}
	t.sum(p.ruleSum()...)
	return t.row + 1
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
func (p *page) top(row int) int {
	top := p.r.TopExposures(topCount)
	if len(top) == 0 {
		return row
	}
	heads := []head{{"Customer", report.KindText}, {"License", report.KindText}, {"", report.KindText}, {"Acquired", report.KindCount},
		{"Used", report.KindCount}, {"Delta", report.KindDelta}, {"Utilization", report.KindPercent}}
	title := "Largest overuse"
	if p.r.Currency != "" {
		title = "Largest exposures"
		heads = append(heads, head{"Exposure", report.KindMoney})
	}
	heads = append(heads, head{"Findings", report.KindCount}, head{"Severity", report.KindSeverity})
	t := p.startTable(row, title, heads)
	first := t.row
	for _, i := range top {
		t.add(p.topRow(heads, i)...)
		t.link("A", report.Target{Sheet: report.SheetCustomers, Row: i, OK: true})
	}
	p.dataBar(fmt.Sprintf("G%d:G%d", first, t.row-1))
	return t.row + 1
}

// topRow takes the values from the customers sheet, so that both agree.
func (p *page) topRow(heads []head, i int) []report.Value {
	from := map[string]string{"Severity": "Highest severity"}
	sheet := report.SheetNamed(report.SheetCustomers)
	values := []report.Value{report.TextValue(p.r.Customers[i].Name())}
	for _, h := range heads[1:] {
		name := h.text
		if from[name] != "" {
			name = from[name]
		}
		values = append(values, columnValue(&sheet, name, p.r, i))
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
func (p *page) managers(row int) int {
	if len(p.r.Managers) == 0 {
		return row
	}
	heads := []head{{"Account manager", report.KindText}, {"Customers", report.KindCount}, {"Findings", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"Exposure", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(row, "Account managers", heads)
	for _, m := range p.r.Managers {
		values := []report.Value{report.TextValue(m.Name), report.IntValue(int64(m.Customers)), report.IntValue(int64(m.Findings))}
		if p.r.Currency != "" {
			values = append(values, report.MoneyValue(m.Money.Exposure), report.MoneyValue(m.Money.Unused))
		}
		t.add(values...)
	}
	return t.row + 1
}

// sources are where the customers came from.
func (p *page) sources(row int) int {
	t := p.startTable(row, "Instances", []head{{"Source", report.KindText}, {"Listed", report.KindCount}, {"Customers", report.KindCount}, {"State", report.KindText}})
	for _, s := range p.r.Sources {
		state := "answered whole"
		if s.Failed != "" {
			state = "FAILED: " + s.Failed
		}
		t.add(report.TextValue(s.Name), report.IntValue(int64(s.Listed)), report.IntValue(int64(s.Customers)), report.Empty())
		p.put("D", t.row-1, state, p.st.subtitle)
	}
	return t.row + 1
}

// control compares what the sheets hold with the model's totals.
type control struct {
	what   string
	sheets int64
	model  int64
}

func (p *page) controls(row int) int {
	t := p.startTable(row, "Control totals", []head{{"What", report.KindText}, {"In the sheets", report.KindCount}, {"In the report", report.KindCount}, {"Agree", report.KindText}})
	for _, c := range p.controlTotals() {
		agree := "yes"
		if c.sheets != c.model {
			agree = "NO"
		}
		t.add(report.TextValue(c.what), report.IntValue(c.sheets), report.IntValue(c.model), report.TextValue(agree))
	}
	at := t.row
	for name, n := range p.continued() {
		at = p.remark(at, name+" goes on in "+strconv.Itoa(n-1)+" more sheets: a sheet holds "+number(p.limit)+" of its rows.")
	}
	return at
}

func (b *book) continued() map[string]int {
	counts := map[string]int{}
	for _, s := range b.sections {
		counts[s.sheet.Name]++
	}
	for name, n := range counts {
		if n == 1 {
			delete(counts, name)
		}
	}
	return counts
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
