package rules

import (
	"cmp"
	"strings"

	"trueup/fetch/plain"
	"trueup/rules/strict"
)

// waiverFile is a waivers file as its author writes it.
type waiverFile struct {
	Waivers []waiverEntry `yaml:"waivers,required"`
}

type waiverEntry struct {
	ID            strict.Located[string] `yaml:"id,required"`
	Rule          strict.Located[string] `yaml:"rule,required"`
	Customer      strict.Located[string] `yaml:"customer,required"`
	SIPConnection strict.Located[string] `yaml:"sipConnection"`
	Owner         strict.Located[string] `yaml:"owner,required"`
	Reason        strict.Located[string] `yaml:"reason,required"`
	Ticket        string                 `yaml:"ticket"`
	From          strict.Located[Date]   `yaml:"from"`
	Expires       strict.Located[Date]   `yaml:"expires,required"`
}

// UnmarshalText reads the YYYY-MM-DD of a waiver.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// ParseWaivers reads a waivers file and checks it against the rules. All
// mistakes come as one strict.Errors.
func ParseWaivers(file string, data []byte, set *Set) ([]Waiver, error) {
	var doc waiverFile
	r := newFileReader(strict.Decode(file, data, &doc))
	first := map[string]Position{}
	waivers := make([]Waiver, 0, len(doc.Waivers))
	for i := range doc.Waivers {
		e := &doc.Waivers[i]
		r.waiver(e, set)
		if at, again := first[e.ID.V]; again && e.ID.V != "" {
			r.fail(e.ID.Pos, "", "waiver %q is already defined in line %d", e.ID.V, at.Line)
		}
		first[e.ID.V] = e.ID.Pos
		waivers = append(waivers, Waiver{
			ID: e.ID.V, Rule: e.Rule.V, Customer: e.Customer.V, SIPConnection: e.SIPConnection.V,
			Owner: e.Owner.V, Reason: e.Reason.V, Ticket: e.Ticket, From: e.From.V, Expires: e.Expires.V, Pos: e.ID.Pos,
		})
	}
	if errs := r.errs.Sorted().WithSource(file, data); len(errs) > 0 {
		return nil, errs
	}
	return waivers, nil
}

func (r *fileReader) waiver(e *waiverEntry, set *Set) {
	texts := []struct {
		key string
		strict.Located[string]
	}{{"id", e.ID}, {"customer", e.Customer}, {"owner", e.Owner}, {"reason", e.Reason}, {"sipConnection", e.SIPConnection}}
	for _, t := range texts {
		if t.Key.Line > 0 && strings.TrimSpace(t.V) == "" && !r.wrong[t.Pos] {
			r.fail(t.Pos, "", "%q is empty", t.key)
		}
	}
	if e.From.Given() && e.Expires.Given() && !r.wrong[e.From.Pos] && !r.wrong[e.Expires.Pos] && e.From.V.DaysUntil(e.Expires.V) < 0 {
		r.fail(e.From.Pos, "give the first day that it counts, not after "+e.Expires.V.String(), "from is after expires")
	}
	if !e.Rule.Given() || r.wrong[e.Rule.Pos] {
		return
	}
	i := set.Find(e.Rule.V)
	if i < 0 {
		r.fail(e.Rule.Pos, cmp.Or(plain.DidYouMean(e.Rule.V, set.IDs()), "trueup rules list names them all"), "unknown rule %q", e.Rule.V)
	} else if e.SIPConnection.Given() && set.Rules[i].Each == EachCustomer {
		r.fail(e.SIPConnection.Key, "leave it out: the waiver then covers the customer", "rule %q is not about SIP connections", e.Rule.V)
	}
}
