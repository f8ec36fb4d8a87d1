package rules

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
)

// laborious are so many rules that look at each connection once for each.
func laborious(t testing.TB, n int) *Set {
	t.Helper()
	text := "rules:\n"
	for i := range n {
		text += fmt.Sprintf("- {id: r-%d, title: T, severity: low, message: m, when: 'any(SiteLocation, count(SiteLocation, .sbcId == %d) == 1)'}\n", i, i+8)
	}
	set, err := loadText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// large are customers with a thousand connections.
func large(n int) []fetch.Customer {
	connection := fetch.SIPConnection{SbcID: fetch.CountOf(7), SbcDeploymentState: fetch.TextOf("Deployed"), SbcConfigurationType: fetch.TextOf("Byoc")}
	return slices.Repeat([]fetch.Customer{{UmpCustomerGuid: "g", Sites: fetch.Known, SiteLocation: slices.Repeat([]fetch.SIPConnection{connection}, 1000)}}, n)
}

// Two hundred rules that would take hours say that they would, and the others
// are not troubled.
func TestLaboriousRules(t *testing.T) {
	customers := append(large(1), fetch.Customer{UmpCustomerGuid: "s", Sites: fetch.Known, SiteLocation: make([]fetch.SIPConnection, 3)})
	e := judged(t, laborious(t, 200), customers)
	for i, tally := range e.Tallies {
		if tally[NotEvaluable] != 1 || tally[Pass] != 1 {
			t.Errorf("rule %d: %v", i, tally)
		}
	}
	if reason := e.Results[0].Reason; !strings.HasPrefix(reason, "the rule would take more than 400,000 steps") {
		t.Error(reason)
	}
	if e := judged(t, builtinSet(t), large(1)); e.Tallies[e.Set.Find("undeployed-sbc")][Pass] != 1000 || e.Tallies[e.Set.Find("mixed-sbc-configuration")][Pass] != 1 {
		t.Error(e.Tallies)
	}
}

// Nobody waits for what is not wanted any more: not for the customer at hand,
// nor for the others.
func TestEvaluateEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	set, customers := laborious(t, 200), large(1000) // of half an hour
	if e, err := set.Evaluate(ctx, customers); e != nil || !errors.Is(err, enough) || err.Error() != "judge the customers: enough" {
		t.Errorf("%v, %v", e, err)
	}
	if _, err := set.TallyGroups(ctx, customers, make([]int, len(customers)), 1); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
}
