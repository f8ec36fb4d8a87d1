package engine

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// measures are the ways to say how many licenses a customer uses.
var measures = []string{Current, Peak, Average}

// The measures: ActiveUserCount, or the peak or the average of a month.
const (
	Current = "current"
	Peak    = "peak"
	Average = "average"
)

// maxMonths bounds how many months a function looks at.
const maxMonths = 60

// usageFunction is a function of expressions about a customer's license history.
// Where the history does not carry an answer it makes the expression fail.
type usageFunction struct {
	types any               // its type for the checker
	does  any               // what the meter puts in its place, with the environment before the arguments
	bound func(arg any) any // the same for an argument that is a literal, which the machine calls faster; nil where there is none
}

// usageFunctions are known by their names. Months are counted back from the one that
// is measured: peak(1) is that month's, peak(3) the highest of three.
var usageFunctions = map[string]usageFunction{
	"peak":          ofArgument(func(w *work, months int) int { return int(w.peak(months).Peak.N) }),
	"peakDay":       ofArgument(func(w *work, months int) string { return w.peak(months).PeakDay.String() }),
	"average":       ofArgument((*work).average),
	"daysOver":      ofArgument((*work).daysOver),
	"measured":      ofArgument((*work).measured),
	"measuredWhen":  ofArgument((*work).measuredWhen),
	"forecastMonth": {types: func() string { return "" }, does: func(env any) string { return at(env).forecastMonth() }},
	"monthsToLimit": {types: func() int { return 0 }, does: func(env any) int { return at(env).monthsToLimit() }},
}

func ofArgument[A, R any](does func(*work, A) R) usageFunction {
	return usageFunction{
		types: func(A) (none R) { return none },
		does:  func(env, arg any) R { return does(at(env), arg.(A)) },
		bound: func(arg any) any { return func(env any) R { return does(at(env), arg.(A)) } },
	}
}

// usageNames are in the order of the documentation.
var usageNames = []string{"peak", "peakDay", "average", "daysOver", "measured", "measuredWhen", "forecastMonth", "monthsToLimit"}

// declared are the usage functions as the checker knows them. None is ever called.
func declared(name string) *builtin.Function {
	return &builtin.Function{Name: name, Types: []reflect.Type{reflect.TypeOf(usageFunctions[name].types)}}
}

// wrongMeasure is the first mention of a measure that there is not.
func wrongMeasure(n ast.Node) *Mistake {
	v := &vetter{}
	ast.Walk(&n, visit(func(n ast.Node) {
		call, ok := n.(*ast.CallNode)
		if !ok || len(call.Arguments) != 1 {
			return
		}
		callee, named := call.Callee.(*ast.IdentifierNode)
		measure, literal := call.Arguments[0].(*ast.StringNode)
		if named && literal && (callee.Value == "measured" || callee.Value == "measuredWhen") && !known(measure.Value) {
			v.fail(call, "choose from "+strings.Join(measures, ", "), "unknown measure %q", measure.Value)
		}
	}))
	return v.wrong
}

func known(measure string) bool { return slices.Contains(measures, measure) }

// The functions below say by cannot why there is no answer; a loop goes on then, so
// that they return something all the same.

// history is the customer's, or an empty one.
func (w *work) history() *fetch.Usage {
	u := w.customer.Usage
	switch {
	case u == nil:
		w.cannot(errors.New("the license history was not fetched (--usage-months): Usage is null"))
	case u.Failed != "":
		w.cannot(errors.New("the usage is unknown: the license history could not be had"))
	default:
		return u
	}
	return &fetch.Usage{}
}

// months are some up to the measured one, the newest first, each with enough data.
func (w *work) months(n int) (list []fetch.Month) {
	u := w.history()
	if n < 1 || n > maxMonths {
		w.cannot(fmt.Errorf("%d months: it must be 1 to %d", n, maxMonths))
		n = 1
	}
	last := u.Measured()
	for i := range n {
		w.spend(31)
		m := u.Month(last.AddMonths(-i))
		if !m.Enough() {
			w.cannot(fmt.Errorf("%s has usage data for %d of %s: too few to tell", m.Name(), m.Days, plain.Counted(m.DaysInMonth, "day")))
		}
		list = append(list, m)
	}
	return list
}

// peak is the month with the highest peak, the earliest of those alike.
func (w *work) peak(count int) (highest fetch.Month) {
	for i, m := range w.months(count) {
		if i == 0 || m.Peak.N >= highest.Peak.N {
			highest = m
		}
	}
	return highest
}

func (w *work) average(count int) float64 {
	sum, days := int64(0), 0
	for _, m := range w.months(count) {
		sum, days = sum+m.Sum, days+m.Days
	}
	return float64(sum) / float64(max(days, 1))
}

// daysOver counts the days on which more was used than was acquired on that day.
func (w *work) daysOver(count int) (n int) {
	u := w.history()
	for _, m := range w.months(count) {
		for d := m.First; d < m.First+fetch.Day(m.DaysInMonth); d++ {
			licensed, acquired := u.Count(fetch.Licensed, d), u.Count(fetch.Acquired, d)
			switch {
			case !licensed.Known():
			case !acquired.Known():
				w.cannot(fmt.Errorf("the licenses acquired on %s are not known", d))
			case licensed.N > acquired.N:
				n++
			}
		}
	}
	return n
}

// measured is how many licenses the customer uses, by a measure; an average is
// rounded to whole licenses.
func (w *work) measured(measure string) int {
	switch measure {
	case Peak:
		return int(w.peak(1).Peak.N)
	case Average:
		m := w.months(1)[0]
		return int(m.Rounded().N)
	case Current:
		used := w.customer.ActiveUserCount
		if err := strictRead.fail("ActiveUserCount", used.State); err != nil {
			w.cannot(err)
		}
		return int(used.N)
	}
	w.cannot(fmt.Errorf("the measure %q is not known: it is current, peak or average", measure))
	return 0
}

// measuredWhen says for a message what measured is of, "" for now, and how many
// licenses there were then and are now: it is set against those of now.
func (w *work) measuredWhen(measure string) string {
	now := w.customer.LicensedUsersCount
	switch measure {
	case Peak:
		m := w.peak(1)
		licenses := fmt.Sprintf("%s licenses then and %s now", m.Acquired, now)
		if m.Acquired == now {
			licenses = fmt.Sprintf("%s licenses then as now", now)
		}
		return fmt.Sprintf(" at the peak of %s (on %s, with %s)", m.Name(), m.PeakDay, licenses)
	case Average:
		m := w.months(1)[0]
		return fmt.Sprintf(" on average in %s (with %s licenses now)", m.Name(), now)
	}
	return ""
}

func (w *work) forecast() fetch.Forecast {
	w.spend(31 * maxMonths)
	return w.history().Forecast(w.customer.LicensedUsersCount)
}

// forecastMonth is the month in which the acquired licenses are reached; "" if the
// history does not carry a forecast.
func (w *work) forecastMonth() string {
	if f := w.forecast(); f.Month != 0 {
		return f.Month.MonthName()
	}
	return ""
}

// monthsToLimit is in how many months that is, counted from the as-of day's.
func (w *work) monthsToLimit() int {
	f := w.forecast()
	if f.Month == 0 {
		w.cannot(errors.New("there is no forecast: " + f.Reason))
		return 0
	}
	return max(0, w.history().MonthsAhead(f.Month))
}

// usageCell is Usage as expressions see it: the month that is measured, null where
// the history was not fetched.
func usageCell(u *fetch.Usage) fetch.Text {
	switch {
	case u == nil:
		return fetch.Text{State: fetch.Null}
	case u.Failed != "":
		return fetch.Text{State: fetch.Unreadable}
	}
	return fetch.TextOf(u.Measured().MonthName())
}
