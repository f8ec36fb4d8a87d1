package report

import (
	"strings"
	"testing"

	"trueup/fetch"
)

func customerNamed(guid, name string) *fetch.Customer {
	return &fetch.Customer{UmpCustomerGuid: guid, CustomerShortName: fetch.TextOf(name)}
}

func TestContactsMatch(t *testing.T) {
	c := NewContacts("", []Contact{
		{Customer: "27AA-1", Manager: "Ana Silva", Email: "ana@example.com"},
		{Customer: "acme-*", Manager: "Ben Okoye", Email: "ben@example.com", Cc: []string{"lead@example.com"}},
		{Customer: "acme-1", Manager: "Ana Silva", Email: "ana@example.com"},
		{Customer: "Zoë", Manager: "Carla"},
		{Customer: "*x*y*", Manager: "Carla"},
	})
	for _, test := range []struct{ guid, name, want string }{
		{"27AA-1", "acme-2", "Ana Silva"},
		{"27aa-1", "whatever", "Ana Silva"},
		{"g", "27aa-1", "Ana Silva"},
		{"g", "acme-1", "Ben Okoye"},
		{"g", "acme-", "Ben Okoye"},
		{"g", "ACME-1", "Ben Okoye"},
		{"g", "acme", Unassigned},
		{"g", "ZOE\u0308", "Carla"},
		{"g", "axby", "Carla"},
		{"g", "AXBY", "Carla"},
		{"g", "yx", Unassigned},
		{"g", "", Unassigned},
	} {
		if got := c.Match(customerNamed(test.guid, test.name)).Manager; got != test.want {
			t.Errorf("%s %q: %s, want %s", test.guid, test.name, got, test.want)
		}
	}
	if name, email := c.Manager(customerNamed("g", "acme-9")); name != "Ben Okoye" || email != "ben@example.com" {
		t.Errorf("manager %s <%s>", name, email)
	}
	var names []string
	for _, m := range c.Managers() {
		names = append(names, m.Manager)
	}
	if got := strings.Join(names, ", "); got != "Ana Silva, Ben Okoye, Carla, unassigned" {
		t.Errorf("managers %s", got)
	}
}

// A manager is reached where the first of its lines says, whichever that is.
func TestContactOf(t *testing.T) {
	c := NewContacts("", []Contact{{Customer: "a", Manager: "Ana", Email: "ana@example.com"}, {Customer: "b", Manager: "Ben", Email: "ben@example.com"}, {Customer: "c", Manager: "Ana", Email: "other@example.com"}})
	for name, want := range map[string]string{"Ana": "ana@example.com", "Ben": "ben@example.com", Unassigned: ""} {
		if got := c.ContactOf(name); got.Manager != name || got.Email != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestContactsStarTakesTheRest(t *testing.T) {
	c := NewContacts("", []Contact{{Customer: "*", Manager: "Desk"}})
	if got := c.Match(&fetch.Customer{UmpCustomerGuid: "g"}).Manager; got != "Desk" {
		t.Errorf("* leaves a customer without a name to %s", got)
	}
}

// A customer that the list has twice, under two names, is managed by one.
func TestManagerOfACustomerListedTwice(t *testing.T) {
	contacts := NewContacts("", []Contact{{Customer: "bolt", Manager: "Ben"}, {Customer: "acme", Manager: "Ana"}})
	list := []fetch.Customer{{UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("acme")}, {UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("bolt")},
		{Instance: "apac", UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("bolt")}}
	of := contacts.ManagerIn(list)
	for i, want := range []string{"Ana", "Ana", "Ben"} {
		if got, _ := of(&list[i]); got != want {
			t.Errorf("customer %d is managed by %s, want %s", i, got, want)
		}
	}
}
