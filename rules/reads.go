package rules

import "strings"

// ComparesCustomers tells that a verdict on one customer hangs on the others.
func (r *Rule) ComparesCustomers() bool {
	return strings.Contains(r.Applies+" "+r.When, "CustomersOnTenant")
}
