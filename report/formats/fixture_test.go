package formats

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file of testdata; a missing one is a failure.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs:\n%s", path, got)
	}
}

var asOf = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// The customers of the fixture, as the API sends them: one over its licenses,
// one of a type without a license count, one of which much is unknown, and one
// that was there until October.
const (
	acme = `{"UmpCustomerGuid":"g-1","CustomerShortName":"acme","CustomerFullName":"Acme | Sons","LicenseType":2,"LicensedUsersCount":1000,
		"MsTenantId":"t-1","ActiveUserCount":1260,"SiteLocation":[{"id":"s-1","name":"=cmd()","sbcId":1,"sbcDeploymentState":"Failed","sbcConfigurationType":"Byoc"}]}`
	zoe = `{"UmpCustomerGuid":"g-2","CustomerShortName":"-5","CustomerFullName":"Zoë \"Z\"\nGmbH","LicenseType":0,"LicensedUsersCount":null,
		"MsTenantId":"","ActiveUserCount":3,"SiteLocation":[]}`
	beijing = `{"UmpCustomerGuid":"g-3","CustomerShortName":"北京","LicenseType":5,"LicensedUsersCount":null,"MsTenantId":"","ActiveUserCount":1,
		"LiveHubActiveUsersCount":-1}`
	gone = `{"UmpCustomerGuid":"g-9","CustomerShortName":"gone","CustomerFullName":"Gone Ltd","LicenseType":0,"LicensedUsersCount":null,
		"MsTenantId":"t-9","ActiveUserCount":0,"SiteLocation":[{"id":"s-9","name":"hq","sbcDeploymentState":"Failed"}]}`
)

// input is what a report of some customers is built from.
func input(asOf time.Time, customers ...string) report.Input {
	set, err := rules.Load(rules.Options{Paths: []string{"testdata/rules.yaml"},
		Overrides: map[string]rules.Override{"unused-licenses": {Enabled: new(bool)}}})
	if err != nil {
		panic(err)
	}
	p, err := fetch.Decode(strings.NewReader("["+strings.Join(customers, ",")+"]"), fetch.DecodeOptions{Source: "customers.json"})
	if err != nil {
		panic(err)
	}
	waivers, err := rules.ParseWaivers("waivers.yaml", []byte(`waivers: [{id: W-014, rule: missing-ms-tenant-id, customer: g-3,
		owner: j.doe, reason: migration until spring, expires: 2027-03-31}]`), set)
	if err != nil {
		panic(err)
	}
	evaluation, err := set.Evaluate(context.Background(), p.Customers)
	if err != nil {
		panic(err)
	}
	return report.Input{
		Title: "License compliance", Organization: "Example Telecom", Version: "1.2.3", AsOf: asOf, Portfolio: p,
		Evaluation: evaluation, Register: evaluation.Waive(p.Customers, waivers, asOf),
		Prices:   report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{2: decimal.RequireFromString("3.90")}},
		SbcNames: map[string]map[int64]string{"": {1: "fra-sbc-1"}},
		Manager:  func(*fetch.Customer) (name, email string) { return "Ana Silva", "ana@example.com" },
		Notes:    map[report.Key]report.Note{{Rule: "over-license-usage", GUID: "g-1"}: {Owner: "Ana", Due: "2026-12-08", Comment: "@SUM(A1)"}},
	}
}

// fixture is a report with each verdict, prices, changes, a waiver and
// something odd in the data, built as every report is.
func fixture() *report.Report {
	within := strings.Replace(acme, "1260", "999", 1)
	in := input(asOf, acme, zoe, beijing)
	in.History = &report.History{}
	for month, customers := range [][]string{{gone}, {gone, within}, {gone, within, beijing}} {
		in.History.Add(report.PastOf(report.Build(input(asOf.AddDate(0, month-3, 0), customers...)), in.Prices))
	}
	return report.Build(in)
}

// hostile are texts that a careless writer trips over.
var hostile = []string{
	"=HYPERLINK(\"http://evil.example\",\"x\")", "+1", "-1", "@SUM(1)", "\t=1", "\r\n=1", "＝1",
	"a|b", "<script>alert(1)</script>", "]]><x/>", "&amp;", "`code`", "[x](http://evil.example)", "www.evil.example",
	"a\x00b\x1b[31m", "\xff\xfe broken", "\u202Eevil", "\uFFFE", "😀", "line\nbreak", "'quoted'", "\"", ",,,", "@team", "-- ", "%s%n",
}

// withText is the fixture with one text wherever text comes from outside.
func withText(s string) *report.Report {
	r := fixture()
	r.Title, r.Organization, r.Manager = s, s, s
	for i := range r.Customers {
		c := r.Customers[i].Customer
		c.UmpCustomerGuid, c.CustomerShortName, c.CustomerFullName, c.MsTenantId = s, fetch.TextOf(s), fetch.TextOf(s), fetch.TextOf(s)
		r.Customers[i].Manager = s
		for _, counts := range [][]report.StateCount{r.Customers[i].ByState, r.Customers[i].ByType} {
			for j := range counts {
				counts[j].Value = s
			}
		}
	}
	r.Connections[0].Name, r.Connections[0].ID, r.Connections[0].SbcDeploymentState = fetch.TextOf(s), fetch.TextOf(s), fetch.TextOf(s)
	for i := range r.Findings {
		r.Findings[i].Message, r.Findings[i].Comment = s, s
	}
	r.NotEvaluable[0].Reason, r.Quality[0].Text, r.Waivers[0].Reason = s, s, s
	rule := *r.Rules[0].Rule // the set's
	rule.Title, rule.Remediation = s, s
	r.Rules[0].Rule = &rule
	for i := range r.Changes.Rows {
		r.Changes.Rows[i].Customer, r.Changes.Rows[i].Text = s, s
	}
	return r
}
