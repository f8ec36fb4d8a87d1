package pdf

import (
	"fmt"
	"trueup/fetch/plain"
	"unicode/utf8"
)

// maxText bounds one text of a customer's, in bytes: names are wrapped and
// never cut, but a megabyte is no name.
const maxText = 2000

// bounded cuts a text that no page could hold, and says so.
func bounded(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	rest := plain.Group(fmt.Sprint(utf8.RuneCountInString(s[end:])))
	return s[:end] + "… (" + rest + " more characters in the workbook)"
}
