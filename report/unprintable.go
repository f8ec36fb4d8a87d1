package report

import (
	"fmt"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// maxReplaced is how many customers with replaced characters are named; the
// others are counted.
const maxReplaced = 50

// replaced lists the customers in whose texts every writer replaces characters.
func (r *Report) replaced() []fetch.Problem {
	var problems []fetch.Problem
	further := 0
	characters := make([]int, len(r.Customers))
	onAllCores(len(r.Customers), func(i int) { characters[i] = r.Customers[i].replaced() })
	for i, n := range characters {
		c := &r.Customers[i]
		switch {
		case n == 0:
		case len(problems) < maxReplaced:
			problems = append(problems, fetch.Problem{Kind: "replaced-characters", Instance: c.Instance, GUID: c.UmpCustomerGuid,
				Text: fmt.Sprintf("customer %s: %s replaced", plain.Text(c.Name()), plain.Counted(n, "character that no report can show is", "characters that no report can show are"))})
		default:
			further++
		}
	}
	if further > 0 {
		problems = append(problems, fetch.Problem{Kind: "replaced-characters",
			Text: plain.Counted(further, "more customer has", "more customers have") + " characters that no report can show"})
	}
	return problems
}

func (c *Customer) replaced() int {
	n := plain.Replaced(c.CustomerShortName.S) + plain.Replaced(c.CustomerFullName.S) + plain.Replaced(c.MsTenantId.S) +
		plain.Replaced(c.UmpCustomerGuid)
	for i := range c.SiteLocation {
		n += plain.Replaced(c.SiteLocation[i].Name.S) + plain.Replaced(c.SiteLocation[i].ID.S)
	}
	return n
}
