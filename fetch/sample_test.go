package fetch

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
)

// TestSampleShowsEverything counts what the built-in rules look for. It does
// not use the rules: their package imports this one.
func TestSampleShowsEverything(t *testing.T) {
	p := Sample()
	if !p.Sample || p.AsOf.IsZero() || len(p.Problems) > 0 || p.Sources[0].Name != "sample" {
		t.Errorf("sample %v, as of %v, problems %v, sources %v", p.Sample, p.AsOf, p.Problems, p.Sources)
	}
	tenants := map[string]int{}
	for _, c := range p.Customers {
		tenants[c.MsTenantId.S]++
	}
	shown := map[string]int{}
	types := map[int64]bool{}
	for _, c := range p.Customers {
		types[c.LicenseType.N] = true
		healthy := true
		for name, does := range ruleWorthy(c, tenants) {
			if does {
				shown[name]++
				healthy = false
			}
		}
		if healthy {
			shown["healthy"]++
		}
	}
	for name, want := range map[string]int{
		"over-license-usage": 4, "missing-ms-tenant-id": 2, "undeployed-sbc": 2, "mixed-sbc-configuration": 2,
		"near-license-limit": 3, "unused-licenses": 3, "license-count-missing": 1, "unknown-license-type": 1,
		"no-sip-connection": 1, "shared-ms-tenant-id": 2, "healthy": 26,
	} {
		if shown[name] != want {
			t.Errorf("%s: %d customers, want %d", name, shown[name], want)
		}
	}
	for n := range int64(6) {
		if !types[n] {
			t.Errorf("no customer of license type %d", n)
		}
	}
	if n := len(p.Customers); n < 40 || n > 50 {
		t.Errorf("%d customers", n)
	}
}

// TestSampleMonths counts customers, and finds no difference that names none.
func TestSampleMonths(t *testing.T) {
	months := append(SampleMonths(), Sample())
	now := len(months) - 1
	for i, want := range []int{44, 46, 47, 47, 47} {
		p := months[i]
		if len(p.Customers) != want || len(p.Problems) > 0 || !p.Sample {
			t.Errorf("%v: %d customers, want %d; problems %v", p.AsOf, len(p.Customers), want, p.Problems)
		}
		if i < now && !p.AsOf.Before(months[i+1].AsOf) {
			t.Errorf("month %d is not before the next", i)
		}
	}
	var differences []sampleMonth
	if err := json.Unmarshal(sampleMonths, &differences); err != nil {
		t.Fatal(err)
	}
	for i, m := range differences {
		for name, fields := range m.Customers {
			named := func(c Customer) bool { return c.CustomerShortName.S == name }
			if fields["UmpCustomerGuid"] == nil && !slices.ContainsFunc(months[now-i].Customers, named) {
				t.Errorf("%v: nobody is called %s", m.AsOf, name)
			}
		}
	}
}

func ruleWorthy(c Customer, tenants map[string]int) map[string]bool {
	licensed, active := c.LicensedUsersCount.N, c.ActiveUserCount.N
	counted := c.LicensedUsersCount.Known()
	config := func(kind string) bool {
		return slices.ContainsFunc(c.SiteLocation, func(s SIPConnection) bool { return s.SbcConfigurationType.S == kind })
	}
	return map[string]bool{
		"over-license-usage":      counted && active > licensed,
		"near-license-limit":      counted && active*100 >= licensed*90 && active <= licensed,
		"unused-licenses":         counted && active*100 < licensed*20,
		"missing-ms-tenant-id":    c.MsTenantId.S == "",
		"undeployed-sbc":          slices.ContainsFunc(c.SiteLocation, func(s SIPConnection) bool { return s.SbcDeploymentState.S != "Deployed" }),
		"mixed-sbc-configuration": config("Byoc") && config("SipTrunk"),
		"license-count-missing":   CountedByUser(c.LicenseType) && c.LicensedUsersCount.State == Null,
		"unknown-license-type":    c.LicenseType.N > 5,
		"no-sip-connection":       c.Sites == Known && len(c.SiteLocation) == 0,
		"shared-ms-tenant-id":     c.MsTenantId.S != "" && tenants[c.MsTenantId.S] > 1,
	}
}

func TestSampleSpeaksManyScripts(t *testing.T) {
	p := Sample()
	var names strings.Builder
	for _, c := range p.Customers {
		names.WriteString(c.CustomerFullName.S)
	}
	for script, table := range map[string]*unicode.RangeTable{"Greek": unicode.Greek, "Cyrillic": unicode.Cyrillic,
		"Hebrew": unicode.Hebrew, "Han": unicode.Han, "Hiragana": unicode.Hiragana, "Hangul": unicode.Hangul} {
		if !strings.ContainsFunc(names.String(), func(r rune) bool { return unicode.Is(table, r) }) {
			t.Errorf("no name in %s", script)
		}
	}
	if !strings.ContainsAny(names.String(), "éß") || !strings.ContainsAny(names.String(), `&<>"`) {
		t.Error("no accents or no characters special to XML")
	}
	sameAfterSnapshot(t, p)
}
