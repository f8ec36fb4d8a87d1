package xlsx

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

var asOf = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// modelOf makes a report of a portfolio with two rules judged here, so that
// the workbook is tested apart from the rule engine.
func modelOf(p fetch.Portfolio, currency string) *report.Report {
	r := &report.Report{Title: "License compliance", Organization: "Example Telecom", Version: "1.0.0", AsOf: asOf, Sample: p.Sample,
		Currency: currency, Sources: p.Sources, Problems: p.Problems,
		Hashes: report.Hashes{Snapshot: "sha256:0123456789abcdef", Rules: "sha256:fedcba9876543210"},
		Totals: report.Totals{BySeverity: map[rules.Severity]int{}, ByRule: map[string]int{}},
		Rules: []report.Rule{
			{Rule: &rules.Rule{ID: "over-license-usage", Title: "More active users than acquired licenses", Severity: rules.High, Enabled: true,
				Params: map[string]any{"tolerancePercent": 0}, When: "ActiveUserCount * 100 > LicensedUsersCount * (100 + params.tolerancePercent)",
				Why: "Usage above the acquired licenses is billed at true-up.", Remediation: "Sell the missing licenses, or have the customer release users."}, Source: "built-in"},
			{Rule: &rules.Rule{ID: "undeployed-sbc", Title: "SIP connection not confirmed deployed", Severity: rules.Critical, Enabled: true, Each: rules.EachConnection,
				Why: "An undeployed SBC carries no calls.", Remediation: "Deploy the connection, or delete it."}, Source: "built-in"},
		}}
	for i := range p.Customers {
		addCustomer(r, &p.Customers[i])
	}
	total(r)
	return r
}

func addCustomer(r *report.Report, c *fetch.Customer) {
	at := len(r.Customers)
	rc := report.Customer{Customer: c, LicenseName: fetch.LicenseName(c.LicenseType), Verdict: report.VerdictOK, Manager: "Ana Silva"}
	rc.Connections[0] = len(r.Connections)
	rc.ByState = []report.StateCount{{Value: "Deployed", Count: len(c.SiteLocation)}}
	for j := range c.SiteLocation {
		site := &c.SiteLocation[j]
		r.Connections = append(r.Connections, report.Connection{SIPConnection: site, Customer: at})
		if site.SbcDeploymentState.S != "Deployed" {
			addFinding(r, &rc, 1, len(r.Connections)-1, "deployment state is "+site.SbcDeploymentState.S, nil)
		}
	}
	rc.Connections[1] = len(r.Connections)
	judgeUse(r, &rc, at)
	r.Customers = append(r.Customers, rc)
}

func judgeUse(r *report.Report, rc *report.Customer, at int) {
	c := rc.Customer
	if c.LicensedUsersCount.State == fetch.Null {
		r.Rules[0].Tally[rules.NotApplicable]++
		return
	}
	if !c.LicensedUsersCount.Known() || !c.ActiveUserCount.Known() {
		r.Rules[0].Tally[rules.NotEvaluable]++
		rc.NotEvaluable++
		rc.Verdict = report.VerdictUnknown
		r.NotEvaluable = append(r.NotEvaluable, report.NotEvaluable{Rule: 0, Customer: at, Connection: -1, Reason: "LicensedUsersCount is absent"})
		r.Quality = append(r.Quality, report.QualityRow{Kind: "not-evaluable", Rule: "over-license-usage", Customer: at, Text: "LicensedUsersCount is absent"})
		return
	}
	delta := c.ActiveUserCount.N - c.LicensedUsersCount.N
	rc.Delta = &delta
	if c.LicensedUsersCount.N > 0 {
		u := float64(c.ActiveUserCount.N) / float64(c.LicensedUsersCount.N)
		rc.Utilization = &u
	}
	if delta > 0 {
		addFinding(r, rc, 0, -1, fmt.Sprintf("%d active users on %d licenses", c.ActiveUserCount.N, c.LicensedUsersCount.N), &delta)
		return
	}
	r.Rules[0].Tally[rules.Pass]++
}

func addFinding(r *report.Report, rc *report.Customer, rule, connection int, message string, quantity *int64) {
	f := report.Finding{Rule: rule, Customer: len(r.Customers), Connection: connection, Verdict: rules.Finding, Message: message, Quantity: quantity, Waiver: -1}
	if quantity != nil && r.Currency != "" {
		amount := decimal.New(*quantity*425, -2)
		f.Amount, rc.Exposure = &amount, &amount
		r.Totals.Money.Exposure = r.Totals.Money.Exposure.Add(amount)
		r.Rules[rule].Money.Exposure = r.Rules[rule].Money.Exposure.Add(amount)
	}
	rc.Verdict = report.VerdictFinding
	rc.BySeverity[r.Rules[rule].Severity]++
	rc.Findings = append(rc.Findings, len(r.Findings))
	if connection >= 0 {
		r.Connections[connection].Findings++
	}
	r.Rules[rule].Tally[rules.Finding]++
	r.Findings = append(r.Findings, f)
}

func total(r *report.Report) {
	t := &r.Totals
	t.Customers, t.SIPConnections, t.Findings, t.NotEvaluable = len(r.Customers), len(r.Connections), len(r.Findings), len(r.NotEvaluable)
	for _, f := range r.Findings {
		t.BySeverity[r.Rules[f.Rule].Severity]++
		t.ByRule[r.Rules[f.Rule].ID]++
	}
	positions := map[int64]*report.Position{}
	for i := range r.Customers {
		c := &r.Customers[i]
		t.Acquired += c.LicensedUsersCount.N
		t.ActiveUsers += c.ActiveUserCount.N
		if len(c.Findings) > 0 {
			t.WithFindings++
		} else if c.NotEvaluable == 0 {
			t.Clean++
		}
		place(positions, c)
	}
	for _, n := range slices.Sorted(maps.Keys(positions)) {
		r.Positions = append(r.Positions, *positions[n])
	}
	for _, p := range r.Problems {
		r.Quality = append(r.Quality, report.QualityRow{Kind: p.Kind, Customer: -1, Text: p.Text})
	}
}

func place(positions map[int64]*report.Position, c *report.Customer) {
	p := positions[c.LicenseType.N]
	if p == nil {
		p = &report.Position{LicenseType: c.LicenseType, LicenseName: c.LicenseName}
		positions[c.LicenseType.N] = p
	}
	p.Customers++
	if c.Delta == nil {
		p.OtherUsed += c.ActiveUserCount.N
		return
	}
	p.Acquired += c.LicensedUsersCount.N
	p.Used += c.ActiveUserCount.N
	p.Over += max(*c.Delta, 0)
	p.Surplus += max(-*c.Delta, 0)
}

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
