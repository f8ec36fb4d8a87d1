package rules

import (
	"os"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
)

func builtinSet(t testing.TB) *Set {
	t.Helper()
	set, err := Load(Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func vendorResponse(t testing.TB, name string) []fetch.Customer {
	t.Helper()
	f, err := os.Open("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := fetch.Decode(f, fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Customers
}

func TestBuiltinRulesAreComplete(t *testing.T) {
	set := builtinSet(t)
	want := []string{
		"license-count-missing", "limit-within-months", "missing-ms-tenant-id", "mixed-sbc-configuration", "near-license-limit",
		"no-sip-connection", "over-license-usage", "shared-ms-tenant-id", "undeployed-sbc",
		"unknown-license-type", "unused-licenses",
	}
	if got := set.IDs(); !slices.Equal(got, want) {
		t.Errorf("built-in rules %v, want %v", got, want)
	}
	for _, r := range set.Rules {
		if r.Why == "" || r.Remediation == "" || len(r.Needs) == 0 || !r.Builtin {
			t.Errorf("%s lacks why, remediation or needs", r.ID)
		}
		if file := builtinDir + "/" + r.ID + ".yaml"; r.Pos.File != file {
			t.Errorf("%s is in %s, want one rule a file, named as the rule", r.ID, r.Pos.File)
		}
		tested := map[Verdict]bool{}
		for _, test := range r.Tests {
			tested[test.Expect] = true
		}
		for _, v := range []Verdict{Finding, Pass, NotEvaluable} {
			if !tested[v] {
				t.Errorf("%s has no test that expects %s", r.ID, v)
			}
		}
		if tested[NotApplicable] != (r.Applies != "") {
			t.Errorf("%s: tests of not-applicable and the key applies do not go together", r.ID)
		}
	}
}

func TestBuiltinRulesPassTheirTests(t *testing.T) {
	for _, result := range builtinSet(t).RunTests() {
		if result.Failed != "" {
			t.Errorf("%s: %s: %s (%s; read %v)", result.Rule.ID, result.Test.Name, result.Failed, result.Reason, result.Read)
		}
	}
}

// findings lists results as "rule customer connection", in their order.
func findings(e *Evaluation, customers []fetch.Customer, v Verdict) []string {
	var lines []string
	for _, r := range e.Results {
		if r.Verdict != v {
			continue
		}
		line := e.Set.Rules[r.Rule].ID + " " + customers[r.Customer].CustomerShortName.S
		if r.Connection >= 0 {
			line += " " + customers[r.Customer].SiteLocation[r.Connection].Name.S
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func TestVendorResponse(t *testing.T) {
	customers := vendorResponse(t, "customers.json")
	e := judged(t, builtinSet(t), customers)
	got := strings.Join(findings(e, customers, Finding), "\n")
	want := strings.Join([]string{
		"missing-ms-tenant-id auto_serv_ess",
		"missing-ms-tenant-id micu_test",
		"missing-ms-tenant-id micu_test1",
		"missing-ms-tenant-id new_sbc_test",
		"mixed-sbc-configuration auto_sys_pro_r",
		"mixed-sbc-configuration new_sept_lead",
		"unused-licenses auto_sys_plus_r",
		"unused-licenses auto_sys_pro",
		"unused-licenses auto_sys_pro_r",
		"unused-licenses many_sbc_test",
		"unused-licenses two_sbc_two_cp",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n := findings(e, customers, NotEvaluable); len(n) > 0 {
		t.Errorf("not evaluable: %v", n)
	}
	checkTallies(t, e, customers)
}

// checkTallies counts every object that a rule judged exactly once.
func checkTallies(t *testing.T, e *Evaluation, customers []fetch.Customer) {
	t.Helper()
	for i, r := range e.Set.Rules {
		want := len(customers)
		if r.Each == EachConnection {
			want = 0
			for _, c := range customers {
				if want += len(c.SiteLocation); c.Sites != fetch.Known {
					want++
				}
			}
		}
		got := 0
		for _, n := range e.Tallies[i] {
			got += n
		}
		if got != want {
			t.Errorf("%s: %d verdicts for %d objects", r.ID, got, want)
		}
	}
}

func TestBriefResponse(t *testing.T) {
	customers := vendorResponse(t, "customers-brief.json")
	e := judged(t, builtinSet(t), customers)
	notEvaluable := map[string]int{}
	for _, r := range e.Results {
		if r.Verdict != NotEvaluable {
			continue
		}
		notEvaluable[e.Set.Rules[r.Rule].ID]++
		if want := "SiteLocation is absent: the list was fetched without allDetails"; r.Reason != want || r.Connection != -1 {
			t.Errorf("reason %q of connection %d, want %q of -1", r.Reason, r.Connection, want)
		}
	}
	for _, id := range []string{"undeployed-sbc", "mixed-sbc-configuration", "no-sip-connection"} {
		if notEvaluable[id] != 10 {
			t.Errorf("%s not evaluable for %d, want 10", id, notEvaluable[id])
		}
	}
	if len(notEvaluable) != 3 {
		t.Errorf("not evaluable: %v", notEvaluable)
	}
	checkTallies(t, e, customers)
}

// The four rules that the project measures itself with.
func TestFourRules(t *testing.T) {
	set, err := Load(Options{Paths: []string{"testdata/four.yaml"}})
	if err != nil {
		t.Fatal(err)
	}
	customers := vendorResponse(t, "customers.json")
	e := judged(t, set, customers)
	got := strings.Join(append(findings(e, customers, Finding), findings(e, customers, NotEvaluable)...), "\n")
	if want := "lp004 auto_sys_pro_r\nlp004 new_sept_lead"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	checkTallies(t, e, customers)
}
