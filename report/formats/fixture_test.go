package formats

import (
	"flag"
	"os"
	"path/filepath"
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

func day(s string) time.Time {
	d, err := rules.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d.Time()
}

func cents(s string) *decimal.Decimal {
	d := decimal.RequireFromString(s)
	return &d
}

func count(n int64) *int64 { return &n }

// fixture is a report of three customers with each verdict, prices, changes
// and a waiver.
func fixture() *report.Report {
	customers := []fetch.Customer{
		{UmpCustomerGuid: "g-1", CustomerShortName: fetch.TextOf("acme"), CustomerFullName: fetch.TextOf("Acme | Sons"),
			LicenseType: fetch.CountOf(2), LicensedUsersCount: fetch.CountOf(10), ActiveUserCount: fetch.CountOf(12),
			MsTenantId: fetch.TextOf("t-1"), Sites: fetch.Known,
			SiteLocation: []fetch.SIPConnection{{ID: fetch.TextOf("s-1"), Name: fetch.TextOf("=cmd()"), SbcID: fetch.CountOf(1),
				SbcDeploymentState: fetch.TextOf("Failed"), SbcConfigurationType: fetch.TextOf("Byoc")}}},
		{UmpCustomerGuid: "g-2", CustomerShortName: fetch.TextOf("-5"), CustomerFullName: fetch.TextOf("Zoë \"Z\"\nGmbH"),
			LicenseType: fetch.CountOf(0), LicensedUsersCount: fetch.Count{State: fetch.Null}, ActiveUserCount: fetch.CountOf(3), Sites: fetch.Known},
		{UmpCustomerGuid: "g-3", CustomerShortName: fetch.TextOf("北京"), LicenseType: fetch.CountOf(5),
			LicensedUsersCount: fetch.Count{State: fetch.Null}, ActiveUserCount: fetch.CountOf(1)},
	}
	r := &report.Report{
		Title: "License compliance", Organization: "Example Telecom", Version: "1.2.3", AsOf: asOf, Currency: "EUR",
		Connections: []report.Connection{{SIPConnection: &customers[0].SiteLocation[0], SbcName: "fra-sbc-1", Findings: 1}},
		Rules: []report.Rule{
			{Rule: &rules.Rule{ID: "over-license-usage", Title: "More active users than acquired licenses", Severity: rules.High, Enabled: true,
				Why: "Usage above the acquired licenses is billed at true-up.", Remediation: "Sell the missing licenses."},
				Tally: rules.Tally{0, 1, 0, 1, 1}, Source: "built-in"},
			{Rule: &rules.Rule{ID: "undeployed-sbc", Title: "SBC not deployed", Severity: rules.Medium, Each: rules.EachConnection, Enabled: true,
				Remediation: "Deploy <it> & check."}, Tally: rules.Tally{0, 1, 0, 0, 0}, Source: "built-in"},
			{Rule: &rules.Rule{ID: "missing-ms-tenant-id", Title: "No tenant", Severity: rules.Medium, Enabled: true}, Tally: rules.Tally{1, 1, 1, 0, 0}, Source: "built-in"},
			{Rule: &rules.Rule{ID: "unused-licenses", Title: "Unused", Severity: rules.Low}, Source: "built-in"},
		},
		Findings: []report.Finding{
			{Rule: 0, Customer: 0, Connection: -1, CountedBy: -1, Verdict: rules.Finding, Message: "12 active users on 10 licenses", Licenses: true, Quantity: count(2),
				UnitPrice: cents("3.90"), Amount: cents("7.80"), Change: report.New, Movement: report.StepNew, Owner: "Ana", Due: "2026-12-08", Since: asOf, Waiver: -1, Comment: "@SUM(A1)"},
			{Rule: 1, Customer: 0, Connection: 0, CountedBy: -1, Verdict: rules.Finding, Message: "SBC is Failed", Change: report.Persisting, Since: day("2026-09-23"), Waiver: -1},
			{Rule: 2, Customer: 1, Connection: -1, CountedBy: -1, Verdict: rules.Finding, Message: "no tenant id", Change: report.Persisting, Since: day("2026-10-23"), Waiver: -1},
			{Rule: 2, Customer: 2, Connection: -1, CountedBy: -1, Verdict: rules.Waived, Message: "no tenant id", Change: report.Persisting, Since: day("2026-10-23"), Waiver: 0},
		},
		NotEvaluable: []report.NotEvaluable{{Rule: 0, Customer: 2, Connection: -1, Reason: "LicensedUsersCount is null"}},
		Waivers: []report.Waiver{{Waiver: rules.Waiver{ID: "W-014", Rule: "missing-ms-tenant-id", Customer: "g-3", Owner: "j.doe",
			Reason: "migration until spring", Expires: rules.DateOf(day("2027-03-31"))}, State: rules.WaiverActive, DaysLeft: 128, Findings: 1}},
		Quality: []report.QualityRow{{Kind: "not-evaluable", Rule: "over-license-usage", Customer: 2, Text: "LicensedUsersCount is null"}},
		Changes: &report.Changes{Baseline: day("2026-10-23"), New: 1, Persisting: 2, CustomersAdded: 1,
			Movement: movement(),
			Lost: []report.Lost{{Gone: report.Gone{Rule: "over-license-usage", Severity: rules.High, Guid: "g-3", Customer: "北京", Since: day("2026-08-23"), LastSeen: day("2026-10-23")},
				Reason: "not-evaluable", Amount: cents("12.60")}},
			Resolved: []report.Resolved{{Gone: report.Gone{Rule: "undeployed-sbc", Severity: rules.Medium, Guid: "g-9", Customer: "Gone Ltd", Since: day("2026-08-23"), LastSeen: day("2026-10-23")}, Reason: "customer-gone"}},
			Rows: []report.ChangeRow{
				{Step: report.StepNew, Severity: rules.High, Rule: "over-license-usage", Customer: "Acme | Sons", Guid: "g-1", Text: "12 active users on 10 licenses", Since: asOf},
				{Step: report.CustomersGone, Severity: rules.Medium, Rule: "undeployed-sbc", Customer: "Gone Ltd", Guid: "g-9", Text: "customer gone", Finding: -1, Since: day("2026-08-23"), LastSeen: day("2026-10-23")},
			}},
		Totals: report.Totals{Customers: 3, SIPConnections: 1, Acquired: 10, ActiveUsers: 1016, Findings: 3, Waived: 1, NotEvaluable: 1,
			BySeverity: map[rules.Severity]int{rules.High: 1, rules.Medium: 2},
			Money:      report.MoneyTotals{Exposure: *cents("1007.80")}},
	}
	verdicts := []report.CustomerVerdict{report.VerdictFinding, report.VerdictFinding, report.VerdictUnknown}
	for i := range customers {
		r.Customers = append(r.Customers, report.Customer{Customer: &customers[i], LicenseName: fetch.LicenseName(customers[i].LicenseType),
			Manager: "Ana Silva", Verdict: verdicts[i]})
	}
	r.Customers[0].Delta = count(2)
	r.Customers[0].Utilization = new(float64)
	*r.Customers[0].Utilization = 1.2
	r.Customers[0].Connections = [2]int{0, 1}
	return r
}

// movement is a bridge from 3 open findings and EUR 1,012.60 to 3 and 1,007.80.
func movement() report.Movement {
	by := func(of map[report.Step]int64, places int32) map[report.Step]decimal.Decimal {
		out := map[report.Step]decimal.Decimal{}
		for step, n := range of {
			out[step] = decimal.New(n, -places)
		}
		return out
	}
	return report.Movement{IssuedKnown: true,
		Findings: report.Bridge{Before: decimal.NewFromInt(3), After: decimal.NewFromInt(3), By: by(map[report.Step]int64{report.StepNew: 1, report.CustomersGone: -1}, 0)},
		Exposure: &report.Bridge{Before: *cents("1012.60"), After: *cents("1007.80"), By: by(map[report.Step]int64{report.StepNew: 780, report.NotJudgeable: -1260}, 2)},
		Unused:   &report.Bridge{By: by(nil, 2)}}
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
	}
	r.Connections[0].Name, r.Connections[0].ID, r.Connections[0].SbcDeploymentState = fetch.TextOf(s), fetch.TextOf(s), fetch.TextOf(s)
	for i := range r.Findings {
		r.Findings[i].Message, r.Findings[i].Comment = s, s
	}
	r.NotEvaluable[0].Reason, r.Quality[0].Text, r.Waivers[0].Reason = s, s, s
	r.Rules[0].Title, r.Rules[0].Remediation = s, s
	for i := range r.Changes.Rows {
		r.Changes.Rows[i].Customer, r.Changes.Rows[i].Text = s, s
	}
	return r
}
