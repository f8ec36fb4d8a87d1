package rules

import (
	"fmt"
	"time"
)

// Date is a calendar day without a time or zone, as waivers name it.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("malformed date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// DateOf is the day of a time, in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Time is the day's first moment in UTC.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// DaysUntil counts the days from d to other; negative if other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.Time().Sub(d.Time()) / (24 * time.Hour))
}

func (d Date) String() string { return d.Time().Format(time.DateOnly) }
