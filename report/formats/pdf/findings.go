package pdf

import (
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/tables"
	"trueup/rules"
)

// layOutFindings lists the findings under their rules, with what each rule
// says once.
func (b *book) layOutFindings() {
	if len(b.r.Findings) == 0 {
		return // the summary says so
	}
	b.chapter("Findings by rule")
	for i := range b.r.Rules {
		if b.byRule[i].len() > 0 {
			b.rule(i)
		}
	}
}

func (b *book) rule(i int) {
	r := &b.r.Rules[i]
	b.space(14)
	b.listed(r.Title, h2, b.rules[i])
	b.severityLine(r)
	b.space(3)
	b.labelled("Why", r.Why)
	b.labelled("What to do", r.Remediation)
	b.reference(r.Reference)
	b.space(5)
	b.ruleTable(b.byRule[i])
}

// severityLine is severity, counts and id of a rule.
func (b *book) severityLine(r *report.Rule) {
	parts := []string{r.Severity.String() + " severity", plain.Counted(r.Tally[rules.Finding], "finding", "findings")}
	if n := r.Tally[rules.Waived]; n > 0 {
		parts = append(parts, plain.Number(n)+" waived")
	}
	if n := r.Tally[rules.NotEvaluable]; n > 0 {
		parts = append(parts, plain.Number(n)+" not evaluable")
	}
	if b.r.Currency != "" {
		parts = append(parts, b.ruleMoney(r)...)
	}
	words := strings.Join(append(parts, "rule "+r.ID), " · ")
	lines := b.wrap(words, small, wide-12)
	for i, line := range lines {
		b.hold(small.leading(), func(y float64) {
			if i == 0 {
				b.fill(left, y+2, square, square, severityColors[r.Severity])
			}
			b.write(left+square+4, y+small.ascent(), line, small)
		})
	}
}

// ruleMoney is what the rule's open findings are about, and how many have no
// price.
func (b *book) ruleMoney(r *report.Rule) (parts []string) {
	if v := tables.ExposureValue(r); !v.IsEmpty() {
		parts = append(parts, exposureOf(&r.Money)+" "+b.r.Currency+" exposure a month")
	}
	if v := tables.UnusedValue(r); !v.IsEmpty() {
		parts = append(parts, unusedOf(&r.Money)+" "+b.r.Currency+" unused a month")
	}
	if n, ok := tables.UnpricedValue(r).Int(); ok && n > 0 {
		parts = append(parts, total(n)+" without price")
	}
	return parts
}

// reference is where the rule's matter is documented; only web addresses lead
// there.
func (b *book) reference(url string) {
	web := strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
	if url == "" {
		return
	}
	for i, line := range b.wrap(url, small, wide-labelWidth) {
		b.hold(small.leading(), func(y float64) {
			if i == 0 {
				b.say(left, y+small.ascent(), "Reference", body.in(grey))
			}
			b.write(left+labelWidth, y+small.ascent(), line, small)
			if web {
				b.page.Add(canvas.Link{X: left + labelWidth, Y: y, W: line.Width, H: small.leading(), URL: url})
			}
		})
	}
	b.space(2)
}

const labelWidth = 62.0

// labelled is a paragraph with its name at its left.
func (b *book) labelled(name, words string) {
	if words == "" {
		return
	}
	for i, line := range b.wrap(words, body, wide-labelWidth) {
		b.hold(body.leading(), func(y float64) {
			if i == 0 {
				b.say(left, y+body.ascent(), name, body.in(grey))
			}
			b.write(left+labelWidth, y+body.ascent(), line, body)
		})
	}
	b.space(2)
}

func (b *book) ruleTable(s span) {
	columns := []column{{head: "Customer", share: 36}, {head: "Finding", share: 48}}
	quantities := b.hasQuantities(s)
	if quantities {
		columns = append(columns, column{head: "Licenses", share: 10, right: true})
	}
	if quantities && b.r.Currency != "" {
		columns = append(columns, column{head: "Amount, " + b.r.Currency, share: 15, right: true})
	}
	if b.r.Changes != nil {
		columns = append(columns, column{head: "Open since", share: 16})
	}
	t := b.table(columns...)
	shown := min(s.len(), b.o.MaxPerRule)
	for i := s.first; i < s.first+shown; i++ {
		t.row(b.findingRow(&b.r.Findings[i], quantities)...)
	}
	t.end(more(s.len()-shown, "finding of this rule", "findings of this rule"))
}

// hasQuantities tells whether a rule's findings are about numbers of licenses.
func (b *book) hasQuantities(s span) bool {
	return slices.ContainsFunc(b.r.Findings[s.first:s.end], func(f report.Finding) bool { return f.Quantity != nil })
}

func (b *book) findingRow(f *report.Finding, quantities bool) []box {
	c := &b.r.Customers[f.Customer]
	cells := []box{linked(c.Name(), b.details[f.Customer]), {paras: b.findingText(f)}}
	if quantities && f.Quantity != nil {
		cells = append(cells, regular(total(*f.Quantity)))
	} else if quantities {
		cells = append(cells, regular("unknown"))
	}
	if quantities && b.r.Currency != "" {
		cells = append(cells, regular(findingAmount(f)))
	}
	if b.r.Changes != nil {
		cells = append(cells, regular(sinceText(f)))
	}
	return cells
}

// findingText is the message, the connection it is about and its waiver.
func (b *book) findingText(f *report.Finding) []para {
	paras := []para{{f.Message, cellSt}}
	if f.Connection >= 0 {
		c := &b.r.Connections[f.Connection]
		paras = append(paras, para{"Connection " + apiText(c.Name, "without a name") + ", SBC " + c.Sbc(), small})
	}
	if f.Verdict == rules.Waived {
		paras = append(paras, para{b.waiverText(f), small.bold()})
	}
	return paras
}

func (b *book) waiverText(f *report.Finding) string {
	if f.Waiver < 0 {
		return "Waived"
	}
	w := &b.r.Waivers[f.Waiver]
	return "Waived by " + w.ID + " until " + w.Expires.String() + ": " + w.Reason
}

// findingAmount is unknown, not empty, where licenses have no price.
func findingAmount(f *report.Finding) string {
	if f.Quantity == nil {
		return amountOr(f.Amount, "")
	}
	return amountOr(f.Amount, "unknown")
}

func sinceText(f *report.Finding) string {
	if f.Change == report.Persisting || f.Change == report.Unchanged {
		return date(f.Since)
	}
	return strings.TrimSpace(date(f.Since) + " " + string(f.Change))
}

// chooseCustomers gives those with something to say a place of their own: if
// there are too many, those with the worst findings.
func (b *book) chooseCustomers() []*canvas.Anchor {
	anchors := make([]*canvas.Anchor, len(b.r.Customers))
	left := b.o.MaxCustomers
	choose := func(customer int) {
		if left > 0 && anchors[customer] == nil {
			anchors[customer] = &canvas.Anchor{}
			left--
		}
	}
	for i := range b.r.Findings {
		choose(b.r.Findings[i].Customer)
	}
	for i := range b.r.NotEvaluable {
		choose(b.r.NotEvaluable[i].Customer)
	}
	return anchors
}
