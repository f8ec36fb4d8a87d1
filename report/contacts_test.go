package report

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"trueup/fetch"
	"trueup/rules/strict"
)

const contactsCSV = "\uFEFFcustomer,manager,email,cc\r\n" +
	"# comment\r\n" +
	"27AA-1,Ana Silva,ana@example.com,\r\n" +
	"acme-*,Ben Okoye,ben@example.com,lead@example.com; boss@example.com\r\n" +
	"acme-1,Ana Silva,ana@example.com\r\n" +
	"\"a,b\",Carla,\r\n" +
	"*x*y*,Carla,,\r\n"

func customerNamed(guid, name string) *fetch.Customer {
	return &fetch.Customer{UmpCustomerGuid: guid, CustomerShortName: fetch.TextOf(name)}
}

func TestContactsMatch(t *testing.T) {
	c, err := LoadContacts("contacts.csv", []byte(contactsCSV))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ guid, name, want string }{
		{"27aa-1", "whatever", Unassigned},
		{"27AA-1", "acme-2", "Ana Silva"},
		{"g", "acme-1", "Ben Okoye"},
		{"g", "acme-", "Ben Okoye"},
		{"g", "ACME-1", Unassigned},
		{"g", "acme", Unassigned},
		{"g", "a,b", "Carla"},
		{"g", "axby", "Carla"},
		{"g", "yx", Unassigned},
		{"g", "", Unassigned},
		{"g", "27AA-1", "Ana Silva"},
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
	if cc := c.Match(customerNamed("g", "acme-9")).Cc; strings.Join(cc, " ") != "lead@example.com boss@example.com" {
		t.Errorf("cc %q", cc)
	}
}

func TestContactsStarTakesTheRest(t *testing.T) {
	c, err := LoadContacts("contacts.csv", []byte("manager,customer,email\nDesk,*,desk@example.com\n"))
	if err != nil {
		t.Fatal(err)
	}
	nameless := &fetch.Customer{UmpCustomerGuid: "g"}
	if got := c.Match(nameless).Manager; got != "Desk" {
		t.Errorf("* leaves a customer without a name to %s", got)
	}
}

func TestContactsMistakes(t *testing.T) {
	const head = "customer,manager,email,cc\n"
	for _, test := range []struct{ name, file, want string }{
		{"empty", "", "c.csv:1:1: no header"},
		{"no column", "customer,manager\n", `c.csv:1:1: no column "email"`},
		{"unknown column", "customer,manger,email\n", `c.csv:1:10: unknown column "manger"`},
		{"column twice", "customer,manager,email,email\n", `c.csv:1:24: column "email" twice`},
		{"semicolons", "customer;manager;email\n", "c.csv:1:1: columns are separated by semicolons"},
		{"bad address", head + "a,Ana,ana@\n", `c.csv:2:7: email "ana@" is not an e-mail address`},
		{"named address", head + "a,Ana,Ana <ana@example.com>\n", `c.csv:2:7: email "Ana <ana@example.com>" is not an e-mail address`},
		{"bad cc", head + "a,Ana,a@b.c,x@y.z; nope\n", `c.csv:2:13: cc "nope" is not an e-mail address`},
		{"injected", head + "a,Ana,\"a@b.c\r\nBcc: x@y.z\"\n", "c.csv:2:7: email has a character that cannot be printed, or a line break"},
		{"no manager", head + "a,,a@b.c\n", "c.csv:2:3: no manager"},
		{"no customer", head + ",Ana,a@b.c\n", "c.csv:2:1: no customer"},
		{"one cell", head + "a\n", "c.csv:2:1: no manager"},
		{"too many cells", head + "a,Ana,a@b.c,,x\n", "c.csv:2:14: 5 cells in a row of 4 columns"},
		{"two spellings", head + "a,Ana,a@b.c\nb,ana,a@b.c\n", `c.csv:3:3: manager "ana" is "Ana" elsewhere`},
		{"two addresses", head + "a,Ana,a@b.c\nb,Ana,x@b.c\n", `c.csv:3:3: manager "Ana" has another email or cc above`},
		{"reserved", head + "a,Unassigned,a@b.c\n", `c.csv:2:3: manager "Unassigned" is "unassigned" elsewhere`},
		{"quote", head + "a,\"Ana,a@b.c\n", "c.csv:"},
		{"not UTF-8", head + "a,An\xe1,a@b.c\n", "c.csv:2:1: not valid UTF-8"},
		{"too long", head + strings.Repeat("a", 400) + ",Ana,a@b.c\n", "c.csv:2:1: customer is longer than 320 bytes"},
	} {
		_, err := LoadContacts("c.csv", []byte(test.file))
		var all strict.Errors
		if !errors.As(err, &all) || !strings.HasPrefix(all[0].Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func TestContactsMistakesAllAtOnce(t *testing.T) {
	_, err := LoadContacts("c.csv", []byte("customer,manager,email\n,Ana,a@b.c\nb,,a@b.c\nc,Ben,nope\n"))
	if got := strings.Count(err.Error(), "\n"); got != 2 {
		t.Errorf("want three mistakes, got\n%v", err)
	}
}

func FuzzContacts(f *testing.F) {
	f.Add(contactsCSV)
	f.Add("customer,manager,email\n\"a\nb\",c,d@e\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := LoadContacts("c.csv", []byte(s))
		if err != nil {
			return
		}
		for _, m := range c.Managers() {
			if strings.ContainsAny(m.Manager+m.Email+strings.Join(m.Cc, ""), "\r\n\x00") {
				t.Errorf("%+v came through", m)
			}
		}
	})
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Ana Silva": "ana-silva", "ana silva": "ana-silva", "unassigned": "unassigned", "北京 王": "北京-王", "Zoë": "zoë",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"ana silva", "ana-silva", "ana  silva", "ana.silva", "../ana silva", "ana/silva", "con", "com1", "aux ", ".", "..", "",
		" ", "a\x00b", "\xff", "😀", "😀😀", "C:\\x", "a:b", "a|b", "नमस्ते", "x" + strings.Repeat("y", 300), "x" + strings.Repeat("y", 301), strings.Repeat("北", 90)} {
		slug := Slug(name)
		if other, ok := seen[slug]; ok {
			t.Errorf("%q and %q are both %q", name, other, slug)
		}
		seen[slug] = name
		checkSlug(t, name, slug)
	}
}

func checkSlug(t *testing.T, name, slug string) {
	t.Helper()
	bad := func(r rune) bool {
		return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}
	if slug == "" || len(slug) > maxSlug || strings.ContainsFunc(slug, bad) || isDeviceName(slug) || slug[0] == '-' {
		t.Errorf("Slug(%q) = %q", name, slug)
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Ana Silva")
	f.Fuzz(func(t *testing.T, name string) { checkSlug(t, name, Slug(name)) })
}

// A customer that the list has twice, under two names, is managed by one.
func TestManagerOfACustomerListedTwice(t *testing.T) {
	contacts, err := LoadContacts("c.csv", []byte("customer,manager,email\nbolt,Ben,\nacme,Ana,\n"))
	if err != nil {
		t.Fatal(err)
	}
	list := []fetch.Customer{{UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("acme")}, {UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("bolt")},
		{Instance: "apac", UmpCustomerGuid: "g", CustomerShortName: fetch.TextOf("bolt")}}
	of := contacts.ManagerIn(list)
	for i, want := range []string{"Ana", "Ana", "Ben"} {
		if got, _ := of(&list[i]); got != want {
			t.Errorf("customer %d is managed by %s, want %s", i, got, want)
		}
	}
}
