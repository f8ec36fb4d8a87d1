package report

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Of the rules about the same licenses the one with the most counts, an open finding
// before a waived one, and the first where they are equal.
func TestCountOnce(t *testing.T) {
	const open, waived = rules.Finding, rules.Waived
	found := func(rule int, v rules.Verdict, n int64) rules.Result {
		return rules.Result{Rule: rule, Connection: -1, Verdict: v, Quantity: &n, Waiver: -1}
	}
	unknown := func(rule int, v rules.Verdict) rules.Result {
		return rules.Result{Rule: rule, Connection: -1, Verdict: v, Waiver: -1}
	}
	for name, x := range map[string]struct {
		results []rules.Result
		want    []int // by which rule each is counted instead, in order of the rules; -1 counts
	}{
		"alone":                     {[]rules.Result{found(0, open, 2)}, []int{-1}},
		"more":                      {[]rules.Result{found(0, open, 2), found(1, open, 3)}, []int{1, -1}},
		"fewer":                     {[]rules.Result{found(0, open, 3), found(1, open, 2)}, []int{-1, 0}},
		"equal":                     {[]rules.Result{found(0, open, 2), found(1, open, 2)}, []int{-1, 0}},
		"more, but waived":          {[]rules.Result{found(0, open, 2), found(1, waived, 3)}, []int{-1, 0}},
		"waived first":              {[]rules.Result{found(0, waived, 3), found(1, open, 2)}, []int{1, -1}},
		"both waived":               {[]rules.Result{found(0, waived, 2), found(1, waived, 3)}, []int{1, -1}},
		"waived and nothing":        {[]rules.Result{found(0, waived, 0)}, []int{-1}},
		"nothing in two":            {[]rules.Result{found(0, open, 0), found(1, open, 0)}, []int{-1, 0}},
		"unknown stays":             {[]rules.Result{unknown(0, open), found(1, open, 3)}, []int{-1, -1}},
		"unused beside it":          {[]rules.Result{found(0, open, 2), found(2, open, 9)}, []int{-1, -1}},
		"a rule that adds":          {[]rules.Result{found(0, open, 2), found(3, open, 9)}, []int{-1, -1}},
		"three, the second largest": {[]rules.Result{found(0, open, 2), found(1, open, 4), found(4, open, 3)}, []int{1, -1, 1}},
	} {
		in := fixture()
		in.Evaluation.Set.Rules = nil
		for i, id := range []string{"a", "b", "c", "d", "e"} {
			rule := &rules.Rule{ID: id, Enabled: true, Quantity: "q", Severity: rules.Low, Adds: i == 3}
			if i == 2 {
				rule.Money = rules.Unused
			}
			in.Evaluation.Set.Rules = append(in.Evaluation.Set.Rules, rule)
		}
		in.Evaluation.Tallies, in.Evaluation.Results = make([]rules.Tally, 5), x.results
		r := Build(in)
		got := make([]int, len(r.Findings))
		at := 0
		for rule := range r.Rules {
			for _, f := range r.Rules[rule].Findings {
				got[at] = r.Findings[f].CountedBy
				at++
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: counted by %v, want %v", name, got, x.want)
		}
	}
}

// What a finding adds to the sums, known or not, is of its own kind of money.
func TestSumsOf(t *testing.T) {
	five := decimal.NewFromInt(5)
	for name, x := range map[string]struct {
		counts bool
		amount *decimal.Decimal
		money  rules.Money
		want   Sums
	}{
		"exposure":         {true, &five, rules.TrueUp, Sums{Findings: 1, Exposure: five}},
		"unused":           {true, &five, rules.Unused, Sums{Findings: 1, Unused: five}},
		"unknown exposure": {true, nil, rules.TrueUp, Sums{Findings: 1, UnknownExposure: 1}},
		"unknown unused":   {true, nil, rules.Unused, Sums{Findings: 1, UnknownUnused: 1}},
		"counted by other": {false, &five, rules.TrueUp, Sums{Findings: 1}},
	} {
		if got := sumsOf(x.counts, x.amount, x.money); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What an open finding's amount changed by is grown or shrunk where the licenses tell,
// and repriced where nobody knows them or their price.
func TestMoved(t *testing.T) {
	over := func(rule int, n int64) rules.Result {
		return rules.Result{Rule: rule, Connection: -1, Verdict: rules.Finding, Quantity: &n, Waiver: -1}
	}
	unknown := rules.Result{Rule: 1, Connection: -1, Verdict: rules.Finding, Waiver: -1}
	prices := priced(fixture()).Prices
	for name, x := range map[string]struct {
		now    []rules.Result
		prices Prices
		want   string
	}{
		"more licenses":                   {[]rules.Result{over(1, 3)}, prices, "grown 2.11"},
		"fewer licenses":                  {[]rules.Result{over(1, 1)}, prices, "shrunk -2.10"},
		"unknown now":                     {[]rules.Result{unknown}, prices, "repriced -4.21"},
		"without a price":                 {[]rules.Result{over(1, 2)}, Prices{Currency: "EUR"}, "repriced -4.21"},
		"counted by another":              {[]rules.Result{over(0, 5), over(1, 2)}, prices, "new 10.53, shrunk -4.21"},
		"counted by another, no price":    {[]rules.Result{over(0, 5), over(1, 2)}, Prices{Currency: "EUR"}, "new 0.00, shrunk -4.21"},
		"counted by another, which grows": {[]rules.Result{over(0, 5), over(1, 3)}, prices, "new 10.53, shrunk -4.21"},
	} {
		of := func(prices Prices, results ...rules.Result) Input {
			in := fixture()
			in.Evaluation.Set.Rules = []*rules.Rule{{ID: "first", Severity: rules.High, Enabled: true, Quantity: "q"}, {ID: "second", Severity: rules.Low, Enabled: true, Quantity: "q"}}
			in.Evaluation.Results, in.Prices = results, prices
			return in
		}
		in := of(x.prices, x.now...)
		in.History = Remember(PastOf(Build(of(prices, over(1, 2))), x.prices))
		var got []string
		for _, row := range Build(in).Changes.Rows {
			got = append(got, string(row.Step)+" "+row.Exposure.StringFixed(2))
		}
		if words := strings.Join(got, ", "); words != x.want {
			t.Errorf("%s: %s, want %s", name, words, x.want)
		}
	}
}

// Findings do not grow, shrink or change their price: only amounts do.
func TestStepsOfMoney(t *testing.T) {
	var of []Step
	for _, s := range Steps {
		if s.OfMoney() {
			of = append(of, s)
		}
	}
	if !slices.Equal(of, []Step{Grown, Shrunk, Repriced}) {
		t.Errorf("%v", of)
	}
}

// A month of which only the record is left is as it was issued, without amounts of
// another currency.
func TestPoint(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	issued := func(currency string) *Issued {
		return &Issued{Currency: currency, Missing: []string{"apac"}, Totals: Totals{Customers: 7}}
	}
	for name, x := range map[string]struct {
		m         Month
		customers int
		money     bool
		missing   int
	}{
		"restated":                   {Month{AsOf: at, Restated: Totals{Customers: 5}, Issued: issued("EUR")}, 5, true, 0},
		"only issued":                {Month{AsOf: at, OnlyIssued: true, Issued: issued("EUR")}, 7, true, 1},
		"issued in another currency": {Month{AsOf: at, OnlyIssued: true, Issued: issued("USD")}, 7, false, 1},
		"nothing left":               {Month{AsOf: at, OnlyIssued: true}, 0, true, 0},
	} {
		p := x.m.point("EUR")
		if p.Customers != x.customers || (p.Money != nil) != x.money || len(p.Missing) != x.missing || p.Complete != (x.missing == 0) || p.OnlyIssued != x.m.OnlyIssued {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// An instance whose customers are all known under another name is told of, unless
// either name is known now and then.
func TestRenamed(t *testing.T) {
	for name, x := range map[string]struct{ then, now, want string }{
		"renamed":    {"old", "new", `all findings of instance new look new, but the last report knows 4 of its 4 customers as customers of instance old: if it is the same one, write formerly: ["old"] beside its name in the settings`},
		"named":      {"", "new", `all findings of instance new look new, but the last report knows 4 of its 4 customers as customers of an instance without a name: if it is the same one, write formerly: [""] beside its name in the settings`},
		"the same":   {"old", "old", ""},
		"both there": {"both", "new", ""},
	} {
		of := func(instance string) Input {
			in := fixture()
			in.Portfolio.Customers = slices.Clone(in.Portfolio.Customers)
			for i := range in.Portfolio.Customers {
				in.Portfolio.Customers[i].Instance = instance
			}
			return in
		}
		in := of(x.now)
		if x.then == "both" {
			in.Portfolio.Customers = append(in.Portfolio.Customers, fetch.Customer{Instance: "both", UmpCustomerGuid: "z"})
		}
		in.History = Remember(PastOf(Build(of(x.then)), Prices{}))
		got := ""
		for _, p := range Build(in).Problems {
			if p.Kind == KindRenamed {
				got += p.Text
			}
		}
		if got != x.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A figure is at least so much where a part of it is unknown, then or now, and each
// kind of money by itself.
func TestMovementAtLeast(t *testing.T) {
	for name, x := range map[string]struct {
		issued    *Sums
		then, now Sums
		want      [5]bool // exposure before and after, unused before and after, and as issued
	}{
		"all known":       {nil, Sums{}, Sums{}, [5]bool{}},
		"exposure then":   {nil, Sums{UnknownExposure: 1}, Sums{}, [5]bool{0: true}},
		"exposure now":    {nil, Sums{}, Sums{UnknownExposure: 1}, [5]bool{1: true}},
		"unused then":     {nil, Sums{UnknownUnused: 1}, Sums{}, [5]bool{2: true}},
		"unused now":      {nil, Sums{}, Sums{UnknownUnused: 1}, [5]bool{3: true}},
		"known as issued": {&Sums{}, Sums{UnknownExposure: 1, UnknownUnused: 1}, Sums{}, [5]bool{4: true}},
	} {
		m := newMovement(true)
		m.start(x.issued, x.then, x.then)
		m.end(x.now)
		if got := [5]bool{m.Exposure.BeforeAtLeast, m.Exposure.AfterAtLeast, m.Unused.BeforeAtLeast, m.Unused.AfterAtLeast, m.IssuedKnown}; got != x.want {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}
