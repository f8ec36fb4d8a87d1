package fetch

import "time"

// Day is a day of the calendar, counted from 1970-01-01; of which time zone, its
// owner says.
type Day int32

const secondsPerDay = 24 * 60 * 60

// DayOf is the day that a moment belongs to in a time zone; nil is UTC.
func DayOf(t time.Time, zone *time.Location) Day {
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := t.In(zone).Date()
	return dayOf(year, month, day)
}

func dayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, err
	}
	return DayOf(t, time.UTC), nil
}

// Time is the day's first moment as UTC has it.
func (d Day) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// MonthName is the day's month as YYYY-MM.
func (d Day) MonthName() string { return d.Time().Format("2006-01") }

// FirstOfMonth is the first day of the day's month.
func (d Day) FirstOfMonth() Day {
	year, month, _ := d.Time().Date()
	return dayOf(year, month, 1)
}

// AddMonths is the first day of the month that is so many months later.
func (d Day) AddMonths(n int) Day {
	year, month, _ := d.Time().Date()
	return dayOf(year, month+time.Month(n), 1)
}
