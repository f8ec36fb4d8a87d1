package pdf

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

// portfolio builds a report by hand: every third customer is over its license,
// every fifth has connections that are not deployed.
type portfolio struct {
	customers, connections int
	name                   func(i int) string
	priced, history        bool
}

func (m portfolio) build() *report.Report {
	r := &report.Report{
		Title: "License compliance", Organization: "Example Telecom", Version: "1.0.0",
		AsOf:    time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC),
		Sources: []fetch.Source{{Name: "emea", URL: "https://emea.example.com/tenantui", Listed: m.customers, Customers: m.customers}},
		Hashes:  report.Hashes{Snapshot: "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", Rules: "sha256:aa"},
		Totals:  report.Totals{BySeverity: map[rules.Severity]int{}, ByRule: map[string]int{}},
	}
	if m.priced {
		r.Currency = "EUR"
	}
	r.Rules = []report.Rule{
		{Rule: &rules.Rule{ID: "over-license-usage", Title: "More active users than acquired licenses", Severity: rules.High, Enabled: true,
			Why: "Usage above the acquired licenses is billed at true-up.", Remediation: "Sell the missing licenses, or have the customer release users.",
			When: "ActiveUserCount > LicensedUsersCount"}, Source: "built-in"},
		{Rule: &rules.Rule{ID: "undeployed-sbc", Title: "SIP connection is not confirmed deployed", Severity: rules.Medium, Enabled: true, Each: rules.EachConnection,
			Why: "A connection that is not deployed carries no calls.", Remediation: "Deploy the SBC, or remove the connection."}, Source: "built-in"},
		{Rule: &rules.Rule{ID: "unused-licenses", Title: "Hardly used licenses", Severity: rules.Info, Enabled: true}, Source: "built-in"},
	}
	for i := range m.customers {
		m.customer(r, i)
	}
	m.sort(r)
	m.positions(r)
	if m.history {
		m.past(r)
	}
	return r
}

func (m portfolio) customer(r *report.Report, i int) {
	used := int64(80 + i%40)
	name := fmt.Sprintf("Customer %d", i)
	if m.name != nil {
		name = m.name(i)
	}
	first := len(r.Connections)
	raw := &fetch.Customer{UmpCustomerGuid: fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), CustomerFullName: fetch.TextOf(name),
		CustomerShortName: fetch.TextOf(fmt.Sprintf("cust_%d", i)), LicenseType: fetch.CountOf(5),
		LicensedUsersCount: fetch.CountOf(100), ActiveUserCount: fetch.CountOf(used), Sites: fetch.Known}
	for k := range max(m.connections, 1) {
		state := "Deployed"
		if i%5 == 0 {
			state = "PendingDelete"
		}
		raw.SiteLocation = append(raw.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(k)), Name: fetch.TextOf(fmt.Sprintf("site %d", k)),
			SbcID: fetch.CountOf(int64(k)), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("SipTrunk")})
	}
	for k := range raw.SiteLocation {
		r.Connections = append(r.Connections, report.Connection{SIPConnection: &raw.SiteLocation[k], Customer: i})
	}
	delta, share := used-100, float64(used)/100
	c := report.Customer{Customer: raw, LicenseName: "OC Pro", Delta: &delta, Utilization: &share, Connections: [2]int{first, len(r.Connections)},
		ByState: []report.StateCount{{Value: raw.SiteLocation[0].SbcDeploymentState.S, Count: len(raw.SiteLocation)}},
		ByType:  []report.StateCount{{Value: "SipTrunk", Count: len(raw.SiteLocation)}}, Verdict: report.VerdictOK}
	r.Customers = append(r.Customers, c)
	r.Totals.Customers++
	r.Totals.SIPConnections += len(raw.SiteLocation)
	r.Totals.Acquired += 100
	r.Totals.ActiveUsers += used
}

// sort adds the findings in the model's order: by severity and rule, then
// customer.
func (m portfolio) sort(r *report.Report) {
	for i := range r.Customers {
		if d := *r.Customers[i].Delta; d > 0 && i%3 == 0 {
			f := report.Finding{Rule: 0, Customer: i, Connection: -1, Verdict: rules.Finding, Quantity: &d, Waiver: -1,
				Message: fmt.Sprintf("%d active users on 100 licenses", 100+d)}
			if m.priced {
				worth := decimal.NewFromInt(d).Mul(decimal.RequireFromString("4.20"))
				f.Amount = &worth
				r.Rules[0].Money.Exposure = r.Rules[0].Money.Exposure.Add(worth)
				r.Totals.Money.Exposure = r.Totals.Money.Exposure.Add(worth)
			}
			m.add(r, f)
		}
	}
	for i, c := range r.Connections {
		if c.SbcDeploymentState.S != "Deployed" {
			m.add(r, report.Finding{Rule: 1, Customer: c.Customer, Connection: i, Verdict: rules.Finding, Waiver: -1, Message: "state is " + c.SbcDeploymentState.S})
		}
	}
	for i := range r.Customers {
		if len(r.Customers[i].Findings) > 0 {
			r.Totals.WithFindings++
			r.Customers[i].Verdict = report.VerdictFinding
		} else {
			r.Totals.Clean++
		}
	}
}

func (m portfolio) add(r *report.Report, f report.Finding) {
	rule, c := &r.Rules[f.Rule], &r.Customers[f.Customer]
	if m.history {
		f.Change, f.Since = report.Persisting, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	}
	f.CountedBy, f.Licenses = -1, f.Quantity != nil
	c.Findings, rule.Findings = append(c.Findings, len(r.Findings)), append(rule.Findings, len(r.Findings))
	c.BySeverity[rule.Severity]++
	rule.Tally[rules.Finding]++
	r.Totals.Findings++
	r.Totals.BySeverity[rule.Severity]++
	r.Totals.ByRule[rule.ID]++
	r.Findings = append(r.Findings, f)
}

func (m portfolio) positions(r *report.Report) {
	p := report.Position{LicenseType: fetch.CountOf(5), LicenseName: "OC Pro", Customers: len(r.Customers), Compared: len(r.Customers), Acquired: r.Totals.Acquired, Used: r.Totals.ActiveUsers}
	for i := range r.Customers {
		if d := *r.Customers[i].Delta; d > 0 {
			p.Over += d
		} else {
			p.Surplus -= d
		}
	}
	r.Positions = append(r.Positions, p)
}

// past adds a history, a waiver and something odd in the data.
func (m portfolio) past(r *report.Report) {
	r.Changes = &report.Changes{Baseline: time.Date(2026, 10, 23, 6, 0, 0, 0, time.UTC), Persisting: r.Totals.Findings,
		Resolved: []report.Resolved{{Gone: report.Gone{Rule: "unused-licenses", Customer: "Gone Ltd"}}},
		Rows:     []report.ChangeRow{{Step: report.CustomersGone, Rule: "unused-licenses", Customer: "Gone Ltd", Text: "customer gone", Finding: -1}}}
	for month := range 6 {
		r.Trend = append(r.Trend, report.TrendPoint{AsOf: time.Date(2026, time.Month(6+month), 23, 6, 0, 0, 0, time.UTC), Customers: 10,
			Acquired: 3400 + int64(month)*40, ActiveUsers: 2900 + int64(month*month)*30,
			Findings: 3 + month, BySeverity: map[rules.Severity]int{rules.High: 1 + month, rules.Medium: 2}})
	}
	r.Waivers = []report.Waiver{{Waiver: rules.Waiver{ID: "W-014", Rule: "unused-licenses", Customer: "cust_*", Owner: "j.doe", Reason: "migration until spring",
		Expires: rules.Date{Year: 2027, Month: 3, Day: 31}}, State: rules.WaiverUnused, DaysLeft: 128}}
	r.Problems = []fetch.Problem{{Kind: "duplicate-guid", Text: "cust_1 is there twice"}}
	r.Quality = []report.QualityRow{{Kind: "duplicate-guid", Customer: -1, Text: "cust_1 is there twice"}}
}

func render(t testing.TB, r *report.Report, o Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
