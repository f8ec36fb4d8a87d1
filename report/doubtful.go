package report

import (
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// doubtful marks the customers that the list has more than once with differing
// values, and tells how much of the sums hangs on them: one of the entries is
// wrong, and all of them are in the sums.
func (r *Report) doubtful() []fetch.Problem {
	repeated := plain.Repeated(len(r.Customers), func(i int) [2]string { return customerKey(&r.Customers[i]) })
	entries := map[[2]string]int{}
	for _, i := range repeated {
		entries[customerKey(&r.Customers[i])]++
	}
	var m MoneyTotals
	customers, findings, times := 0, 0, " twice"
	for _, i := range repeated {
		c := &r.Customers[i]
		n := entries[customerKey(c)]
		if n < 2 {
			continue
		}
		c.Doubtful = true
		m, findings = m.Add(r.foundMoney(c)), findings+c.OpenFindings()
		if n > 2 {
			times = " more than once"
		}
	}
	for _, n := range entries {
		if n > 1 {
			customers++
		}
	}
	if customers == 0 {
		return nil
	}
	listed := "the list has " + plain.Counted(customers, "customer") + times + " with other values"
	return []fetch.Problem{{Kind: KindDoubtful, Text: r.doubtfulSums(m, findings) + listed}}
}

// doubtfulSums begins the sentence with what hangs on the customers.
func (r *Report) doubtfulSums(m MoneyTotals, findings int) string {
	var parts []string
	part := func(d decimal.Decimal, unknown int, of string) {
		much := r.Currency + " " + plain.Group(d.StringFixed(2))
		switch {
		case d.IsZero() && unknown == 0:
			return
		case d.IsZero():
			much = "an unknown part"
		case unknown > 0:
			much = "at least " + much
		}
		parts = append(parts, much+" of the "+of)
	}
	if r.Currency != "" {
		part(m.Exposure, m.UnpricedExposure, "exposure")
		part(m.Unused, m.UnpricedUnused, "unused value")
	} else if findings > 0 {
		return plain.Counted(findings, "finding is", "findings are") + " doubtful: "
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0] + " is doubtful: "
	}
	return strings.Join(parts, " and ") + " are doubtful: "
}
