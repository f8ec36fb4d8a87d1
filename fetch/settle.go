package fetch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// settle brings one instance's customers into canonical order and resolves
// duplicates: identical ones are kept once, differing ones all, and both are
// reported. It reorders the list it is given.
func settle(customers []Customer) ([]Customer, []Problem) {
	slices.SortFunc(customers, compareCustomers)
	var problems []Problem
	kept := slices.CompactFunc(customers, func(a, b Customer) bool {
		same := compareCustomers(a, b) == 0
		if same {
			problems = append(problems, problem("duplicate-identical", &a,
				" is listed more than once, each time the same: counted once"))
		}
		return same
	})
	listed := make(map[string]int, len(kept))
	for i := range kept {
		listed[kept[i].UmpCustomerGuid]++
	}
	for i := range kept {
		guid := kept[i].UmpCustomerGuid
		if n := listed[guid]; n > 1 {
			problems = append(problems, problem("duplicate-guid", &kept[i],
				" is listed %d times with differing values: all are counted", n))
			listed[guid] = 0 // one problem a GUID
		}
	}
	return kept, problems
}

// compareCustomers is the canonical order: instance, short name, GUID, and
// then the content, so that no two differing customers are equal.
func compareCustomers(a, b Customer) int {
	order := cmp.Or(
		strings.Compare(a.Instance, b.Instance),
		strings.Compare(a.CustomerShortName.S, b.CustomerShortName.S),
		strings.Compare(a.UmpCustomerGuid, b.UmpCustomerGuid),
	)
	if order != 0 {
		return order
	}
	return strings.Compare(string(appendCustomer(nil, &a)), string(appendCustomer(nil, &b)))
}

// sorted puts the problems in a fixed order and keeps each once.
func sorted(problems []Problem) []Problem {
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Text, b.Text),
			strings.Compare(a.Instance, b.Instance), strings.Compare(a.GUID, b.GUID))
	})
	return slices.Compact(problems)
}

// title names a customer in a sentence, bounded.
func title(c *Customer) string {
	name := "customer " + clean(c.UmpCustomerGuid, 80)
	if short := clean(c.CustomerShortName.S, 80); short != "" {
		name = fmt.Sprintf("customer %s (%s)", short, clean(c.UmpCustomerGuid, 80))
	}
	if c.Instance != "" {
		name += " of " + clean(c.Instance, 80)
	}
	return name
}

// problem is about one customer; its text goes on after the customer's title.
func problem(kind string, c *Customer, format string, args ...any) Problem {
	return Problem{kind, title(c) + fmt.Sprintf(format, args...), c.Instance, c.UmpCustomerGuid}
}

// problemsOf reports what the customer itself shows: unreadable values, and
// connections that share an id. An answer and its snapshot give the same.
func problemsOf(c *Customer) []Problem {
	var problems []Problem
	for name, raw := range c.Raw {
		problems = append(problems, problem("unreadable-value", c,
			": %s is %s, which is not a value the API documents: treated as unknown", name, raw))
	}
	seen := make(map[string]bool, len(c.SiteLocation))
	for _, s := range c.SiteLocation {
		if s.ID.S != "" && seen[s.ID.S] {
			problems = append(problems, problem("duplicate-connection", c,
				": two SIP connections have the id %s: both are counted", clean(s.ID.S, 80)))
		}
		seen[s.ID.S] = true
	}
	return problems
}
