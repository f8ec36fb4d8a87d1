package report

import "trueup/rules"

// waivers gives each pack the waivers that name one of its customers, or did
// so before the names were redacted, with the findings of those.
func (s *splitter) waivers() {
	places := s.places()
	for at, status := range s.in.Register {
		results := make([][]int, len(s.parts))
		for _, r := range status.Results {
			g := s.groupOf[s.in.Evaluation.Results[r].Customer]
			results[g] = append(results[g], places[r])
		}
		for g, named := range s.named(status.Customer) {
			if named || len(results[g]) > 0 {
				s.parts[g].addWaiver(at, status, results[g])
			}
		}
	}
}

// places are the indexes of the book's results in their parts.
func (s *splitter) places() []int {
	next := make([]int, len(s.parts))
	places := make([]int, len(s.in.Evaluation.Results))
	for i := range places {
		g := s.groupOf[s.in.Evaluation.Results[i].Customer]
		places[i] = next[g]
		next[g]++
	}
	return places
}

// named tells for each group whether a waiver's customer is in it.
func (s *splitter) named(pattern string) []bool {
	groups := make([]bool, len(s.parts))
	for i := range s.in.Portfolio.Customers {
		if !groups[s.groupOf[i]] && rules.MatchCustomer(pattern, &s.in.Portfolio.Customers[i]) {
			groups[s.groupOf[i]] = true
		}
	}
	return groups
}

// addWaiver adds the book's waiver at an index. Those before it have smaller
// indexes in the part too, so that none is taken for another.
func (in *Input) addWaiver(at int, status rules.WaiverStatus, results []int) {
	status.Results = results
	for _, r := range results {
		if x := &in.Evaluation.Results[r]; x.Waiver == at {
			x.Waiver = len(in.Register)
		}
	}
	in.Register = append(in.Register, status)
}

// problems gives each pack those about its customers and those about none.
func (s *splitter) problems() {
	for _, problem := range s.in.Portfolio.Problems {
		g, found := s.current[[2]string{problem.Instance, problem.GUID}]
		for i := range s.parts {
			if found && i == g || problem.GUID == "" {
				s.parts[i].Portfolio.Problems = append(s.parts[i].Portfolio.Problems, problem)
			}
		}
	}
}

// history divides an earlier report: customers belong to whom they belong to
// now, or belonged to then if they are gone.
func (s *splitter) history(past *Past) {
	parts := make([]Past, len(s.parts))
	for g, name := range s.names {
		parts[g] = Past{AsOf: past.AsOf, Hash: past.Hash, Currency: past.Currency,
			Findings: map[Key]PastFinding{}, Customers: map[[2]string]bool{}, Totals: past.ByManager[name]}
	}
	group := func(customer [2]string) (int, bool) {
		if g, ok := s.current[customer]; ok {
			return g, true
		}
		g, ok := s.at[past.Managers[customer]]
		return g, ok
	}
	for key, finding := range past.Findings {
		if g, ok := group([2]string{key.Instance, key.GUID}); ok {
			parts[g].Findings[key] = finding
		}
	}
	for customer := range past.Customers {
		if g, ok := group(customer); ok {
			parts[g].Customers[customer] = true
		}
	}
	for g := range parts {
		s.parts[g].History = append(s.parts[g].History, parts[g])
	}
}
