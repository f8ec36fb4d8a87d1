package report

import (
	"fmt"

	"trueup/fetch"
	"trueup/report/clean"
)

// maxReplaced is how many customers with replaced characters are named; the
// others are counted.
const maxReplaced = 50

// replaced tells of customers in whose texts every writer shows some
// characters as a replacement.
func (r *Report) replaced() []fetch.Problem {
	var problems []fetch.Problem
	further := 0
	for i := range r.Customers {
		c := &r.Customers[i]
		n := c.replaced()
		switch {
		case n == 0:
		case len(problems) < maxReplaced:
			problems = append(problems, fetch.Problem{Kind: "replaced-characters", Instance: c.Instance, Guid: c.UmpCustomerGuid,
				Text: fmt.Sprintf("customer %s: %d characters that no report can show are replaced", clean.Text(c.Name()), n)})
		default:
			further++
		}
	}
	if further > 0 {
		problems = append(problems, fetch.Problem{Kind: "replaced-characters",
			Text: fmt.Sprintf("%d more customers have characters that no report can show", further)})
	}
	return problems
}

func (c *Customer) replaced() int {
	n := clean.Replaced(c.CustomerShortName.S) + clean.Replaced(c.CustomerFullName.S) + clean.Replaced(c.MsTenantId.S) +
		clean.Replaced(c.UmpCustomerGuid)
	for i := range c.SiteLocation {
		n += clean.Replaced(c.SiteLocation[i].Name.S) + clean.Replaced(c.SiteLocation[i].ID.S)
	}
	return n
}
