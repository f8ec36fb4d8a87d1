package rules

import (
	"slices"
	"strings"
	"time"

	"trueup/fetch"
)

// The states of WaiverStatus. Only active and ending waivers waive anything.
const (
	WaiverActive  = "active"
	WaiverEnding  = "ending"  // active for another endingDays at most
	WaiverExpired = "expired" // its last day is over
	WaiverUnused  = "unused"  // not expired, but it waives no finding
)

// endingDays is how soon a waiver ends that the register calls ending.
const endingDays = 30

// Waive turns the findings that a waiver covers at asOf into Waived and gives
// the register, one line a waiver in their order. The last day counts to its
// end in UTC; before its first day a waiver waives nothing. Of several waivers
// for a finding the first in the file counts.
// The evaluation is read-only from then on; Waive is called at most once.
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
		if r.Verdict == Finding {
			c := &customers[r.Customer]
			e.waiveOne(i, c, waivers, index.candidates(e.Set.Rules[r.Rule].ID, c), register)
		}
	}
	for i := range register {
		register[i].settle()
	}
	return register
}

// waiveOne looks for the waiver of one finding. Expired ones only note it,
// unless the finding is waived by another.
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
		r.Verdict, r.Waiver = Waived, i
		e.Tallies[r.Rule][Finding]--
		e.Tallies[r.Rule][Waived]++
		register[i].Results = append(register[i].Results, result)
		return
	}
	for _, i := range expired {
		register[i].Results = append(register[i].Results, result)
	}
}

// waiverIndex finds the waivers that may cover a customer, of thousands, by
// rule and customer; those with a pattern stand under the rule and "*".
type waiverIndex map[[2]string][]int

func (x waiverIndex) add(i int, w *Waiver) {
	key := [2]string{w.Rule, w.Customer}
	if strings.Contains(w.Customer, "*") {
		key[1] = "*"
	}
	x[key] = append(x[key], i)
}

// candidates are in the order of the file.
func (x waiverIndex) candidates(rule string, c *fetch.Customer) []int {
	if len(x) == 0 {
		return nil
	}
	found := slices.Concat(x[[2]string{rule, c.UmpCustomerGuid}], x[[2]string{rule, c.CustomerShortName.S}], x[[2]string{rule, "*"}])
	slices.Sort(found)
	return slices.Compact(found)
}

func (s *WaiverStatus) settle() {
	switch {
	case s.DaysLeft < 0:
		s.State = WaiverExpired
	case len(s.Results) == 0:
		s.State = WaiverUnused
	case s.DaysLeft <= endingDays:
		s.State = WaiverEnding
	}
}

// begun tells whether a waiver counts on a day or did before.
func (w *Waiver) begun(day Date) bool { return w.From == Date{} || day.DaysUntil(w.From) <= 0 }

// covers tells whether a waiver names a customer and connection. It does not
// look at the rule's texts nor at the customer's names if it names the GUID,
// so that rewording and renaming lose no waiver.
func (w *Waiver) covers(c *fetch.Customer, connection int) bool {
	if !MatchCustomer(w.Customer, c) {
		return false
	}
	if w.SIPConnection == "" {
		return true
	}
	return connection >= 0 && c.SiteLocation[connection].ID.Known() && c.SiteLocation[connection].ID.S == w.SIPConnection
}

// MatchCustomer tells whether a customer is meant: by GUID or short name,
// exactly, or by a pattern on the short name in which * stands for any text.
// A customer without a short name is matched by its GUID and by "*" only.
func MatchCustomer(pattern string, c *fetch.Customer) bool {
	if pattern == c.UmpCustomerGuid {
		return true
	}
	if !c.CustomerShortName.Known() {
		return pattern == "*"
	}
	return matchPattern(pattern, c.CustomerShortName.S)
}

// matchPattern matches greedily from both ends, in linear time a part.
func matchPattern(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return s == pattern
	}
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
