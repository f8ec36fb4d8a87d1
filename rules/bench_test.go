package rules

import (
	"fmt"
	"slices"
	"testing"

	"trueup/fetch"
)

// portfolio repeats the vendor's ten customers under other identities.
func portfolio(b *testing.B, n int) []fetch.Customer {
	vendor := vendorResponse(b, "customers.json")
	customers := make([]fetch.Customer, n)
	for i := range customers {
		customers[i] = vendor[i%len(vendor)]
		customers[i].UmpCustomerGuid = fmt.Sprintf("%s-%d", customers[i].UmpCustomerGuid, i)
	}
	return customers
}

// BenchmarkEvaluate gives the cost of one customer under all built-in rules.
func BenchmarkEvaluate(b *testing.B) {
	set := builtinSet(b)
	customers := portfolio(b, 10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += len(customers) {
		set.Evaluate(customers[:min(len(customers), b.N-done)])
	}
}

func BenchmarkLoadBuiltin(b *testing.B) {
	for b.Loop() {
		builtinSet(b)
	}
}

func TestEvaluateDoesNotDependOnSharing(t *testing.T) {
	set := builtinSet(t)
	customers := vendorResponse(t, "customers.json")
	whole := set.Evaluate(customers)
	known := countTenants(customers)
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
	if r := set.Rules[i]; r.Enabled || !r.Overridden["enabled"] || e.Tallies[i] != (Tally{}) {
		t.Errorf("rule %+v, tally %v", r, e.Tallies[i])
	}
}
