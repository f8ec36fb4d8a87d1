package report

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// TopExposures gives the indexes of the customers that owe most, n at most:
// by exposure where there are prices, else by licenses used and not acquired.
// Equal ones stay in the order of Customers.
func (r *Report) TopExposures(n int) []int {
	var top []int
	for i := range r.Customers {
		if r.owes(i) {
			top = append(top, i)
		}
	}
	slices.SortStableFunc(top, func(a, b int) int { return r.compareOwed(b, a) })
	return top[:min(n, len(top))]
}

// Owed is what a customer owes, as TopExposures compares it: its exposure, or
// without prices the licenses used and not acquired.
func (r *Report) Owed(customer int) decimal.Decimal {
	c := &r.Customers[customer]
	switch {
	case r.Currency != "":
		return *c.Exposure
	case r.Currency == "" && c.Delta != nil:
		return decimal.NewFromInt(*c.Delta)
	}
	return decimal.Zero
}

// OwedBy is what several customers of TopExposures owe together.
func (r *Report) OwedBy(customers []int) (sum decimal.Decimal) {
	if r.Currency == "" {
		licenses := int64(0)
		for _, i := range customers {
			licenses += *r.Customers[i].Delta
		}
		return decimal.NewFromInt(licenses)
	}
	for _, i := range customers {
		sum = sum.Add(*r.Customers[i].Exposure)
	}
	return sum
}

func (r *Report) owes(customer int) bool {
	c := &r.Customers[customer]
	if r.Currency != "" {
		return c.Exposure.IsPositive()
	}
	return c.Delta != nil && *c.Delta > 0
}

func (r *Report) compareOwed(a, b int) int {
	x, y := &r.Customers[a], &r.Customers[b]
	if r.Currency != "" {
		return x.Exposure.Cmp(*y.Exposure)
	}
	return cmp.Compare(*x.Delta, *y.Delta)
}

// UnknownExposures counts the customers that may owe something, though nobody
// can say any part of it: TopExposures leaves them out.
func (r *Report) UnknownExposures() (n int) {
	if r.Currency == "" {
		return 0
	}
	for i := range r.Customers {
		if c := &r.Customers[i]; c.NoExposure > 0 && c.Exposure.IsZero() {
			n++
		}
	}
	return n
}
