package xlsx

import (
	"fmt"
	"strings"

	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// positions compare acquired and used licenses by type. Cells of types without
// a count of users are blank.
func (p *summaryPage) positions() {
	heads := []head{{"License type", cell.KindText}, {"Customers", cell.KindCount}, {"Counts unknown", cell.KindCount},
		{"Acquired", cell.KindCount}, {"Used", cell.KindCount}, {"Delta", cell.KindDelta}, {"Utilization", cell.KindPercent},
		{"Overuse", cell.KindCount}, {"Surplus", cell.KindCount}, {"Other users", cell.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"True-up (position)", cell.KindMoney}, head{"Unused value (position)", cell.KindMoney})
	}
	t := p.startTable(p.block(len(p.r.Positions)+6), "License position", heads)
	p.positionAt = [2]int{t.at, t.at + len(p.r.Positions) - 1}
	for i := range p.r.Positions {
		t.add(p.position(&p.r.Positions[i])...)
	}
	if len(p.r.Positions) > 0 {
		p.dataBar(fmt.Sprintf("G%d:G%d", p.positionAt[0], p.positionAt[1]))
	}
	all := p.r.PositionTotal()
	t.sum(p.position(&all.Position)...)
	if p.r.Currency != "" && len(all.NoTrueUp) > 0 {
		t.atLeast(10, p.st.totalAtLeast)
	}
	if p.r.Currency != "" && len(all.NoUnused) > 0 {
		t.atLeast(11, p.st.totalAtLeast)
	}
	p.row = p.remark(t.at, p.positionNote(all.Unpriced())) + 1
}

func (p *page) positionNote(unpriced []string) string {
	note := "Acquired, used and what follows from them are of customers with both counts known. Counts unknown: customers whose license type has a " +
		"count that did not come. Overuse and surplus are summed customer by customer: one's surplus never covers another's overuse. " +
		"Other users: active users of the customers not compared; with those used they are all active users."
	if p.r.Currency != "" {
		note += " True-up and unused value (position): every license of overuse and surplus times its price, a month, before waivers. " +
			"The sums (findings) are of open findings only."
		if len(unpriced) > 0 {
			note += " ≥: without the license types that have no price: " + strings.Join(unpriced, ", ") + "."
		}
	}
	return note
}

func (p *page) position(x *report.Position) []cell.Value {
	count := func(n int64) cell.Value { return tables.OfPosition(x, cell.Int(n)) }
	values := []cell.Value{cell.Text(x.LicenseName), cell.Int(int64(x.Customers)), cell.Int(int64(x.Unknown)),
		count(x.Acquired), count(x.Used), count(x.Delta()), utilization(x), count(x.Over), count(x.Surplus), cell.Int(x.OtherUsed)}
	if p.r.Currency != "" {
		values = append(values, tables.TrueUp(x), tables.Unused(x))
	}
	return values
}

func utilization(x *report.Position) cell.Value {
	if u, ok := x.Utilization(); ok {
		return cell.Float(u)
	}
	return cell.Empty()
}
