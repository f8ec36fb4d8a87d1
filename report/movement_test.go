package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// month is one random month of a portfolio: who is on the list, what two
// counting rules and one about connections say, what is waived, who manages
// whom and what a license costs.
type month struct {
	in      Input
	manager map[string]string
}

func randomMonth(r *rand.Rand, n, at int, missing bool) month {
	instances := []string{"emea", "apac"}
	m := month{manager: map[string]string{}}
	p := fetch.Portfolio{AsOf: asOf.AddDate(0, at, 0), Sources: []fetch.Source{{Name: "emea"}, {Name: "apac"}}}
	if missing {
		p.Sources[1].Failed = "500"
	}
	e := &rules.Evaluation{Set: &rules.Set{Rules: []*rules.Rule{
		{ID: "over", Severity: rules.High, Enabled: true, Quantity: "q"}, {ID: "near", Severity: rules.Medium, Enabled: true, Quantity: "q"},
		{ID: "unused", Severity: rules.Low, Enabled: true, Quantity: "q", Money: rules.Unused}, {ID: "plain", Severity: rules.Info, Enabled: true}}}}
	e.Tallies = make([]rules.Tally, len(e.Set.Rules))
	for i := range n {
		if r.IntN(8) == 0 || missing && i%2 == 1 {
			continue
		}
		guid := fmt.Sprintf("g-%02d", i)
		m.manager[guid] = []string{"Ana", "Ben", Unassigned}[(i+r.IntN(5)/4)%3]
		p.Customers = append(p.Customers, fetch.Customer{Instance: instances[i%2], UmpCustomerGuid: guid, CustomerShortName: fetch.TextOf(guid),
			LicenseType: fetch.CountOf(int64(i % 4)), LicensedUsersCount: fetch.CountOf(int64(r.IntN(20))), ActiveUserCount: fetch.CountOf(int64(r.IntN(20))), Sites: fetch.Known})
		for rule := range e.Set.Rules {
			x := rules.Result{Rule: rule, Customer: len(p.Customers) - 1, Connection: -1, Verdict: rules.Finding, Waiver: -1}
			switch r.IntN(6) {
			case 0, 1:
				continue
			case 2:
				x.Verdict = rules.Waived
			case 3:
				x.Verdict, x.Reason = rules.NotEvaluable, "null"
			}
			if q := int64(r.IntN(5)); rule < 3 && x.Verdict != rules.NotEvaluable && q > 0 {
				x.Quantity = &q
			}
			e.Results = append(e.Results, x)
			e.Tallies[rule][x.Verdict]++
		}
	}
	prices := Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{}}
	for licenseType := range int64(4) {
		if r.IntN(6) > 0 {
			prices.ByType[licenseType] = decimal.New(int64(1+r.IntN(3)), -1).Add(decimal.New(5, -3))
		}
	}
	m.in = Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: e, Prices: prices,
		Manager: func(c *fetch.Customer) (string, string) { return m.manager[c.UmpCustomerGuid], "" }}
	return m
}

// past is the month as later ones see it; some have a record of what was
// issued, which here is other than what today's rules make of it.
func (m month) past(r *rand.Rand, today Prices) Past {
	book := Build(m.in)
	p := PastOf(book, today)
	if r.IntN(4) > 0 {
		p.Issued = &Issued{Totals: book.Totals, Currency: "EUR", Groups: GroupsOf(book)}
		for i := range p.Issued.Groups {
			g := &p.Issued.Groups[i]
			g.Findings += r.IntN(3)
			g.Exposure = g.Exposure.Add(decimal.New(int64(r.IntN(300)), -2))
		}
	}
	return p
}

// Over random months every bridge adds up to the cent, in the book and in every
// pack; the rows of a step are that step; and the packs' bridges add up to the
// book's, but for customers that changed hands.
func TestBridgesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	used := map[Step]bool{}
	for range 300 {
		now := randomMonth(r, 24, 3, r.IntN(5) == 0)
		in := now.in
		in.History = &History{}
		for at := range 3 {
			in.History.Add(randomMonth(r, 24, at, false).past(r, in.Prices))
		}
		book, packs := Build(in), Packs(in, func(_ []fetch.Customer, _ []int, groups int) [][]rules.Tally {
			return slices.Repeat([][]rules.Tally{make([]rules.Tally, 4)}, groups)
		})
		for _, report := range append([]*Report{book}, packs...) {
			checkBridges(t, report, used)
		}
		for _, bridge := range []func(*Movement) *Bridge{func(m *Movement) *Bridge { return &m.Findings }, func(m *Movement) *Bridge { return m.Exposure }, func(m *Movement) *Bridge { return m.Unused }} {
			all := bridge(&book.Changes.Movement)
			var before, after, reassigned decimal.Decimal
			by := map[Step]decimal.Decimal{}
			for _, p := range packs {
				b := bridge(&p.Changes.Movement)
				before, after, reassigned = before.Add(b.Before), after.Add(b.After), reassigned.Add(b.By[Reassigned])
				for s, d := range b.By {
					by[s] = by[s].Add(d)
				}
			}
			if !before.Equal(all.Before) || !after.Equal(all.After) || !reassigned.IsZero() {
				t.Errorf("packs from %s to %s, %s reassigned; the book from %s to %s", before, after, reassigned, all.Before, all.After)
			}
			for _, s := range Steps {
				if !by[s].Equal(all.By[s]) {
					t.Errorf("%s: packs %s, book %s", s, by[s], all.By[s])
				}
			}
		}
	}
	for _, s := range Steps {
		if !used[s] {
			t.Errorf("no month had %s", s)
		}
	}
}

func checkBridges(t *testing.T, r *Report, used map[Step]bool) {
	t.Helper()
	m := &r.Changes.Movement
	rows := map[Step][3]decimal.Decimal{}
	for _, row := range r.Changes.Rows {
		sum := rows[row.Step]
		for i, d := range []decimal.Decimal{decimal.NewFromInt(int64(row.Count)), row.Exposure, row.Unused} {
			sum[i] = sum[i].Add(d)
		}
		rows[row.Step] = sum
	}
	for i, b := range []*Bridge{&m.Findings, m.Exposure, m.Unused} {
		sum := b.Before
		for s, d := range b.By {
			sum = sum.Add(d)
			used[s] = true
			if s != RulesChanged && s != Reassigned && !rows[s][i].Equal(d) {
				t.Errorf("%s: rows of %s add up to %s, the bridge has %s", r.Manager, s, rows[s][i], d)
			}
		}
		if !sum.Equal(b.After) {
			t.Errorf("%q: %s with its steps %v is %s, not %s", r.Manager, b.Before, b.By, sum, b.After)
		}
	}
	if len(r.Missing()) == 0 && (!m.Exposure.After.Equal(r.Totals.Money.Exposure) || m.Findings.After.IntPart() != int64(r.Totals.Findings)) {
		t.Errorf("%q: the bridge ends at %s and %s, the totals are %s and %d", r.Manager, m.Exposure.After, m.Findings.After, r.Totals.Money.Exposure, r.Totals.Findings)
	}
}
