package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// toChooseFrom is a report with some findings, each known by its message, and one
// rule that could not be evaluated.
func toChooseFrom() *Report {
	customer := func(guid, short, full, manager string) Customer {
		return Customer{Customer: &fetch.Customer{UmpCustomerGuid: guid, CustomerShortName: fetch.TextOf(short), CustomerFullName: fetch.TextOf(full)}, Manager: manager}
	}
	rule := func(id string, s rules.Severity) Rule { return Rule{Rule: &rules.Rule{ID: id, Severity: s}} }
	money := func(n int64) *decimal.Decimal { d := decimal.New(n, 0); return &d }
	return &Report{
		Customers: []Customer{customer("g-1", "acme-de", "Acme Deutschland", "Ana"), customer("g-2", "acme-fr", "Acme France", "Ben"), customer("g-3", "zoë", "Zoë's", "Ana")},
		Rules:     []Rule{rule("high-one", rules.High), rule("low-one", rules.Low)},
		Findings: []Finding{
			{Rule: 0, Customer: 0, Verdict: rules.Finding, Change: New, Licenses: true, Amount: money(5), Message: "a"},
			{Rule: 0, Customer: 1, Verdict: rules.Waived, Change: Persisting, Licenses: true, Message: "b"},
			{Rule: 1, Customer: 0, Verdict: rules.Finding, Change: Reopened, Message: "c"},
			{Rule: 1, Customer: 2, Verdict: rules.Finding, Change: New, Licenses: true, Amount: money(50), Message: "d"},
		},
		NotEvaluable: []NotEvaluable{{Rule: 1, Customer: 1, Connection: -1, Waiver: -1, Reason: "n"}},
		Totals:       Totals{Customers: 3, Findings: 3, Waived: 1, NotEvaluable: 1},
	}
}

func TestSelect(t *testing.T) {
	high := rules.High
	for _, x := range []struct {
		name   string
		filter Filter
		want   string // messages
		unable int
	}{
		{"none", Filter{}, "a b c d n", 1},
		{"least", Filter{Least: &high}, "a b", 0},
		{"rule", Filter{Rules: []string{"low-one"}}, "c d n", 1},
		{"rules", Filter{Rules: []string{"low-one", "high-one"}, Verdicts: []string{"finding", "waived"}}, "a b c d", 1},
		{"GUID", Filter{Customer: "G-1"}, "a c", 0},
		{"short name", Filter{Customer: "ZOE\u0308"}, "d", 0},
		{"full name", Filter{Customer: "acme france"}, "b n", 1},
		{"pattern", Filter{Customer: "acme-*"}, "a b c n", 1},
		{"pattern on the full name", Filter{Customer: "*deutsch*"}, "a c", 0},
		{"nobody", Filter{Customer: "x*"}, "", 0},
		{"manager", Filter{Manager: "ana"}, "a c d", 0},
		{"change", Filter{Changes: []string{"new", "reopened"}}, "a c d", 1},
		{"verdict", Filter{Verdicts: []string{"waived"}}, "b", 1},
		{"unable", Filter{Verdicts: []string{"not-evaluable"}}, "n", 1},
		{"unable and a change", Filter{Verdicts: []string{"not-evaluable"}, Changes: []string{"new"}}, "", 1},
		{"by customer", Filter{Sort: ByCustomer}, "a c b n d", 1},
		{"by amount", Filter{Sort: ByAmount}, "d a b c n", 1},
	} {
		r := toChooseFrom()
		r.NotEvaluable[0].Waiver = 0
		got := r.Select(x.filter)
		var messages []string
		for _, f := range got.Findings {
			if f.Verdict == rules.NotEvaluable && (f.CountedBy >= 0 || f.Waiver >= 0) {
				t.Errorf("%s: %+v", x.name, f)
			}
			messages = append(messages, f.Message)
		}
		if strings.Join(messages, " ") != x.want || got.Totals.NotEvaluable != x.unable {
			t.Errorf("%s: %q, %d not evaluable; want %q, %d", x.name, messages, got.Totals.NotEvaluable, x.want, x.unable)
		}
		open := strings.Count(x.want, "a") + strings.Count(x.want, "c") + strings.Count(x.want, "d")
		if got.Totals.Findings != open || got.Totals.BySeverity[rules.High] != strings.Count(x.want, "a") || got.Totals.Customers != 3 ||
			got.Totals.Waived != strings.Count(x.want, "b") || got.Totals.Accepted != x.unable {
			t.Errorf("%s: totals %+v", x.name, got.Totals)
		}
		if !slices.Equal(messagesOf(r), []string{"a", "b", "c", "d"}) || r.Totals.Findings != 3 {
			t.Errorf("%s: the report itself changed", x.name)
		}
	}
}

func messagesOf(r *Report) (list []string) {
	for _, f := range r.Findings {
		list = append(list, f.Message)
	}
	return list
}
