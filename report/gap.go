package report

import (
	"cmp"
	"fmt"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Kinds of problems that a report names on its first page, all but the last.
const (
	KindDoubtful = "doubtful-amounts"   // the list has a customer twice, with other values
	KindUnmapped = "unknown-raw-values" // nobody said what a value means that decides verdicts of more than one connection in ten

	KindFewUnmapped = "few-unknown-raw-values" // the same of fewer connections
)

// Missing names the instances that gave no customers.
func (r *Report) Missing() (names []string) {
	for _, s := range r.Sources {
		if s.Failed != "" {
			names = append(names, s.Name)
		}
	}
	return names
}

// Gap names the instances that gave no customers, and why; "" if the report is
// complete. It stands on the first page of everything, so that no report with a gap
// looks complete.
func (r *Report) Gap() string {
	var failed []string
	for _, s := range r.Sources {
		if s.Failed != "" {
			failed = append(failed, cmp.Or(s.Name, s.URL)+" ("+s.Failed+")")
		}
	}
	if len(failed) == 0 {
		return ""
	}
	return "INCOMPLETE: no customers from " + strings.Join(failed, ", ")
}

// Mark stands on every page and sheet of a report that is incomplete or shows
// invented customers; "" for all others.
func (r *Report) Mark() string {
	if r.Sample {
		return "SAMPLE: invented customers"
	}
	var names []string
	for _, s := range r.Sources {
		if s.Failed != "" {
			names = append(names, cmp.Or(s.Name, s.URL))
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) > 3:
		return fmt.Sprintf("INCOMPLETE: no customers from %d of %d instances", len(names), len(r.Sources))
	}
	return "INCOMPLETE: no customers from " + strings.Join(names, ", ")
}

// MarkWord is the first word of Mark: SAMPLE or INCOMPLETE.
func (r *Report) MarkWord() string {
	word, _, _ := strings.Cut(r.Mark(), ":")
	return word
}

// maxProblems is how many problems of a kind are told one by one.
const maxProblems = 50

// Bounded keeps the first problems of each kind and counts the others.
func Bounded(problems []fetch.Problem) []fetch.Problem {
	count := map[string]int{}
	var list, more []fetch.Problem
	for _, p := range problems {
		if count[p.Kind]++; count[p.Kind] <= maxProblems {
			list = append(list, p)
		}
	}
	for _, p := range list {
		if n := count[p.Kind] - maxProblems; n > 0 {
			more = append(more, fetch.Problem{Kind: p.Kind, Text: plain.Number(n) + " more"})
			count[p.Kind] = 0
		}
	}
	return append(list, more...)
}
