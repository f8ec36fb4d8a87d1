// Package booktest is a small book, of two months, for the tests of reports and of
// what lays them out: its figures can be added up by hand.
package booktest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

const rulesText = `
rules:
  - {id: over, title: Over, severity: high, each: customer, needs: [ActiveUserCount], applies: CountedByUser, when: ActiveUserCount > LicensedUsersCount,
     quantity: ActiveUserCount - LicensedUsersCount, message: "{{ActiveUserCount}} on {{LicensedUsersCount}}"}
  - {id: unused, title: Unused, severity: low, money: unused, each: customer, applies: LicensedUsersCount != nil, when: LicensedUsersCount - ActiveUserCount > 10,
     quantity: LicensedUsersCount - ActiveUserCount, message: "{{ActiveUserCount}} of {{LicensedUsersCount}}"}
  - {id: sbc, title: Not deployed, severity: medium, each: sipConnection, when: sbcDeploymentState != "Deployed", message: "{{name}} is {{sbcDeploymentState}}"}
  - {id: steep, title: Far over, severity: medium, each: customer, applies: CountedByUser, when: ActiveUserCount * 4 > LicensedUsersCount * 5,
     quantity: ActiveUserCount - LicensedUsersCount, message: "far over", remediation: Call them.}
  - {id: sites, title: Connections, severity: info, each: customer, needs: [SiteLocation], when: len(SiteLocation) > 4, message: "{{len(SiteLocation)}} connections"}
  - {id: quiet, title: Nothing, severity: info, each: customer, when: "false", message: m}
`

// The customers of two months, one a line, as Input reads them: instance, name, license type, acquired,
// used and the states of the connections.
const (
	October = `
emea gill 0 9 3 -
emea acme 1 10 11 Pending,Deployed
emea bolt 1 100 10 Deployed
apac cora 1 10 10 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 5 7
emea iris 1 40 45
emea jade 1 null 9
emea lime 1 10 12
emea mint 1 10 12
emea nina 3 null 2`
	November = `
emea gill 0 6 3 -
emea acme 1 11 13 Pending,Deployed
emea bolt 1 100 10 Deployed
apac cora 1 10 13 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 null 7
apac hush 1 25 20 Pending,Pending,Pending,Pending,Pending,Deployed
emea jade 1 5 9
emea kiwi 1 10 14
emea lime 1 10 10
emea mint 1 10 15
emea nina 3 null 2
apac olive 4 null 3`
)

const waiversText = `waivers:
  - {id: W1, rule: over, customer: dune, owner: Ana, reason: agreed, ticket: T-1, expires: 2026-12-01}
  - {id: W2, rule: over, customer: acme, owner: Ben, reason: old, expires: 2026-11-01}
  - {id: W3, rule: sbc, customer: hush, sipConnection: hush-1, owner: Ben, reason: test, expires: 2027-11-01}
  - {id: W4, rule: unused, customer: 'no-*', owner: Ben, reason: none, expires: 2027-11-02}
`

// Input is what the report of a day is made from, the customers given one a line.
func Input(t testing.TB, day, customers string, prices report.Prices) report.Input {
	t.Helper()
	asOf, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Portfolio{AsOf: asOf, Sources: []fetch.Source{{Name: "emea"}, {Name: "apac", URL: "https://apac.example.com"}}}
	for line := range strings.Lines(strings.TrimSpace(customers)) {
		f := strings.Fields(line)
		c := fetch.Customer{Instance: f[0], UmpCustomerGuid: "guid-" + f[1], CustomerShortName: fetch.TextOf(f[1]),
			LicenseType: count(f[2]), LicensedUsersCount: count(f[3]), ActiveUserCount: count(f[4]), Sites: fetch.Known}
		if len(f) > 5 && f[5] == "-" {
			c.Sites = fetch.Absent
		} else if len(f) > 5 {
			for i, state := range strings.Split(f[5], ",") {
				c.SiteLocation = append(c.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(f[1], "-", i)), Name: fetch.TextOf(fmt.Sprint("line ", i)),
					SbcID: fetch.CountOf(7), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("Byoc")})
			}
		}
		p.Customers = append(p.Customers, c)
		s := &p.Sources[map[string]int{"emea": 0, "apac": 1}[f[0]]]
		s.Listed, s.Customers = s.Listed+1, s.Customers+1
	}
	set, err := rules.Load(rules.Options{Files: []rules.File{{Name: "book.yaml", Text: []byte(rulesText)}}})
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := rules.ParseWaivers("w.yaml", []byte(waiversText), set)
	if err != nil {
		t.Fatal(err)
	}
	e, err := set.Evaluate(t.Context(), p.Customers)
	if err != nil {
		t.Fatal(err)
	}
	managers := map[string]string{"acme": "Ana", "bolt": "Ana", "cora": "Ben", "dune": "Ben", "iris": "Ben", "kiwi": "Cleo"}
	return report.Input{Title: "Book", AsOf: asOf, Portfolio: p, Evaluation: e, Register: e.Waive(p.Customers, waivers, asOf), Prices: prices,
		Manager: func(c *fetch.Customer) (string, string) {
			if name := managers[c.CustomerShortName.S]; name != "" {
				return name, name + "@example.com"
			}
			return report.Unassigned, ""
		}}
}

func count(s string) fetch.Count {
	var n int64
	if _, err := fmt.Sscan(s, &n); err != nil {
		return fetch.Count{State: fetch.Null}
	}
	return fetch.CountOf(n)
}

// Prices are in EUR, plus for a license of the most common type: one has three decimals, an instance of its own, and none of one type.
func Prices(plus string) report.Prices {
	return report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: decimal.RequireFromString(plus), 2: decimal.RequireFromString("3.333")},
		ByInstance: map[string]map[int64]decimal.Decimal{"apac": {1: decimal.RequireFromString("5.5")}}}
}

// Inputs are November's, to be compared with October.
func Inputs(t testing.TB, then, now report.Prices) report.Input {
	t.Helper()
	before := report.Build(Input(t, "2026-10-23", October, then))
	past, issued := report.PastOf(before, now), report.IssuedOf(before)
	past.Issued = &issued
	in := Input(t, "2026-11-23", November, now)
	in.History = report.Remember(past)
	return in
}

// Build is the report of November, compared with October at other prices.
func Build(t testing.TB) *report.Report {
	t.Helper()
	return report.Build(Inputs(t, Prices("3.5"), Prices("4")))
}

// Complete is a first report in which everything is known and nobody manages.
func Complete(t testing.TB) *report.Report {
	t.Helper()
	in := Input(t, "2026-11-23", "emea acme 1 10 12 Deployed\nemea bolt 1 100 10 Deployed\nemea lime 1 10 10", Prices("4"))
	in.Manager, in.Portfolio.Sources = nil, []fetch.Source{{URL: "https://emea.example.com", Listed: 3, Customers: 3}}
	return report.Build(in)
}
