package plain

import "time"

// Moment shows a time in its own zone, to the minute.
func Moment(t time.Time) string {
	text := t.Format("2006-01-02 15:04 UTC")
	if _, offset := t.Zone(); offset != 0 {
		text += t.Format("-07:00")
	}
	return text
}
