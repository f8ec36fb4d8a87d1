package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

var asOf = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// Three customers: one over its licenses, one with licenses unused, one whose
// count is null; and what two rules say of them.
func fixture() Input {
	over := &rules.Rule{ID: "over", Title: "Over", Severity: rules.High, Enabled: true, Money: rules.TrueUp}
	unused := &rules.Rule{ID: "unused", Title: "Unused", Severity: rules.Low, Enabled: true, Money: rules.Unused}
	customer := func(guid string, licenseType int64, acquired, used fetch.Count) fetch.Customer {
		return fetch.Customer{UmpCustomerGuid: guid, CustomerShortName: fetch.TextOf(guid), CustomerFullName: fetch.TextOf("Full " + guid),
			LicenseType: fetch.CountOf(licenseType), LicensedUsersCount: acquired, ActiveUserCount: used, Sites: fetch.Known,
			SiteLocation: []fetch.SIPConnection{{ID: fetch.TextOf("s-" + guid), SbcDeploymentState: fetch.TextOf("Deployed")}}}
	}
	two, ninety := int64(2), int64(90)
	return Input{
		Title: "T", AsOf: asOf,
		Portfolio: fetch.Portfolio{AsOf: asOf, Customers: []fetch.Customer{
			customer("a", 1, fetch.CountOf(10), fetch.CountOf(12)),
			customer("b", 1, fetch.CountOf(100), fetch.CountOf(10)),
			customer("c", 1, fetch.Count{State: fetch.Null}, fetch.CountOf(7)),
			customer("d", 0, fetch.Count{State: fetch.Null}, fetch.CountOf(3)),
		}},
		Evaluation: &rules.Evaluation{
			Set: &rules.Set{Rules: []*rules.Rule{over, unused}},
			Results: []rules.Result{
				{Rule: 0, Customer: 0, Connection: -1, Verdict: rules.Finding, Message: "2 over", Quantity: &two, Waiver: -1},
				{Rule: 1, Customer: 1, Connection: -1, Verdict: rules.Finding, Message: "90 unused", Quantity: &ninety, Waiver: -1},
				{Rule: 0, Customer: 2, Connection: -1, Verdict: rules.NotEvaluable, Reason: "LicensedUsersCount is null", Waiver: -1},
			},
			Tallies: []rules.Tally{{rules.Pass: 1, rules.Finding: 1, rules.NotEvaluable: 1, rules.NotApplicable: 1}, {rules.Pass: 1, rules.Finding: 1, rules.NotApplicable: 2}},
		},
	}
}

func priced(in Input) Input {
	in.Prices = Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.RequireFromString("2.105")}}
	return in
}

func TestBuildCounts(t *testing.T) {
	r := Build(fixture())
	want := Totals{Customers: 4, SIPConnections: 4, Acquired: 110, ActiveUsers: 32, Findings: 2, NotEvaluable: 1, WithFindings: 2, Clean: 1}
	got := r.Totals
	if got.Customers != want.Customers || got.SIPConnections != want.SIPConnections || got.Acquired != want.Acquired ||
		got.ActiveUsers != want.ActiveUsers || got.Findings != want.Findings || got.NotEvaluable != want.NotEvaluable ||
		got.WithFindings != want.WithFindings || got.Clean != want.Clean {
		t.Errorf("totals %+v, want %+v", got, want)
	}
	verdicts := []CustomerVerdict{VerdictFinding, VerdictFinding, VerdictUnknown, VerdictOK}
	for i, v := range verdicts {
		if r.Customers[i].Verdict != v {
			t.Errorf("customer %d: %s, want %s", i, r.Customers[i].Verdict, v)
		}
	}
	if r.Findings[0].Message != "2 over" {
		t.Errorf("the high finding is not first: %+v", r.Findings[0])
	}
	if r.Customers[0].Exposure != nil || r.Positions[0].TrueUp != nil {
		t.Error("money without prices")
	}
}

func TestPositions(t *testing.T) {
	r := Build(priced(fixture()))
	if len(r.Positions) != 2 {
		t.Fatalf("%d positions, want 2", len(r.Positions))
	}
	p := r.Positions[1] // type 1
	if p.Customers != 3 || p.Unknown != 1 || p.Acquired != 110 || p.Used != 22 || p.Over != 2 || p.Surplus != 90 || p.OtherUsed != 7 {
		t.Errorf("position %+v", p)
	}
	// 2 × 2.105 = 4.21; 90 × 2.105 = 189.45
	if p.TrueUp.StringFixed(2) != "4.21" || p.Unused.StringFixed(2) != "189.45" {
		t.Errorf("true-up %s, unused %s", p.TrueUp, p.Unused)
	}
	if o := r.Positions[0]; o.Unknown != 0 || o.OtherUsed != 3 {
		t.Errorf("type without a count: %+v", o)
	}
}

// Every grouping of the findings' money gives the same sum to the cent.
func TestMoneyReconciles(t *testing.T) {
	in := priced(fixture())
	in.Manager = func(c *fetch.Customer) (string, string) { return "m" + c.UmpCustomerGuid[:1], "" }
	r := Build(in)
	var byRule, byType, byManager, bySeverity MoneyTotals
	customers := decimal.Zero
	for _, x := range r.Rules {
		byRule = byRule.Add(x.Money)
	}
	for _, x := range r.Totals.MoneyBySeverity {
		bySeverity = bySeverity.Add(x)
	}
	for _, x := range r.Positions {
		byType = byType.Add(x.Money)
	}
	for _, x := range r.Managers {
		byManager = byManager.Add(x.Money)
	}
	for i := range r.Customers {
		customers = customers.Add(*r.Customers[i].Exposure)
	}
	for name, sum := range map[string]MoneyTotals{"rules": byRule, "types": byType, "severities": bySeverity, "managers": byManager} {
		if !sum.Equal(r.Totals.Money) {
			t.Errorf("by %s: %+v, want %+v", name, sum, r.Totals.Money)
		}
	}
	if !customers.Equal(r.Totals.Money.Exposure) || r.Totals.Money.Exposure.StringFixed(2) != "4.21" {
		t.Errorf("customers %s, total %s", customers, r.Totals.Money.Exposure)
	}
}

// A price that is missing is counted by the sums that leave it out.
func TestMissingPrice(t *testing.T) {
	in := fixture()
	in.Prices = Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{5: decimal.NewFromInt(1)}}
	r := Build(in)
	if r.Totals.Money.Unpriced != 2 {
		t.Errorf("unpriced %d, want 2", r.Totals.Money.Unpriced)
	}
	if r.Customers[0].NoExposure != 1 || r.Positions[1].NoTrueUp == 0 || r.Positions[1].Unpriced == 0 {
		t.Error("a sum without a price is known")
	}
}

func TestInstancePrice(t *testing.T) {
	p := Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.NewFromInt(1)},
		ByInstance: map[string]map[int64]decimal.Decimal{"emea": {1: decimal.NewFromInt(3)}}}
	for instance, want := range map[string]string{"emea": "3", "apac": "1"} {
		got := p.Of(&fetch.Customer{Instance: instance, LicenseType: fetch.CountOf(1)})
		if got == nil || got.String() != want {
			t.Errorf("%s: %v, want %s", instance, got, want)
		}
	}
	if p.Of(&fetch.Customer{LicenseType: fetch.Count{State: fetch.Null}}) != nil {
		t.Error("a price for an unknown license type")
	}
}

func TestChanges(t *testing.T) {
	month := func(m time.Month, keep ...int) Past {
		in := fixture()
		in.AsOf = time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC)
		var results []rules.Result
		for _, i := range keep {
			results = append(results, in.Evaluation.Results[i])
		}
		in.Evaluation.Results = results
		return PastOf(Build(in), in.Prices)
	}
	in := fixture()
	in.Evaluation.Results = in.Evaluation.Results[:2]
	in.History = Remember(month(8, 0), month(9, 0, 1), month(10, 1))
	r := Build(in)
	if got := r.Findings[0]; got.Change != Reopened || !got.Since.Equal(asOf) {
		t.Errorf("finding 0: %s since %s, want reopened now", got.Change, got.Since)
	}
	if got := r.Findings[1]; got.Change != Persisting || got.Since.Month() != 9 {
		t.Errorf("finding 1: %s since %s, want persisting since September", got.Change, got.Since)
	}
	if len(r.Trend) != 4 || r.Trend[3].Findings != 2 {
		t.Errorf("trend %+v", r.Trend)
	}
	in.Evaluation.Results = fixture().Evaluation.Results[2:]
	in.History = Remember(month(8, 0), month(9, 0, 1))
	r = Build(in)
	if len(r.Changes.Resolved) != 2 || r.Changes.Resolved[0].Rule != "over" || r.Changes.Resolved[1].Reason != "fixed" {
		t.Errorf("resolved %+v", r.Changes.Resolved)
	}
	if r.Changes.Resolved[0].Since.Month() != 8 || r.Changes.Resolved[0].LastSeen.Month() != 9 {
		t.Errorf("resolved since %s, last seen %s", r.Changes.Resolved[0].Since, r.Changes.Resolved[0].LastSeen)
	}
}

// A finding whose rule cannot be judged any more is lost, never resolved, and
// open since it was first found once it can be judged again.
func TestLost(t *testing.T) {
	month := func(m time.Month, v rules.Verdict, history ...Past) *Report {
		in := fixture()
		in.AsOf = time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC)
		in.Evaluation.Results[2].Verdict = v
		in.History = Remember(history...)
		return Build(in)
	}
	first := month(8, rules.Finding)
	second := month(9, rules.NotEvaluable, PastOf(first, Prices{}))
	third := month(10, rules.Finding, PastOf(first, Prices{}), PastOf(second, Prices{}))
	c := second.Changes
	if len(c.Resolved) != 0 || len(c.Lost) != 1 || c.Lost[0].Reason != "not-evaluable" || c.Movement.Findings.By[NotJudgeable].IntPart() != -1 {
		t.Errorf("%+v", c)
	}
	if f := third.Findings[1]; f.Movement != JudgedAgain || f.Change != Persisting || f.Since.Month() != 8 {
		t.Errorf("judged again: %s, %s since %s", f.Movement, f.Change, f.Since)
	}
}

// Two findings of an id that the list had twice differ in nothing that they
// are sorted by: their order must not be left to chance.
func TestResolvedTwinsKeepTheirOrder(t *testing.T) {
	month := func(m time.Month, twins int) Past {
		in := fixture()
		in.AsOf = time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC)
		in.Evaluation.Results = in.Evaluation.Results[:1]
		for range twins {
			in.Evaluation.Results = append(in.Evaluation.Results, in.Evaluation.Results[0])
		}
		return PastOf(Build(in), in.Prices)
	}
	in := fixture()
	in.Evaluation.Results = nil
	in.History = Remember(month(8, 0), month(9, 1), month(10, 2))
	for range 50 {
		var since []time.Month
		for _, x := range Build(in).Changes.Resolved {
			since = append(since, x.Since.Month())
		}
		if !slices.Equal(since, []time.Month{8, 9, 10}) {
			t.Fatalf("resolved since %v", since)
		}
	}
}

// A waiver is not a fix: the finding persists, waived and after the waiver.
func TestChangesOfWaivers(t *testing.T) {
	month := func(m time.Month, v rules.Verdict, history ...Past) *Report {
		in := fixture()
		in.AsOf = time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC)
		in.Evaluation.Results = in.Evaluation.Results[:1]
		in.Evaluation.Results[0].Verdict = v
		in.History = Remember(history...)
		return Build(in)
	}
	first := month(8, rules.Finding)
	second := month(9, rules.Waived, PastOf(first, Prices{}))
	third := month(10, rules.Finding, PastOf(first, Prices{}), PastOf(second, Prices{}))
	for _, test := range []struct {
		r        *Report
		movement Step
		sign     int64
	}{{second, NewlyWaived, -1}, {third, WaiverEnded, 1}} {
		if f := test.r.Findings[0]; f.Change != Persisting || f.Since.Month() != 8 || f.Movement != test.movement {
			t.Errorf("%s, %s since %s; want %s", f.Movement, f.Change, f.Since, test.movement)
		}
		c := test.r.Changes
		if len(c.Resolved)+len(c.Lost) != 0 || c.Movement.Findings.By[test.movement].IntPart() != test.sign {
			t.Errorf("%+v", c)
		}
	}
}

func TestQualityNamesTheCustomer(t *testing.T) {
	in := fixture()
	in.Portfolio.Problems = []fetch.Problem{{Kind: "k", GUID: "b", Text: "about b"}, {Kind: "k", Text: "about none"}, {Kind: "k", GUID: "gone"}}
	r := Build(in)
	for i, want := range []int{1, -1, -1, 2} { // the last is the rule that could not be judged
		if got := r.Quality[i].Customer; got != want {
			t.Errorf("row %d is about customer %d, want %d", i, got, want)
		}
	}
}

// Who counts how many licenses nobody knows says so, rule by rule, of how many
// customers.
func TestUnknownQuantities(t *testing.T) {
	in := fixture()
	for _, x := range []struct{ rule, customer int }{{0, 0}, {0, 0}, {0, 3}, {1, 1}} {
		in.Evaluation.Results = append(in.Evaluation.Results, rules.Result{Rule: x.rule, Customer: x.customer, Connection: -1, Verdict: rules.Finding, Waiver: -1, UnknownQuantity: "2.5 is not a whole number"})
	}
	var got []string
	for _, p := range Build(in).Problems {
		if p.Kind == "unknown-quantity" {
			got = append(got, p.Text)
		}
	}
	if want := []string{"rule over: the number of licenses is unknown for 2 customers (2.5 is not a whole number); sums leave it out",
		"rule unused: the number of licenses is unknown for 1 customer (2.5 is not a whole number); sums leave it out"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A waiver is worth what it waives, as far as that is known, and names each of its
// customers once.
func TestWaiverSums(t *testing.T) {
	two, three := int64(2), int64(3)
	finding := func(customer int, quantity *int64) rules.Result {
		return rules.Result{Customer: customer, Connection: -1, Verdict: rules.Waived, Quantity: quantity}
	}
	unjudged := rules.Result{Customer: 2, Connection: -1, Verdict: rules.NotEvaluable}
	for name, x := range map[string]struct {
		results                      []rules.Result
		customers                    []int
		findings, unjudged, unpriced int
		amount                       string
	}{
		"two of one customer":  {[]rules.Result{finding(0, &two), finding(0, &three), finding(1, &two), unjudged}, []int{0, 1, 2}, 3, 1, 0, "14.74"},
		"one without a number": {[]rules.Result{finding(0, &two), finding(1, nil)}, []int{0, 1}, 2, 0, 1, "4.21"},
		"one without a price":  {[]rules.Result{finding(0, &two), finding(3, &two)}, []int{0, 3}, 2, 0, 1, "4.21"},
		"nothing known":        {[]rules.Result{finding(0, nil), finding(3, &two)}, []int{0, 3}, 2, 0, 2, "unknown"},
		"nothing judged":       {[]rules.Result{unjudged}, []int{2}, 0, 1, 0, "0.00"},
		"nothing yet":          {nil, []int{1}, 0, 0, 0, "0.00"},
	} {
		in := priced(fixture())
		in.Evaluation.Set.Rules[0].Quantity = "q"
		in.Evaluation.Results = x.results
		status := rules.WaiverStatus{Waiver: rules.Waiver{Rule: "over", Customer: "b"}}
		for i := range x.results {
			x.results[i].Waiver = 0
			status.Results = append(status.Results, i)
		}
		in.Register = []rules.WaiverStatus{status}
		r := Build(in)
		w, amount := r.Waivers[0], "unknown"
		if w.Amount != nil {
			amount = w.Amount.StringFixed(2)
		}
		if !slices.Equal(w.Customers, x.customers) || w.Findings != x.findings || w.Unjudged != x.unjudged || w.Unpriced != x.unpriced || amount != x.amount || r.Totals.Accepted != x.unjudged {
			t.Errorf("%s: %+v, %s, %d accepted", name, w, amount, r.Totals.Accepted)
		}
	}
}

// What people wrote stands beside the finding it is about.
func TestNotes(t *testing.T) {
	in := fixture()
	in.Notes = map[Key]Note{{GUID: "b", Rule: "unused"}: {Owner: "Ana", Due: "2026-12-08", Comment: "called"}}
	for _, f := range Build(in).Findings {
		want := Note{}
		if f.Customer == 1 {
			want = Note{Owner: "Ana", Due: "2026-12-08", Comment: "called"}
		}
		if got := (Note{Owner: f.Owner, Due: f.Due, Comment: f.Comment}); got != want {
			t.Errorf("finding about customer %d: %+v", f.Customer, got)
		}
	}
}

func TestAnyChange(t *testing.T) {
	for _, x := range []struct {
		c    Changes
		want bool
	}{{Changes{}, false}, {Changes{New: 1, Persisting: 1}, false}, {Changes{Rows: make([]ChangeRow, 1)}, true}, {Changes{CustomersAdded: 1}, true}, {Changes{CustomersGone: 1}, true}} {
		if got := x.c.Any(); got != x.want {
			t.Errorf("%+v: %v", x.c, got)
		}
	}
}

// The worst severity is that of an open finding, and what a waiver accepts is not
// left unjudged.
func TestHighestSeverity(t *testing.T) {
	c := Customer{}
	if _, any := c.HighestSeverity(); any {
		t.Error("there is one without findings")
	}
	c.BySeverity[rules.Low], c.BySeverity[rules.High] = 3, 1
	if s, any := c.HighestSeverity(); s != rules.High || !any || c.OpenFindings() != 4 {
		t.Errorf("%s, %d findings", s, c.OpenFindings())
	}
	if n := (Totals{NotEvaluable: 5, Accepted: 2}).Unjudged(); n != 3 {
		t.Errorf("%d unjudged", n)
	}
}

// A manager's severe findings are the critical and the high ones.
func TestSevere(t *testing.T) {
	c := Customer{Customer: &fetch.Customer{}, Manager: "Ana"}
	c.BySeverity[rules.Critical], c.BySeverity[rules.High], c.BySeverity[rules.Medium] = 1, 2, 4
	r := &Report{Customers: []Customer{c, c}, Managers: []Manager{{Name: "Ana"}}}
	r.managerSums()
	if m := r.Managers[0]; m.Severe != 6 || m.Findings != 14 || m.Customers != 2 {
		t.Errorf("%+v", m)
	}
}

// What could not be judged names its connection and the waiver that accepts it, be
// they the first; a problem of a customer that is listed twice is about the first.
func TestQuality(t *testing.T) {
	r := Build(fixture())
	r.Customers[1].Customer.UmpCustomerGuid = "a"
	r.Problems = []fetch.Problem{{Kind: "odd", GUID: "a", Text: "x"}, {Kind: "odd", GUID: "z", Text: "y"}, {Kind: "odd", Text: "all"}}
	r.Waivers = []Waiver{{Waiver: rules.Waiver{ID: "W1", Expires: rules.DateOf(asOf), Reason: "agreed"}}}
	r.NotEvaluable = []NotEvaluable{{Connection: 0, Reason: "null", Waiver: 0}, {Connection: -1, Reason: "null", Waiver: -1}}
	r.quality()
	for i, want := range []QualityRow{{"odd", "", 0, "x"}, {"odd", "", -1, "y"}, {"odd", "", -1, "all"},
		{"not-evaluable", "over", 0, "connection unknown: null; accepted by W1 until 2026-11-23: agreed"}, {"not-evaluable", "over", 0, "null"}} {
		if r.Quality[i] != want {
			t.Errorf("row %d: %+v, want %+v", i, r.Quality[i], want)
		}
	}
}

// Characters that no report can show are counted in every text of a customer, and
// customers beyond the first are counted.
func TestReplaced(t *testing.T) {
	bad := fetch.TextOf("a\x00")
	r := &Report{}
	for range maxReplaced + 2 {
		r.Customers = append(r.Customers, Customer{Customer: &fetch.Customer{UmpCustomerGuid: "g\x00", CustomerShortName: bad, CustomerFullName: fetch.TextOf("\x00b\x00"), MsTenantId: bad,
			SiteLocation: []fetch.SIPConnection{{Name: bad, ID: bad}, {Name: bad}}}})
	}
	problems := r.replaced()
	if len(problems) != maxReplaced+1 || !strings.Contains(problems[0].Text, ": 8 characters that no report can show are replaced") || problems[maxReplaced].Text != "2 more customers have characters that no report can show" {
		t.Errorf("%d: %+v, %+v", len(problems), problems[0], problems[len(problems)-1])
	}
	r.Customers = r.Customers[:maxReplaced]
	if n := len(r.replaced()); n != maxReplaced {
		t.Errorf("of as many as are told there are %d", n)
	}
}

// A connection's pseudonym is that of its id, wherever it stands in the list.
func TestConnectionPseudonym(t *testing.T) {
	site := func(id string) fetch.SIPConnection { return fetch.SIPConnection{ID: fetch.TextOf(id)} }
	a := &fetch.Customer{UmpCustomerGuid: "g", SiteLocation: []fetch.SIPConnection{site("x"), site("y"), site(""), site("")}}
	b := &fetch.Customer{UmpCustomerGuid: "g", SiteLocation: []fetch.SIPConnection{site("y"), site("x")}}
	if connectionPseudonym(a, 0) != connectionPseudonym(b, 1) || connectionPseudonym(a, 0) == connectionPseudonym(b, 0) || connectionPseudonym(a, 2) == connectionPseudonym(a, 3) {
		t.Error("pseudonyms are of places")
	}
}
