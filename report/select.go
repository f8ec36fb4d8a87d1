package report

import (
	"cmp"
	"slices"

	"trueup/fetch/plain"
	"trueup/rules"
)

// Filter says which findings somebody asks for, and in which order. The zero
// Filter takes those of any verdict, in the order of the report.
type Filter struct {
	Least    *rules.Severity // nil for any
	Rules    []string        // ids; none for any
	Customer string          // GUID, short or full name, or a pattern on one; "" for any
	Manager  string          // "" for any
	Changes  []string        // of ChangeNames; none for any
	Verdicts []string        // of FilterVerdicts; none for any
	Sort     string          // one of Orders; "" is BySeverity
}

// The orders of findings.
const (
	BySeverity = "severity" // as in the report: severity, amount
	ByAmount   = "amount"   // the largest first, then the unknown ones
	ByCustomer = "customer" // by customer, the worst severity first
)

// Orders are the orders that a Filter knows.
func Orders() []string { return []string{ByAmount, BySeverity, ByCustomer} }

// ChangeNames are the changes that a Filter knows.
func ChangeNames() []string { return []string{string(New), string(Persisting), string(Reopened)} }

// FilterVerdicts are the verdicts that a Filter knows: those that are listed
// one by one.
func FilterVerdicts() []string {
	return []string{rules.Finding.String(), rules.Waived.String(), rules.NotEvaluable.String()}
}

// Select is a report with the findings that the filter takes, in its order, and
// with totals that count them; everything else is as it was. A rule that could
// not be evaluated stands there as a finding with that verdict, whose message is
// the reason, if the filter takes the verdict.
func (r *Report) Select(f Filter) *Report {
	out := *r
	out.Findings, out.Totals.Findings, out.Totals.Waived, out.Totals.NotEvaluable, out.Totals.Accepted = nil, 0, 0, 0, 0
	out.Totals.BySeverity = map[rules.Severity]int{}
	for i := range r.Findings {
		x := &r.Findings[i]
		if !f.about(r, x.Rule, x.Customer) || !oneOf(f.Changes, string(x.Change)) || !oneOf(f.Verdicts, x.Verdict.String()) {
			continue
		}
		out.Findings = append(out.Findings, *x)
		if x.Verdict == rules.Waived {
			out.Totals.Waived++
			continue
		}
		out.Totals.Findings++
		out.Totals.BySeverity[r.Rules[x.Rule].Severity]++
	}
	listed := len(f.Changes) == 0 && oneOf(f.Verdicts, rules.NotEvaluable.String())
	for _, n := range r.NotEvaluable {
		if !f.about(r, n.Rule, n.Customer) {
			continue
		}
		out.Totals.NotEvaluable++
		if n.Waiver >= 0 {
			out.Totals.Accepted++
		}
		if listed {
			out.Findings = append(out.Findings, Finding{Rule: n.Rule, Customer: n.Customer, Connection: n.Connection,
				Verdict: rules.NotEvaluable, Message: n.Reason, CountedBy: -1, Waiver: -1})
		}
	}
	slices.SortStableFunc(out.Findings, func(a, b Finding) int { return f.compare(r, &a, &b) })
	return &out
}

// Names tells whether the filter is about a customer.
func (f Filter) Names(c *Customer) bool {
	if f.Customer == "" || rules.MatchCustomer(f.Customer, c.Customer) {
		return true
	}
	full := *c.Customer // patterns are on the short name
	full.CustomerShortName = full.CustomerFullName
	return rules.MatchCustomer(f.Customer, &full)
}

// about tells whether the filter is about a rule and a customer.
func (f Filter) about(r *Report, rule, customer int) bool {
	c := &r.Customers[customer]
	return (f.Least == nil || r.Rules[rule].Severity >= *f.Least) && oneOf(f.Rules, r.Rules[rule].ID) &&
		(f.Manager == "" || plain.SameFold(f.Manager, c.Manager)) && f.Names(c)
}

func oneOf(list []string, word string) bool { return len(list) == 0 || slices.Contains(list, word) }

// compare orders findings; those that it calls equal stay as the report has them.
func (f Filter) compare(r *Report, a, b *Finding) int {
	bySeverity := cmp.Compare(r.Rules[b.Rule].Severity, r.Rules[a.Rule].Severity)
	switch f.Sort {
	case ByCustomer:
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), bySeverity)
	case ByAmount:
		if a.Amount != nil && b.Amount != nil {
			return cmp.Or(b.Amount.Cmp(*a.Amount), bySeverity)
		}
		return cmp.Or(cmp.Compare(a.unpriced(), b.unpriced()), bySeverity)
	}
	return bySeverity
}

// unpriced is 0 for a known amount, 1 for an unknown one, 2 where there is none.
func (f *Finding) unpriced() int {
	switch {
	case f.Amount != nil:
		return 0
	case f.Licenses:
		return 1
	}
	return 2
}
