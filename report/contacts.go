package report

import (
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules"
)

// Unassigned is the account manager of customers that no contact matches, and
// the name of their pack. Contacts may give it an address.
const Unassigned = "unassigned"

// Contact is one line of the contacts file.
type Contact struct {
	Customer string // GUID, short name or pattern on the short name, as written
	Manager  string
	Email    string   // bare address; "" if the file names none
	Cc       []string // bare addresses
}

// Contacts say who manages which customer. Nil has no managers at all.
type Contacts struct {
	Hash     string   // "sha256:…" of the file
	Places   []string // where each row stands, as contacts.csv:2:1, for messages; nil if that is not known
	rows     []Contact
	exact    map[string]int // first row of each GUID or short name, folded
	patterns []int          // rows with a pattern
}

// NewContacts are contacts in their order; hash is that of their file.
func NewContacts(hash string, rows []Contact) *Contacts {
	c := &Contacts{Hash: hash, rows: slices.Clone(rows), exact: map[string]int{}}
	for at, row := range rows {
		key := plain.Fold(row.Customer)
		if strings.Contains(key, "*") {
			c.patterns = append(c.patterns, at)
		} else if _, ok := c.exact[key]; !ok {
			c.exact[key] = at
		}
	}
	return c
}

// Rows are all contacts, in their order.
func (c *Contacts) Rows() []Contact { return slices.Clone(c.rows) }

// Match gives the first contact that names the customer, as waivers do: by
// GUID or short name, or by a pattern on the short name in which * stands for
// any text, without regard to case. Without one it is the contact Unassigned.
func (c *Contacts) Match(customer *fetch.Customer) Contact {
	if at := c.match(customer); at < len(c.rows) {
		return c.rows[at]
	}
	return c.ContactOf(Unassigned)
}

// match is the row that Match gives, len(c.rows) if there is none.
func (c *Contacts) match(customer *fetch.Customer) int {
	at := len(c.rows)
	for _, name := range []string{customer.UmpCustomerGuid, customer.CustomerShortName.S} {
		if row, ok := c.exact[plain.Fold(name)]; ok {
			at = min(at, row)
		}
	}
	for _, row := range c.patterns {
		if row > at || rules.MatchCustomer(c.rows[row].Customer, customer) {
			return min(at, row)
		}
	}
	return at
}

// Manager is Match for Input.Manager.
func (c *Contacts) Manager(customer *fetch.Customer) (name, email string) {
	contact := c.Match(customer)
	return contact.Manager, contact.Email
}

// ContactOf is where a manager is reached; the zero address if nowhere.
func (c *Contacts) ContactOf(manager string) Contact {
	at := slices.IndexFunc(c.rows, func(row Contact) bool { return row.Manager == manager })
	if at < 0 {
		return Contact{Manager: manager}
	}
	return c.rows[at]
}

// Managers are the contacts, one for each manager, in order of name, with
// Unassigned among them.
func (c *Contacts) Managers() []Contact {
	at := map[string]bool{Unassigned: true}
	list := []Contact{c.ContactOf(Unassigned)}
	for _, row := range c.rows {
		if !at[row.Manager] {
			at[row.Manager] = true
			list = append(list, row)
		}
	}
	slices.SortFunc(list, func(a, b Contact) int { return strings.Compare(a.Manager, b.Manager) })
	return list
}
