package report

import (
	"testing"

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
	exposure, unused := (MoneyTotals{Unpriced: 1, UnpricedWaived: 1}).known()
	if exposure == nil || unused == nil {
		t.Error("a waived finding without a price makes the sums of open ones unknown")
	}
}
