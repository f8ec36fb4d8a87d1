package rules

import (
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/rules/engine"
)

// Reads tells whether the rule's verdict or quantity hangs on a field, in any
// of its expressions but those of the message. The name is the API's, without
// "customer." in front. What is read of the entries of SiteLocation is a read
// of SiteLocation.
func (r *Rule) Reads(name string) bool {
	p := &r.program
	return slices.ContainsFunc(p.needs, func(f engine.Field) bool { return isField(f, name) }) ||
		readIn([]*engine.Expression{p.applies, p.when, p.quantity}, name)
}

// isField tells a field by the API's name.
func isField(f engine.Field, name string) bool {
	return strings.TrimPrefix(f.Name, "customer.") == name
}

// readIn tells whether one of some expressions, nil for none, reads a field.
func readIn(expressions []*engine.Expression, name string) bool {
	return slices.ContainsFunc(expressions, func(e *engine.Expression) bool {
		return e != nil && slices.ContainsFunc(e.Reads, func(read engine.Read) bool { return isField(read.Field, name) })
	})
}

const customersOnTenant = "CustomersOnTenant"

// ComparesCustomers tells that a verdict on one customer hangs on the others.
func (r *Rule) ComparesCustomers() bool { return r.Reads(customersOnTenant) }

// tenants counts the customers of each tenant, if a rule asks: else it is nil.
func (s *Set) tenants(customers []fetch.Customer) engine.Tenants {
	if slices.ContainsFunc(s.Rules, func(r *Rule) bool {
		return r.Enabled && (r.ComparesCustomers() || readIn(r.program.message.Expressions(), customersOnTenant))
	}) {
		return engine.CountTenants(customers)
	}
	return nil
}

// The measures by which rules about licenses count what is used.
const (
	Current = engine.Current // ActiveUserCount
	Peak    = engine.Peak    // the month's highest currentlyLicensed
	Average = engine.Average // its average, in whole licenses
)

// Measure is how the rule about more use than was acquired counts it.
func (s *Set) Measure() string {
	for _, r := range s.Rules {
		if measure, ok := r.Params["measure"].(string); ok && r.ID == "over-license-usage" && r.Enabled {
			return measure
		}
	}
	return Current
}
