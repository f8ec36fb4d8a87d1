package rules

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
)

// verdicts are what the rules say of one customer, in an order that does not
// hang on that of its connections: of a connection by its id.
func verdicts(t *testing.T, set *Set, c fetch.Customer) string {
	t.Helper()
	var all []string
	for _, r := range judged(t, set, []fetch.Customer{c}).Results {
		id := ""
		if r.Connection >= 0 {
			id = c.SiteLocation[r.Connection].ID.S
		}
		all = append(all, fmt.Sprintln(set.Rules[r.Rule].ID, id, r.Verdict, r.Message, r.Reason))
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// permutations calls a function with every order of a list.
func permutations(list []string, n int, do func()) {
	if n < 2 {
		do()
		return
	}
	for i := range n {
		permutations(list, n-1, do)
		j := 0
		if n%2 == 0 {
			j = i
		}
		list[j], list[n-1] = list[n-1], list[j]
	}
}

// Two connections of the known types are mixed, whatever else is unknown and
// wherever they stand.
func TestMixedInEveryOrder(t *testing.T) {
	set := builtinSet(t)
	for _, x := range []struct{ types, want string }{
		{`"Byoc", "SipTrunk", null`, "finding 1 Byoc and 1 SipTrunk connections"},
		{`"byoc", "SIPTRUNK", null, "other"`, "finding 1 Byoc and 1 SipTrunk connections"},
		{`"Byoc", "SipTrunk", 7, "Byoc"`, "finding 2 Byoc and 1 SipTrunk connections"},
		{`"Byoc", "SipTrunk", {}`, "finding unknown Byoc and unknown SipTrunk connections"},
		{`"Byoc", "Byoc", null`, "not-evaluable sbcConfigurationType is null"},
		{`"Byoc", 7, null`, "not-evaluable sbcConfigurationType is null"},
		{`null, {}, null`, "not-evaluable sbcConfigurationType has a value that cannot be read"},
		{`"Byoc", "Byoc", 7`, "not-evaluable an sbcConfigurationType is neither Byoc nor SipTrunk"},
		{`7, 7, 8`, "not-evaluable an sbcConfigurationType is neither Byoc nor SipTrunk"},
		{`7, 7, 7`, ""},
		{`"SipTrunk", "sipTrunk", "SipTrunk"`, ""},
	} {
		list := strings.Split(x.types, ", ")
		permutations(list, len(list), func() {
			var sites []string
			for i, kind := range list {
				sites = append(sites, fmt.Sprintf(`{"id": "%d", "sbcConfigurationType": %s}`, i, kind))
			}
			c := decode(t, `[{"UmpCustomerGuid": "g", "SiteLocation": [`+strings.Join(sites, ", ")+`]}]`)
			got := ""
			for _, r := range judged(t, set, c).Results {
				if set.Rules[r.Rule].ID == "mixed-sbc-configuration" {
					got = r.Verdict.String() + " " + r.Message + r.Reason
				}
			}
			if got != x.want {
				t.Errorf("%v: %q, want %q", list, got, x.want)
			}
		})
	}
}

func TestOrderOfConnectionsNeverMatters(t *testing.T) {
	set := builtinSet(t)
	r := rand.New(rand.NewPCG(3, 9))
	values := func(words ...string) string { return words[r.IntN(len(words))] }
	said := map[string]bool{}
	for range 1500 {
		var sites []string
		for i := range r.IntN(5) {
			sites = append(sites, fmt.Sprintf(`{"id": "%d", "name": "n", "sbcId": %s, "sbcDeploymentState": %s, "sbcConfigurationType": %s}`,
				i, values("1", "null"), values(`"Deployed"`, `"DEPLOYED"`, "3", "null", "{}"), values(`"Byoc"`, `"SipTrunk"`, `"sipTrunk"`, "0", "null", "{}")))
		}
		c := decode(t, `[{"UmpCustomerGuid": "g", "LicenseType": 1, "LicensedUsersCount": 5, "ActiveUserCount": 6, "SiteLocation": [`+strings.Join(sites, ", ")+`]}]`)[0]
		want := verdicts(t, set, c)
		for range 3 {
			r.Shuffle(len(c.SiteLocation), func(a, b int) {
				c.SiteLocation[a], c.SiteLocation[b] = c.SiteLocation[b], c.SiteLocation[a]
			})
			if got := verdicts(t, set, c); got != want {
				t.Fatalf("%+v\n%s, in another order\n%s", c.SiteLocation, got, want)
			}
		}
		said[want] = true
	}
	if len(said) < 50 {
		t.Errorf("only %d different outcomes: the test is blind", len(said))
	}
}
