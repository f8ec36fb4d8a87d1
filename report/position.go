package report

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"trueup/fetch"
)

// positions sums the licenses by license type.
func (r *Report) positions(prices Prices) {
	at := map[fetch.Count]int{}
	r.Positions = nil
	for i := range r.Customers {
		c := &r.Customers[i]
		key := c.LicenseType
		if !key.Known() {
			key = fetch.Count{} // absent, null and unreadable are one row
		}
		n, ok := at[key]
		if !ok {
			n = len(r.Positions)
			at[key] = n
			r.Positions = append(r.Positions, r.newPosition(key))
		}
		p := &r.Positions[n]
		p.add(c, prices)
		p.Money = p.Money.Add(r.moneyOf(c))
	}
	slices.SortFunc(r.Positions, func(a, b Position) int {
		return cmp.Or(cmp.Compare(b.LicenseType.State, a.LicenseType.State), cmp.Compare(a.LicenseType.N, b.LicenseType.N))
	})
}

func (r *Report) newPosition(licenseType fetch.Count) Position {
	p := Position{LicenseType: licenseType, LicenseName: fetch.LicenseName(licenseType)}
	if r.Currency != "" {
		p.TrueUp, p.Unused = &decimal.Decimal{}, &decimal.Decimal{}
	}
	return p
}

// add counts a customer. One with a count missing is left out of the
// comparison: counted as unknown where the count should be there, its users as
// other use.
func (p *Position) add(c *Customer, prices Prices) {
	p.Customers++
	price := prices.Of(c.Customer)
	p.addPrice(price)
	if c.Delta == nil {
		if c.AcquiredUnknown() || !c.Used.Known() {
			p.Unknown++
		}
		if c.wantsCount() {
			p.Unpaired++
			p.NoTrueUp++
			p.NoUnused++
		}
		p.OtherUsed += c.Used.N
		return
	}
	p.Compared++
	p.Acquired += c.LicensedUsersCount.N
	p.Used += c.Used.N
	if c.Beside.Known() {
		p.Beside += c.Beside.N
		p.BesideOf++
	}
	if over := *c.Delta; over > 0 {
		p.Over += over
		p.worth(&p.TrueUp, &p.NoTrueUp, amount(over, price))
	} else if over < 0 {
		p.Surplus -= over
		p.worth(&p.Unused, &p.NoUnused, amount(-over, price))
	}
}

// worth adds an amount to a sum, or counts that the sum leaves it out.
func (p *Position) worth(sum **decimal.Decimal, out *int, amount *decimal.Decimal) {
	if amount == nil {
		*out++
		p.Unpriced++
	}
	*sum = plusKnown(*sum, amount)
}

// addPrice keeps the prices in order, each once.
func (p *Position) addPrice(price *decimal.Decimal) {
	if price == nil {
		return
	}
	at, known := slices.BinarySearchFunc(p.Prices, *price, func(a, b decimal.Decimal) int { return a.Cmp(b) })
	if !known {
		p.Prices = slices.Insert(p.Prices, at, *price)
	}
}

// PositionSum is the license position of all license types.
type PositionSum struct {
	Position
	WithoutPrice []string // license types of which a customer wants a price, and is in no sum
}

// PositionTotal sums the license types.
func (r *Report) PositionTotal() PositionSum {
	all := PositionSum{Position: Position{LicenseName: "All", TrueUp: &decimal.Decimal{}, Unused: &decimal.Decimal{}}}
	for i := range r.Positions {
		p := &r.Positions[i]
		all.addCounts(p)
		all.TrueUp = plusKnown(all.TrueUp, p.TrueUp)
		all.Unused = plusKnown(all.Unused, p.Unused)
		if p.Unpriced > 0 {
			all.WithoutPrice = append(all.WithoutPrice, p.LicenseName)
		}
	}
	slices.Sort(all.WithoutPrice)
	return all
}

func (p *Position) addCounts(o *Position) {
	p.Customers += o.Customers
	p.Unknown += o.Unknown
	p.Compared += o.Compared
	p.Unpaired += o.Unpaired
	p.NoTrueUp += o.NoTrueUp
	p.NoUnused += o.NoUnused
	p.Unpriced += o.Unpriced
	p.Acquired += o.Acquired
	p.Used += o.Used
	p.Beside += o.Beside
	p.BesideOf += o.BesideOf
	p.OtherUsed += o.OtherUsed
	p.Over += o.Over
	p.Surplus += o.Surplus
}

// FromPosition is how the license position comes to the open exposure:
// Position = open + waived + Below, the overuse that no rule flags, for it is
// below their thresholds. Where a rule counts what is no overuse, Below is
// negative.
type FromPosition struct {
	Position, Below decimal.Decimal
	AtLeast         bool // a part of either is not known
}

// FromPosition compares the position with the findings.
func (r *Report) FromPosition() FromPosition {
	all, m := r.PositionTotal(), &r.Totals.Money
	return FromPosition{Position: *all.TrueUp, Below: all.TrueUp.Sub(m.Exposure).Sub(m.WaivedExposure),
		AtLeast: all.NoTrueUp > 0 || m.UnpricedExposure > 0}
}

// plusKnown leaves out of a sum what is not known; the sum may be nil, for want
// of prices.
func plusKnown(sum, part *decimal.Decimal) *decimal.Decimal {
	if part == nil || sum == nil {
		return sum
	}
	d := sum.Add(*part)
	return &d
}
