package pdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

// layOutCustomers gives each customer with something to say a section.
func (b *book) layOutCustomers() {
	shown, concerned := b.detailCounts()
	if concerned == 0 {
		return
	}
	b.chapter("Customers")
	b.paragraph(detailSentence(shown, concerned, b.r.Totals.Customers), body, left, wide)
	for i, anchor := range b.details {
		if anchor != nil {
			b.customer(&b.r.Customers[i], anchor)
		}
	}
}

// detailCounts counts the customers with a section and those with something
// to say.
func (b *book) detailCounts() (shown, concerned int) {
	for i := range b.r.Customers {
		c := &b.r.Customers[i]
		if len(c.Findings) > 0 || c.NotEvaluable > 0 {
			concerned++
		}
		if b.details[i] != nil {
			shown++
		}
	}
	return shown, concerned
}

func detailSentence(shown, concerned, all int) string {
	words := fmt.Sprintf("%s of %s with a finding, a waived finding or a rule that could not be evaluated.",
		plain.Number(concerned), plain.Counted(all, "customer", "customers"))
	if shown == concerned {
		return words + " Each has a section here; the workbook lists all customers."
	}
	return words + fmt.Sprintf(" The %s with the most severe findings have a section here; %s left to the workbook.",
		plain.Number(shown), plain.Counted(concerned-shown, "customer is", "customers are"))
}

func (b *book) customer(c *report.Customer, anchor *canvas.Anchor) {
	b.space(18)
	b.listed(c.Name(), h2, anchor)
	b.space(2)
	b.hold(4, func(y float64) { b.hairline(left, y, wide, b.accent) })
	b.identity(c)
	b.licenseLine(c)
	stop := b.continued(c, anchor)
	b.customerFindings(c)
	b.customerConnections(c)
	b.customerGaps(c)
	stop()
}

// continued names the customer again at the head of each further page.
func (b *book) continued(c *report.Customer, anchor *canvas.Anchor) func() {
	name := b.clip(c.Name(), small.bold(), wide-80)
	draw := func(y float64) {
		b.write(left, y+small.ascent(), name, small.bold())
		b.say(left+name.Width+4, y+small.ascent(), "continued", small)
	}
	return b.repeat(block{height: 16, draw: draw, live: func() bool { return anchor.Page != nil }})
}

// pairs of a name and a value, side by side.
type fact struct{ name, value string }

func (b *book) identity(c *report.Customer) {
	facts := []fact{{"Short name", apiText(c.CustomerShortName, "–")}, {"License", c.LicenseName}}
	if c.Manager != "" {
		facts = append(facts, fact{"Manager", c.Manager})
	}
	if c.Instance != "" {
		facts = append(facts, fact{"Instance", c.Instance})
	}
	facts = append(facts, fact{"Connections", connectionSummary(c)},
		fact{"Customer GUID", c.UmpCustomerGuid}, fact{"Microsoft tenant", apiText(c.MsTenantId, "none")})
	b.factGrid(facts)
}

// factGrid sets facts in two columns, row by row.
func (b *book) factGrid(facts []fact) {
	for len(facts) > 0 {
		n := min(2, len(facts))
		b.factRow(facts[:n])
		facts = facts[n:]
	}
}

func (b *book) factRow(facts []fact) {
	const nameWidth, half = 72.0, wide / 2
	values := make([][]text.Line, len(facts))
	rows := 0
	for i, f := range facts {
		values[i] = b.wrap(f.value, cellSt, half-nameWidth-8)
		rows = max(rows, len(values[i]))
	}
	b.hold(float64(rows)*cellSt.leading()+1, func(y float64) {
		for i, lines := range values {
			x := left + float64(i)*half
			b.say(x, y+cellSt.ascent(), facts[i].name, small)
			for n, line := range lines {
				b.write(x+nameWidth, y+float64(n)*cellSt.leading()+cellSt.ascent(), line, cellSt)
			}
		}
	})
}

func connectionSummary(c *report.Customer) string {
	if c.Sites != fetch.Known {
		return "unknown"
	}
	n := c.Connections[1] - c.Connections[0]
	if n == 0 {
		return "none"
	}
	return plain.Number(n) + " · " + states(c.ByState) + " · " + states(c.ByType)
}

// states counts the values where there are several.
func states(counts []report.StateCount) string {
	if len(counts) == 1 {
		return counts[0].Value
	}
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = c.Value + ": " + plain.Number(c.Count)
	}
	return strings.Join(parts, ", ")
}

// licenseColumns are where acquired, used, delta and utilization stand.
var licenseColumns = [...]float64{left, left + 104, left + 168, left + wide/2}

// licenseLine is acquired, used, delta and utilization, with a bar.
func (b *book) licenseLine(c *report.Customer) {
	acquired := apiCount(c.LicensedUsersCount, "not by user count")
	if c.LicensedUsersCount.State == fetch.Null && fetch.CountedByUser(c.LicenseType) {
		acquired = "unknown"
	}
	b.space(3)
	b.hold(24, func(y float64) {
		for i, f := range []fact{{"Acquired", acquired}, {"Used", apiCount(c.ActiveUserCount, "unknown")}, {"Delta", b.deltaText(c)}} {
			b.say(licenseColumns[i], y+8, f.name, small)
			b.say(licenseColumns[i], y+19, f.value, body.bold())
		}
		b.utilization(c, licenseColumns[3], y)
	})
	b.space(4)
}

func (b *book) deltaText(c *report.Customer) string {
	return orDash(tables.DeltaValue(c), cell.KindDelta)
}

// utilization is a bar up to 125 %, with a mark at 100 %.
func (b *book) utilization(c *report.Customer, x, y float64) {
	if c.Utilization == nil {
		return
	}
	const most, height = 1.25, 7.0
	u, width := *c.Utilization, right-x-46
	b.say(x, y+8, "Utilization", small)
	b.sayRight(right, y+19, percent(u), body.bold())
	b.fill(x, y+12.5, width, height, faint)
	full := width / most
	b.fill(x, y+12.5, full*min(u, 1), height, tint(b.accent, 0.75))
	if u > 1 {
		b.fill(x+full, y+12.5, full*(min(u, most)-1), height, severityColors[rules.High])
	}
	b.fill(x+full-0.4, y+10.5, 0.8, height+4, ink)
}

// group is the findings of one customer under one rule with the same waiver.
type group struct {
	findings []int
	first    *report.Finding
}

func (b *book) groups(c *report.Customer) []group {
	var groups []group
	for _, at := range c.Findings {
		f := &b.r.Findings[at]
		if n := len(groups); n > 0 {
			g := &groups[n-1]
			if g.first.Rule == f.Rule && g.first.Verdict == f.Verdict && g.first.Waiver == f.Waiver {
				g.findings = append(g.findings, at)
				continue
			}
		}
		groups = append(groups, group{[]int{at}, f})
	}
	return groups
}

func (b *book) customerFindings(c *report.Customer) {
	groups := b.groups(c)
	if len(groups) == 0 {
		return
	}
	columns := []column{{head: "Severity", share: 14}, {head: "Finding", share: 66}}
	priced := b.r.Currency != "" && slices.ContainsFunc(groups, func(g group) bool { return g.first.Quantity != nil })
	if priced {
		columns = append(columns, column{head: "Amount, " + b.r.Currency, share: 17, right: true})
	}
	if b.r.Changes != nil {
		columns = append(columns, column{head: "Open since", share: 16})
	}
	t := b.table(columns...)
	shown := 0
	for i, g := range groups {
		if i == b.o.MaxFindings {
			break
		}
		t.row(b.groupRow(g, priced)...)
		shown += len(g.findings)
	}
	t.end(more(len(c.Findings)-shown, "finding", "findings"))
}

func (b *book) groupRow(g group, priced bool) []box {
	r := &b.r.Rules[g.first.Rule]
	paras := []para{{r.Title, cellSt.bold()}, {b.groupMessage(g), cellSt}}
	if r.Remediation != "" {
		paras = append(paras, para{r.Remediation, small})
	}
	if g.first.Verdict == rules.Waived {
		paras = append(paras, para{b.waiverText(g.first), small.bold()})
	}
	cells := []box{severityCell(r.Severity), {paras: paras, to: nil}}
	if priced {
		cells = append(cells, b.groupAmount(g))
	}
	if b.r.Changes != nil {
		cells = append(cells, regular(b.groupSince(g)))
	}
	return cells
}

func (b *book) groupMessage(g group) string {
	if len(g.findings) == 1 {
		return g.first.Message
	}
	return plain.Counted(len(g.findings), "SIP connection", "SIP connections") + ", listed below"
}

// groupAmount is the amount of the group's findings and the sum it counts in.
func (b *book) groupAmount(g group) box {
	if g.first.Quantity == nil {
		return box{}
	}
	sum := &decimal.Decimal{}
	for _, at := range g.findings {
		if amount := b.r.Findings[at].Amount; amount != nil && sum != nil {
			d := sum.Add(*amount)
			sum = &d
		} else {
			sum = nil
		}
	}
	return box{paras: []para{{amountOr(sum, "unknown"), cellSt}, {tables.CountsAs(b.r, g.first).String(), small}}}
}

func (b *book) groupSince(g group) string {
	if len(g.findings) == 1 {
		return sinceText(g.first)
	}
	return ""
}

// customerGaps lists the rules that could not be judged.
func (b *book) customerGaps(c *report.Customer) {
	if c.NotEvaluable == 0 {
		return
	}
	b.space(4)
	b.paragraph(plain.Counted(c.NotEvaluable, "rule", "rules")+" could not be evaluated for this customer; see Data quality.", small, left+padX, wide-2*padX)
}
