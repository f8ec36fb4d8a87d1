package rules

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Idle is a line of the waivers or of the contacts that does nothing, which is
// hardly what its author means.
type Idle struct {
	Kind  string // of the problem: waiver-matches-nobody, ...
	Where string // as waivers.yaml:3:7; "" if that is not known
	Text  string // one sentence
	Bare  string // the same without what people wrote: it may be the name of a customer
}

// The kinds of idle lines that waivers and contacts share.
const (
	HiddenByEarlier   = "hidden-by-earlier-line"
	DiffersOnlyInCase = "differs-only-in-case"
)

// HiddenKind is the kind of a line that an earlier one hides, by what they say
// of the customer.
func HiddenKind(earlier, later string) string {
	if earlier != later && plain.SameFold(earlier, later) {
		return DiffersOnlyInCase
	}
	return HiddenByEarlier
}

// IdleWaivers lists the waivers that no customer has, and those that never
// count since an earlier one accepts the same for as long.
func IdleWaivers(waivers []Waiver, customers []fetch.Customer) []Idle {
	if len(waivers) == 0 {
		return nil // there is nothing to find customers for
	}
	finder := NewFinder(customers)
	index := make(waiverIndex, len(waivers))
	var list []Idle
	for i := range waivers {
		w := &waivers[i]
		matched := w.matched(finder)
		bare, id := fmt.Sprintf("waiver-%d", i+1), "waiver "+plain.TextMax(w.ID, 60)
		idle := Idle{Where: w.Pos.String()}
		switch by := w.hiddenBy(waivers, index, matched); {
		case len(matched) == 0:
			idle.Kind, idle.Bare = "waiver-matches-nobody", bare+" matches no customer"
			idle.Text = id + " matches no customer: " + plain.TextMax(w.Customer, 80)
			if w.SIPConnection != "" {
				idle.Text += " with SIP connection " + plain.TextMax(w.SIPConnection, 80)
			}
		case by == nil:
			index.add(i, w)
			continue
		default:
			why := "accepts the same for as long"
			if idle.Kind = HiddenKind(by.Customer, w.Customer); idle.Kind == DiffersOnlyInCase {
				why = "names its customer in another case"
			}
			earlier := slices.IndexFunc(waivers, func(other Waiver) bool { return other.ID == by.ID })
			idle.Bare = fmt.Sprintf("%s never counts: waiver-%d, an earlier line, %s", bare, earlier+1, why)
			idle.Text = fmt.Sprintf("%s never counts: %s, an earlier line, %s", id, plain.TextMax(by.ID, 60), why)
		}
		list = append(list, idle)
	}
	return list
}

// matched are the customers that a waiver is about.
func (w *Waiver) matched(in *Finder) []*fetch.Customer {
	var list []*fetch.Customer
	for c := range in.Matching(w.Customer) {
		if w.hasConnection(c) {
			list = append(list, c)
		}
	}
	return list
}

// hasConnection tells whether a customer has the SIP connection that the
// waiver names, if it names one.
func (w *Waiver) hasConnection(c *fetch.Customer) bool {
	for i := range c.SiteLocation {
		if w.covers(c, i) {
			return true
		}
	}
	return w.SIPConnection == ""
}

// hiddenBy is the earlier waiver, of those in the index, that accepts the same
// findings for as long; nil if there is none.
func (w *Waiver) hiddenBy(waivers []Waiver, index waiverIndex, matched []*fetch.Customer) *Waiver {
	if len(matched) == 0 {
		return nil
	}
next:
	for _, i := range index.candidates(w.Rule, matched[0]) {
		by := &waivers[i]
		if !by.spans(w) || by.SIPConnection != "" && by.SIPConnection != w.SIPConnection {
			continue
		}
		for _, c := range matched {
			if !MatchCustomer(by.Customer, c) {
				continue next
			}
		}
		return by
	}
	return nil
}

// spans tells whether a waiver counts on every day on which another does.
func (w *Waiver) spans(other *Waiver) bool {
	begins := w.From == Date{} || other.From != Date{} && w.From.DaysUntil(other.From) >= 0
	return begins && w.Expires.DaysUntil(other.Expires) <= 0
}

// Finder finds customers by what people write for them, of thousands.
type Finder struct {
	customers []fetch.Customer
	named     map[string][]int // by GUID and short name, folded
}

// NewFinder makes a finder of customers.
func NewFinder(customers []fetch.Customer) *Finder {
	f := &Finder{customers, make(map[string][]int, len(customers))}
	for i := range customers {
		guid, name := plain.Fold(customers[i].UmpCustomerGuid), plain.Fold(customers[i].CustomerShortName.S)
		f.named[guid] = append(f.named[guid], i)
		if customers[i].CustomerShortName.Known() && name != guid {
			f.named[name] = append(f.named[name], i)
		}
	}
	return f
}

// Matching are the customers that MatchCustomer says a pattern matches.
func (f *Finder) Matching(pattern string) iter.Seq[*fetch.Customer] {
	return func(yield func(*fetch.Customer) bool) {
		if !strings.Contains(pattern, "*") {
			for _, i := range f.named[plain.Fold(pattern)] {
				if !yield(&f.customers[i]) {
					return
				}
			}
			return
		}
		for i := range f.customers {
			if c := &f.customers[i]; MatchCustomer(pattern, c) && !yield(c) {
				return
			}
		}
	}
}
