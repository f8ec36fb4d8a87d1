package app

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/app/steps"
	"trueup/rules/strict"
)

// The exit codes. Where several apply, the highest wins, except that Wrong stops
// everything.
const (
	Done       = 0
	Findings   = 1 // at or above --fail-on; or a difference, or a failed rule test
	Wrong      = 2 // usage, settings, rule, waiver or contacts file
	Incomplete = 3 // customer data missing or incomplete, or a rule not evaluable for some customer
	NotWritten = 4 // reports not written, or mail not delivered
)

// Exit is an exit code with the error that leads to it, if there is one. An error
// without a code is about what people wrote, and leads to Wrong.
type Exit struct {
	Code int
	Err  error // nil if there is nothing to say
}

func (e *Exit) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit %d", e.Code)
	}
	return e.Err.Error()
}

func (e *Exit) Unwrap() error { return e.Err }

// Fail gives an error its exit code; nil stays nil.
func Fail(code int, err error) error {
	if err == nil {
		return nil
	}
	return &Exit{code, err}
}

// codeOf is the exit code that an error leads to.
func codeOf(err error) int {
	exit := (*Exit)(nil)
	switch {
	case err == nil:
		return Done
	case steps.IsBusy(err): // another run has the folder
		return NotWritten
	case errors.As(err, &exit):
		return exit.Code
	}
	return Wrong
}

// printError writes an error and its hint. Of several errors it writes each, those
// in files with their source line.
func printError(w io.Writer, err error) {
	if exit := (*Exit)(nil); errors.As(err, &exit) {
		err = exit.Err
	}
	if err == nil {
		return
	}
	if list := (strict.Errors)(nil); errors.As(err, &list) {
		for _, e := range list {
			printOne(w, "error", e.Error(), e.Snippet(), e.Hint())
		}
		return
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		for _, one := range many.Unwrap() {
			printError(w, one)
		}
		return
	}
	hint := ""
	if h := (interface{ Hint() string })(nil); errors.As(err, &h) {
		hint = h.Hint()
	}
	printOne(w, "error", err.Error(), "", hint)
}

func printOne(w io.Writer, kind, text, snippet, hint string) {
	fmt.Fprintf(w, "trueup: %s: %s\n", kind, plain.Visible(text))
	if snippet != "" {
		fmt.Fprintln(w, plain.Visible(snippet))
	}
	if hint != "" {
		fmt.Fprintln(w, "trueup: hint:", plain.Visible(hint))
	}
}
