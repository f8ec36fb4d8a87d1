package pdf

import (
	"github.com/shopspring/decimal"

	"trueup/report"
)

// layOutPositions is what finance compares with the contract.
func (b *book) layOutPositions() {
	b.chapter("License positions")
	b.paragraph("Acquired and used count the customers for whom both are known.", body, left, wide)
	b.space(8)
	b.positionTable()
	b.trueUpTable()
	b.managerTable()
}

func (b *book) positionTable() {
	t := b.table(column{head: "License type", share: 28}, column{head: "Customers", share: 12, right: true},
		column{head: "Counts unknown", share: 12, right: true}, column{head: "Acquired", share: 13, right: true},
		column{head: "Used", share: 13, right: true}, column{head: "Delta", share: 13, right: true},
		column{head: "Utilization", share: 13, right: true}, column{head: "Used, not by count", share: 14, right: true})
	all := report.Position{}
	for i := range b.r.Positions {
		p := &b.r.Positions[i]
		t.row(positionRow(p, plain)...)
		all.Customers, all.Unknown = all.Customers+p.Customers, all.Unknown+p.Unknown
		all.Acquired, all.Used, all.OtherUsed = all.Acquired+p.Acquired, all.Used+p.Used, all.OtherUsed+p.OtherUsed
	}
	all.LicenseName = "Total"
	t.row(positionRow(&all, strong)...)
	t.end("Counts unknown: customers whose type has a count that the data does not give. Used, not by count: active users of customers without an acquired count.")
}

func positionRow(p *report.Position, as func(string) cell) []cell {
	utilization := "–"
	if u, ok := p.Utilization(); ok {
		utilization = percent(u)
	}
	return []cell{strong(p.LicenseName), as(count(p.Customers)), as(count(p.Unknown)), as(total(p.Acquired)),
		as(total(p.Used)), as(delta(p.Delta())), as(utilization), as(total(p.OtherUsed))}
}

// trueUpTable shows overuse and surplus, which do not cancel out.
func (b *book) trueUpTable() {
	b.space(20)
	b.part("Overuse and surplus")
	b.paragraph("Summed customer by customer: one customer's surplus never covers another's overuse. The delta is overuse minus surplus.", body, left, wide)
	b.space(8)
	columns := []column{{head: "License type", share: 28}, {head: "Overuse", share: 14, right: true}, {head: "Surplus", share: 14, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: "True-up a month, " + b.r.Currency, share: 22, right: true},
			column{head: "Unused a month, " + b.r.Currency, share: 22, right: true})
	}
	t := b.table(columns...)
	all := report.Position{LicenseName: "Total", TrueUp: &decimal.Decimal{}, Unused: &decimal.Decimal{}}
	for i := range b.r.Positions {
		p := &b.r.Positions[i]
		t.row(b.trueUpRow(p, plain)...)
		all.Over, all.Surplus = all.Over+p.Over, all.Surplus+p.Surplus
		all.TrueUp, all.Unused = sum(all.TrueUp, p.TrueUp), sum(all.Unused, p.Unused)
	}
	t.row(b.trueUpRow(&all, strong)...)
	t.end(b.trueUpRemark())
}

// trueUpRemark tells these amounts apart from those of the findings.
func (b *book) trueUpRemark() string {
	if b.r.Currency == "" {
		return ""
	}
	return "These amounts are about every license over or under what was acquired; the summary's exposure and unused value are those of the open findings. Licenses without a price are in no sum."
}

func (b *book) trueUpRow(p *report.Position, as func(string) cell) []cell {
	cells := []cell{strong(p.LicenseName), as(total(p.Over)), as(total(p.Surplus))}
	if b.r.Currency != "" {
		cells = append(cells, as(amountOr(p.TrueUp, "no price")), as(amountOr(p.Unused, "no price")))
	}
	return cells
}

// sum leaves out what has no price; its row says so.
func sum(a, b *decimal.Decimal) *decimal.Decimal {
	if b == nil {
		return a
	}
	c := a.Add(*b)
	return &c
}

func (b *book) managerTable() {
	if len(b.r.Managers) == 0 {
		return
	}
	b.space(22)
	b.part("Account managers")
	columns := []column{{head: "Manager", share: 30}, {head: "E-mail", share: 34},
		{head: "Customers", share: 13, right: true}, {head: "Findings", share: 13, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: "Exposure, " + b.r.Currency, share: 20, right: true},
			column{head: "Unused, " + b.r.Currency, share: 20, right: true})
	}
	t := b.table(columns...)
	for i := range b.r.Managers {
		t.row(b.managerRow(&b.r.Managers[i])...)
	}
	t.end("")
}

func (b *book) managerRow(m *report.Manager) []cell {
	cells := []cell{plain(m.Name), plain(m.Email), plain(count(m.Customers)), plain(count(m.Findings))}
	if b.r.Currency != "" {
		cells = append(cells, plain(amount(m.Money.Exposure)), plain(amount(m.Money.Unused)))
	}
	return cells
}
