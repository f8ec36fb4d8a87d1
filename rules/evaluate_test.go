package rules

import (
	"reflect"
	"runtime"
	"testing"

	"trueup/fetch"
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
	procs := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(procs)
	whole := judged(t, set, customers)
	for _, workers := range []int{2, 3, len(customers), len(customers) + 1} {
		runtime.GOMAXPROCS(workers)
		if shared := judged(t, set, customers); !reflect.DeepEqual(shared, whole) {
			t.Errorf("%d workers: %v, one %v", workers, shared.Tallies, whole.Tallies)
		}
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
