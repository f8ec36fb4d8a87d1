package rules

import (
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// WaiverState is the state of a waiver at an as-of time, in the word that
// reports have for it.
type WaiverState string

// The states of a waiver. Only active and ending ones waive anything.
const (
	WaiverActive  WaiverState = "active"
	WaiverEnding  WaiverState = "ending"  // waives, and its last day is at most endingDays away
	WaiverExpired WaiverState = "expired" // its last day is over
	WaiverUnused  WaiverState = "unused"  // not expired, but there is nothing that it waives
)

// endingDays is how many days before its last a waiver is called ending.
const endingDays = 30

// Waive turns the findings that a waiver covers at asOf into Waived. What could
// not be judged stays NotEvaluable, with the waiver that accepts it. It gives
// the register: one line for each waiver, in their order. A waiver counts from
// its first day, if it has one, to the end of its last, as the zone of asOf has
// days. Of several waivers for a result the first in the file counts. Call Waive
// at most once; after it the evaluation is read-only.
func (e *Evaluation) Waive(customers []fetch.Customer, waivers []Waiver, asOf time.Time) []WaiverStatus {
	register := make([]WaiverStatus, len(waivers))
	index := make(waiverIndex, len(waivers))
	for i, w := range waivers {
		register[i] = WaiverStatus{Waiver: w, State: WaiverActive, DaysLeft: DateOf(asOf).DaysUntil(w.Expires)}
		if w.begun(DateOf(asOf)) {
			index.add(i, &w)
		}
	}
	for i := range e.Results {
		r := &e.Results[i]
		c := &customers[r.Customer]
		e.waiveOne(i, c, waivers, index.candidates(e.Set.Rules[r.Rule].ID, c), register)
	}
	for i := range register {
		switch w := &register[i]; {
		case w.DaysLeft < 0:
			w.State = WaiverExpired
		case len(w.Results) == 0:
			w.State = WaiverUnused
		case w.DaysLeft <= endingDays:
			w.State = WaiverEnding
		}
	}
	return register
}

// waiveOne waives one result by the first candidate that covers it and has not
// expired. If there is none, those that have expired note the result.
func (e *Evaluation) waiveOne(result int, c *fetch.Customer, waivers []Waiver, candidates []int, register []WaiverStatus) {
	r := &e.Results[result]
	var expired []int
	for _, i := range candidates {
		if !waivers[i].covers(c, r.Connection) {
			continue
		}
		if register[i].DaysLeft < 0 {
			expired = append(expired, i)
			continue
		}
		if r.Waiver = i; r.Verdict == Finding {
			r.Verdict = Waived
			e.Tallies[r.Rule][Finding]--
			e.Tallies[r.Rule][Waived]++
		}
		register[i].Results = append(register[i].Results, result)
		return
	}
	for _, i := range expired {
		register[i].Results = append(register[i].Results, result)
	}
}

// waiverIndex finds, of thousands, the waivers that may cover a customer. Keys
// are the rule with a folded GUID or short name, or with "*" for all patterns.
type waiverIndex map[[2]string][]int

func (x waiverIndex) add(i int, w *Waiver) {
	key := [2]string{w.Rule, plain.Fold(w.Customer)}
	if strings.Contains(w.Customer, "*") {
		key[1] = "*"
	}
	x[key] = append(x[key], i)
}

// candidates lists the waivers that may cover a customer, in the order of the
// file.
func (x waiverIndex) candidates(rule string, c *fetch.Customer) []int {
	if len(x) == 0 {
		return nil
	}
	found := slices.Concat(x[[2]string{rule, plain.Fold(c.UmpCustomerGuid)}], x[[2]string{rule, plain.Fold(c.CustomerShortName.S)}], x[[2]string{rule, "*"}])
	slices.Sort(found)
	return slices.Compact(found)
}

// begun tells whether a waiver counts on a day or did before.
func (w *Waiver) begun(day Date) bool { return w.From == Date{} || day.DaysUntil(w.From) <= 0 }

// covers tells whether a waiver names a customer and connection. One that names
// the GUID holds whatever the customer is called, and however the rule is worded.
func (w *Waiver) covers(c *fetch.Customer, connection int) bool {
	if !MatchCustomer(w.Customer, c) {
		return false
	}
	if w.SIPConnection == "" {
		return true
	}
	return connection >= 0 && c.SiteLocation[connection].ID.Known() && c.SiteLocation[connection].ID.S == w.SIPConnection
}

// MatchCustomer tells whether a pattern is the customer's GUID or its short
// name, in which * stands for any text, without regard to case. A customer
// whose short name is unknown is matched only by its GUID and by "*".
func MatchCustomer(pattern string, c *fetch.Customer) bool {
	switch {
	case plain.SameFold(pattern, c.UmpCustomerGuid):
		return true
	case !c.CustomerShortName.Known():
		return pattern == "*"
	case !strings.Contains(pattern, "*"):
		return plain.SameFold(pattern, c.CustomerShortName.S)
	}
	return matchPattern(plain.Fold(pattern), plain.Fold(c.CustomerShortName.S))
}

// matchPattern matches the ends first and then each part between them at its
// first place, so that it takes linear time for each part.
func matchPattern(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s = s[at+len(part):]
	}
	return true
}
