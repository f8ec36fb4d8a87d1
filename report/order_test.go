package report

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Findings stand by severity, then amount; what nobody can price comes before
// what is not about licenses. A rule knows its own.
func TestFindingsByAmount(t *testing.T) {
	in := fixture()
	in.Evaluation.Set.Rules = append(in.Evaluation.Set.Rules,
		&rules.Rule{ID: "plain", Title: "Plain", Severity: rules.High, Enabled: true},
		&rules.Rule{ID: "another", Title: "Another", Severity: rules.High, Enabled: true})
	in.Evaluation.Tallies = make([]rules.Tally, 4)
	in.Prices = Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.NewFromInt(2)}}
	n := func(n int64) *int64 { return &n }
	in.Evaluation.Results = nil
	for _, x := range []struct {
		rule, customer int
		message        string
		quantity       *int64
	}{{2, 0, "plain a", nil}, {0, 0, "2 over", n(2)}, {1, 1, "90 unused", n(90)}, {0, 1, "7 over", n(7)}, {0, 3, "no price", n(9)}, {3, 3, "another d", nil}, {2, 3, "plain d", nil}} {
		in.Evaluation.Results = append(in.Evaluation.Results, rules.Result{Rule: x.rule, Customer: x.customer, Connection: -1, Verdict: rules.Finding, Message: x.message, Quantity: x.quantity, Waiver: -1})
	}
	r := Build(in)
	var got []string
	for i := range r.Findings {
		got = append(got, r.Findings[i].Message)
	}
	want := []string{"7 over", "2 over", "no price", "another d", "plain a", "plain d", "90 unused"}
	if !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
	for i, rule := range r.Rules {
		var own []int
		for at := range r.Findings {
			if r.Findings[at].Rule == i {
				own = append(own, at)
			}
		}
		if !slices.Equal(rule.Findings, own) {
			t.Errorf("rule %s has findings %v, want %v", rule.ID, rule.Findings, own)
		}
	}
}

// Waivers stand by their end, those that have ended last; each knows whose
// findings it accepts.
func TestWaiversByEnd(t *testing.T) {
	in := fixture()
	in.Portfolio.Customers[2].CustomerShortName = fetch.TextOf("c")
	in.Register = in.Evaluation.Waive(in.Portfolio.Customers, []rules.Waiver{
		{ID: "long", Rule: "unused", Customer: "*", Expires: rules.DateOf(asOf.AddDate(1, 0, 0))},
		{ID: "over", Rule: "over", Customer: "b", Expires: rules.DateOf(asOf.AddDate(0, -2, 0))},
		{ID: "just over", Rule: "over", Customer: "c", Expires: rules.DateOf(asOf.AddDate(0, -1, 0))},
		{ID: "ending", Rule: "over", Customer: "a", Expires: rules.DateOf(asOf.AddDate(0, 0, 9))},
	}, asOf)
	r := Build(in)
	names := map[string][]int{}
	var order []string
	for place := range r.Waivers {
		w := &r.Waivers[r.WaiverByEnd(place)]
		order = append(order, w.ID)
		names[w.ID] = w.Customers
	}
	if want := []string{"ending", "long", "just over", "over"}; !slices.Equal(order, want) {
		t.Errorf("waivers %q, want %q", order, want)
	}
	for id, want := range map[string][]int{"long": {1}, "ending": {0}, "over": {1}, "just over": {2}} {
		if !slices.Equal(names[id], want) {
			t.Errorf("waiver %s is about customers %v, want %v", id, names[id], want)
		}
	}
}

// Findings of a customer that is listed twice stand together, in the order of the
// list, where the larger of them belongs.
func TestTwinsStandTogether(t *testing.T) {
	in := priced(fixture())
	in.Evaluation.Results = nil
	for i, licenses := range []int64{2, 5, 9} {
		in.Portfolio.Customers[i].UmpCustomerGuid = []string{"a", "b", "a"}[i]
		in.Evaluation.Results = append(in.Evaluation.Results, rules.Result{Customer: i, Connection: -1, Verdict: rules.Finding, Quantity: &licenses, Waiver: -1})
	}
	var got []int
	for _, f := range Build(in).Findings {
		got = append(got, f.Customer)
	}
	if !slices.Equal(got, []int{0, 2, 1}) {
		t.Errorf("customers %v", got)
	}
}

// The waiver that ends next is first, on its last day too, and those that have ended
// are last.
func TestWaiverByEnd(t *testing.T) {
	r := &Report{}
	for _, days := range []int{100, -3, 5, -90, 0} {
		r.Waivers = append(r.Waivers, Waiver{DaysLeft: days})
	}
	for place, want := range []int{4, 2, 0, 1, 3} {
		if got := r.WaiverByEnd(place); got != want {
			t.Errorf("place %d: %d, want %d", place, got, want)
		}
	}
}
