package tables

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// Positions compares acquired and used licenses by license type: what finance
// compares with the contract.
func Positions(r *report.Report) Table {
	t := Table{Title: "License position", Noun: "license type",
		Intro: "Acquired, used and what follows from them are of customers with both counts known.",
		Heads: []Head{{Text: "License type", Kind: cell.KindText, Paper: 40},
			{Text: "Customers", Kind: cell.KindCount, Paper: 12}, {Text: "Counts unknown", Kind: cell.KindCount, Paper: 12},
			{Text: "Acquired", Kind: cell.KindCount, Paper: 13}, {Text: "Used", Kind: cell.KindCount, Paper: 13},
			{Text: "Delta", Kind: cell.KindDelta, Paper: 13}, {Text: "Utilization", Kind: cell.KindPercent, Paper: 13},
			{Text: "Overuse", Kind: cell.KindCount, Paper: 14}, {Text: "Surplus", Kind: cell.KindCount, Paper: 14},
			{Text: "Other users", Kind: cell.KindCount, Paper: 13}}}
	if len(r.Usage) > 0 {
		beside := Head{Text: "Peak", Kind: cell.KindCount, Paper: 13}
		if r.Measure == rules.Peak {
			beside.Text = "Used now"
		}
		t.Heads = append(t.Heads, beside)
	}
	if r.Currency != "" {
		t.Heads = append(t.Heads, Head{Text: "Price", Kind: cell.KindMoney, Paper: 14, PaperOnly: true}, Head{Text: HeadTrueUp, Kind: cell.KindMoney, Paper: 24},
			Head{Text: HeadSurplus, Kind: cell.KindMoney, Paper: 24})
	}
	for i := range r.Positions {
		t.Rows = append(t.Rows, Row{Cells: positionCells(r, &r.Positions[i])})
	}
	all := r.PositionTotal()
	sum := Row{Cells: positionCells(r, &all.Position), Sum: true}
	if r.Currency != "" {
		n := len(sum.Cells)
		sum.Cells[n-3] = Cell{}
		sum.Cells[n-2], sum.Cells[n-1] = positionAmounts(all)
	}
	t.Rows = append(t.Rows, sum)
	t.Note = positionNote(r, all.WithoutPrice)
	return t
}

func positionCells(r *report.Report, p *report.Position) []Cell {
	utilization := cell.Empty()
	if u, ok := p.Utilization(); ok {
		utilization = cell.Float(u)
	}
	of := func(n int64) Cell { return Is(ofPosition(p, cell.Int(n))) }
	cells := []Cell{{Value: cell.Text(p.LicenseName), Bold: true}, count(p.Customers), count(p.Unknown), of(p.Acquired), of(p.Used),
		of(p.Delta()), Is(utilization), of(p.Over), of(p.Surplus), count(p.OtherUsed)}
	if len(r.Usage) > 0 {
		beside := of(p.Beside)
		if beside.AtLeast = p.BesideOf < p.Compared; p.BesideOf == 0 {
			beside = Is(ofPosition(p, cell.Unknown()))
		}
		cells = append(cells, beside)
	}
	if r.Currency != "" {
		cells = append(cells, Is(priceOf(p)), positionWorth(p, p.TrueUp, p.NoTrueUp), positionWorth(p, p.Unused, p.NoUnused))
	}
	return cells
}

// positionWorth is what the licenses over or left over come to, as far as known.
func positionWorth(p *report.Position, d *decimal.Decimal, leftOut int) Cell {
	if p.Compared == 0 {
		return Is(ofPosition(p, cell.Unknown()))
	}
	return knownPart(d, leftOut)
}

// positionAmounts are the amounts of all license types, as far as known.
func positionAmounts(all report.PositionSum) (trueUp, unused Cell) {
	return Cell{Value: cell.Money(*all.TrueUp), AtLeast: all.NoTrueUp > 0}, Cell{Value: cell.Money(*all.Unused), AtLeast: all.NoUnused > 0}
}

// priceOf is what a license of the type costs a month: from the lowest to the
// highest where instances have prices of their own.
func priceOf(p *report.Position) cell.Value {
	switch n := len(p.Prices); n {
	case 0:
		return ofPosition(p, cell.Unknown())
	case 1:
		return cell.Money(p.Prices[0])
	default:
		return cell.Text(cell.Money(p.Prices[0]).Format(cell.KindMoney) + "–" + cell.Money(p.Prices[n-1]).Format(cell.KindMoney))
	}
}

// ofPosition shows a figure about the customers compared. Without any it is
// unknown where counts are missing, and empty where the license type has none.
func ofPosition(p *report.Position, v cell.Value) cell.Value {
	switch {
	case p.Compared > 0:
		return v
	case p.Unpaired > 0:
		return cell.Unknown()
	}
	return cell.Empty()
}

func positionNote(r *report.Report, unpriced []string) string {
	note := "Counts unknown: customers whose license type should have a count, but the API sent none. Overuse and surplus are summed " +
		"customer by customer: one customer's surplus never covers another's overuse; the delta is overuse minus surplus. Other users: " +
		"active users of the customers not compared; together with those used they are all active users."
	if r.Currency == "" {
		return note
	}
	note += " Amounts (position): every license of overuse and surplus times its price, a month, before waivers. " +
		"Amounts (findings) are of open findings only."
	if len(unpriced) > 0 {
		note += " ≥: without the customers whose license has no price: of " + strings.Join(unpriced, ", ") + "."
	}
	return note
}

// FirstFinding is the row of a rule's first finding, waived ones included.
func FirstFinding(r *report.Report, rule int) Target {
	if rows := FindingsOf(r, rule); len(rows) > 0 {
		return Target{SheetFindings, rows[0], true}
	}
	return Target{}
}

// PriceList is what a license costs by type, and where an instance has a price
// of its own. A type that is counted by user and has none is unknown. It has no
// rows without prices.
func PriceList(r *report.Report) Table {
	t := Table{Title: "Prices", Noun: "price", Intro: "of a license a month, from the settings", Heads: []Head{{Text: "License type", Kind: cell.KindText},
		{Text: "Instance", Kind: cell.KindText}, {Text: "Price", Kind: cell.KindMoney}}}
	if r.Currency == "" {
		return t
	}
	add := func(licenseType int64, instance string, price cell.Value) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{text(fetch.LicenseName(fetch.CountOf(licenseType))), text(instance), Is(price)}})
	}
	used := map[int64]bool{}
	for i := range r.Positions {
		if p := &r.Positions[i]; p.LicenseType.Known() && p.Compared+p.Unpaired > 0 {
			used[p.LicenseType.N] = true
		}
	}
	for _, licenseType := range slices.Sorted(maps.Keys(r.Prices.ByType)) {
		add(licenseType, "", cell.Money(r.Prices.ByType[licenseType]))
		delete(used, licenseType)
	}
	for _, licenseType := range slices.Sorted(maps.Keys(used)) {
		add(licenseType, "", cell.Unknown())
	}
	for _, instance := range slices.Sorted(maps.Keys(r.Prices.ByInstance)) {
		prices := r.Prices.ByInstance[instance]
		for _, licenseType := range slices.Sorted(maps.Keys(prices)) {
			add(licenseType, instance, cell.Money(prices[licenseType]))
		}
	}
	return t
}
