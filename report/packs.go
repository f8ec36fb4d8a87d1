package report

import (
	"maps"
	"slices"

	"trueup/fetch"
	"trueup/rules"
)

// TallyFunc counts the verdicts, before waivers, of groups of customers:
// groupOf has the group of each. Derived fields look at all customers, as
// they do for the book.
type TallyFunc func(customers []fetch.Customer, groupOf []int, groups int) [][]rules.Tally

// Packs are the reports of the account managers, in order of their names, and
// of the customers that are unassigned: each is built as the book is, from
// nothing but its own customers. Input.Manager must be there.
func Packs(in Input, tally TallyFunc) []*Report {
	s := newSplitter(in)
	s.customers()
	s.results(tally(in.Portfolio.Customers, s.groupOf, len(s.names)))
	s.waivers()
	s.problems()
	if in.History != nil {
		s.history()
	}
	packs := make([]*Report, len(s.parts))
	for i := range s.parts {
		packs[i] = Build(s.parts[i])
	}
	return packs
}

// splitter divides an Input into one for each manager.
type splitter struct {
	in      Input
	names   []string // of the groups
	at      map[string]int
	groupOf []int             // group of each customer
	indexOf []int             // index of each customer in its part
	current map[[2]string]int // group by instance and GUID
	parts   []Input
}

func newSplitter(in Input) *splitter {
	s := &splitter{in: in, at: map[string]int{}, current: map[[2]string]int{}}
	managers := make([]string, len(in.Portfolio.Customers))
	all := map[string]bool{Unassigned: true}
	for i := range managers {
		managers[i], _ = in.Manager(&in.Portfolio.Customers[i])
		all[managers[i]] = true
	}
	if in.History != nil && in.History.Last != nil { // who lost the last customer still sees what became of it
		for _, c := range in.History.Last.Customers {
			if c.Manager != "" {
				all[c.Manager] = true
			}
		}
	}
	s.names = slices.Sorted(maps.Keys(all))
	for i, name := range s.names {
		s.at[name] = i
		s.parts = append(s.parts, s.emptyPart(name))
	}
	for i, name := range managers {
		c := &in.Portfolio.Customers[i]
		s.groupOf = append(s.groupOf, s.at[name])
		s.current[[2]string{c.Instance, c.UmpCustomerGuid}] = s.at[name]
	}
	return s
}

func (s *splitter) emptyPart(name string) Input {
	part := s.in
	part.For = name
	part.Portfolio.Customers, part.Portfolio.Problems, part.Portfolio.Sources = nil, nil, nil
	part.Evaluation = &rules.Evaluation{Set: s.in.Evaluation.Set}
	part.Register, part.History = nil, nil
	return part
}

func (s *splitter) customers() {
	s.indexOf = make([]int, len(s.groupOf))
	for i, g := range s.groupOf {
		p := &s.parts[g].Portfolio
		s.indexOf[i] = len(p.Customers)
		p.Customers = append(p.Customers, s.in.Portfolio.Customers[i])
	}
	for g := range s.parts {
		s.parts[g].Portfolio.Sources = s.sources(s.parts[g].Portfolio.Customers)
	}
}

// sources are those that the customers came from, with their number, and
// those that failed: what they would have sent is missing here too.
func (s *splitter) sources(customers []fetch.Customer) []fetch.Source {
	count := map[string]int{}
	for i := range customers {
		count[customers[i].Instance]++
	}
	var list []fetch.Source
	for _, source := range s.in.Portfolio.Sources {
		source.Customers = count[source.Name]
		if len(s.in.Portfolio.Sources) == 1 {
			source.Customers = len(customers)
		}
		source.Listed = source.Customers
		if source.Customers > 0 || source.Failed != "" {
			list = append(list, source)
		}
	}
	return list
}

// results divides the verdicts. What a reader sees is counted here, with the
// waivers; passes and what does not apply come from the tallies.
func (s *splitter) results(tallies [][]rules.Tally) {
	for g := range s.parts {
		e := s.parts[g].Evaluation
		e.Tallies = make([]rules.Tally, len(e.Set.Rules))
		for rule := range e.Tallies {
			e.Tallies[rule][rules.Pass] = tallies[g][rule][rules.Pass]
			e.Tallies[rule][rules.NotApplicable] = tallies[g][rule][rules.NotApplicable]
		}
	}
	for _, x := range s.in.Evaluation.Results {
		e := s.parts[s.groupOf[x.Customer]].Evaluation
		x.Customer = s.indexOf[x.Customer]
		e.Results = append(e.Results, x)
		e.Tallies[x.Rule][x.Verdict]++
	}
}
