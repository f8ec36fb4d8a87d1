package report

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

func TestTopExposures(t *testing.T) {
	money := func(n int64) *decimal.Decimal { d := decimal.NewFromInt(n); return &d }
	count := func(n int64) *int64 { return &n }
	r := &Report{Customers: []Customer{
		{Exposure: money(5), Delta: count(1)}, {Exposure: money(0), NoExposure: 1, Delta: count(9)}, {Exposure: money(7), Delta: count(-3)},
		{Exposure: money(0), Delta: count(0)}, {Exposure: money(7), Delta: nil},
	}}
	for _, test := range []struct {
		currency string
		n        int
		want     []int
	}{{"EUR", 10, []int{2, 4, 0}}, {"EUR", 2, []int{2, 4}}, {"", 10, []int{1, 0}}} {
		r.Currency = test.currency
		if got := r.TopExposures(test.n); !slices.Equal(got, test.want) {
			t.Errorf("currency %q: TopExposures(%d) = %v, want %v", test.currency, test.n, got, test.want)
		}
	}
}
