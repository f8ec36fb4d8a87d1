package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/rules/strict"
)

const waivedRules = `
rules:
  - {id: a, title: t, severity: low, each: customer, when: "true", message: m}
  - {id: s, title: t, severity: low, each: sipConnection, when: "true", message: m}
`

func waivedCustomers(t *testing.T) []fetch.Customer {
	return decode(t, `[
		{"UmpCustomerGuid": "g1", "CustomerShortName": "acme-1", "SiteLocation": [{"id": "c1"}, {"id": "c2"}]},
		{"UmpCustomerGuid": "g2", "CustomerShortName": "acme-2", "SiteLocation": []},
		{"UmpCustomerGuid": "g3", "CustomerShortName": "zeta", "SiteLocation": []}]`)
}

func waivers(t *testing.T, set *Set, entries ...string) []Waiver {
	t.Helper()
	text := "waivers:\n"
	for i, e := range entries {
		text += fmt.Sprintf("  - {id: W%d, owner: o, reason: r, %s}\n", i, e)
	}
	ws, err := ParseWaivers("w.yaml", []byte(text), set)
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Time()
}

func TestWaive(t *testing.T) {
	set := mustLoad(t, waivedRules)
	ws := waivers(t, set,
		"rule: a, customer: g1, expires: 2027-03-31",
		"rule: a, customer: 'acme-*', expires: 2026-12-23",
		"rule: a, customer: g3, expires: 2026-11-22",
		"rule: s, customer: acme-1, sipConnection: c2, expires: 2026-11-23",
		"rule: s, customer: other, expires: 2026-11-30",
	)
	customers := waivedCustomers(t)
	e := judged(t, set, customers)
	register := e.Waive(customers, ws, day(t, "2026-11-23").Add(23*time.Hour))

	var got []string
	for _, r := range e.Results {
		got = append(got, fmt.Sprintf("%s %s %d %s %d", set.Rules[r.Rule].ID, customers[r.Customer].UmpCustomerGuid, r.Connection, r.Verdict, r.Waiver))
	}
	want := []string{"a g1 -1 waived 0", "s g1 0 finding -1", "s g1 1 waived 3", "a g2 -1 waived 1", "a g3 -1 finding -1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("results\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wantRegister := []WaiverStatus{
		{ws[0], WaiverActive, 128, []int{0}}, {ws[1], WaiverEnding, 30, []int{3}}, {ws[2], WaiverExpired, -1, []int{4}},
		{ws[3], WaiverEnding, 0, []int{2}}, {ws[4], WaiverUnused, 7, nil},
	}
	if !reflect.DeepEqual(register, wantRegister) {
		t.Errorf("register %+v, want %+v", register, wantRegister)
	}
	if got, want := e.Tallies[0], (Tally{Finding: 1, Waived: 2}); got != want {
		t.Errorf("tally %v, want %v", got, want)
	}
}

// What could not be judged stays so: a waiver that covers it is noted, and is
// not unused.
func TestWaiversAcceptWhatCannotBeJudged(t *testing.T) {
	set := mustLoad(t, `
rules:
  - {id: a, title: t, severity: low, each: customer, when: ActiveUserCount > 0, message: m}
  - {id: s, title: t, severity: low, each: sipConnection, when: sbcId > 0, message: m}
`)
	customers := decode(t, `[{"UmpCustomerGuid": "g1", "ActiveUserCount": null, "SiteLocation": [{"id": "c1", "sbcId": null}, {"id": "c2", "sbcId": null}]},
		{"UmpCustomerGuid": "g2", "ActiveUserCount": null, "SiteLocation": null}]`)
	ws := waivers(t, set,
		"rule: a, customer: g1, expires: 2027-03-31",
		"rule: s, customer: g1, sipConnection: c2, expires: 2026-11-30",
		"rule: a, customer: g2, expires: 2026-11-22",
		"rule: s, customer: '*', expires: 2027-03-31",
		"rule: a, customer: g2, from: 2026-12-01, expires: 2027-03-31")
	e := judged(t, set, customers)
	tally := e.Tallies[0]
	register := e.Waive(customers, ws, day(t, "2026-11-23"))
	var got []string
	for _, r := range e.Results {
		got = append(got, fmt.Sprintf("%s %s %d %s %d", set.Rules[r.Rule].ID, customers[r.Customer].UmpCustomerGuid, r.Connection, r.Verdict, r.Waiver))
	}
	want := []string{"a g1 -1 not-evaluable 0", "s g1 0 not-evaluable 3", "s g1 1 not-evaluable 1", "a g2 -1 not-evaluable -1", "s g2 -1 not-evaluable 3"}
	if !slices.Equal(got, want) || e.Tallies[0] != tally {
		t.Errorf("results\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wantRegister := []WaiverStatus{{ws[0], WaiverActive, 128, []int{0}}, {ws[1], WaiverEnding, 7, []int{2}}, {ws[2], WaiverExpired, -1, []int{3}},
		{ws[3], WaiverActive, 128, []int{1, 4}}, {ws[4], WaiverUnused, 128, nil}}
	if !reflect.DeepEqual(register, wantRegister) {
		t.Errorf("register %+v, want %+v", register, wantRegister)
	}
}

func TestFirstWaiverInTheFileCounts(t *testing.T) {
	set := mustLoad(t, waivedRules)
	customers := waivedCustomers(t)
	entries := []string{"rule: a, customer: '*', expires: 2027-03-31", "rule: a, customer: g1, expires: 2027-03-31", "rule: a, customer: acme-1, expires: 2027-03-31"}
	for i := range entries {
		order := append(slices.Clone(entries[i:]), entries[:i]...)
		e := judged(t, set, customers)
		e.Waive(customers, waivers(t, set, order...), day(t, "2026-11-23"))
		if got := e.Results[0].Waiver; got != 0 {
			t.Errorf("%v: waiver %d", order, got)
		}
	}
}

// To its end, in the zone of the report.
func TestLastDayCounts(t *testing.T) {
	set := mustLoad(t, waivedRules)
	ws := waivers(t, set, "rule: a, customer: g1, expires: 2027-03-31")
	customers := waivedCustomers(t)
	for at, want := range map[string]WaiverState{
		"2027-03-31T23:59:59Z": "ending", "2027-04-01T00:00:00Z": "expired",
		"2027-03-31T20:00:00-05:00": "ending", "2027-04-01T01:00:00+02:00": "expired",
	} {
		asOf, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(t, set, customers).Waive(customers, ws, asOf)[0].State; got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
}

// Before its first day a waiver waives nothing, and no expired one steps in.
func TestFirstDayCounts(t *testing.T) {
	set := mustLoad(t, waivedRules)
	ws := waivers(t, set, "rule: a, customer: g1, from: 2026-02-10, expires: 2027-03-31")
	customers := waivedCustomers(t)
	for at, want := range map[string]WaiverState{"2026-02-09T23:59:59Z": "unused", "2026-02-10T00:00:00Z": "active"} {
		asOf, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(t, set, customers).Waive(customers, ws, asOf)[0].State; got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
	x := set.Explain(customers, 0, ws, day(t, "2026-02-01"))
	if why := x.Rules[0].Waivers[0].Why; why != "it counts from 2026-02-10 on" {
		t.Errorf("explained: %s", why)
	}
}

// Waivers hold on to the rule's id and the customer's GUID, nothing else.
func TestRewordingAndRenamingLoseNoWaiver(t *testing.T) {
	before := mustLoad(t, waivedRules)
	after := mustLoad(t, strings.NewReplacer("title: t", "title: other words", "message: m", "message: quite different",
		"severity: low", "severity: high").Replace(waivedRules))
	ws := waivers(t, before, "rule: a, customer: g1, expires: 2027-03-31", "rule: s, customer: g1, sipConnection: c1, expires: 2027-03-31")
	renamed := waivedCustomers(t)
	renamed[0].CustomerShortName, renamed[0].CustomerFullName = fetch.TextOf("globex"), fetch.TextOf("Globex")
	renamed[0].SiteLocation[0].Name = fetch.TextOf("new name")
	for name, e := range map[string]*Evaluation{"before": judged(t, before, waivedCustomers(t)), "after": judged(t, after, renamed)} {
		for _, line := range e.Waive(renamed, ws, day(t, "2026-11-23")) {
			if line.State != WaiverActive || len(line.Results) != 1 {
				t.Errorf("%s: waiver %s is %s with %v", name, line.ID, line.State, line.Results)
			}
		}
	}
}

// Of how a waiver spells its customer, case and the form of accents are no
// matter.
func TestWaiversIgnoreCase(t *testing.T) {
	set := mustLoad(t, waivedRules)
	customers := decode(t, `[{"UmpCustomerGuid": "3F-a", "CustomerShortName": "Café-Ü1", "SiteLocation": []}]`)
	for _, customer := range []string{"3f-A", "CAFÉ-Ü1", "cafe\u0301-ü1", "café-*", "*-ü*", "*"} {
		ws := waivers(t, set, fmt.Sprintf("rule: a, customer: %q, expires: 2027-03-31", customer))
		if got := judged(t, set, customers).Waive(customers, ws, day(t, "2026-11-23"))[0]; got.State != WaiverActive {
			t.Errorf("%s: %s", customer, got.State)
		}
	}
}

func TestMatchCustomer(t *testing.T) {
	acme := fetch.Customer{UmpCustomerGuid: "G-1", CustomerShortName: fetch.TextOf("acme-eu-1")}
	nameless := fetch.Customer{UmpCustomerGuid: "G-2", CustomerShortName: fetch.Text{State: fetch.Null}}
	for pattern, want := range map[string]bool{
		"G-1": true, "g-1": true, "G-*": false, "acme-eu-1": true, "ACME-EU-1": true, "acme-*": true, "*": true, "Acme-*": true, "*-EU-*": true,
		"*-1": true, "a*e*1": true, "acme-eu-1*": true, "*eu*": true, "acme": false, "a*x*1": false, "acme-eu-1*1": false, "": false,
		"acme-*eu*": true, "*eu*eu*": false, "*-*-*": true, "*-*-*-*": false, "*1*eu*": false,
	} {
		if got := MatchCustomer(pattern, &acme); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
		if got, want := MatchCustomer(pattern, &nameless), pattern == "*"; got != want {
			t.Errorf("%q of a customer without a name: %v", pattern, got)
		}
	}
}

func TestWaiverErrors(t *testing.T) {
	set := mustLoad(t, waivedRules)
	_, err := ParseWaivers("w.yaml", []byte(`waivers:
  - {id: W1, rule: b, customer: g1, owner: o, reason: r, expires: 2027-02-30}
  - {id: W1, rule: aa, customer: "", owner: " ", reason: r, expires: 2027-3-1}
  - {id: W2, rule: a, sipConnection: c, customer: g, owner: o, expires: 2027-03-31, note: x}
  - {id: W3, rule: a, customer: g, owner: o, reason: r, from: 2027-04-01, expires: 2027-03-31}
  - {id: W4, rule: a, customer: g, owner: o, reason: r, from: 2027-03-31, expires: 2027-03-31}
`), set)
	want := `w.yaml:2:20: unknown rule "b"
w.yaml:2:67: malformed date "2027-02-30": want YYYY-MM-DD
w.yaml:3:10: waiver "W1" is already defined in line 2
w.yaml:3:20: unknown rule "aa"
w.yaml:3:34: "customer" is empty
w.yaml:3:45: "owner" is empty
w.yaml:3:70: malformed date "2027-3-1": want YYYY-MM-DD
w.yaml:4:5: missing key "reason"
w.yaml:4:23: rule "a" is not about SIP connections
w.yaml:4:85: unknown key "note"
w.yaml:5:63: from is after expires`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	var errs strict.Errors
	if !errors.As(err, &errs) || errs[0].HintText != "trueup rules list names them all" || errs[3].HintText != `did you mean "a"?` || errs[3].SourceLine == "" {
		t.Errorf("hints of the first and fourth error: %+v", errs)
	}
}
