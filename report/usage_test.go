package report

import (
	"testing"

	"trueup/fetch"
	"trueup/rules"
)

// What is used by a measure is unknown where the invented history does not tell,
// whatever the moment says.
func TestUsedByMeasure(t *testing.T) {
	history := func(from, licensed string, days string) *fetch.Usage {
		day, err := fetch.ParseDay(from)
		if err != nil {
			t.Fatal(err)
		}
		u, err := fetch.UsageFrom(day, days, licensed)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	whole := history("2026-10-01", "90*13 130 90*17", "100*31")
	for name, test := range map[string]struct {
		usage   *fetch.Usage
		measure string
		want    fetch.Count
	}{
		"now":                 {whole, rules.Current, fetch.CountOf(104)},
		"peak":                {whole, rules.Peak, fetch.CountOf(130)},
		"average":             {whole, rules.Average, fetch.CountOf(91)},
		"too few days":        {history("2026-10-05", "130*27", "100*27"), rules.Peak, fetch.Count{}},
		"no average either":   {history("2026-10-05", "130*27", "100*27"), rules.Average, fetch.Count{}},
		"not fetched":         {nil, rules.Peak, fetch.Count{}},
		"not had":             {&fetch.Usage{Failed: "404"}, rules.Peak, fetch.Count{}},
		"not fetched, moment": {nil, rules.Current, fetch.CountOf(104)},
	} {
		c := &fetch.Customer{ActiveUserCount: fetch.CountOf(104), Usage: test.usage}
		if u := test.usage; u != nil {
			u.AsOf, _ = fetch.ParseDay("2026-11-02")
		}
		if got := used(c, test.measure); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestUsageUtilization(t *testing.T) {
	for _, x := range []struct {
		peak, acquired fetch.Count
		want           float64
		known          bool
	}{
		{fetch.CountOf(130), fetch.CountOf(100), 1.3, true}, {fetch.CountOf(0), fetch.CountOf(8), 0, true}, {fetch.CountOf(130), fetch.CountOf(0), 0, false},
		{fetch.CountOf(130), fetch.Count{}, 0, false}, {fetch.Count{}, fetch.CountOf(100), 0, false},
	} {
		m := UsageMonth{Month: fetch.Month{Peak: x.peak, Acquired: x.acquired}}
		if got, known := m.Utilization(); got != x.want || known != x.known {
			t.Errorf("%v of %v: %v %v", x.peak, x.acquired, got, known)
		}
	}
}

func TestUsageDiffers(t *testing.T) {
	day, _ := fetch.ParseDay("2026-10-30")
	u, err := fetch.UsageFrom(day, "100*2", "90 97")
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{}
	for _, used := range []fetch.Count{fetch.CountOf(97), fetch.CountOf(104), {}} {
		r.Customers = append(r.Customers, Customer{Customer: &fetch.Customer{UmpCustomerGuid: "g", ActiveUserCount: used, Usage: u}})
	}
	got := r.usageDiffers()
	if len(got) != 1 || got[0].Text != "g: ActiveUserCount is 104, and the newest currentlyLicensed, of 2026-10-31, is 97" {
		t.Errorf("%+v", got)
	}
}
