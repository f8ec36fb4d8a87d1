package report

import (
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

func TestUnpricedBySum(t *testing.T) {
	quantity := int64(1)
	var m MoneyTotals
	m.add(&Finding{Licenses: true, CountedBy: -1, Quantity: &quantity}, rules.TrueUp)
	m.add(&Finding{Licenses: true, CountedBy: -1, Quantity: &quantity}, rules.Unused)
	m.add(&Finding{Licenses: true, CountedBy: -1, Quantity: &quantity, Verdict: rules.Waived}, rules.TrueUp)
	m.add(&Finding{}, rules.TrueUp)
	if want := (MoneyTotals{Unpriced: 2, UnpricedExposure: 1, UnpricedUnused: 1, UnpricedWaived: 1}); m != want {
		t.Errorf("%+v, want %+v", m, want)
	}
}

// A customer whose count is missing is left out of the sums that nothing of it
// is in, and of no others.
func TestSumsLeaveOutCustomersThatWantACount(t *testing.T) {
	one := decimal.NewFromInt(1)
	in := Priced(Fixture())
	r := Build(in)
	wants := func(acquired fetch.Count) *Customer {
		return &Customer{Customer: &fetch.Customer{LicenseType: r.Customers[0].LicenseType, LicensedUsersCount: acquired}}
	}
	unreadable := fetch.Count{State: fetch.Absent}
	for _, test := range []struct {
		found MoneyTotals
		of    *Customer
		want  MoneyTotals
	}{
		{MoneyTotals{}, wants(unreadable), MoneyTotals{UnpricedExposure: 1, UnpricedUnused: 1}},
		{MoneyTotals{Exposure: one}, wants(unreadable), MoneyTotals{UnpricedUnused: 1}},
		{MoneyTotals{UnpricedUnused: 2}, wants(unreadable), MoneyTotals{UnpricedExposure: 1}},
		{MoneyTotals{}, &Customer{Customer: &fetch.Customer{LicensedUsersCount: fetch.Count{State: fetch.Null}}}, MoneyTotals{}},
		{MoneyTotals{}, &Customer{Customer: &fetch.Customer{}, Delta: new(int64)}, MoneyTotals{}},
	} {
		if got := test.found.wanting(test.of); got != test.want {
			t.Errorf("%+v: %+v, want %+v", test.found, got, test.want)
		}
	}
}
