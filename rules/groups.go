package rules

import "trueup/fetch"

// TallyGroups counts the verdicts, before waivers, of groups of customers:
// groupOf has the group of each, from 0. Fields such as CustomersOnTenant look
// at all customers, so that the groups add up to the Tallies of Evaluate.
func (s *Set) TallyGroups(customers []fetch.Customer, groupOf []int, groups int) [][]Tally {
	tallies := make([][]Tally, groups)
	for g := range tallies {
		tallies[g] = make([]Tally, len(s.Rules))
	}
	w := newWorker(s, countTenants(customers))
	for i := range customers {
		w.tallies, w.results = tallies[groupOf[i]], w.results[:0]
		w.customers(customers, i, i+1)
	}
	return tallies
}
