package xlsx

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/report"
)

// positions compare acquired and used licenses by type.
func (p *summaryPage) positions() {
	heads := []head{{"License type", report.KindText}, {"Customers", report.KindCount}, {"Acquired", report.KindCount},
		{"Used", report.KindCount}, {"Delta", report.KindDelta}, {"Utilization", report.KindPercent},
		{"Over", report.KindCount}, {"Not used", report.KindCount}, {"Not known", report.KindCount}}
	if p.r.Currency != "" {
		heads = append(heads, head{"True-up", report.KindMoney}, head{"Unused value", report.KindMoney})
	}
	t := p.startTable(p.block(len(p.r.Positions)+5), "License position", heads)
	p.positionAt = [2]int{t.at, t.at + len(p.r.Positions) - 1}
	for i := range p.r.Positions {
		t.add(p.position(&p.r.Positions[i])...)
	}
	if len(p.r.Positions) > 0 {
		p.dataBar(fmt.Sprintf("F%d:F%d", p.positionAt[0], p.positionAt[1]))
	}
	t.sum(p.positionSum()...)
	p.row = p.remark(t.at, p.positionNote()) + 1
}

func (p *page) positionNote() string {
	var other int64
	for _, x := range p.r.Positions {
		other += x.OtherUsed
	}
	note := "Acquired and used are of customers with both counts known. Over and not used are summed customer by customer. " +
		"Not known: customers whose counts did not come. "
	if other > 0 {
		note += report.GroupDigits(strconv.FormatInt(other, 10)) + " more active users are of customers without an acquired count. "
	}
	if p.r.Currency != "" {
		note += "True-up and unused value: licenses times price, a month, before waivers."
		if names := p.unpriced(); len(names) > 0 {
			note += " No sum has the licenses without a price: " + strings.Join(names, ", ") + "."
		}
	}
	return note
}

// unpriced names the license types of which an amount is not known.
func (p *page) unpriced() (names []string) {
	for _, x := range p.r.Positions {
		if x.TrueUp == nil || x.Unused == nil {
			names = append(names, x.LicenseName)
		}
	}
	return names
}

func (p *page) position(x *report.Position) []report.Value {
	values := []report.Value{report.TextValue(x.LicenseName), report.IntValue(int64(x.Customers)), report.IntValue(x.Acquired),
		report.IntValue(x.Used), report.IntValue(x.Delta()), utilization(x), report.IntValue(x.Over),
		report.IntValue(x.Surplus), report.IntValue(int64(x.Unknown))}
	if p.r.Currency != "" {
		values = append(values, priced(x.TrueUp), priced(x.Unused))
	}
	return values
}

func utilization(x *report.Position) report.Value {
	if u, ok := x.Utilization(); ok {
		return report.FloatValue(u)
	}
	return report.Empty()
}

func priced(d *decimal.Decimal) report.Value {
	if d == nil {
		return report.Unknown()
	}
	return report.MoneyValue(*d)
}

func (p *page) positionSum() []report.Value {
	all := p.positionTotal()
	return p.position(&all)
}

func (p *page) positionTotal() report.Position {
	all := report.Position{LicenseName: "All"}
	for _, x := range p.r.Positions {
		all.Customers += x.Customers
		all.Unknown += x.Unknown
		all.Acquired += x.Acquired
		all.Used += x.Used
		all.Over += x.Over
		all.Surplus += x.Surplus
		all.TrueUp = plus(all.TrueUp, x.TrueUp)
		all.Unused = plus(all.Unused, x.Unused)
	}
	return all
}

// plus adds amounts of which either may be missing.
func plus(a, b *decimal.Decimal) *decimal.Decimal {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	sum := a.Add(*b)
	return &sum
}
