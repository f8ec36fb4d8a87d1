package report

import (
	"slices"
	"strings"

	"trueup/fetch"
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
	Hash string // "sha256:…" of the file
	rows []Contact
	// exact finds rows without a pattern: GUIDs in lower case, short names.
	exact    map[string]int
	patterns []int // rows with a pattern
}

// Match gives the first contact that names the customer: by GUID in any case,
// by short name to the letter, or by a pattern on the short name in which *
// stands for any text. Without one it is the contact Unassigned.
func (c *Contacts) Match(customer *fetch.Customer) Contact {
	at := len(c.rows)
	for _, key := range []string{guidKey(customer.UmpCustomerGuid), nameKey(customer.CustomerShortName.S)} {
		if row, ok := c.exact[key]; ok {
			at = min(at, row)
		}
	}
	for _, row := range c.patterns {
		if row > at {
			break
		}
		if matchPattern(c.rows[row].Customer, customer.CustomerShortName.S) {
			at = row
			break
		}
	}
	if at == len(c.rows) {
		return c.contactOf(Unassigned)
	}
	return c.rows[at]
}

// Manager is Match for Input.Manager.
func (c *Contacts) Manager(customer *fetch.Customer) (name, email string) {
	contact := c.Match(customer)
	return contact.Manager, contact.Email
}

// contactOf is where a manager is reached; the zero address if nowhere.
func (c *Contacts) contactOf(manager string) Contact {
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
	list := []Contact{c.contactOf(Unassigned)}
	for _, row := range c.rows {
		if !at[row.Manager] {
			at[row.Manager] = true
			list = append(list, row)
		}
	}
	slices.SortFunc(list, func(a, b Contact) int { return strings.Compare(a.Manager, b.Manager) })
	return list
}

func guidKey(guid string) string { return "guid " + strings.ToLower(guid) }
func nameKey(name string) string { return "name " + name }

// matchPattern tells whether name is pattern with any text for each *.
func matchPattern(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return true
}
