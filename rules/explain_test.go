package rules

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"trueup/fetch"
)

const explainedRules = `
rules:
  - id: a
    title: t
    severity: low
    each: customer
    needs: [LicenseType]
    applies: LicenseType == 1
    when: ActiveUserCount > 5
    quantity: ActiveUserCount - 5
    message: "{{CustomerShortName}} {{ActiveUserCount}}"
  - {id: s, title: t, severity: low, each: sipConnection, when: sbcId > 1, message: m}
`

// explained is each verdict on a customer, how it came about and what was read.
func explained(e *Explanation) (lines []string) {
	for _, r := range e.Rules {
		line := r.Rule
		if r.Connection != nil {
			line += " " + r.Connection.Name + "/" + r.Connection.Text
		}
		if line += " " + r.Verdict; r.Quantity != nil {
			line += fmt.Sprint(" ", *r.Quantity)
		}
		line += " (" + r.Message + r.Reason + "):"
		for _, s := range r.Steps {
			line += " " + s.Key + "=" + s.Result
		}
		line += ";"
		for _, v := range r.Read {
			line += " " + v.Name + "=" + v.Text
		}
		lines = append(lines, line)
	}
	return lines
}

func TestExplain(t *testing.T) {
	set := mustLoad(t, explainedRules)
	for _, x := range []struct{ customer, want string }{
		{`"LicenseType": 1, "ActiveUserCount": 7, "SiteLocation": [{"id": "c1", "name": "x", "sbcId": 1}, {"id": "c2", "name": "y", "sbcId": 2}]`,
			`a finding 2 (acme 7): needs=there applies=true when=true quantity=2; LicenseType=1 ActiveUserCount=7 CustomerShortName="acme"
s x/c1 pass (): when=false; sbcId=1
s y/c2 finding (m): when=true; sbcId=2`},
		{`"LicenseType": 1, "ActiveUserCount": 5, "SiteLocation": []`,
			`a pass (): needs=there applies=true when=false; LicenseType=1 ActiveUserCount=5
s not-applicable (the customer has no SIP connection to judge):;`},
		{`"LicenseType": 2, "ActiveUserCount": 7, "SiteLocation": null`,
			`a not-applicable (): needs=there applies=false; LicenseType=2 ActiveUserCount=7
s not-evaluable (SiteLocation is null):; SiteLocation=null`},
		{`"ActiveUserCount": 7`,
			`a not-evaluable (LicenseType is absent): needs=missing; LicenseType=absent ActiveUserCount=7
s not-evaluable (SiteLocation is absent: the list was fetched without allDetails):; SiteLocation=absent`},
	} {
		customers := decode(t, `[{"UmpCustomerGuid": "g", "CustomerShortName": "acme", `+x.customer+`}]`)
		if got := strings.Join(explained(set.Explain(customers, 0, nil, time.Time{})), "\n"); got != x.want {
			t.Errorf("%s: got\n%s\nwant\n%s", x.customer, got, x.want)
		}
	}
}

// An explanation shows every field that rules for customers may read, and
// nothing else.
func TestExplainedFields(t *testing.T) {
	e := mustLoad(t, explainedRules).Explain(decode(t, `[{"UmpCustomerGuid": "g", "LicensedUsersCount": null}]`), 0, nil, time.Time{})
	got := map[string]string{}
	for _, v := range e.Customer.Fields {
		got[v.Name] = v.Text
	}
	for _, f := range Fields() {
		if _, shown := got[f.Name]; shown != (f.Of == "customer") {
			t.Errorf("%s of a %s: shown %v", f.Name, f.Of, shown)
		}
	}
	if got["UmpCustomerGuid"] != `"g"` || got["LicensedUsersCount"] != "null" || got["ActiveUserCount"] != "absent" {
		t.Errorf("fields %v", got)
	}
}

// What explain says of a waiver is what Waive does with it.
func TestExplainWaivers(t *testing.T) {
	set := mustLoad(t, `
rules:
  - {id: a, title: t, severity: low, each: customer, when: ActiveUserCount > 5, message: m}
  - {id: s, title: t, severity: low, each: sipConnection, when: sbcId > 1, message: m}
`)
	for _, x := range []struct {
		users, waiver string
		want          string // verdict, and why
	}{
		{"7", "rule: a, customer: other, expires: 2027-03-31", "finding: it is for customer other"},
		{"7", "rule: s, customer: g, sipConnection: c9, expires: 2027-03-31", "finding: it is for SIP connection c9"},
		{"3", "rule: a, customer: g, expires: 2027-03-31", "pass: there is no finding to waive: the verdict is pass"},
		{"7", "rule: a, customer: g, from: 2026-11-24, expires: 2027-03-31", "finding: it counts from 2026-11-24 on"},
		{"7", "rule: a, customer: g, from: 2026-11-23, expires: 2026-11-23", "waived: it covers this until 2026-11-23, 0 days left: r"},
		{"7", "rule: a, customer: g, expires: 2026-11-24", "waived: it covers this until 2026-11-24, 1 day left: r"},
		{"7", "rule: a, customer: g, expires: 2026-11-22", "finding: it expired: its last day was 2026-11-22"},
		{"null", "rule: a, customer: g, expires: 2026-12-03", "not-evaluable: it accepts until 2026-12-03, 10 days left, that there is no verdict: r"},
		{"7", "rule: s, customer: g, sipConnection: c1, expires: 2027-03-31", "waived: it covers this until 2027-03-31, 128 days left: r"},
	} {
		customers := decode(t, `[{"UmpCustomerGuid": "g", "ActiveUserCount": `+x.users+`, "SiteLocation": [{"id": "c1", "sbcId": 2}]}]`)
		ws := waivers(t, set, x.waiver)
		r := set.Explain(customers, 0, ws, day(t, "2026-11-23")).Rules[set.Find(ws[0].Rule)]
		if got := r.Verdict + ": " + r.Waivers[0].Why; got != x.want {
			t.Errorf("%s: %s, want %s", x.waiver, got, x.want)
		}
		e := judged(t, set, customers)
		if used := len(e.Waive(customers, ws, day(t, "2026-11-23"))[0].Results) > 0; r.Waivers[0].Applied != used && !strings.Contains(x.want, "expired") {
			t.Errorf("%s: applied %v, but used %v", x.waiver, r.Waivers[0].Applied, used)
		}
	}
	ws := waivers(t, set, "rule: a, customer: other, expires: 2027-03-31", "rule: s, customer: g, expires: 2027-03-31", "rule: a, customer: g, expires: 2027-03-31", "rule: a, customer: '*', expires: 2027-03-31")
	var got []string
	for _, w := range set.Explain(decode(t, `[{"UmpCustomerGuid": "g", "ActiveUserCount": 7}]`), 0, ws, day(t, "2026-11-23")).Rules[0].Waivers {
		got = append(got, fmt.Sprint(w.ID, " ", w.Applied, " ", w.Why))
	}
	if want := []string{"W0 false it is for customer other", "W2 true it covers this until 2027-03-31, 128 days left: r", "W3 false an earlier waiver in the file applies"}; !reflect.DeepEqual(got, want) {
		t.Errorf("of several: %q", got)
	}
}

// The month of a peak is shown day by day, also those without a record.
func TestExplainedUsage(t *testing.T) {
	set := mustLoad(t, explainedRules)
	from, _ := fetch.ParseDay("2026-03-15")
	usage := func(licensed string) *fetch.Usage {
		u, err := fetch.UsageFrom(from, "100*231", licensed)
		if err != nil {
			t.Fatal(err)
		}
		u.AsOf, _ = fetch.ParseDay("2026-11-02")
		return u
	}
	explained := func(u *fetch.Usage) string {
		e := set.Explain([]fetch.Customer{{UmpCustomerGuid: "g", LicensedUsersCount: fetch.CountOf(150), Usage: u}}, 0, nil, time.Time{}).Customer.Usage
		if e == nil {
			return "none"
		}
		if len(e.Days) != e.InMonth {
			t.Errorf("%d days of %d", len(e.Days), e.InMonth)
		}
		first, last := e.Days[0], e.Days[len(e.Days)-1]
		e.Days = nil
		text, err := json.Marshal(struct {
			*ExplainedUsage
			First, Last UsageDay
		}{e, first, last})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, x := range []struct {
		name string
		u    *fetch.Usage
		want string
	}{
		{"rising", usage("60*17 70*30 80*31 90*30 100*31 110*31 120*30 - 100*29 130"),
			`{"month":"2026-10","days":null,"counted":30,"daysInMonth":31,"peak":130,"peakDay":"2026-10-31","average":101,"forecast":"2026-12",` +
				`"First":{"day":"2026-10-01","currentlyLicensed":null,"acquiredLicenses":100},"Last":{"day":"2026-10-31","currentlyLicensed":130,"acquiredLicenses":100}}`},
		{"without a peak", usage("60*17 70*30 80*31 90*30 100*31 110*31 120*30 -*31"),
			`{"month":"2026-10","days":null,"counted":0,"daysInMonth":31,"peak":null,"average":0,"forecast":"2026-12",` +
				`"First":{"day":"2026-10-01","currentlyLicensed":null,"acquiredLicenses":100},"Last":{"day":"2026-10-31","currentlyLicensed":null,"acquiredLicenses":100}}`},
		{"without a forecast", usage("-*170 90*61"),
			`{"month":"2026-10","days":null,"counted":31,"daysInMonth":31,"peak":90,"peakDay":"2026-10-01","average":90,"forecast":"2 months with a peak, and it takes 6",` +
				`"First":{"day":"2026-10-01","currentlyLicensed":90,"acquiredLicenses":100},"Last":{"day":"2026-10-31","currentlyLicensed":90,"acquiredLicenses":100}}`},
		{"failed", &fetch.Usage{Failed: "no answer"}, "none"},
		{"not fetched", nil, "none"},
	} {
		if got := explained(x.u); got != x.want {
			t.Errorf("%s: got\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}
