package report

import (
	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Prices are what a license costs a month, from the settings. The vendor
// publishes none. The zero Prices means that no money appears anywhere.
type Prices struct {
	Currency string // ISO code
	ByType   map[int64]decimal.Decimal
	// ByInstance replaces the price of single types on one instance.
	ByInstance map[string]map[int64]decimal.Decimal
}

// Of is the price of the customer's license type; nil if there is none.
func (p Prices) Of(c *fetch.Customer) *decimal.Decimal {
	if p.Currency == "" || !c.LicenseType.Known() {
		return nil
	}
	price, ok := p.ByInstance[c.Instance][c.LicenseType.N]
	if !ok {
		price, ok = p.ByType[c.LicenseType.N]
	}
	if !ok {
		return nil
	}
	return &price
}

// Worth is what some of a customer's licenses come to a month; nil without a
// price.
func (p Prices) Worth(c *fetch.Customer, licenses int64) *decimal.Decimal {
	return amount(licenses, p.Of(c))
}

// amount is licenses × price, rounded half up to the cent. Every sum adds up
// rounded amounts, so that groups reconcile to the cent.
func amount(licenses int64, price *decimal.Decimal) *decimal.Decimal {
	if price == nil {
		return nil
	}
	d := price.Mul(decimal.NewFromInt(licenses)).Round(2)
	return &d
}

// add counts one finding of either kind of money.
func (m *MoneyTotals) add(f *Finding, kind rules.Money) {
	switch {
	case !f.Licenses, f.CountedBy >= 0:
	case f.Amount == nil:
		m.addUnpriced(f, kind)
	case f.Verdict == rules.Waived:
		m.Waived = m.Waived.Add(*f.Amount)
		if kind == rules.TrueUp {
			m.WaivedExposure = m.WaivedExposure.Add(*f.Amount)
		}
	case kind == rules.Unused:
		m.Unused = m.Unused.Add(*f.Amount)
	default:
		m.Exposure = m.Exposure.Add(*f.Amount)
	}
}

func (m *MoneyTotals) addUnpriced(f *Finding, kind rules.Money) {
	switch {
	case f.Verdict == rules.Waived:
		m.UnpricedWaived++
		return
	case kind == rules.Unused:
		m.UnpricedUnused++
	default:
		m.UnpricedExposure++
	}
	m.Unpriced++
}

// wanting counts as left out, of a customer's sums, those that stand at nothing
// because a count is missing: no rule could find what would have made an amount.
func (m MoneyTotals) wanting(c *Customer) (w MoneyTotals) {
	if !c.wantsCount() {
		return w
	}
	if m.Exposure.IsZero() && m.UnpricedExposure == 0 {
		w.UnpricedExposure = 1
	}
	if m.Unused.IsZero() && m.UnpricedUnused == 0 {
		w.UnpricedUnused = 1
	}
	return w
}

// Add sums two groups, as the packs of a book.
func (m MoneyTotals) Add(o MoneyTotals) MoneyTotals {
	return MoneyTotals{
		Exposure: plus(m.Exposure, o.Exposure),
		Unused:   plus(m.Unused, o.Unused),
		Waived:   plus(m.Waived, o.Waived),

		WaivedExposure: plus(m.WaivedExposure, o.WaivedExposure),

		Unpriced: m.Unpriced + o.Unpriced,

		UnpricedExposure: m.UnpricedExposure + o.UnpricedExposure,
		UnpricedUnused:   m.UnpricedUnused + o.UnpricedUnused,
		UnpricedWaived:   m.UnpricedWaived + o.UnpricedWaived,
	}
}

// plus is a + b, without the memory that a sum takes where there is nothing to add,
// as for most customers.
func plus(a, b decimal.Decimal) decimal.Decimal {
	if b.IsZero() {
		return a
	}
	return a.Add(b)
}

// Equal compares to the cent.
func (m MoneyTotals) Equal(o MoneyTotals) bool {
	return m.Exposure.Equal(o.Exposure) && m.Unused.Equal(o.Unused) &&
		m.Waived.Equal(o.Waived) && m.Unpriced == o.Unpriced
}
