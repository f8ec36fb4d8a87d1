package app

import (
	"fmt"
	"strconv"
	"time"

	"trueup/report/app/settings"
)

// sourceDateEpoch is the environment variable that stands in for the clock, in
// seconds since 1970: for tests, and for reports that are made again.
const sourceDateEpoch = "SOURCE_DATE_EPOCH"

// clock is the program's clock, or the moment that the environment names; then
// fixed is true.
func (p *Program) clock() (now func() time.Time, fixed bool, err error) {
	text, ok := p.Env(sourceDateEpoch)
	if !ok || text == "" {
		return p.Now, false, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 || seconds > 253402300799 { // the end of the year 9999
		return nil, false, settings.Usage{Text: fmt.Sprintf("%s: %q is no number of seconds since 1970", sourceDateEpoch, text),
			HintText: "write it as date +%s does, or unset it"}
	}
	at := time.Unix(seconds, 0).UTC()
	return func() time.Time { return at }, true, nil
}
