package report

import (
	"slices"
	"time"

	"trueup/rules"
)

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

// history divides what is known of earlier months. A customer belongs to whom
// it belongs to now, or belonged to last if it is gone.
func (s *splitter) history() {
	whole := s.in.History
	for g, name := range s.names {
		part := &History{}
		for _, m := range whole.Trend {
			m.Issued, m.Restated = m.Issued.of(name), m.RestatedBy[name]
			part.AddPoint(m)
		}
		s.parts[g].History = part
	}
	if whole.Last == nil {
		return
	}
	s.last(whole.Last)
	for key, since := range whole.Since {
		if g, ok := s.group(key.customer()); ok {
			s.parts[g].History.Since[key] = since
		}
	}
	for key := range whole.Ever {
		if g, ok := s.group(key.customer()); ok {
			s.parts[g].History.Ever[key] = true
		}
	}
}

// group is the part that a customer belongs to; false for one that is gone and
// whose account manager of then is too.
func (s *splitter) group(customer [2]string) (int, bool) {
	if g, ok := s.current[customer]; ok {
		return g, true
	}
	g, ok := s.at[s.in.History.Last.Customers[customer].Manager]
	return g, ok
}

// last divides the last month. What a pack had then is kept beside it, to tell
// what changed hands.
func (s *splitter) last(past *Past) {
	then := make([][]groupSums, len(s.parts))
	split := false // whether there were account managers then
	for _, c := range past.Customers {
		split = split || c.Manager != ""
	}
	for g, name := range s.names {
		part := &Past{Month: past.Month, Findings: map[Key]PastFinding{}, Unjudged: map[Key]bool{}, Customers: map[[2]string]PastCustomer{}}
		part.Issued = nil
		if split {
			part.Issued, part.then = past.Issued.of(name), &then[g]
		}
		h := s.parts[g].History
		h.Last, h.Since, h.Ever = part, map[Key]time.Time{}, map[Key]bool{}
	}
	for key, finding := range past.Findings {
		if g, ok := s.group(key.customer()); ok {
			s.parts[g].History.Last.Findings[key] = finding
		}
		if g, ok := s.at[past.Customers[key.customer()].Manager]; ok {
			then[g] = append(then[g], groupSums{Instance: key.Instance, Sums: finding.sums()})
		}
	}
	for key, notEvaluable := range past.Unjudged {
		if g, ok := s.group(key.customer()); ok {
			s.parts[g].History.Last.Unjudged[key] = notEvaluable
		}
	}
	for customer, c := range past.Customers {
		if g, ok := s.group(customer); ok {
			s.parts[g].History.Last.Customers[customer] = c
		}
		if g, ok := s.at[c.Manager]; ok {
			then[g] = append(then[g], groupSums{Instance: customer[0], Sums: c.wanting()})
		}
	}
}

// byManager tells whether there were account managers when it was issued.
func (i *Issued) byManager() bool {
	return i != nil && slices.ContainsFunc(i.Groups, func(g IssuedGroup) bool { return g.Manager != "" })
}

// of is what was issued about one account manager's customers; nil if there
// were no account managers.
func (i *Issued) of(manager string) *Issued {
	if !i.byManager() {
		return nil
	}
	part := &Issued{Currency: i.Currency, Complete: i.Complete, Missing: i.Missing, Totals: Totals{BySeverity: map[rules.Severity]int{}}}
	t := &part.Totals
	for _, g := range i.Groups {
		if g.Manager != manager {
			continue
		}
		part.Groups = append(part.Groups, g)
		t.Customers += g.Customers
		t.Acquired += g.Acquired
		t.ActiveUsers += g.Used
		t.NoAcquired += g.NoAcquired
		t.NoActive += g.NoUsed
		t.NotEvaluable += g.NotEvaluable
		t.Findings += g.Findings
		for s, n := range g.BySeverity {
			t.BySeverity[rules.Severity(s)] += n
		}
		t.Money = t.Money.Add(MoneyTotals{Exposure: g.Exposure, Unused: g.Unused, UnpricedExposure: g.UnknownExposure, UnpricedUnused: g.UnknownUnused})
	}
	return part
}
