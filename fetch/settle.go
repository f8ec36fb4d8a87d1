package fetch

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"

	"trueup/fetch/plain"
)

// settle brings one instance's customers into canonical order and resolves
// duplicates: identical ones are kept once, differing ones all, and both are
// reported.
func settle(parts [][]Customer) ([]Customer, []Problem) {
	order := canonical(parts)
	var problems []Problem
	order = slices.CompactFunc(order, func(a, b place) bool {
		same := comparePlaces(a, b) == 0
		if same {
			problems = append(problems, problem("duplicate-identical", a.customer,
				" is listed more than once, each time the same: counted once"))
		}
		return same
	})
	kept := slices.Grow([]Customer(nil), len(order))[:len(order)] // nil if there are none
	plain.OnAllCores(len(order), func(from, to int) {
		var k keeper // what is read in this order shall lie in it
		for i := from; i < to; i++ {
			kept[i] = *order[i].customer
			k.customer(&kept[i])
		}
	})
	repeated := plain.Repeated(len(kept), func(i int) string { return kept[i].UmpCustomerGuid })
	listed := map[string]int{}
	for _, i := range repeated {
		listed[kept[i].UmpCustomerGuid]++
	}
	for _, i := range repeated {
		guid := kept[i].UmpCustomerGuid
		if n := listed[guid]; n > 1 {
			problems = append(problems, problem("duplicate-guid", &kept[i],
				" is listed %d times with differing values: all are counted", n))
			listed[guid] = 0 // one problem a GUID
		}
	}
	return kept, problems
}

// place is a customer on its way to its place in the canonical order.
type place struct {
	begin    [2]uint64 // of its short name, which tells nearly all of one instance apart
	customer *Customer
}

// canonical are the customers of one instance in canonical order.
func canonical(parts [][]Customer) []place {
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	order := make([]place, 0, n)
	for _, part := range parts {
		for i := range part {
			var begin [16]byte
			copy(begin[:], part[i].CustomerShortName.S)
			order = append(order, place{[2]uint64{binary.BigEndian.Uint64(begin[:]), binary.BigEndian.Uint64(begin[8:])}, &part[i]})
		}
	}
	sortPlaces(order)
	return order
}

func comparePlaces(a, b place) int {
	if order := cmp.Or(cmp.Compare(a.begin[0], b.begin[0]), cmp.Compare(a.begin[1], b.begin[1])); order != 0 {
		return order
	}
	return compareCustomers(a.customer, b.customer)
}

// sortPlaces sorts on several cores.
func sortPlaces(list []place) {
	if len(list) < 4096 {
		slices.SortFunc(list, comparePlaces)
		return
	}
	half := len(list) / 2
	var first sync.WaitGroup
	first.Go(func() { sortPlaces(list[:half]) })
	sortPlaces(list[half:])
	first.Wait()
	left, right := slices.Clone(list[:half]), list[half:]
	for at := 0; len(left) > 0; at++ { // the place is free: fewer are placed than taken from both
		if len(right) > 0 && comparePlaces(right[0], left[0]) < 0 {
			list[at], right = right[0], right[1:]
		} else {
			list[at], left = left[0], left[1:]
		}
	}
}

// compareCustomers is the canonical order: instance, short name, GUID, and
// then the content, so that no two differing customers are equal.
func compareCustomers(a, b *Customer) int {
	order := cmp.Or(
		strings.Compare(a.Instance, b.Instance),
		strings.Compare(a.CustomerShortName.S, b.CustomerShortName.S),
		strings.Compare(a.UmpCustomerGuid, b.UmpCustomerGuid),
	)
	if order != 0 {
		return order
	}
	return strings.Compare(string(appendCustomer(nil, a)), string(appendCustomer(nil, b)))
}

// inOrder tells whether customers are in canonical order.
func inOrder(customers []Customer) bool {
	for i := 1; i < len(customers); i++ {
		if compareCustomers(&customers[i-1], &customers[i]) > 0 {
			return false
		}
	}
	return true
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
func (d *decoder) problemsOf(c *Customer) {
	for name, raw := range c.Raw {
		d.problems = append(d.problems, problem("unreadable-value", c,
			": %s is %s, which is not a value the API documents: treated as unknown", name, raw))
	}
	if len(c.SiteLocation) < 2 {
		return
	}
	if d.ids == nil {
		d.ids = map[string]bool{}
	}
	clear(d.ids)
	for i := range c.SiteLocation {
		id := c.SiteLocation[i].ID.S
		if id != "" && d.ids[id] {
			d.problems = append(d.problems, problem("duplicate-connection", c,
				": two SIP connections have the id %s: both are counted", clean(id, 80)))
		}
		d.ids[id] = true
	}
}
