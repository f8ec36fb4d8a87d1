package tables

import (
	"testing"

	"github.com/shopspring/decimal"

	"trueup/report"
)

// An axis starts at 0, or, where the steps are small against the totals, at a
// round number below all bars.
func TestWaterfallFloor(t *testing.T) {
	bars := func(heights ...int64) (w Waterfall) {
		w.Money = true
		at := decimal.Zero
		for i, h := range heights {
			to := decimal.NewFromInt(h)
			fall := Fall{From: at, To: to, Value: to.Sub(at)}
			if i == 0 || i == len(heights)-1 {
				fall = Fall{To: to, Value: to, Total: true}
			}
			w.Bars = append(w.Bars, fall)
			at = to
		}
		return w
	}
	for _, test := range []struct {
		heights []int64
		want    string
	}{{[]int64{100, 40, 120, 120}, "0"}, {[]int64{122_684, 130_000, 133_884, 133_884}, "110000"}, {[]int64{5, 5}, "0"}, {[]int64{0, 0}, "0"}, {nil, "0"}} {
		if got := bars(test.heights...).Floor(); got.String() != test.want {
			t.Errorf("%v: the axis starts at %s, want %s", test.heights, got, test.want)
		}
	}
	for _, test := range []struct {
		w         Waterfall
		low, high float64
	}{{bars(100, 40, 120, 120), 40, 120}, {bars(60, 90, 90), 60, 90}} {
		if low, high := test.w.Range(); low != test.low || high != test.high {
			t.Errorf("bars from %v to %v, want %v to %v", low, high, test.low, test.high)
		}
	}
	r := &report.Report{Currency: "EUR"}
	if n := len(bars(100, 40, 120, 120).Figures(r).Rows); n != 4 {
		t.Errorf("%d rows of figures", n)
	}
	for name, w := range map[string]Waterfall{"below 0": bars(100, -40, 120, 120), "nothing": bars(0, 0, 0)} {
		if n := len(w.Figures(r).Rows); n != 0 {
			t.Errorf("%s: %d rows of figures", name, n)
		}
	}
}
