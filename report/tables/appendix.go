package tables

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"trueup/fetch/plain"
	"trueup/report"
)

// Sections are the customers with something to say, those with the largest
// amounts first and, of the first so many, those of one amount by name.
func Sections(r *report.Report, first int) []int {
	type section struct {
		customer int
		worth    decimal.Decimal
	}
	var order []section
	for i := range r.Customers {
		if c := &r.Customers[i]; len(c.Findings) > 0 || c.NotEvaluable > 0 {
			order = append(order, section{i, sectionWorth(r, i)})
		}
	}
	slices.SortFunc(order, func(a, b section) int {
		return cmp.Or(b.worth.Cmp(a.worth), cmp.Compare(a.customer, b.customer))
	})
	all := make([]int, len(order))
	for at := range order {
		all[at] = order[at].customer
	}
	for from, to := 0, 0; from < min(first, len(all)); from = to {
		for to = from + 1; to < len(all) && order[to].worth.Equal(order[from].worth); to++ {
		}
		if to-from > 1 {
			copy(all[from:to], ByName(r, all[from:to]))
		}
	}
	return all
}

// ByName orders customers as an index does.
func ByName(r *report.Report, customers []int) []int {
	names := sortKeys(r, customers)
	out := slices.Clone(customers)
	slices.SortStableFunc(out, func(a, b int) int { return bytes.Compare(names[a], names[b]) })
	return out
}

func sortKeys(r *report.Report, customers []int) map[int][]byte {
	c, keys := collate.New(language.Und, collate.IgnoreCase), &collate.Buffer{}
	names := make(map[int][]byte, len(customers))
	for _, i := range customers {
		names[i] = c.KeyFromString(keys, plain.TextMax(r.Customers[i].Name(), 200))
	}
	return names
}

// sectionWorth is the known amount of a customer's open findings, or without
// prices the licenses it uses and has not acquired.
func sectionWorth(r *report.Report, i int) decimal.Decimal {
	sum := r.Owed(i)
	if sum.IsNegative() {
		sum = decimal.Zero
	}
	if c := &r.Customers[i]; r.Currency != "" {
		sum = sum.Add(*c.Unused)
	}
	return sum
}

// SectionsLine says whom the sections are about, of how many, and what the
// findings of those that have one are worth.
func SectionsLine(r *report.Report, sections []int, shown int) string {
	words := plain.Number(len(sections)) + " of " + countCustomers(r.Totals.Customers) + " with a finding, a waived finding or a rule that could not be evaluated, " +
		"the largest amount first."
	if shown >= len(sections) {
		return words + " Each has a section here; the workbook lists all customers."
	}
	t := Table{Whole: &Whole{Count: len(sections)}, Further: len(sections) - shown}
	sum := decimal.Zero
	for at, i := range sections {
		worth := sectionWorth(r, i)
		sum = sum.Add(worth)
		if at < shown {
			t.Rows = append(t.Rows, Row{Worth: []decimal.Decimal{worth}})
		}
	}
	t.Whole.Sums = []Sum{{r.Currency, "exposure and unused value", sum}}
	if r.Currency == "" {
		t.Whole.Sums[0].Of = "licenses over"
	}
	return words + " " + t.shown()
}
