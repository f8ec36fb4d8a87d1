package pdf

import (
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// layOutPositions is what finance compares with the contract.
func (b *book) layOutPositions() {
	b.chapter("License positions")
	b.paragraph("Acquired, used and what follows from them are of customers with both counts known.", body, left, wide)
	b.space(8)
	b.positionTable()
	b.trueUpTable()
	b.managerTable()
}

func (b *book) positionTable() {
	t := b.table(column{head: "License type", share: 28}, column{head: "Customers", share: 12, right: true},
		column{head: "Counts unknown", share: 12, right: true}, column{head: "Acquired", share: 13, right: true},
		column{head: "Used", share: 13, right: true}, column{head: "Delta", share: 13, right: true},
		column{head: "Utilization", share: 13, right: true}, column{head: "Other users", share: 13, right: true})
	for i := range b.r.Positions {
		t.row(positionRow(&b.r.Positions[i], regular)...)
	}
	all := b.r.PositionTotal()
	t.row(positionRow(&all.Position, strong)...)
	t.end("Counts unknown: customers whose license type has a count that did not come. Other users: active users of the customers not compared; with those used they are all active users.")
}

func positionRow(p *report.Position, as func(string) box) []box {
	utilization := "–"
	if u, ok := p.Utilization(); ok {
		utilization = percent(u)
	}
	return []box{strong(p.LicenseName), as(plain.Number(p.Customers)), as(plain.Number(p.Unknown)), as(compared(p, p.Acquired, cell.KindCount)),
		as(compared(p, p.Used, cell.KindCount)), as(compared(p, p.Delta(), cell.KindDelta)), as(utilization), as(total(p.OtherUsed))}
}

// compared writes a figure about the customers that could be compared.
func compared(p *report.Position, n int64, kind cell.Kind) string {
	return orDash(tables.OfPosition(p, cell.Int(n)), kind)
}

// trueUpTable shows overuse and surplus, which do not cancel out.
func (b *book) trueUpTable() {
	b.space(20)
	b.part("Overuse and surplus")
	b.paragraph("Summed customer by customer: one customer's surplus never covers another's overuse. The delta is overuse minus surplus.", body, left, wide)
	b.space(8)
	columns := []column{{head: "License type", share: 28}, {head: "Overuse", share: 14, right: true}, {head: "Surplus", share: 14, right: true}}
	if b.r.Currency != "" {
		columns = append(columns, column{head: "True-up (position), " + b.r.Currency, share: 24, right: true},
			column{head: "Unused value (position), " + b.r.Currency, share: 24, right: true})
	}
	t := b.table(columns...)
	for i := range b.r.Positions {
		t.row(b.trueUpRow(&b.r.Positions[i], regular)...)
	}
	all := b.r.PositionTotal()
	t.row(b.trueUpTotal(&all)...)
	t.end(b.trueUpRemark(all.Unpriced()))
}

// trueUpRemark tells these amounts apart from those of the findings.
func (b *book) trueUpRemark(unpriced []string) string {
	if b.r.Currency == "" {
		return ""
	}
	words := "Amounts (position) are of every license of overuse and surplus, a month, before waivers; amounts (findings), as on the summary, are of open findings only."
	if len(unpriced) > 0 {
		words += " " + "≥:" + " without the license types that have no price: " + strings.Join(unpriced, ", ") + "."
	}
	return words
}

func (b *book) trueUpRow(p *report.Position, as func(string) box) []box {
	cells := []box{strong(p.LicenseName), as(compared(p, p.Over, cell.KindCount)), as(compared(p, p.Surplus, cell.KindCount))}
	if b.r.Currency != "" {
		cells = append(cells, as(orDash(tables.TrueUp(p), cell.KindMoney)), as(orDash(tables.Unused(p), cell.KindMoney)))
	}
	return cells
}

// trueUpTotal marks the sums that leave a license type out.
func (b *book) trueUpTotal(all *report.PositionSum) []box {
	cells := b.trueUpRow(&all.Position, strong)[:3]
	if b.r.Currency != "" {
		cells = append(cells, strong(atLeast(len(all.NoTrueUp))+amount(*all.TrueUp)), strong(atLeast(len(all.NoUnused))+amount(*all.Unused)))
	}
	return cells
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
		columns = append(columns, column{head: tables.HeadExposure + ", " + b.r.Currency, share: 21, right: true},
			column{head: tables.HeadUnused + ", " + b.r.Currency, share: 24, right: true})
	}
	t := b.table(columns...)
	for i := range b.r.Managers {
		t.row(b.managerRow(&b.r.Managers[i], regular)...)
	}
	all := &b.r.Totals
	t.row(b.managerRow(&report.Manager{Name: "All", Customers: all.Customers, Findings: all.Findings, Money: all.Money}, strong)...)
	t.end("")
}

func (b *book) managerRow(m *report.Manager, as func(string) box) []box {
	cells := []box{as(m.Name), regular(m.Email), as(plain.Number(m.Customers)), as(plain.Number(m.Findings))}
	if b.r.Currency != "" {
		cells = append(cells, as(exposureOf(&m.Money)), as(unusedOf(&m.Money)))
	}
	return cells
}
