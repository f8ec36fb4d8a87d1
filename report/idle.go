package report

import (
	"fmt"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules"
)

// Idle lists the contacts that no customer has, and those that never count
// since earlier ones take all their customers. A contact of Unassigned may
// stand for its address alone.
func (c *Contacts) Idle(customers []fetch.Customer) []rules.Idle {
	if c == nil {
		return nil
	}
	counts := make([]bool, len(c.rows)+1)
	for i := range customers {
		counts[c.match(&customers[i])] = true
	}
	finder := rules.NewFinder(customers)
	var list []rules.Idle
	for at, row := range c.rows {
		if counts[at] {
			continue
		}
		by := -1
		for customer := range finder.Matching(row.Customer) {
			by = c.match(customer)
			break
		}
		if by >= 0 || row.Manager != Unassigned {
			list = append(list, c.idle(at, by))
		}
	}
	return list
}

// idle says why a contact does nothing: because of the one at by, if that is
// not negative.
func (c *Contacts) idle(at, by int) (idle rules.Idle) {
	row := c.rows[at]
	manager := plain.TextMax(row.Manager, 60)
	if at < len(c.Places) {
		idle.Where = c.Places[at]
	}
	name := fmt.Sprintf("contact %s (%s)", plain.TextMax(row.Customer, 80), manager)
	if by < 0 {
		idle.Kind = "contact-matches-nobody"
		idle.Text, idle.Bare = name+" matches no customer", "a contact of "+manager+" matches no customer"
		return idle
	}
	earlier := c.rows[by]
	idle.Kind = rules.HiddenKind(earlier.Customer, row.Customer)
	idle.Bare = fmt.Sprintf("a contact of %s never counts: earlier lines take its customers", manager)
	idle.Text = fmt.Sprintf("%s never counts: earlier lines take its customers, the first %s (%s)", name,
		plain.TextMax(earlier.Customer, 80), plain.TextMax(earlier.Manager, 60))
	return idle
}
