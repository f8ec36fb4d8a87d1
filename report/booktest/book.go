// Package booktest is a small book, of two months, for the tests of reports and of
// what lays them out: its figures can be added up by hand.
package booktest

import (
	"fmt"
	"os"
	"slices"
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
  - {id: shared, title: Shared tenant, severity: low, each: customer, applies: MsTenantId != nil, when: CustomersOnTenant > 1, message: "{{CustomersOnTenant}} on {{MsTenantId}}"}
  - {id: off-rule, title: Switched off, severity: critical, each: customer, when: "true", message: m}
  - {id: quiet, title: Nothing, severity: info, each: customer, when: "false", message: m}
`

// The customers of two months, one a line, as Input reads them: instance, name, license type, acquired,
// used, the states of the connections (- if nobody knows of them) and the tenant.
const (
	september = `
emea rosa 1 10 12`
	October = `
emea gill 0 9 3 -
emea acme 1 10 11 Pending,Deployed @a
emea bolt 1 100 10 Deployed
apac cora 1 10 10 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 5 7
emea iris 1 40 45
emea jade 1 null 9
apac lamb 1 10 10 @a
emea lime 1 10 12 @b
emea mint 1 10 12 @b
emea nina 3 null 2
apac pine 4 100 10
emea rosa 1 10 10
emea seth 1 10 14`
	November = `
emea gill 0 6 3 -
emea acme 1 11 13 Pending,Deployed @a
emea bolt 1 100 10 Deployed
apac cora 1 10 13 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 null 7
apac hush 1 25 20 Pending,Pending,Pending,Pending,Pending,Deployed
emea jade 1 5 9
emea kiwi 1 10 14
apac lamb 1 10 10 @a
emea lime 1 10 10
emea mint 1 10 15 @b
emea nina 3 null 2
apac olive 4 null 3
apac pine 4 100 10
emea rosa 1 10 12
emea seth 1 10 16`
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
		c.MsTenantId = fetch.Text{State: fetch.Null}
		for _, more := range f[5:] {
			if tenant, ok := strings.CutPrefix(more, "@"); ok {
				c.MsTenantId = fetch.TextOf(tenant)
			} else if more == "-" {
				c.Sites = fetch.Absent
			} else {
				c.SiteLocation = connections(f[1], strings.Split(more, ","))
			}
		}
		p.Customers = append(p.Customers, c)
		s := &p.Sources[map[string]int{"emea": 0, "apac": 1}[f[0]]]
		s.Listed, s.Customers = s.Listed+1, s.Customers+1
	}
	off := false
	set, err := rules.Load(rules.Options{Files: []rules.File{{Name: "book.yaml", Text: []byte(rulesText)}}, Overrides: map[string]rules.Override{"off-rule": {Enabled: &off}}})
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

func connections(customer string, states []string) (list []fetch.SIPConnection) {
	for i, state := range states {
		list = append(list, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(customer, "-", i)), Name: fetch.TextOf(fmt.Sprint("line ", i)),
			SbcID: fetch.CountOf(7), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("Byoc")})
	}
	return list
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
	in.History = report.Remember(report.PastOf(report.Build(Input(t, "2026-09-23", september, then)), now), past)
	return in
}

// Gap are the same without the customers of apac, which did not answer.
func Gap(t testing.TB, then, now report.Prices) report.Input {
	t.Helper()
	customers := slices.DeleteFunc(strings.Split(November, "\n"), func(line string) bool { return strings.HasPrefix(line, "apac") })
	in := Input(t, "2026-11-23", strings.Join(customers, "\n"), now)
	in.Portfolio.Sources[1].Failed = "no answer"
	in.History = Inputs(t, then, now).History
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

// Golden compares a text with a file of testdata, which it writes anew first if
// that is wanted. A file that is not there is a failure.
func Golden(t testing.TB, name, got string, update bool) {
	t.Helper()
	path := "testdata/book-" + name + ".txt"
	if update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s, line %d:\n%s\nwant\n%s", name, i+1, a[i], b[i])
		}
	}
	t.Errorf("%s: %d lines, want %d", name, len(a), len(b))
}
