package fetch

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Column is one of the numbers that the license history has of a day.
type Column uint8

// The columns. Those from DirectRouting on are the factors that currentlyLicensed
// is made of.
const (
	Acquired        Column = iota // acquiredLicenses
	Licensed                      // currentlyLicensed
	DirectRouting                 // managedUsersDirectRouting
	OperatorConnect               // managedUsersOperatorConnect
	LifeCycle                     // managedUsersByLifeCycleManagement
	UserInterface                 // managedUsersUserInterface
	ServiceNumbers                // managedServiceNumbers
	columns
)

// Factors are the columns that currentlyLicensed is made of.
var Factors = [...]Column{DirectRouting, OperatorConnect, LifeCycle, UserInterface, ServiceNumbers}

// columnKeys are what snapshots call the columns.
var columnKeys = [columns]string{"acquired", "licensed", "directRouting", "operatorConnect", "lifeCycle", "userInterface", "serviceNumbers"}

// String is what snapshots and reports call the column.
func (c Column) String() string { return columnKeys[c] }

// Usage is a customer's license history, a record a day at most. It is read-only
// once built.
type Usage struct {
	// Failed is why the history could not be had; "" if it was. Then there are no days.
	Failed string
	// From is the first day with a record, of the time zone that the history was
	// fetched for.
	From Day
	// AsOf is the day that the usage is judged as of; 0 means its last one. It is
	// no part of a snapshot.
	AsOf     Day
	Switches []Switches // which factors were counted, in order of the days

	days [columns][]stored // of each day from From on, all of one length
}

// Switches are the license factors that were on or off, from a day on.
type Switches struct {
	From Day
	On   map[string]bool // by the factor's display name; nil if the record did not say
}

// stored is a number of a day: what it is, or why there is none.
type stored int32

const (
	noRecord stored = -1 - iota // the day has no record at all; storedWords follows this order
	storedNull
	storedAbsent
	storedUnreadable
)

func store(c Count) stored {
	switch c.State {
	case Known:
		return stored(c.N) // at most MaxCount
	case Null:
		return storedNull
	case Absent:
		return storedAbsent
	}
	return storedUnreadable
}

func (s stored) count() Count {
	switch s {
	case noRecord, storedAbsent:
		return Count{}
	case storedNull:
		return Count{State: Null}
	case storedUnreadable:
		return Count{State: Unreadable}
	}
	return CountOf(int64(s))
}

// Known tells whether there is a history, even one without days.
func (u *Usage) Known() bool { return u != nil && u.Failed == "" }

// Len is how many days there are from the first record to the last.
func (u *Usage) Len() int { return len(u.days[Licensed]) }

// Count is a column's number on a day, Absent on days without a record.
func (u *Usage) Count(c Column, day Day) Count {
	if i := int(day - u.From); i >= 0 && i < u.Len() {
		return u.days[c][i].count()
	}
	return Count{}
}

// switchesOn are the switches that held on a day; nil if no record said.
func (u *Usage) switchesOn(day Day) map[string]bool {
	if i := u.switchAt(day); i >= 0 {
		return u.Switches[i].On
	}
	return nil
}

// switchAt is the index of those switches; -1 before the first.
func (u *Usage) switchAt(day Day) int {
	i, found := slices.BinarySearchFunc(u.Switches, day, func(s Switches, d Day) int { return int(s.From - d) })
	if !found {
		i--
	}
	return i
}

// sameSwitches tells that no factor was switched, as far as both records say.
func sameSwitches(a, b map[string]bool) bool {
	return (a == nil) == (b == nil) && maps.Equal(a, b)
}

// Month is what a customer used in one month of the calendar.
type Month struct {
	First    Day   // of the month
	Peak     Count // the highest currentlyLicensed; Absent without a day that has one
	PeakDay  Day   // the first day with it
	Acquired Count // acquired licenses on that day
	Split    [len(Factors)]Count
	Sum      int64 // of currentlyLicensed over the days with data
	Last     Count // of the newest day with data
	LastDay  Day

	Days, DaysInMonth int // with data, and in all
	// SwitchesChanged tells that factors were switched on or off within the month:
	// its days are not counted alike.
	SwitchesChanged bool
}

// Name is the month as YYYY-MM.
func (m *Month) Name() string { return m.First.MonthName() }

// Average is the mean currentlyLicensed of the days with data; false without any.
func (m *Month) Average() (float64, bool) {
	return float64(m.Sum) / float64(max(m.Days, 1)), m.Days > 0
}

// Rounded is the average in whole licenses, halves up; Absent without a day.
func (m *Month) Rounded() Count {
	if m.Days == 0 {
		return Count{}
	}
	days := int64(m.Days)
	return CountOf((2*m.Sum + days) / (2 * days))
}

// Whole tells whether each day of the month has data.
func (m *Month) Whole() bool { return m.Days == m.DaysInMonth }

// Enough tells whether at least nine days in ten have data: else nobody can tell
// the month's peak.
func (m *Month) Enough() bool { return m.Days*10 >= m.DaysInMonth*9 }

// Month is the usage in the month of a day.
func (u *Usage) Month(day Day) Month {
	first, next := day.FirstOfMonth(), day.AddMonths(1)
	m := Month{First: first, DaysInMonth: int(next - first)}
	before := -1 // switches of the last day with data
	for d := max(first, u.From); d < min(next, u.From+Day(u.Len())); d++ {
		licensed := u.Count(Licensed, d)
		if !licensed.Known() {
			continue
		}
		if m.Days++; !m.Peak.Known() || licensed.N > m.Peak.N {
			m.Peak, m.PeakDay = licensed, d
		}
		m.Sum += licensed.N
		at := u.switchAt(d)
		if m.Last.Known() && at != before && !sameSwitches(u.switchesOn(d), u.switchesOn(m.LastDay)) {
			m.SwitchesChanged = true
		}
		m.Last, m.LastDay, before = licensed, d, at
	}
	if m.Peak.Known() {
		m.Acquired = u.Count(Acquired, m.PeakDay)
		for i, factor := range Factors {
			m.Split[i] = u.Count(factor, m.PeakDay)
		}
	}
	return m
}

// Months are all months from that of the first record to that of the last,
// oldest first; not those after AsOf.
func (u *Usage) Months() (months []Month) {
	if u == nil || u.Len() == 0 {
		return nil
	}
	last := u.From + Day(u.Len()) - 1
	if u.AsOf != 0 {
		last = min(last, u.AsOf)
	}
	for first := u.From.FirstOfMonth(); first <= last; first = first.AddMonths(1) {
		months = append(months, u.Month(first))
	}
	return months
}

// Measured is the first day of the month that is judged: that of the as-of day
// if all its days have data, else the month before.
func (u *Usage) Measured() Day {
	day := u.judged()
	if m := u.Month(day); m.Whole() {
		return m.First
	}
	return day.AddMonths(-1)
}

// MonthsAhead counts the months from that of the as-of day to a later one.
func (u *Usage) MonthsAhead(month Day) int {
	return monthsBetween(u.judged(), month)
}

// judged is the day that the usage is judged as of: the last one, if no other is
// named.
func (u *Usage) judged() Day {
	if u.AsOf != 0 {
		return u.AsOf
	}
	return u.From + Day(max(u.Len(), 1)) - 1
}

// UsageFrom is a history by day, for tests of rules: columns are written as in a
// snapshot, such as "97*30 101 -".
func UsageFrom(from Day, acquired, licensed string) (*Usage, error) {
	u := &Usage{From: from}
	for c := range u.days {
		text := licensed
		if Column(c) == Acquired {
			text = acquired
		}
		days, ok := parseRuns(text)
		if !ok {
			return nil, fmt.Errorf("%q is no list of days, such as 97*30 101", text)
		}
		if u.days[c] = days; Column(c) > Licensed {
			u.days[c] = slices.Repeat([]stored{storedAbsent}, len(days))
		}
	}
	if len(u.days[Acquired]) != len(u.days[Licensed]) {
		return nil, errors.New("acquired and licensed are not of as many days")
	}
	return u, nil
}

// JudgedAsOf is the portfolio with its usage judged as of a day, on copies.
func (p Portfolio) JudgedAsOf(day Day) Portfolio {
	if p.version() == withoutUsage {
		return p
	}
	p.Customers = slices.Clone(p.Customers)
	for i := range p.Customers {
		if u := p.Customers[i].Usage; u != nil {
			judged := *u
			judged.AsOf = day
			p.Customers[i].Usage = &judged
		}
	}
	return p
}

// Newest is the last known currentlyLicensed and its day.
func (u *Usage) Newest() (Count, Day) {
	for i, s := range slices.Backward(u.days[Licensed]) {
		if s >= 0 {
			return s.count(), u.From + Day(i)
		}
	}
	return Count{}, 0
}
