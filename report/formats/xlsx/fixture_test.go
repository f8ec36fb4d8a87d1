package xlsx

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

var asOf = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// modelOf makes the report of a portfolio under the built-in rules. Without a
// currency there are no prices.
func modelOf(t testing.TB, p fetch.Portfolio, currency string) *report.Report {
	t.Helper()
	return report.Build(input(t, p, currency))
}

func input(t testing.TB, p fetch.Portfolio, currency string) report.Input {
	t.Helper()
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := set.Evaluate(t.Context(), p.Customers)
	if err != nil {
		t.Fatal(err)
	}
	in := report.Input{Title: "License compliance", Organization: "Example Telecom", Version: "1.0.0", AsOf: asOf, Portfolio: p,
		Evaluation: e, Hashes: report.Hashes{Snapshot: "sha256:0123456789abcdef", Rules: set.Hash}}
	if currency != "" {
		in.Prices = report.Prices{Currency: currency, ByType: map[int64]decimal.Decimal{
			1: decimal.New(210, -2), 2: decimal.New(390, -2), 4: decimal.New(250, -2), 5: decimal.New(420, -2)}}
	}
	return in
}

// full is the sample with everything there is to say: prices, managers,
// waivers, a history and branding.
func full(t testing.TB) *report.Report {
	t.Helper()
	p := fetch.Sample()
	p.Customers = slices.Clone(p.Customers)
	p.Customers[4].ActiveUserCount, p.Customers[7].Sites = fetch.Count{}, fetch.Absent
	p.Problems = []fetch.Problem{{Kind: "duplicate-guid", Text: "brisa-clara came twice, with different values"}}
	earlier := p
	earlier.Customers = slices.Clone(p.Customers[2:])
	for i := range earlier.Customers { // all within their licenses last month
		earlier.Customers[i].ActiveUserCount = fetch.CountOf(earlier.Customers[i].LicensedUsersCount.N / 2)
	}
	past := input(t, earlier, "EUR")
	past.AsOf = asOf.AddDate(0, -1, 0)
	in := input(t, p, "EUR")
	in.History = report.Remember(report.PastOf(report.Build(past), past.Prices))
	in.Manager = func(c *fetch.Customer) (string, string) {
		name := [...]string{"Ana Silva", "Ben Okoye", "Licensing desk"}[len(c.CustomerShortName.S)%3]
		return name, "desk@example.com"
	}
	waivers, err := rules.ParseWaivers("waivers.yaml", []byte(waiverFile), in.Evaluation.Set)
	if err != nil {
		t.Fatal(err)
	}
	in.Register = in.Evaluation.Waive(p.Customers, waivers, asOf)
	in.Branding = report.Branding{Accent: "5B2A86", Confidentiality: "Confidential", Logo: picture("png", 400, 100)}
	return report.Build(in)
}

// withUsage is a report on customers with invented license histories of six months.
func withUsage(t testing.TB) *report.Report {
	t.Helper()
	p := portfolio(20)
	from, err := fetch.ParseDay("2026-05-01")
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Customers {
		p.Customers[i].Usage, err = fetch.UsageFrom(from, "100*206", fmt.Sprintf("%d*90 %d %d*115", 60+i, 90+i, 70+i))
		if err != nil {
			t.Fatal(err)
		}
	}
	p.Customers[3].Usage = &fetch.Usage{Failed: "no answer"}
	day := fetch.DayOf(asOf, time.UTC)
	return modelOf(t, p.JudgedAsOf(day), "EUR")
}

const waiverFile = `waivers:
  - {id: W-014, rule: mixed-sbc-configuration, customer: "*", owner: j.doe, reason: migration until spring, ticket: LIC-88, expires: 2027-03-31}
  - {id: W-015, rule: over-license-usage, customer: "harrow*", owner: a.silva, reason: "order 4711 is signed, licenses come in December with the next delivery", expires: 2026-12-10}
  - {id: W-009, rule: undeployed-sbc, customer: "*", owner: a.silva, reason: sites close, expires: 2026-10-31}
  - {id: W-002, rule: unused-licenses, customer: nobody, owner: a.silva, reason: pilot, expires: 2027-01-31}
`

// portfolio makes n customers of plain values.
func portfolio(n int) fetch.Portfolio {
	p := fetch.Portfolio{AsOf: asOf, Sources: []fetch.Source{{Name: "made", Listed: n, Customers: n}}}
	for i := range n {
		p.Customers = append(p.Customers, fetch.Customer{
			UmpCustomerGuid:   fmt.Sprintf("%08d-0000-4000-8000-%012d", i, i),
			CustomerShortName: fetch.TextOf(fmt.Sprintf("customer-%06d", i)), CustomerFullName: fetch.TextOf(fmt.Sprintf("Customer %d Communications Ltd.", i)),
			LicenseType: fetch.CountOf(int64(1 + i%2)), LicensedUsersCount: fetch.CountOf(100), ActiveUserCount: fetch.CountOf(int64(i % 130)),
			MsTenantId: fetch.TextOf(fmt.Sprintf("%08d-1111-4000-8000-%012d", i, i)), LiveHubActiveUsersCount: fetch.CountOf(0), LiveHubSimpleUsersCount: fetch.CountOf(0),
			Sites: fetch.Known, SiteLocation: []fetch.SIPConnection{
				{ID: fetch.TextOf(fmt.Sprintf("site-%d", i)), Name: fetch.TextOf("Head office"), SbcID: fetch.CountOf(1), SbcDeploymentState: fetch.TextOf("Deployed"), SbcConfigurationType: fetch.TextOf("Byoc")},
				{ID: fetch.TextOf(fmt.Sprintf("site-%d-b", i)), Name: fetch.TextOf("Branch"), SbcID: fetch.CountOf(2), SbcDeploymentState: fetch.TextOf([]string{"Deployed", "Pending"}[i%2]), SbcConfigurationType: fetch.TextOf("SipTrunk")}},
		})
	}
	return p
}
