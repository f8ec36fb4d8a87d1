package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
)

func TestIdleContacts(t *testing.T) {
	customers := []fetch.Customer{*customerNamed("g1", "acme-1"), *customerNamed("g2", "Acme-2"), *customerNamed("g3", "zeta"), {UmpCustomerGuid: "g4"}}
	for name, test := range map[string]struct{ contacts, want []string }{
		"all count":          {contacts: []string{"g1 Ana", "acme-* Ben", "ZETA Ana", "* Desk"}},
		"nobody":             {[]string{"gone Ana", "gone-* Ben", "g1 Ana"}, []string{"contact-matches-nobody: contact gone (Ana) matches no customer", "contact-matches-nobody: contact gone-* (Ben) matches no customer"}},
		"hidden":             {[]string{"acme-* Ana", "g2 Ben"}, []string{"hidden-by-earlier-line: contact g2 (Ben) never counts: earlier lines take its customers, the first acme-* (Ana)"}},
		"hidden by several":  {[]string{"g1 Ana", "g2 Ana", "acme-* Ben"}, []string{"hidden-by-earlier-line: contact acme-* (Ben) never counts: earlier lines take its customers, the first g1 (Ana)"}},
		"hidden by the rest": {[]string{"* Desk", "zeta Ana"}, []string{"hidden-by-earlier-line: contact zeta (Ana) never counts: earlier lines take its customers, the first * (Desk)"}},
		"case":               {[]string{"zeta Ana", "Zeta Ben"}, []string{"differs-only-in-case: contact Zeta (Ben) never counts: earlier lines take its customers, the first zeta (Ana)"}},
		"twice":              {[]string{"zeta Ana", "zeta Ana"}, []string{"hidden-by-earlier-line: contact zeta (Ana) never counts: earlier lines take its customers, the first zeta (Ana)"}},
		"only an address":    {contacts: []string{"g1 Ana", "- unassigned"}},
		"hidden, of nobody":  {[]string{"* Desk", "g1 unassigned"}, []string{"hidden-by-earlier-line: contact g1 (unassigned) never counts: earlier lines take its customers, the first * (Desk)"}},
		"none":               {},
	} {
		c := NewContacts("", nil)
		var rows []Contact
		for i, line := range test.contacts {
			customer, manager, _ := strings.Cut(line, " ")
			rows = append(rows, Contact{Customer: customer, Manager: manager})
			c.Places = append(c.Places, fmt.Sprint("c.csv:", i))
		}
		places := c.Places
		c = NewContacts("", rows)
		c.Places = places
		var got []string
		for _, idle := range c.Idle(customers) {
			got = append(got, idle.Kind+": "+idle.Text)
			at := slices.Index(c.Places, idle.Where)
			if at < 0 || !strings.Contains(idle.Text, rows[at].Customer+" (") || strings.Contains(idle.Bare, rows[at].Customer+" (") || idle.Bare == "" {
				t.Errorf("%s: %+v", name, idle)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := NewContacts("", []Contact{{Customer: "gone", Manager: "Ana"}}).Idle(customers); len(got) != 1 || got[0].Where != "" {
		t.Errorf("without places: %+v", got)
	}
	if got := (*Contacts)(nil).Idle(customers); got != nil {
		t.Errorf("%v without contacts", got)
	}
}

func TestBounded(t *testing.T) {
	var list []fetch.Problem
	for i := range 1234 {
		list = append(list, fetch.Problem{Kind: "a", Text: fmt.Sprint(i)}, fetch.Problem{Kind: fmt.Sprint("b", i%3), Text: fmt.Sprint(i)})
	}
	list = append(list, fetch.Problem{Kind: "c", Text: "one"})
	got := Bounded(list)
	if n := len(got); n != 4*maxProblems+1+4 {
		t.Errorf("%d problems", n)
	}
	if got[0] != list[0] || got[4*maxProblems] != list[len(list)-1] {
		t.Errorf("%v", got)
	}
	if last := got[4*maxProblems+1]; last != (fetch.Problem{Kind: "a", Text: "1,184 more"}) {
		t.Errorf("%+v", last)
	}
	all := slices.Repeat([]fetch.Problem{{Kind: "a", Text: "x"}}, maxProblems)
	if got := Bounded(all); !slices.Equal(got, all) {
		t.Errorf("of as many as are told: %v", got[maxProblems-1:])
	}
	if got := Bounded(list[:7]); !slices.Equal(got, list[:7]) {
		t.Errorf("%v", got)
	}
}
