package fetch

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DataError says why an answer or a file was refused. Nothing of it is used.
type DataError struct {
	Offset int64  // bytes into the decompressed content; -1 where there is none
	Entry  int    // which customer of the list, from 1; 0 if the error is in none
	Why    string // lower case, one line, bounded
	Advice string // what to do now; may be empty
	Cut    bool   // the content ended too early: another try may bring the rest
	Err    error  // the cause, if another library or the system knows it
}

func (e *DataError) Error() string {
	var b strings.Builder
	switch {
	case e.Offset >= 0 && e.Entry > 0:
		fmt.Fprintf(&b, "at byte %d, in customer %d of the list: ", e.Offset, e.Entry)
	case e.Offset >= 0:
		fmt.Fprintf(&b, "at byte %d: ", e.Offset)
	case e.Entry > 0:
		fmt.Fprintf(&b, "in customer %d of the list: ", e.Entry)
	}
	b.WriteString(e.Why)
	if e.Err != nil && !isEnd(e.Err) {
		fmt.Fprintf(&b, ": %s", clean(e.Err.Error(), 200))
	}
	return b.String()
}

func (e *DataError) Unwrap() error { return e.Err }

// Hint says what the reader of the message can do.
func (e *DataError) Hint() string { return e.Advice }

func isEnd(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// clean makes text from outside fit for a message: valid UTF-8 on one line,
// without control or invisible formatting characters, at most max bytes.
func clean(s string, max int) string {
	const more = "…"
	if len(s) > 8*max {
		s = s[:8*max] // long enough for the cut below, short enough to be cheap
	}
	s = strings.Map(printable, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= max {
		return s
	}
	s = s[:max-len(more)]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + more
}

func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
		return -1
	}
	return r
}
