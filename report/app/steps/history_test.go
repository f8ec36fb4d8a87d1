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

func TestEarlier(t *testing.T) {
	long := make([]string, 0, 40)
	for i := range 40 {
		long = append(long, snapshotName(day("2023-01-15").AddDate(0, i, 0)))
	}
	for name, test := range map[string]struct{ names, want []string }{
		"none":                    {},
		"the day itself is not":   {[]string{"snapshot-2026-11-01.json.gz", "snapshot-2026-10-31.json.gz"}, []string{"snapshot-2026-10-31.json.gz"}},
		"later ones are not":      {[]string{"snapshot-2026-12-01.json.gz"}, nil},
		"without a day are first": {[]string{"snapshot-2026-10-01.json.gz", "snapshot-sample-2026-12-01.json.gz"}, []string{"snapshot-sample-2026-12-01.json.gz", "snapshot-2026-10-01.json.gz"}},
		"the newest of many":      {long, long[40-maxHistory:]},
	} {
		if got := earlier(test.names, day("2026-11-01").Add(6*time.Hour)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestUsable(t *testing.T) {
	now := fetch.Portfolio{AsOf: day("2026-11-01")}
	for _, test := range []struct {
		p    fetch.Portfolio
		want string
	}{
		{fetch.Portfolio{AsOf: day("2026-10-31")}, ""},
		{fetch.Portfolio{AsOf: day("2026-11-01")}, "not before"},
		{fetch.Portfolio{AsOf: day("2026-10-31"), Sample: true}, "sample"},
		{fetch.Portfolio{AsOf: day("2026-10-31"), Sources: []fetch.Source{{}, {Failed: "why"}}}, "lacks an instance"},
	} {
		err := usable(test.p, now, now.AsOf)
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
		all, compared := withBaseline(months, other)
		if got := fmt.Sprintf("%d of %d", compared, len(all)); got != want || all[compared-1].Hash != "baseline" {
			t.Errorf("%s: %s compared, want %s", baseline, got, want)
		}
		if h := remember(all, compared); h.Last.Hash != "baseline" || len(h.Trend) != len(all) {
			t.Errorf("%s: changes are against %s, the trend has %d months", baseline, h.Last.AsOf, len(h.Trend))
		}
	}
	if len(months) != 3 || months[1].Hash != "" {
		t.Errorf("the months were changed: %v", months)
	}
}
