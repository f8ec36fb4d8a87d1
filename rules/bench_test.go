package rules

import (
	"fmt"
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
