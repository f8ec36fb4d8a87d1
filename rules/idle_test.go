package rules

import (
	"slices"
	"strings"
	"testing"
)

func TestIdleWaivers(t *testing.T) {
	set := mustLoad(t, waivedRules)
	for name, test := range map[string]struct{ waivers, want, bare []string }{
		"all count": {waivers: []string{"rule: a, customer: g1, expires: 2027-03-31", "rule: a, customer: ACME-2, expires: 2027-03-31", "rule: a, customer: '*', expires: 2027-01-31"}},
		"nobody": {[]string{"rule: a, customer: gone, expires: 2027-03-31", "rule: a, customer: 'gone-*', expires: 2027-03-31", "rule: s, customer: g1, sipConnection: c9, expires: 2027-03-31"},
			[]string{"waiver-matches-nobody: waiver W0 matches no customer: gone", "waiver-matches-nobody: waiver W1 matches no customer: gone-*",
				"waiver-matches-nobody: waiver W2 matches no customer: g1 with SIP connection c9"},
			[]string{"waiver-1 matches no customer", "waiver-2 matches no customer", "waiver-3 matches no customer"}},
		"hidden": {[]string{"rule: a, customer: 'acme-*', expires: 2027-03-31", "rule: a, customer: g1, expires: 2027-03-31", "rule: s, customer: g1, expires: 2027-03-31", "rule: s, customer: '*-1', sipConnection: c1, expires: 2026-12-31"},
			[]string{"hidden-by-earlier-line: waiver W1 never counts: W0, an earlier line, accepts the same for as long",
				"hidden-by-earlier-line: waiver W3 never counts: W2, an earlier line, accepts the same for as long"},
			[]string{"waiver-2 never counts: waiver-1, an earlier line, accepts the same for as long", "waiver-4 never counts: waiver-3, an earlier line, accepts the same for as long"}},
		"case": {[]string{"rule: a, customer: acme-1, expires: 2027-03-31", "rule: a, customer: Acme-1, expires: 2027-03-31"},
			[]string{"differs-only-in-case: waiver W1 never counts: W0, an earlier line, names its customer in another case"},
			[]string{"waiver-2 never counts: waiver-1, an earlier line, names its customer in another case"}},
		"begins as early": {[]string{"rule: a, customer: g1, from: 2026-10-01, expires: 2027-03-31", "rule: a, customer: acme-1, from: 2026-10-01, expires: 2027-03-31"},
			[]string{"hidden-by-earlier-line: waiver W1 never counts: W0, an earlier line, accepts the same for as long"},
			[]string{"waiver-2 never counts: waiver-1, an earlier line, accepts the same for as long"}},
		"begins earlier":           {waivers: []string{"rule: a, customer: g1, from: 2026-10-02, expires: 2027-03-31", "rule: a, customer: acme-1, from: 2026-10-01, expires: 2027-03-31"}},
		"always counted":           {waivers: []string{"rule: a, customer: g1, from: 2026-10-01, expires: 2027-03-31", "rule: a, customer: acme-1, expires: 2027-03-31"}},
		"takes over later":         {waivers: []string{"rule: a, customer: acme-1, expires: 2026-12-31", "rule: a, customer: Acme-1, expires: 2027-03-31"}},
		"another connection":       {waivers: []string{"rule: s, customer: g1, sipConnection: c1, expires: 2027-03-31", "rule: s, customer: g1, sipConnection: c2, expires: 2027-03-31", "rule: s, customer: g1, expires: 2027-03-31"}},
		"hidden in part":           {waivers: []string{"rule: a, customer: g1, expires: 2027-03-31", "rule: a, customer: 'acme-*', expires: 2027-03-31"}},
		"what hides is not hidden": {waivers: []string{"rule: a, customer: zeta, expires: 2027-03-31", "rule: s, customer: zeta, expires: 2027-03-31"}},
	} {
		var got, bare []string
		for _, idle := range IdleWaivers(waivers(t, set, test.waivers...), waivedCustomers(t)) {
			got = append(got, idle.Kind+": "+idle.Text)
			bare = append(bare, idle.Bare)
			if !strings.HasPrefix(idle.Where, "w.yaml:") {
				t.Errorf("%s: %+v", name, idle)
			}
		}
		if !slices.Equal(got, test.want) || !slices.Equal(bare, test.bare) {
			t.Errorf("%s: %q\n%q", name, got, bare)
		}
	}
}

// Hidden and unused agree: with all rules firing, a waiver is idle if and only
// if it waives nothing, now or after those before it have ended.
func TestIdleWaiversWaiveNothing(t *testing.T) {
	set := mustLoad(t, waivedRules)
	customers := waivedCustomers(t)
	patterns := []string{"g1", "acme-1", "ACME-*", "*", "zeta", "nobody"}
	for _, first := range patterns {
		for _, second := range patterns {
			ws := waivers(t, set, "rule: a, expires: 2027-03-31, customer: '"+first+"'", "rule: a, expires: 2027-03-31, customer: '"+second+"'")
			register := judged(t, set, customers).Waive(customers, ws, day(t, "2026-11-23"))
			idle := map[string]bool{}
			for _, line := range IdleWaivers(ws, customers) {
				idle[strings.Fields(line.Text)[1]] = true
			}
			for _, w := range register {
				if idle[w.ID] != (w.State == WaiverUnused) {
					t.Errorf("%s, %s: %s is %s, idle %v", first, second, w.ID, w.State, idle[w.ID])
				}
			}
		}
	}
}
