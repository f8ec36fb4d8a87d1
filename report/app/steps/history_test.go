package steps

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/report"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestEarlierDays(t *testing.T) {
	at := func(days ...string) (files []kept) {
		for _, d := range days {
			files = append(files, kept{path: d, asOf: day(d[:10])})
		}
		return files
	}
	var long []string
	for i := range 40 {
		long = append(long, day("2023-01-15").AddDate(0, i, 0).Format(time.DateOnly))
	}
	for name, test := range map[string]struct {
		files []kept
		want  string
	}{
		"none":                   {},
		"the day itself is not":  {at("2026-11-01", "2026-10-31"), "2026-10-31"},
		"later ones are not":     {at("2026-12-01"), ""},
		"samples are not":        {append(at("2026-10-01"), kept{path: "s", asOf: day("2026-10-02"), sample: true}), "2026-10-01"},
		"of a day one by one":    {at("2026-10-01-2", "2026-10-01", "2026-09-01", "2026-10-01-10"), "2026-09-01;2026-10-01,2026-10-01-2,2026-10-01-10"},
		"the newest of too many": {at(long...), strings.Join(long[40-maxHistory:], ";")},
	} {
		var got []string
		for _, files := range earlierDays(test.files, day("2026-11-01").Add(6*time.Hour), false) {
			var names []string
			for _, f := range files {
				names = append(names, f.path)
			}
			got = append(got, strings.Join(names, ","))
		}
		if strings.Join(got, ";") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestUsable(t *testing.T) {
	now := Fetched{AsOf: day("2026-11-01")}
	for _, test := range []struct {
		p    fetch.Portfolio
		want string
	}{
		{fetch.Portfolio{AsOf: day("2026-10-31")}, ""},
		{fetch.Portfolio{AsOf: day("2026-11-01")}, "not before"},
		{fetch.Portfolio{AsOf: day("2026-10-31"), Sample: true}, "sample"},
		{fetch.Portfolio{AsOf: day("2026-10-31"), Sources: []fetch.Source{{}, {Failed: "why"}}}, "lacks an instance"},
	} {
		err := usable(test.p, now)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.p, err, test.want)
		}
	}
}
func TestBaseline(t *testing.T) {
	month := func(s string) report.Past { return report.Past{Month: report.Month{AsOf: day(s)}} }
	months := []report.Past{month("2026-08-01"), month("2026-09-01"), month("2026-10-01")}
	for baseline, want := range map[string]string{
		"2026-07-01": "1 of 4",
		"2026-09-01": "2 of 3",
		"2026-09-15": "3 of 4",
		"2026-10-15": "4 of 4",
	} {
		other := month(baseline)
		other.Hash = "baseline"
		m := memory{baseline: &other}
		for _, p := range months {
			m.add(p)
		}
		h := m.all()
		at := slices.IndexFunc(h.Trend, func(m report.Month) bool { return m.Hash == "baseline" })
		if got := fmt.Sprintf("%d of %d", at+1, len(h.Trend)); got != want || h.Last.Hash != "baseline" {
			t.Errorf("%s: %s compared, want %s; changes are against %s", baseline, got, want, h.Last.AsOf)
		}
	}
	if new(memory).all() != nil {
		t.Error("a history without months")
	}
}
