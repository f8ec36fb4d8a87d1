package rules

import (
	"reflect"
	"slices"
	"testing"

	"trueup/fetch"
	"trueup/rules/engine"
)

func TestEvaluateDoesNotDependOnSharing(t *testing.T) {
	set := builtinSet(t)
	customers := vendorResponse(t, "customers.json")
	whole := set.Evaluate(customers)
	known := engine.CountTenants(customers)
	var one []Result
	for i := range customers {
		w := newWorker(set, known)
		w.customers(customers, i, i+1)
		one = append(one, w.results...)
	}
	same := func(a, b Result) bool {
		return a.Rule == b.Rule && a.Customer == b.Customer && a.Connection == b.Connection && a.Message == b.Message
	}
	if !slices.EqualFunc(whole.Results, one, same) {
		t.Errorf("results differ by how the customers are shared out")
	}
}

func TestDisabledRulesAreListedAndNotEvaluated(t *testing.T) {
	off := false
	set, err := Load(Options{Builtin: true, Overrides: map[string]Override{"unused-licenses": {Enabled: &off}}})
	if err != nil {
		t.Fatal(err)
	}
	e := set.Evaluate(vendorResponse(t, "customers.json"))
	i := set.Find("unused-licenses")
	if r := set.Rules[i]; r.Enabled || r.Overridden["enabled"].Own != true || e.Tallies[i] != (Tally{}) {
		t.Errorf("rule %+v, tally %v", r, e.Tallies[i])
	}
}

func TestTallyGroupsAddUp(t *testing.T) {
	set, err := Load(Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	customers := fetch.Sample().Customers
	const groups = 7
	groupOf := make([]int, len(customers))
	for i := range groupOf {
		groupOf[i] = i % groups
	}
	sum := make([]Tally, len(set.Rules))
	for _, tallies := range set.TallyGroups(customers, groupOf, groups) {
		for r := range tallies {
			sum[r].add(tallies[r])
		}
	}
	if want := set.Evaluate(customers).Tallies; !reflect.DeepEqual(sum, want) {
		t.Errorf("groups add up to\n%v, not\n%v", sum, want)
	}
}
