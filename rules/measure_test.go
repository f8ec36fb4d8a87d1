package rules

import (
	"strings"
	"testing"

	"trueup/fetch"
)

// Each measure judges by another number, and the message says of which day and
// month. The histories are invented.
func TestMeasures(t *testing.T) {
	const october = "90*13 130 90*17" // peak 130 on the 14th, 91.29 on average
	for _, test := range []struct {
		name, rule, measure string
		acquired, used      int64
		from, licensed      string // none if from is ""
		want                Verdict
		quantity            int64
		says                string // in the message or the reason
	}{
		{"now", "over-license-usage", "current", 100, 104, "2026-10-01", october, Finding, 4, "104 active users on 100 licenses, 4 too many"},
		{"at the peak", "over-license-usage", "peak", 100, 90, "2026-10-01", october, Finding, 30, "130 active users at the peak of 2026-10 (on 2026-10-14, with 100 licenses then as now) on 100 licenses, 30 too many"},
		{"bought since", "over-license-usage", "peak", 120, 90, "2026-10-01", october, Finding, 10, "at the peak of 2026-10 (on 2026-10-14, with 100 licenses then and 120 now) on 120 licenses, 10 too many"},
		{"given back since", "over-license-usage", "peak", 60, 50, "2026-10-01", october, Finding, 70, "(on 2026-10-14, with 100 licenses then and 60 now) on 60 licenses, 70 too many"},
		{"on average", "over-license-usage", "average", 80, 70, "2026-10-01", october, Finding, 11, "91 active users on average in 2026-10 (with 80 licenses now) on 80 licenses"},
		{"not at the peak", "over-license-usage", "peak", 130, 999, "2026-10-01", october, Pass, 0, ""},
		{"too few days", "over-license-usage", "peak", 100, 90, "2026-10-05", "130*27", NotEvaluable, 0, "2026-10 has usage data for 27 of 31 days: too few to tell"},
		{"too few days do not matter now", "over-license-usage", "current", 100, 90, "2026-10-05", "130*27", Pass, 0, ""},
		{"just enough days", "over-license-usage", "peak", 100, 90, "2026-10-04", "130*28", Finding, 30, ""},
		{"not fetched", "over-license-usage", "peak", 100, 90, "", "", NotEvaluable, 0, "the license history was not fetched (--usage-months)"},
		{"near the limit at the peak", "near-license-limit", "peak", 140, 0, "2026-10-01", october, Finding, 0, "130 of 140 licenses in use at the peak of 2026-10 (on 2026-10-14, with 100 licenses then and 140 now), 10 left"},
		{"unused even at the peak", "unused-licenses", "peak", 1000, 999, "2026-10-01", october, Finding, 870, "130 of 1000 licenses in use at the peak of 2026-10"},
		{"unused on average", "unused-licenses", "average", 1000, 999, "2026-10-01", october, Finding, 909, "91 of 1000 licenses in use on average in 2026-10 (with 1000 licenses now), 909 unused"},
	} {
		set, err := Load(Options{Builtin: true, Overrides: map[string]Override{test.rule: {Params: map[string]any{"measure": test.measure}}}})
		if err != nil {
			t.Fatal(err)
		}
		c := fetch.Customer{UmpCustomerGuid: "g", LicensedUsersCount: fetch.CountOf(test.acquired), ActiveUserCount: fetch.CountOf(test.used)}
		if test.from != "" {
			c.Usage = octoberUsage(t, test.from, test.licensed)
		}
		measure := Current
		if test.rule == "over-license-usage" {
			measure = test.measure
		}
		if got := set.Measure(); got != measure {
			t.Errorf("%s: positions count by %s, want %s", test.name, got, measure)
		}
		e, err := set.Evaluate(t.Context(), []fetch.Customer{c})
		if err != nil {
			t.Fatal(err)
		}
		at := set.Find(test.rule)
		if e.Tallies[at][test.want] != 1 {
			t.Errorf("%s: %v, want %s", test.name, e.Tallies[at], test.want)
			continue
		}
		for _, r := range e.Results {
			if r.Rule == at && (!strings.Contains(r.Message+r.Reason, test.says) || r.Quantity != nil && *r.Quantity != test.quantity) {
				t.Errorf("%s: %q %q, quantity %v\nwant %q, %d", test.name, r.Message, r.Reason, r.Quantity, test.says, test.quantity)
			}
		}
	}
}

// octoberUsage ends on 31 October or before, and is judged as of then.
func octoberUsage(t *testing.T, from, licensed string) *fetch.Usage {
	t.Helper()
	day, err := fetch.ParseDay(from)
	if err != nil {
		t.Fatal(err)
	}
	end, _ := fetch.ParseDay("2026-11-02")
	days := "100*" + strings.TrimPrefix(licensed, "130*")
	if strings.Contains(licensed, " ") {
		days = "100*31"
	}
	u, err := fetch.UsageFrom(day, days, licensed)
	if err != nil {
		t.Fatal(err)
	}
	u.AsOf = end
	return u
}

func TestUnknownMeasure(t *testing.T) {
	_, err := Load(Options{Builtin: true, Overrides: map[string]Override{"over-license-usage": {Params: map[string]any{"measure": "median"}}}})
	if err == nil || !strings.Contains(err.Error(), `unknown measure "median"`) {
		t.Errorf("error %v", err)
	}
}

func TestUsageFunctions(t *testing.T) {
	from, _ := fetch.ParseDay("2026-08-01")
	u, err := fetch.UsageFrom(from, "100*92", "110*5 80*26 95*30 90*13 130 90*17")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		when string
		want Verdict
		says string
	}{
		{when: "peak(1) == 130 and peakDay(1) == '2026-10-14' and Usage == '2026-10'", want: Finding},
		{when: "peak(2) == 130 and peak(3) == 130 and average(3) > 90 and average(3) < 92", want: Finding},
		{when: "daysOver(1) == 1 and daysOver(2) == 1 and daysOver(3) == 6", want: Finding},
		{when: "peak(4) > 1", want: NotEvaluable, says: "2026-07 has usage data for 0 of 31 days"},
		{when: "peak(0) > 1", want: NotEvaluable, says: "it must be 1 to 60"},
		{when: "monthsToLimit() > 1", want: NotEvaluable, says: "there is no forecast: the number of acquired licenses is not known"},
		{when: "any(SiteLocation, peak(9) > sbcId)", want: NotEvaluable, says: "too few to tell"},
		{when: "any(SiteLocation, peak(1) > sbcId)", want: Finding},
	} {
		text := "rules: [{id: a, title: A, severity: low, when: \"" + strings.ReplaceAll(test.when, "sbcId", ".sbcId") + "\", message: m}]"
		set, err := Load(Options{Files: []File{{Name: "f", Text: []byte(text)}}})
		if err != nil {
			t.Errorf("%s: %v", test.when, err)
			continue
		}
		c := fetch.Customer{UmpCustomerGuid: "g", Usage: u, Sites: fetch.Known, SiteLocation: []fetch.SIPConnection{{SbcID: fetch.CountOf(1)}}}
		e, err := set.Evaluate(t.Context(), []fetch.Customer{c})
		if err != nil || e.Tallies[0][test.want] != 1 || test.says != "" && !strings.Contains(e.Results[0].Reason, test.says) {
			t.Errorf("%s: %v, %+v, want %s %s", test.when, e.Tallies, e.Results, test.want, test.says)
		}
	}
}
