package report

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// judge stands in for the rules: over its licenses is a finding, no count is
// not evaluable, connections that are not deployed are findings.
func judge(c *fetch.Customer, see func(rule, connection int, v rules.Verdict, quantity *int64)) {
	switch {
	case !c.LicensedUsersCount.Known():
		see(0, -1, rules.NotEvaluable, nil)
	case c.ActiveUserCount.N > c.LicensedUsersCount.N:
		n := c.ActiveUserCount.N - c.LicensedUsersCount.N
		see(0, -1, rules.Finding, &n)
	default:
		see(0, -1, rules.Pass, nil)
	}
	for i, s := range c.SiteLocation {
		if s.SbcDeploymentState.S == "Deployed" {
			see(1, i, rules.Pass, nil)
		} else {
			see(1, i, rules.Finding, nil)
		}
	}
}

func evaluate(customers []fetch.Customer) *rules.Evaluation {
	e := &rules.Evaluation{Set: &rules.Set{Rules: []*rules.Rule{
		{ID: "over", Title: "Over", Severity: rules.High, Enabled: true},
		{ID: "undeployed", Title: "Undeployed", Severity: rules.Medium, Each: rules.EachConnection, Enabled: true},
	}}, Tallies: make([]rules.Tally, 2)}
	for i := range customers {
		judge(&customers[i], func(rule, connection int, v rules.Verdict, quantity *int64) {
			e.Tallies[rule][v]++
			if v != rules.Pass {
				e.Results = append(e.Results, rules.Result{Rule: rule, Customer: i, Connection: connection, Verdict: v, Quantity: quantity, Waiver: -1,
					Message: customers[i].CustomerShortName.S + " has it", Reason: "null"})
			}
		})
	}
	return e
}

func tallyGroups(customers []fetch.Customer, groupOf []int, groups int) [][]rules.Tally {
	tallies := make([][]rules.Tally, groups)
	for g := range tallies {
		tallies[g] = make([]rules.Tally, 2)
	}
	for i := range customers {
		judge(&customers[i], func(rule, _ int, v rules.Verdict, _ *int64) { tallies[groupOf[i]][rule][v]++ })
	}
	return tallies
}

// book is the input of a portfolio of n customers at some month: managers in
// turn, every seventh unassigned.
func book(n, month int, history ...Past) Input {
	p := fetch.Portfolio{AsOf: asOf.AddDate(0, month, 0), Sources: []fetch.Source{{Name: "x", Listed: n, Customers: n}}}
	for i := month; i < n+month; i++ {
		c := fetch.Customer{UmpCustomerGuid: fmt.Sprintf("guid-%03d", i), CustomerShortName: fetch.TextOf(fmt.Sprintf("short-%d-%03d", i%7, i)),
			CustomerFullName: fetch.TextOf(fmt.Sprintf("Full Name %03d", i)), LicenseType: fetch.CountOf(int64(i % 6)),
			LicensedUsersCount: fetch.CountOf(10), ActiveUserCount: fetch.CountOf(int64((i*7 + month*2) % 15)), Sites: fetch.Known}
		if i%5 == 0 {
			c.LicensedUsersCount = fetch.Count{State: fetch.Null}
		}
		for s := range i % 3 {
			state := []string{"Deployed", "Failed"}[(i+s+month)%2]
			c.SiteLocation = append(c.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprintf("sip-%03d-%d", i, s)), SbcDeploymentState: fetch.TextOf(state)})
		}
		p.Customers = append(p.Customers, c)
		if i%10 == 0 {
			p.Problems = append(p.Problems, fetch.Problem{Kind: "odd", Text: "customer " + c.CustomerShortName.S + " is odd", GUID: c.UmpCustomerGuid})
		}
	}
	contacts := NewContacts("", []Contact{{"guid-001", "Zoe", "z@example.com", nil}, {"short-0-*", "Ana", "a@example.com", nil},
		{"short-1-*", "Ben", "b@example.com", nil}, {"short-2-*", "Ana", "a@example.com", nil}, {"short-3-*", "Cy", "c@example.com", nil}})
	e := evaluate(p.Customers)
	return Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: e, Register: register(p.Customers, e), Manager: contacts.Manager, History: Remember(history...),
		Prices: Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.RequireFromString("1.11"), 2: decimal.RequireFromString("2.22")}}}
}

// register waives the first rule for everybody of short-2-*, and has a waiver
// for one customer that waives nothing.
func register(customers []fetch.Customer, e *rules.Evaluation) []rules.WaiverStatus {
	idle := rules.WaiverStatus{State: rules.WaiverUnused}
	idle.ID, idle.Rule, idle.Customer = "W-0", "over", "short-3-003"
	all := rules.WaiverStatus{State: rules.WaiverActive}
	all.ID, all.Rule, all.Customer = "W-1", "over", "short-2-*"
	for i := range e.Results {
		x := &e.Results[i]
		if x.Rule == 0 && x.Verdict == rules.Finding && strings.HasPrefix(customers[x.Customer].CustomerShortName.S, "short-2-") {
			x.Verdict, x.Waiver = rules.Waived, 1
			e.Tallies[0][rules.Finding]--
			e.Tallies[0][rules.Waived]++
			all.Results = append(all.Results, i)
		}
	}
	return []rules.WaiverStatus{idle, all}
}

func bookAndPacks() (*Report, []*Report) {
	prices := book(0, 0).Prices
	first := PastOf(Build(book(60, 0)), prices)
	second := PastOf(Build(book(60, 1, first)), prices)
	in := book(60, 2, first, second)
	return Build(in), Packs(in, tallyGroups)
}

func TestPastOfInput(t *testing.T) {
	in := book(60, 0)
	if made := PastOfInput(in, in.Prices, true); !reflect.DeepEqual(made, PastOf(Build(in), in.Prices)) {
		t.Error("a past month that no report was made of is another one")
	}
	whole, slim := &History{}, &History{}
	for month := range 3 {
		in := book(60, month)
		whole.Add(PastOfInput(in, in.Prices, true))
		slim.Add(PastOfInput(in, in.Prices, month == 2))
	}
	if !reflect.DeepEqual(whole, slim) {
		t.Error("a history differs where of its earlier months no more is kept than it needs")
	}
}

func TestPacksAreTheManagers(t *testing.T) {
	_, packs := bookAndPacks()
	var names []string
	for _, p := range packs {
		names = append(names, p.Manager)
		if len(p.Managers) > 1 {
			t.Errorf("pack of %s names %v", p.Manager, p.Managers)
		}
	}
	// Zoe's only customer is gone: she still hears that its findings are.
	if got := strings.Join(names, ", "); got != "Ana, Ben, Cy, Zoe, unassigned" {
		t.Errorf("packs of %s", got)
	}
}

func TestPacksAddUpToTheBook(t *testing.T) {
	book, packs := bookAndPacks()
	sum := Totals{BySeverity: map[rules.Severity]int{}, ByRule: map[string]int{}, MoneyBySeverity: map[rules.Severity]MoneyTotals{}}
	var changes Changes
	tallies := make([]rules.Tally, len(book.Rules))
	problems, positions, trend := 0, 0, 0
	for _, p := range packs {
		addTotals(&sum, p.Totals)
		changes.New += p.Changes.New
		changes.Persisting += p.Changes.Persisting
		changes.Reopened += p.Changes.Reopened
		changes.Resolved = append(changes.Resolved, p.Changes.Resolved...)
		changes.Rows = append(changes.Rows, p.Changes.Rows...)
		changes.CustomersAdded += p.Changes.CustomersAdded
		changes.CustomersGone += p.Changes.CustomersGone
		changes.CustomersBefore += p.Changes.CustomersBefore
		for r := range tallies {
			for v := range tallies[r] {
				tallies[r][v] += p.Rules[r].Tally[v]
			}
		}
		problems += aboutCustomers(p)
		for _, x := range p.Positions {
			positions += x.Customers
		}
		trend += p.Trend[0].Customers
	}
	if got, want := fmt.Sprintf("%+v", sum), fmt.Sprintf("%+v", book.Totals); got != want || book.Totals.Findings == 0 || book.Totals.Waived == 0 {
		t.Errorf("totals of the packs\n%s, of the book\n%s", got, want)
	}
	c := book.Changes
	got := fmt.Sprint(changes.New, changes.Persisting, changes.Reopened, len(changes.Resolved), len(changes.Rows), changes.CustomersAdded, changes.CustomersGone, changes.CustomersBefore)
	want := fmt.Sprint(c.New, c.Persisting, c.Reopened, len(c.Resolved), len(c.Rows), c.CustomersAdded, c.CustomersGone, c.CustomersBefore)
	if got != want || c.New == 0 || c.Persisting == 0 || c.Reopened == 0 || c.CustomersGone == 0 {
		t.Errorf("changes of the packs %s, of the book %s", got, want)
	}
	for r := range tallies {
		if tallies[r] != book.Rules[r].Tally {
			t.Errorf("tally of %s: %v, of the book %v", book.Rules[r].ID, tallies[r], book.Rules[r].Tally)
		}
	}
	if problems != aboutCustomers(book) || positions != 60 || trend != book.Trend[0].Customers {
		t.Errorf("%d problems of %d, %d customers in positions, %d of %d in the trend", problems, len(book.Problems), positions, trend, book.Trend[0].Customers)
	}
}

// aboutCustomers counts the problems that are about one customer; others are
// in every pack that has any of it.
func aboutCustomers(r *Report) (n int) {
	for _, p := range r.Problems {
		if p.GUID != "" {
			n++
		}
	}
	return n
}

func addTotals(sum *Totals, t Totals) {
	sum.Customers += t.Customers
	sum.SIPConnections += t.SIPConnections
	sum.Acquired += t.Acquired
	sum.ActiveUsers += t.ActiveUsers
	sum.NoConnections += t.NoConnections
	sum.NoAcquired += t.NoAcquired
	sum.NoActive += t.NoActive
	sum.Findings += t.Findings
	sum.Waived += t.Waived
	sum.NotEvaluable += t.NotEvaluable
	sum.WithFindings += t.WithFindings
	sum.Clean += t.Clean
	sum.Money = sum.Money.Add(t.Money)
	for s, n := range t.BySeverity {
		sum.BySeverity[s] += n
	}
	for id, n := range t.ByRule {
		sum.ByRule[id] += n
	}
	for severity, m := range t.MoneyBySeverity {
		sum.MoneyBySeverity[severity] = sum.MoneyBySeverity[severity].Add(m)
	}
}

// Every cell of every sheet of a pack is searched for the customers of others.
func TestPacksLeakNothing(t *testing.T) {
	book, packs := bookAndPacks()
	owner := map[string]string{}
	for _, c := range book.Customers {
		for _, word := range []string{c.UmpCustomerGuid, c.CustomerShortName.S, c.CustomerFullName.S} {
			owner[word] = c.Manager
		}
	}
	for _, p := range packs {
		text := allText(t, p)
		for word, manager := range owner {
			if has := strings.Contains(text, word); has != (manager == p.Manager) {
				t.Errorf("pack of %s, %q of %s: %v", p.Manager, word, manager, has)
			}
		}
	}
}

// allText is everything that the report holds.
func allText(t *testing.T, r *Report) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPackWaivers(t *testing.T) {
	_, packs := bookAndPacks()
	want := map[string]string{"Ana": "W-1", "Ben": "", "Cy": "W-0", "Zoe": "", Unassigned: ""}
	for _, p := range packs {
		ids := ""
		for _, w := range p.Waivers {
			ids += w.ID
		}
		if ids != want[p.Manager] {
			t.Errorf("waivers of %s: %q", p.Manager, ids)
		}
		for _, f := range p.Findings {
			if f.Verdict == rules.Waived && p.Waivers[f.Waiver].ID != "W-1" {
				t.Errorf("finding of %s waived by %s", p.Manager, p.Waivers[f.Waiver].ID)
			}
		}
	}
}

func TestUnassignedIsAlwaysThere(t *testing.T) {
	in := book(10, 0)
	in.Manager = func(*fetch.Customer) (string, string) { return "Ana", "" }
	packs := Packs(in, tallyGroups)
	if len(packs) != 2 || packs[1].Manager != Unassigned || packs[1].Totals.Customers != 0 {
		t.Errorf("%d packs", len(packs))
	}
}
