package rules

import (
	"slices"
	"strings"

	"trueup/rules/engine"
)

// Reads tells whether the rule's verdict or quantity hangs on a field, in any
// of its expressions but those of the message. The name is the API's, without
// "customer." in front. What is read of the entries of SiteLocation is a read
// of SiteLocation.
func (r *Rule) Reads(name string) bool {
	named := func(f engine.Field) bool { return strings.TrimPrefix(f.Name, "customer.") == name }
	p := &r.program
	return slices.ContainsFunc(p.needs, named) || slices.ContainsFunc([]*engine.Expression{p.applies, p.when, p.quantity}, func(e *engine.Expression) bool {
		return e != nil && slices.ContainsFunc(e.Reads, func(read engine.Read) bool { return named(read.Field) })
	})
}

// ComparesCustomers tells that a verdict on one customer hangs on the others.
func (r *Rule) ComparesCustomers() bool { return r.Reads("CustomersOnTenant") }

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
