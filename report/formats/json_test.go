package formats

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
)

// TestJSON pins the whole form of trueup.report/1: keys may be added, never
// renamed or removed.
func TestJSON(t *testing.T) {
	r := fixture()
	r.Sources = []fetch.Source{
		{Name: "emea", URL: "https://emea.example.com/tenantui", Listed: 2, Customers: 2},
		{Name: "customers.json", Listed: 1, Customers: 1},
	}
	r.Changes.Resolved[0].ShortName = fetch.TextOf("gone")
	r.Changes.Resolved[0].SIPConnection = "s-9"
	money := report.MoneyTotals{Exposure: *cents("1012.60"), UnpricedUnused: 2}
	issued := &report.Issued{Currency: "EUR", Totals: report.Totals{Findings: 2, Money: report.MoneyTotals{Exposure: *cents("1000")}}}
	r.Trend = []report.TrendPoint{
		{AsOf: day("2026-10-23"), Customers: 2, Acquired: 9, ActiveUsers: 8, Findings: 3, Money: &money, Missing: []string{"apac"}, Issued: issued},
		{AsOf: asOf, Customers: 3, Acquired: 10, ActiveUsers: 1016, Findings: 3, BySeverity: r.Totals.BySeverity, Complete: true}}
	r.Problems = []fetch.Problem{{Kind: "duplicate-guid", Text: "customer acme (g-1) is listed 2 times with differing values: all are counted"}}
	var b bytes.Buffer
	if err := WriteJSON(&b, r); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", b.Bytes())
}

// An empty report has every key that readers hold on to: lists are empty, what
// is not known is null, and each severity is counted.
func TestEmptyJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, &report.Report{AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields("sources findings resolved trend waivers notEvaluable problems") {
		if string(got[key]) != "[]" {
			t.Errorf("%s is %s, want []", key, got[key])
		}
	}
	var totals struct{ BySeverity map[string]int }
	if err := json.Unmarshal(got["totals"], &totals); err != nil {
		t.Fatal(err)
	}
	for _, severity := range strings.Fields("critical high medium low info") {
		if n, ok := totals.BySeverity[severity]; !ok || n != 0 {
			t.Errorf("bySeverity.%s is %d, %v", severity, n, ok)
		}
	}
	if keys := strings.Fields("schema asOf title sample"); slices.ContainsFunc(keys, func(k string) bool { return got[k] == nil }) {
		t.Errorf("one of %v is missing in %s", keys, b.Bytes())
	}
}
