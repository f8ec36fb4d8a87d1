package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxUsageDays bounds the days of one history: ten years.
const maxUsageDays = 3660

// appendUsage writes a history as snapshots and journals hold it. A column is a
// text of its days from "from" on: a number, or - for no record, n for null, a for
// absent, u for unreadable; "97*30" is thirty days alike.
func appendUsage(b []byte, u *Usage) []byte {
	if u.Failed != "" {
		b = appendText(append(b, `{"failed":`...), TextOf(u.Failed))
		return append(b, '}')
	}
	if u.Len() == 0 {
		return append(b, "{}"...)
	}
	b = fmt.Appendf(b, `{"from":%q`, u.From.String())
	for c, key := range columnKeys {
		b = fmt.Appendf(b, `,%q:"`, key)
		b = append(appendRuns(b, u.days[c]), '"')
	}
	if len(u.Switches) > 0 {
		b = append(b, `,"switches":[`...)
		for i, s := range u.Switches {
			if i > 0 {
				b = append(b, ',')
			}
			b = fmt.Appendf(b, `{"from":%q`, s.From.String())
			if s.On != nil {
				b = appendObject(append(b, `,"on":`...), s.On, strconv.AppendBool)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// storedWords are those of noRecord and the values below it, in their order.
var storedWords = [...]string{"-", "n", "a", "u"}

func appendRuns(b []byte, days []stored) []byte {
	for i := 0; i < len(days); {
		run := i + 1
		for run < len(days) && days[run] == days[i] {
			run++
		}
		if i > 0 {
			b = append(b, ' ')
		}
		if s := days[i]; s < 0 {
			b = append(b, storedWords[noRecord-s]...)
		} else {
			b = strconv.AppendInt(b, int64(s), 10)
		}
		if n := run - i; n > 1 {
			b = strconv.AppendInt(append(b, '*'), int64(n), 10)
		}
		i = run
	}
	return b
}

// usageForm is what appendUsage writes.
type usageForm struct {
	Failed         string `json:"failed"`
	From           string `json:"from"`
	Acquired       string `json:"acquired"`
	Licensed       string `json:"licensed"`
	DirectRouting  string `json:"directRouting"`
	Operator       string `json:"operatorConnect"`
	LifeCycle      string `json:"lifeCycle"`
	UserInterface  string `json:"userInterface"`
	ServiceNumbers string `json:"serviceNumbers"`
	Switches       []struct {
		From string          `json:"from"`
		On   map[string]bool `json:"on"`
	} `json:"switches"`
}

var errNoUsage = errors.New("not a license history as this version writes it")

// parseUsage reads what appendUsage wrote and refuses everything else.
func parseUsage(raw jsontext.Value) (*Usage, error) {
	var form usageForm
	if err := json.Unmarshal(raw, &form, json.RejectUnknownMembers(true)); err != nil {
		return nil, errNoUsage
	}
	u := &Usage{Failed: form.Failed}
	if form.From != "" {
		from, err := ParseDay(form.From)
		if err != nil {
			return nil, errNoUsage
		}
		u.From = from
	}
	for c, text := range []string{form.Acquired, form.Licensed, form.DirectRouting, form.Operator, form.LifeCycle, form.UserInterface, form.ServiceNumbers} {
		days, ok := parseRuns(text)
		if !ok || len(days) != len(u.days[0]) && c > 0 {
			return nil, errNoUsage
		}
		u.days[c] = days
	}
	for _, s := range form.Switches {
		from, err := ParseDay(s.From)
		if n := len(u.Switches); err != nil || n > 0 && from <= u.Switches[n-1].From {
			return nil, errNoUsage
		}
		u.Switches = append(u.Switches, Switches{from, s.On})
	}
	if !bytes.Equal(appendUsage(nil, u), raw) { // there is one way to write it
		return nil, errNoUsage
	}
	return u, nil
}

func parseRuns(text string) (days []stored, ok bool) {
	for word := range strings.SplitSeq(text, " ") {
		if text == "" {
			break
		}
		value, times, repeated := strings.Cut(word, "*")
		n, err := int64(1), error(nil)
		if repeated {
			n, err = strconv.ParseInt(times, 10, 32)
		}
		s, known := parseStored(value)
		if err != nil || !known || n < 1 || len(days)+int(n) > maxUsageDays {
			return nil, false
		}
		days = slices.Grow(days, int(n))
		for range n {
			days = append(days, s)
		}
	}
	return days, true
}

func parseStored(word string) (stored, bool) {
	if i := slices.Index(storedWords[:], word); i >= 0 {
		return noRecord - stored(i), true
	}
	n, ok := plainDigits([]byte(word))
	return stored(n), ok && n <= MaxCount
}
