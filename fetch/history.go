package fetch

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"trueup/fetch/plain"
)

// maxHistoryBytes bounds one customer's license history, decompressed.
const maxHistoryBytes = 16 << 20

// asked says what a history must be about.
type asked struct {
	guid        string
	first, last Day // days outside are left out
	zone        *time.Location
	secrets     *scrubber // may be nil
}

// note is something about a history that a reader of the report must know. Its
// text goes on after the customer's title, as in problem.
type note struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// history is what came of one customer's license history.
type history struct {
	usage *Usage
	notes []note
}

// record is one entry of the license history.
type record struct {
	guid    Text
	at      time.Time
	day     Day
	columns [columns]Count
	on      map[string]bool
}

// decodeHistory reads the API's answer to GET .../licenseinfo, as strictly as the
// list: one bare array of objects, each about the customer that was asked for.
// Records come in any order. Of two of one day the later one counts; if neither
// is later and they differ, what they say is unknown.
func decodeHistory(r io.Reader, ask asked) (history, error) {
	in, err := open(r, maxHistoryBytes)
	if err != nil {
		return history{}, err
	}
	in.secrets = ask.secrets
	if err := in.refuseUnlessHistory(); err != nil {
		return history{}, err
	}
	d := newDecoder(in, DecodeOptions{secrets: ask.secrets})
	records, err := d.records(ask)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return history{}, err
	}
	return ask.history(records), nil
}

func (in *input) refuseUnlessHistory() error {
	first, err := in.first()
	switch {
	case err != nil || first == '[':
		return err
	case first == none:
		return &DataError{Offset: 0, Why: "there is no content where a license history should be", Cut: true}
	}
	head, _ := in.r.Peek(8 << 10)
	return &DataError{Offset: 0, Why: "this is not a license history, which is one JSON array; it begins with " + in.quoted(head)}
}

func (d *decoder) records(ask asked) ([]record, error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, d.syntax(err)
	}
	var list []record
	for d.json.PeekKind() != ']' {
		if kind := d.json.PeekKind(); kind != '{' && kind != jsontext.KindInvalid {
			return nil, d.fail("a record of the license history is not an object", "")
		}
		var r record
		if err := d.object(historyFields, func(f field) error { return d.recordField(&r, f) }); err != nil {
			return nil, err
		}
		switch {
		case !r.guid.Known():
			return nil, d.fail("a record of the license history does not say whose it is", "")
		case !strings.EqualFold(r.guid.S, ask.guid):
			return nil, d.fail(fmt.Sprintf("the answer is about another customer: %s", clean(r.guid.S, 80)), "")
		}
		list = append(list, r)
	}
	_, err := d.json.ReadToken()
	return list, d.syntax(err)
}

func (d *decoder) recordField(r *record, f field) error {
	raw, err := d.json.ReadValue()
	if err != nil {
		return d.syntax(err)
	}
	switch {
	case f == fieldGUID:
		r.guid, _ = d.toText(raw, f)
	case f == fieldLastUpdate:
		t, _ := d.toText(raw, f)
		r.at = moment(t.S)
	case f == fieldSwitches:
		r.on = toSwitches(d.opt.secrets.hide(raw))
	default:
		r.columns[f-fieldAcquired] = toCount(raw)
	}
	return nil
}

// moment reads a lastUpdate, such as 2023-11-06T16:05:06.0202209+00:00; without an
// offset it is UTC. The zero time means that it cannot be read.
func moment(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// toSwitches reads LicenseFactors. It is nil unless each of them is true or false.
func toSwitches(raw jsontext.Value) map[string]bool {
	if raw.Kind() != '{' {
		return nil
	}
	on := map[string]bool{}
	d := jsontext.NewDecoder(bytes.NewReader(raw), anyText)
	d.ReadToken() // the bracket; the value was read before, so that nothing of it can fail
	for d.PeekKind() != '}' {
		name, _ := d.ReadToken()
		key := clean(name.String(), 80)
		value, err := d.ReadValue()
		if kind := value.Kind(); err != nil || kind != 't' && kind != 'f' {
			return nil
		}
		if _, twice := on[key]; twice {
			return nil
		}
		on[key] = value.Kind() == 't'
	}
	return on
}

// history puts the records of an answer in their days.
func (ask asked) history(records []record) history {
	left := len(records)
	for i := range records {
		records[i].day = DayOf(records[i].at, ask.zone)
	}
	records = slices.DeleteFunc(records, func(r record) bool { return r.at.IsZero() || r.day < ask.first || r.day > ask.last })
	h := history{usage: &Usage{}}
	if left -= len(records); left > 0 {
		h.notes = append(h.notes, note{"usage-day", fmt.Sprintf(": %s of its license history left out: no day, or one that was not asked for", plain.Counted(left, "record"))})
	}
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Or(int(a.day-b.day), a.at.Compare(b.at)) })
	days, conflict := oneADay(records)
	if conflict > 0 {
		h.notes = append(h.notes, note{"usage-conflict", fmt.Sprintf(": its license history has two records of the same moment that differ on %s: treated as unknown", plain.Counted(conflict, "day"))})
	}
	unreadable := h.usage.fill(days)
	if unreadable > 0 {
		h.notes = append(h.notes, note{"unreadable-value", fmt.Sprintf(": its license history has %s that the API does not document: treated as unknown", plain.Counted(unreadable, "value"))})
	}
	return h
}

// oneADay keeps the last of the records of each day, which are in order; conflict
// counts the days of which nobody can tell which is the last.
func oneADay(records []record) (days []record, conflict int) {
	for start := 0; start < len(records); {
		end := start + 1
		for end < len(records) && records[end].day == records[start].day {
			end++
		}
		last := records[end-1]
		for _, r := range records[start : end-1] {
			if r.at.Equal(last.at) && r.columns != last.columns {
				last.columns, last.on = [columns]Count{}, nil
				conflict++
				break
			}
		}
		days = append(days, last)
		start = end
	}
	return days, conflict
}

// fill sets the days of a history, and counts the numbers that are unreadable.
func (u *Usage) fill(days []record) (unreadable int) {
	if len(days) == 0 {
		return 0
	}
	u.From = days[0].day
	n := int(days[len(days)-1].day-u.From) + 1
	for c := range u.days {
		u.days[c] = slices.Repeat([]stored{noRecord}, n)
	}
	for _, r := range days {
		for c, count := range r.columns {
			u.days[c][r.day-u.From] = store(count)
			if count.State == Unreadable {
				unreadable++
			}
		}
		if last := len(u.Switches) - 1; last < 0 || !sameSwitches(u.Switches[last].On, r.on) {
			u.Switches = append(u.Switches, Switches{r.day, r.on})
		}
	}
	return unreadable
}
