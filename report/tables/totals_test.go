package tables

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"trueup/report"
	"trueup/rules"
)

// Every number that the manifest has of a report is one that its packs must
// add up to: nobody can add a total and forget it there.
func TestSumsHaveEveryTotal(t *testing.T) {
	var totals Totals
	data := []byte(`{"bySeverity": {"high": 1}, "byRule": {"over": 1}, "exposure": "1", "unusedValue": "1", "waivedAmount": "1"}`)
	if err := json.Unmarshal(data, &totals); err != nil {
		t.Fatal(err)
	}
	sums := Sums(totals, &Changes{})
	for i := range reflect.TypeFor[Totals]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[Totals]().Field(i).Tag.Get("json"), ",")
		switch name {
		case "currency":
			continue
		case "bySeverity":
			name += ".high"
		case "byRule":
			name += ".over"
		}
		if _, ok := sums[name]; !ok {
			t.Errorf("%s is in no sum", name)
		}
	}
}

func TestFigures(t *testing.T) {
	m := report.MoneyTotals{Unpriced: 1, UnpricedUnused: 1}
	r := &report.Report{Totals: report.Totals{Customers: 3, Findings: 1200, BySeverity: map[rules.Severity]int{rules.Low: 1200}, Money: m}}
	if totals := TotalsOf(r); len(totals.Figures()) != 6 || totals.Figures()[1] != (Figure{"low", "1,200", true}) || totals.LeftOut() != "" {
		t.Errorf("without prices: %+v, %q", totals.Figures(), totals.LeftOut())
	}
	r.Currency = "EUR"
	totals := TotalsOf(r)
	list := totals.Figures()
	if last := list[len(list)-1]; last != (Figure{Name: HeadUnused, Text: "≥ 0.00 EUR a month"}) {
		t.Errorf("%+v", last)
	}
	if got := totals.LeftOut(); got != "1 open finding has an amount that is unknown, and not in these sums." {
		t.Error(got)
	}
	for want, totals := range map[string]Totals{
		"": {Currency: "EUR"},
		"≥: without customers whose counts are unknown.":                                                                        {Currency: "EUR", NoExposure: 1},
		"2 open findings have an amount that is unknown, and not in these sums. ≥: without customers whose counts are unknown.": {Currency: "EUR", Unpriced: 2, NoExposure: 2, NoUnused: 1},
		"2 open findings have an amount that is unknown, and not in these sums.":                                                {Currency: "EUR", Unpriced: 2, NoExposure: 1, NoUnused: 1},
	} {
		if got := totals.LeftOut(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// An amount that is no number adds up with nothing, and a report without an earlier
// one has no changes to add up.
func TestSumsOfOddTotals(t *testing.T) {
	sums := Sums(Totals{Exposure: "1.50", Unused: "much"}, nil)
	odd, told := sums["unusedValue that is a number"]
	if !told || odd.IsZero() || !sums["exposure"].Equal(eur("1.5")) {
		t.Errorf("%v", sums)
	}
	if _, told := sums["exposure that is a number"]; told {
		t.Error("an amount that is a number is told as one that is not")
	}
	for name := range sums {
		if strings.HasPrefix(name, "changes.") {
			t.Errorf("%s without an earlier report", name)
		}
	}
}

// Which lists grew and shrank is the book's; a pack has not heard of the others.
func TestChangesOf(t *testing.T) {
	r := &report.Report{}
	if ChangesOf(r) != nil {
		t.Error("changes without an earlier report")
	}
	r.Changes = &report.Changes{Baseline: time.Date(2026, 10, 23, 6, 0, 0, 0, time.UTC), New: 1000, CustomersAdded: 1,
		Resolved: make([]report.Resolved, 2), Lists: []report.List{{Instance: "emea", Before: 1, Now: 2}}}
	c := ChangesOf(r)
	if got := c.MovedFindings() + "; " + c.MovedCustomers(); got != "1,000 new, 0 reopened, 2 resolved, 0 persisting; 1 customer added, 0 gone" {
		t.Error(got)
	}
	if c.Baseline != "2026-10-23" || len(c.Lists) != 1 || c.Lists[0].Now != 2 {
		t.Errorf("%+v", c)
	}
	if r.Manager = "Ana"; ChangesOf(r).Lists != nil {
		t.Error("a pack lists the instances")
	}
}
