package fetch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// monthly is an invented history whose months have these peaks, each on its 14th;
// -1 leaves the month without a record.
func monthly(from string, peaks ...int64) *Usage {
	first, err := ParseDay(from)
	if err != nil {
		panic(err)
	}
	var daily []int64
	for i, peak := range peaks {
		start, end := first.AddMonths(i), first.AddMonths(i+1)
		for d := start; d < end; d++ {
			switch {
			case peak < 0:
				daily = append(daily, -1)
			case d == start+13:
				daily = append(daily, peak)
			default:
				daily = append(daily, peak*9/10)
			}
		}
	}
	u := usageOf(from, daily...)
	u.AsOf = first.AddMonths(len(peaks)) - 1
	return u
}

func TestForecast(t *testing.T) {
	for _, test := range []struct {
		name   string
		usage  *Usage
		limit  Count
		month  string
		reason string
	}{
		{name: "ten a month", usage: monthly("2026-01-01", 10, 20, 30, 40, 50, 60), limit: CountOf(85), month: "2026-09-01"},
		{name: "reaching is not exceeding", usage: monthly("2026-01-01", 10, 20, 30, 40, 50, 60), limit: CountOf(80), month: "2026-08-01"},
		{name: "one odd month", usage: monthly("2026-01-01", 10, 20, 900, 40, 50, 60), limit: CountOf(85), month: "2026-09-01"},
		{name: "a month without data", usage: monthly("2026-01-01", 10, 20, -1, 40, 50, 60, 70), limit: CountOf(85), month: "2026-09-01"},
		{name: "five months", usage: monthly("2026-01-01", 10, 20, 30, 40, 50), limit: CountOf(85), reason: "5 months with a peak, and it takes 6"},
		{name: "level", usage: monthly("2026-01-01", 50, 50, 50, 50, 50, 50), limit: CountOf(85), reason: "its peaks do not rise, as far as 6 months can tell"},
		{name: "falling", usage: monthly("2026-01-01", 60, 50, 40, 30, 20, 10), limit: CountOf(85), reason: "its peaks do not rise, as far as 6 months can tell"},
		{name: "up and down", usage: monthly("2026-01-01", 40, 60, 42, 58, 41, 63), limit: CountOf(85), reason: "its peaks do not rise, as far as 6 months can tell"},
		{name: "reached", usage: monthly("2026-01-01", 10, 20, 30, 40, 50, 60), limit: CountOf(60), reason: "the limit is reached already, in 2026-06"},
		{name: "far away", usage: monthly("2026-01-01", 10, 20, 30, 40, 50, 60), limit: CountOf(1000), reason: "the limit is further away than 6 months can tell"},
		{name: "no count of licenses", usage: monthly("2026-01-01", 10, 20, 30, 40, 50, 60), limit: Count{State: Null}, reason: "the number of acquired licenses is not known"},
		{name: "not fetched", limit: CountOf(10), reason: "the usage was not fetched"},
		{name: "not had", usage: &Usage{Failed: "404"}, limit: CountOf(10), reason: "the usage is unknown"},
		{name: "no record", usage: &Usage{}, limit: CountOf(10), reason: "0 months with a peak, and it takes 6"},
	} {
		f := test.usage.Forecast(test.limit)
		month := ""
		if f.Month != 0 {
			month = f.Month.String()
		}
		if month != test.month || f.Reason != test.reason {
			t.Errorf("%s: %q, %q; want %q, %q", test.name, month, f.Reason, test.month, test.reason)
		}
	}
}

func TestForecastAfterSwitching(t *testing.T) {
	u := monthly("2026-01-01", 10, 20, 30, 40, 50, 60, 70, 80)
	u.Switches = append(u.Switches, Switches{u.From.AddMonths(1), map[string]bool{"Direct Routing": false}})
	if f := u.Forecast(CountOf(100)); f.Months != 7 || f.Month.String() != "2026-10-01" {
		t.Errorf("%+v", f)
	}
	u.Switches[1].From += 31 + 20 // within March
	if f := u.Forecast(CountOf(100)); f.Months != 5 || f.Reason != "5 months with a peak, and it takes 6: its license factors were switched in 2026-03" {
		t.Errorf("%+v", f)
	}
}

// TestForecastOnHeldBackMonths judges the line by what it was not shown: of each
// made-up, noisy series of 18 months the last six. It prints the error beside that
// of taking the last peak for all months to come.
func TestForecastOnHeldBackMonths(t *testing.T) {
	const shown, heldBack, series = 12, 6, 200
	for _, kind := range []struct {
		name          string
		slope, noise  float64 // licenses a month; standard deviation
		odd           float64 // chance of a month that is 40 % off
		season        float64
		most, mostOff float64 // mean error in percent, and of the month of the limit
	}{
		{"steady growth", 5, 3, 0, 0, 3, 1},
		{"noisy growth", 5, 10, 0, 0, 7, 2},
		{"growth with odd months", 5, 3, 0.1, 0, 6, 1},
		{"growth with seasons", 5, 3, 0, 10, 12, 6}, // a year does not tell a season from a trend
		{"no growth", 0, 8, 0, 0, 10, 0},
	} {
		random := rand.New(rand.NewPCG(7, 11))
		var line, naive, off float64
		points, reached, alarms := 0, 0, 0
		for range series {
			var peaks []int64
			for i := range shown + heldBack {
				y := 100 + kind.slope*float64(i) + kind.noise*random.NormFloat64() + kind.season*math.Sin(float64(i)*math.Pi/6)
				if random.Float64() < kind.odd {
					y *= 1.4
				}
				peaks = append(peaks, int64(math.Round(max(y, 0))))
			}
			const limit = 180 // at five a month reached in the 17th month
			f := monthly("2025-01-01", peaks[:shown]...).Forecast(CountOf(limit))
			for i, peak := range peaks[shown:] {
				line += math.Abs(f.At(i+1)-float64(peak)) / float64(peak)
				naive += math.Abs(float64(peaks[shown-1]-peak)) / float64(peak)
				points++
			}
			switch {
			case f.Month == 0:
			case kind.slope > 0:
				first, _ := ParseDay("2025-01-01")
				off += math.Abs(float64(monthsBetween(first, f.Month)) - (limit-100)/kind.slope)
				reached++
			default:
				alarms++
			}
		}
		line, naive = 100*line/float64(points), 100*naive/float64(points)
		if reached > 0 {
			off /= float64(reached)
		}
		t.Logf("%-24s error %4.1f %% (last peak kept: %4.1f %%); month of the limit %.1f off in %d of %d series; false alarms %d",
			kind.name, line, naive, off, reached, series, alarms)
		if line > kind.most || off > kind.mostOff {
			t.Errorf("%s: error %.1f %%, %.1f months off", kind.name, line, off)
		}
		if kind.slope > 0 && (line > naive || reached < series*3/4) {
			t.Errorf("%s: no better than keeping the last peak, or only %d forecasts", kind.name, reached)
		}
		if alarms > series/20 {
			t.Errorf("%s: %d forecasts of a limit that is never reached", kind.name, alarms)
		}
	}
}
