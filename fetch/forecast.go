package fetch

import (
	"fmt"
	"math"
	"slices"

	"trueup/fetch/plain"
)

const (
	// LeastMonths is how many monthly peaks a forecast needs.
	LeastMonths = 6
	// rising is how sure it must be that the peaks rise, in standard deviations of
	// the Mann-Kendall statistic: chance alone gives as much once in ten.
	rising = 1.28
)

// Forecast says in which month a customer's peak reaches a limit, if the peaks so
// far carry that.
type Forecast struct {
	Month  Day    // the first day of that month; 0 if there is none
	Reason string // why there is none
	// The line is Level + Slope × months after the last peak. It is there from
	// LeastMonths peaks on.
	Level, Slope float64
	Months       int // peaks that the line is drawn through
}

// Forecast draws a Theil-Sen line through the monthly peaks up to the measured
// month: its slope is the median of the slopes between all pairs, so that single odd
// months do not tilt it. Months without enough data are left out, and those before
// factors were last switched, since they are counted otherwise. It looks no further
// ahead than the peaks go back.
func (u *Usage) Forecast(limit Count) Forecast {
	switch {
	case u == nil:
		return Forecast{Reason: "the usage was not fetched"}
	case u.Failed != "":
		return Forecast{Reason: "the usage is unknown"}
	case !limit.Known():
		return Forecast{Reason: "the number of acquired licenses is not known"}
	}
	months, reason := u.comparable()
	if len(months) < LeastMonths {
		return Forecast{Months: len(months), Reason: fmt.Sprintf("%s with a peak, and it takes %d%s", plain.Counted(len(months), "month"), LeastMonths, reason)}
	}
	return project(months, limit.N)
}

// comparable are the months with a peak that are counted alike, and why there are
// no more of them, if they were counted otherwise before.
func (u *Usage) comparable() (months []Month, reason string) {
	last := u.Measured()
	for _, m := range slices.Backward(u.Months()) {
		if m.First > last || !m.Enough() {
			continue
		}
		if len(months) > 0 && !sameSwitches(u.switchesOn(m.LastDay), u.switchesOn(months[0].PeakDay)) {
			return months, ": its license factors were switched in " + months[0].Name()
		}
		if m.SwitchesChanged {
			return months, ": its license factors were switched in " + m.Name()
		}
		months = slices.Insert(months, 0, m)
	}
	return months, ""
}

// project draws the line and follows it to the limit.
func project(months []Month, limit int64) Forecast {
	last := months[len(months)-1]
	at := make([]float64, len(months)) // months after the last one: none is above 0
	for i, m := range months {
		at[i] = float64(monthsBetween(last.First, m.First))
	}
	var slopes []float64
	ups := 0
	for i := range months {
		for j := range i {
			rise := months[i].Peak.N - months[j].Peak.N
			slopes = append(slopes, float64(rise)/(at[i]-at[j]))
			ups += sign(rise)
		}
	}
	f := Forecast{Months: len(months), Slope: median(slopes)}
	levels := make([]float64, len(months))
	for i, m := range months {
		levels[i] = float64(m.Peak.N) - float64(f.Slope*at[i])
	}
	f.Level = median(levels)
	n := float64(len(months))
	sure := rising * math.Sqrt(n*(n-1)*(2*n+5)/18)
	horizon := int(-at[0]) + 1
	ahead := math.Ceil((float64(limit) - f.Level) / f.Slope)
	switch {
	case last.Peak.N >= limit:
		f.Reason = "the limit is reached already, in " + last.Name()
	case f.Slope <= 0 || float64(ups) < sure:
		f.Reason = "its peaks do not rise, as far as " + plain.Counted(len(months), "month") + " can tell"
	case ahead > float64(horizon):
		f.Reason = fmt.Sprintf("the limit is further away than %s can tell", plain.Counted(horizon, "month"))
	default:
		f.Month = last.First.AddMonths(max(1, int(ahead)))
	}
	return f
}

// At is what the line says of a month that is so many after the last peak's.
func (f Forecast) At(ahead int) float64 { return f.Level + float64(f.Slope*float64(ahead)) }

// monthsBetween counts the months from one first day to another.
func monthsBetween(from, to Day) int {
	a, b := from.Time(), to.Time()
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}

func sign(n int64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// median is the middle of some numbers, which it puts in order.
func median(list []float64) float64 {
	slices.Sort(list)
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}
