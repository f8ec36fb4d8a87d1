package rules

import (
	"fmt"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// FindError says that a query names no customer, or several.
type FindError struct {
	Query      string
	Candidates []string // those that it may mean, at most a few
	More       int      // how many others it may mean
}

func (e *FindError) Error() string {
	if len(e.Candidates) < 2 {
		return fmt.Sprintf("no customer %q", e.Query)
	}
	list := strings.Join(e.Candidates, ", ")
	if e.More > 0 {
		list += fmt.Sprintf(" and %d more", e.More)
	}
	return fmt.Sprintf("%q may be any of: %s", e.Query, list)
}

// Hint says how to name the customer.
func (e *FindError) Hint() string {
	if len(e.Candidates) == 1 {
		return fmt.Sprintf("did you mean %s?", e.Candidates[0])
	}
	return "name it by its GUID or its whole short name; write INSTANCE/NAME if several instances have it, and NAME#2 for the second of several"
}

// FindCustomer is the index of the customer that a query names: by GUID, by
// short name, or by a part of its names that no other has, in capital or small
// letters. INSTANCE/ in front looks in one instance only, #2 behind takes the
// second of those that else fit alike, as of a GUID that the list has twice. The
// error is a *FindError.
func FindCustomer(customers []fetch.Customer, query string) (int, error) {
	at, none := findCustomer(customers, query, 0)
	if none == nil {
		return at, nil
	}
	if i := strings.LastIndex(query, "#"); i >= 0 {
		if n, err := strconv.Atoi(query[i+1:]); err == nil && n > 0 {
			return findCustomer(customers, query[:i], n)
		}
	}
	return at, none
}

// findCustomer takes the nth of those that fit alike; without n there must be
// one alone.
func findCustomer(customers []fetch.Customer, query string, nth int) (int, error) {
	within, rest := inInstance(customers, query)
	part := strings.ToLower(rest)
	for _, test := range []func(*fetch.Customer) bool{
		func(c *fetch.Customer) bool { return c.UmpCustomerGuid == rest },
		func(c *fetch.Customer) bool { return c.CustomerShortName.Known() && c.CustomerShortName.S == rest },
		func(c *fetch.Customer) bool {
			return part != "" && (strings.Contains(strings.ToLower(c.CustomerShortName.S), part) ||
				strings.Contains(strings.ToLower(c.CustomerFullName.S), part))
		},
	} {
		var found []int
		for i := range customers {
			if within(&customers[i]) && test(&customers[i]) {
				found = append(found, i)
			}
		}
		switch {
		case len(found) == 0:
		case nth > 0 && nth <= len(found):
			return found[nth-1], nil
		case nth == 0 && len(found) == 1:
			return found[0], nil
		default:
			return 0, ambiguous(customers, query, found)
		}
	}
	names := make([]string, len(customers))
	for i := range customers {
		names[i] = customers[i].CustomerShortName.S
	}
	e := &FindError{Query: query}
	if near := plain.Nearest(query, names); near != "" {
		e.Candidates = []string{near}
	}
	return 0, e
}

func inInstance(customers []fetch.Customer, query string) (within func(*fetch.Customer) bool, rest string) {
	if name, rest, ok := strings.Cut(query, "/"); ok && name != "" {
		for i := range customers {
			if customers[i].Instance == name {
				return func(c *fetch.Customer) bool { return c.Instance == name }, rest
			}
		}
	}
	return func(*fetch.Customer) bool { return true }, query
}

func ambiguous(customers []fetch.Customer, query string, found []int) error {
	const most = 8
	e := &FindError{Query: query, More: max(0, len(found)-most)}
	for _, i := range found[:min(len(found), most)] {
		c := &customers[i]
		label := fmt.Sprintf("%s (%s)", c.CustomerShortName.S, c.UmpCustomerGuid)
		if c.Instance != "" {
			label = c.Instance + "/" + label
		}
		e.Candidates = append(e.Candidates, label)
	}
	return e
}
