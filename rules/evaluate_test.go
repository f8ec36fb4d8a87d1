package rules

import (
	"reflect"
	"slices"
	"testing"

	"trueup/fetch"
	"trueup/rules/engine"
)

// judged is what the rules say of customers.
func judged(t testing.TB, set *Set, customers []fetch.Customer) *Evaluation {
	t.Helper()
	e, err := set.Evaluate(t.Context(), customers)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEvaluateDoesNotDependOnSharing(t *testing.T) {
	set := builtinSet(t)
	customers := vendorResponse(t, "customers.json")
	whole := judged(t, set, customers)
	known := engine.CountTenants(customers)
	var one []Result
	for i := range customers {
		w := newWorker(t.Context(), set, known)
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
	e := judged(t, set, vendorResponse(t, "customers.json"))
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
	all, err := set.TallyGroups(t.Context(), customers, groupOf, groups)
	if err != nil {
		t.Fatal(err)
	}
	for _, tallies := range all {
		for r := range tallies {
			sum[r].add(tallies[r])
		}
	}
	if want := judged(t, set, customers).Tallies; !reflect.DeepEqual(sum, want) {
		t.Errorf("groups add up to\n%v, not\n%v", sum, want)
	}
}
