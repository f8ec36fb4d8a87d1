package pdf

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules"
)

// method explains how the figures come about, one paragraph each.
var method = []struct{ name, words string }{
	{"Customers", "Each customer is one entry of the Live Platform customer list, known by its UmpCustomerGuid. Entries that are there twice and are the same count once."},
	{"Acquired", "LicensedUsersCount: licenses purchased. No number means that the customer is not licensed by user count; it is never taken for zero."},
	{"Used", "ActiveUserCount: active users as the platform counts them by its license factors. Those can be set per service, so two customers' counts need not compare."},
	{"Utilization", "Used divided by acquired. Delta is used minus acquired: above zero is to be trued up."},
	{"Verdicts", "Each rule gives each customer or SIP connection exactly one verdict: finding, pass, waived, not applicable or not evaluable. A rule that lacks a value it needs is not evaluable, which never counts as a pass."},
	{"Moment", "The list shows the moment of the request, not the peak of the month."},
}

const moneyMethod = "Licenses times the price of the license type from the settings, a month. Amounts (findings) are of open findings; amounts (position) of every license over or under what was acquired. What has no price is in no sum, and the sum has the sign ≥."

func (b *book) layOutMethod() {
	b.chapter("Method and data quality")
	b.quality()
	b.space(18)
	b.part("How the figures come about")
	for _, m := range method {
		b.methodParagraph(m.name, m.words)
	}
	if b.r.Currency != "" {
		b.methodParagraph("Amounts", moneyMethod)
	}
	b.sourcesTable()
	b.hashes()
	b.rulesTable()
}

func (b *book) methodParagraph(name, words string) {
	b.labelled(name, words)
	b.place(3, nil)
}

// rulesTable shows every rule with all its verdicts, so that they add up.
func (b *book) rulesTable() {
	b.space(16)
	b.part("Rules and verdicts")
	t := b.table(column{head: "Severity", share: 13}, column{head: "Rule", share: 40}, column{head: "Judges", share: 14},
		column{head: "Finding", share: 10, right: true}, column{head: "Waived", share: 10, right: true},
		column{head: "Not evaluable", share: 12, right: true}, column{head: "Pass", share: 10, right: true},
		column{head: "Not applicable", share: 12, right: true})
	for i := range b.r.Rules {
		t.row(b.ruleRow(i)...)
	}
	t.end("")
}

func (b *book) ruleRow(i int) []box {
	r := &b.r.Rules[i]
	id := r.ID
	if !r.Enabled {
		id += " (switched off)"
	}
	if r.Source != "built-in" && r.Source != "" {
		id += ", from " + r.Source
	}
	title := box{paras: []para{{r.Title, cellSt}, {id, small}}}
	if b.byRule[i].len() > 0 {
		title.to = b.rules[i]
	}
	cells := []box{severityCell(r.Severity), title, regular(judged(r))}
	for _, v := range []rules.Verdict{rules.Finding, rules.Waived, rules.NotEvaluable, rules.Pass, rules.NotApplicable} {
		cells = append(cells, regular(plain.Number(r.Tally[v])))
	}
	return cells
}

func judged(r *report.Rule) string {
	if r.Each == rules.EachConnection {
		return "connections"
	}
	return "customers"
}

func (b *book) sourcesTable() {
	b.space(18)
	b.part("Sources")
	t := b.table(column{head: "Source", share: 25}, column{head: "Address", share: 45},
		column{head: "Listed", share: 13, right: true}, column{head: "Customers", share: 13, right: true})
	for _, s := range b.r.Sources {
		address := []para{{s.URL, cellSt}}
		if s.Failed != "" {
			address = append(address, para{"No answer: " + s.Failed, small.bold()})
		}
		t.row(regular(s.Name), box{paras: address}, regular(plain.Number(s.Listed)), regular(plain.Number(s.Customers)))
	}
	t.end("")
}

// hashes identify what the report was made from.
func (b *book) hashes() {
	b.space(18)
	b.part("Made from")
	for _, h := range []fact{{"Snapshot", b.r.Hashes.Snapshot}, {"Rules", b.r.Hashes.Rules},
		{"Waivers", b.r.Hashes.Waivers}, {"Contacts", b.r.Hashes.Contacts}, {"Version", "trueup " + b.r.Version}} {
		if h.value != "" {
			b.labelled(h.name, h.value)
			b.place(0, nil)
		}
	}
}
