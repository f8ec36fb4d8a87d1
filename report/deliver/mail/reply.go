package mail

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// NoReply says that nobody is asked for a reply.
const NoReply = "none"

// ReplyPattern is the form of Settings.ReplyWithin.
const ReplyPattern = `^(none|[1-9][0-9]{0,2} (working )?days?)$`

var replyWithin = regexp.MustCompile(ReplyPattern)

// replyBy is the day by which a reply is asked for; false if none is. Working
// days are Monday to Friday.
func replyBy(from time.Time, within string) (time.Time, bool) {
	m := replyWithin.FindStringSubmatch(within)
	if m == nil || within == NoReply {
		return time.Time{}, false
	}
	number, _, _ := strings.Cut(within, " ")
	n, _ := strconv.Atoi(number) // the pattern has digits there
	day := from.UTC()
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday; m[2] == "" || !weekend {
			n--
		}
	}
	return day, true
}
