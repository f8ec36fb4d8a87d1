package rules

import (
	"os"
	"path/filepath"
	"testing"
)

// loadText loads rules that are written in a file of their own.
func loadText(t testing.TB, text string) (*Set, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(Options{Paths: []string{file}})
}

// What a rule reads is what its expressions read, never what its texts say.
func TestReads(t *testing.T) {
	for _, x := range []struct {
		rule, name string
		want       bool
	}{
		{`{when: 'CustomersOnTenant > 1'}`, "CustomersOnTenant", true},
		{`{applies: 'CustomersOnTenant != nil', when: 'true'}`, "CustomersOnTenant", true},
		{`{when: 'CustomerFullName == "CustomersOnTenant"'}`, "CustomersOnTenant", false},
		{`{each: sipConnection, when: 'customer.CustomersOnTenant > 1'}`, "CustomersOnTenant", true},
		{`{each: sipConnection, when: 'sbcId == 1'}`, "sbcId", true},
		{`{when: 'any(SiteLocation, .sbcId == 1)'}`, "SiteLocation", true},
		{`{when: 'let list = SiteLocation; len(list) > 1'}`, "SiteLocation", true},
		{`{when: 'CustomerShortName contains "SiteLocation"'}`, "SiteLocation", false},
		{`{needs: [SiteLocation], when: 'true'}`, "SiteLocation", true},
		{`{when: 'true', quantity: 'len(SiteLocation)'}`, "SiteLocation", true},
		{`{when: 'true'}`, "SiteLocation", false},
	} {
		set, err := loadText(t, "rules:\n- {id: r, title: T, severity: low, message: SiteLocation, "+x.rule[1:])
		if err != nil {
			t.Errorf("%s: %v", x.rule, err)
			continue
		}
		if got := set.Rules[0].Reads(x.name); got != x.want {
			t.Errorf("%s reads %s: %v", x.rule, x.name, got)
		}
	}
}
