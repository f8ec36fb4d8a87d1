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

func TestContactsStarTakesTheRest(t *testing.T) {
	c := NewContacts("", []Contact{{Customer: "*", Manager: "Desk"}})
	if got := c.Match(&fetch.Customer{UmpCustomerGuid: "g"}).Manager; got != "Desk" {
		t.Errorf("* leaves a customer without a name to %s", got)
	}
}
