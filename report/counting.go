package report

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"trueup/rules"
)

// countOnce settles which findings are in the sums. Several rules may find
// something about the same licenses of one customer: of those with the same
// money the one with the most licenses counts, and the others say which; so
// nothing is billed twice. A rule with adds counts beside the others. A waived
// finding counts as waived only where no open one counts. Where rules are
// equal the first of the report counts.
func (r *Report) countOnce() {
	for i := range r.Customers {
		for _, money := range [...]rules.Money{rules.TrueUp, rules.Unused} {
			r.countGroup(r.Customers[i].Findings, money)
		}
	}
}

// countGroup compares the rules that found something about one customer's
// licenses of one kind of money.
func (r *Report) countGroup(findings []int, money rules.Money) {
	best := -1 // index into the rules
	var bestOpen bool
	var most int64
	licenses := map[[2]int]int64{} // by rule, and 1 for open ones
	var order [][2]int
	for _, at := range findings {
		f := &r.Findings[at]
		if rule := r.Rules[f.Rule]; !f.Licenses || rule.Rule.Money != money || rule.Adds {
			continue
		}
		k := [2]int{f.Rule, 0}
		if f.Verdict == rules.Finding {
			k[1] = 1
		}
		if _, seen := licenses[k]; !seen {
			order = append(order, k)
		}
		n := int64(0) // what is unknown adds nothing
		if f.Quantity != nil {
			n = *f.Quantity
		}
		licenses[k] += n
	}
	slices.SortStableFunc(order, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	for _, k := range order {
		open := k[1] == 1
		if best < 0 || open && !bestOpen || open == bestOpen && licenses[k] > most {
			best, bestOpen, most = k[0], open, licenses[k]
		}
	}
	for _, at := range findings {
		f := &r.Findings[at]
		rule := &r.Rules[f.Rule]
		if !f.Licenses || rule.Rule.Money != money || rule.Adds || f.Quantity == nil {
			continue // what is unknown stays in the sums, as unknown
		}
		if f.Rule != best || (f.Verdict == rules.Finding) != bestOpen {
			f.CountedBy = best
		}
	}
}

// CountsAs is the sum that a finding is in: "exposure", "unused" or "waived";
// "" if it is in none.
func (r *Report) CountsAs(f *Finding) string {
	switch {
	case !f.Licenses || f.CountedBy >= 0:
		return ""
	case f.Verdict == rules.Waived:
		return "waived"
	case r.Rules[f.Rule].Rule.Money == rules.Unused:
		return "unused"
	}
	return "exposure"
}

// price sets what a finding is worth: its quantity times the price of a
// license, nil without one.
func (f *Finding) price(unit *decimal.Decimal) {
	f.UnitPrice, f.Amount = nil, nil
	if f.Licenses {
		f.UnitPrice = unit
	}
	if f.Quantity != nil {
		f.Amount = amount(*f.Quantity, unit)
	}
}
