package rules

import (
	"slices"

	"trueup/rules/engine"
)

// ComparesCustomers tells that a verdict on one customer hangs on the others.
func (r *Rule) ComparesCustomers() bool { return r.Reads("CustomersOnTenant") }

// Reads tells that a verdict hangs on a field of the customer.
func (r *Rule) Reads(field string) bool {
	if r.Each == EachConnection {
		field = "customer." + field
	}
	return slices.ContainsFunc(r.fieldsRead(false), func(f engine.Field) bool { return f.Name == field })
}
