package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/app/show"
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

// problem is one thing to tell people.
type problem struct {
	text, hint, snippet string
	pos                 strict.Position // in a file that people wrote
}

// problemsOf are all that an error tells of; none if it is an exit code alone.
func problemsOf(err error) (list []problem) {
	if exit := (*Exit)(nil); errors.As(err, &exit) {
		err = exit.Err
	}
	if err == nil {
		return nil
	}
	if mistakes := (strict.Errors)(nil); errors.As(err, &mistakes) {
		for _, e := range mistakes {
			list = append(list, problem{e.Error(), e.Hint(), e.Snippet(), e.Pos})
		}
		return list
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		for _, one := range many.Unwrap() {
			list = append(list, problemsOf(one)...)
		}
		return list
	}
	one := problem{text: err.Error()}
	if h := (interface{ Hint() string })(nil); errors.As(err, &h) {
		one.hint = h.Hint()
	}
	if one.hint == "" && errors.Is(err, fs.ErrNotExist) {
		one.hint = "check the path: it begins in the working directory, one of the settings beside their file"
	}
	return []problem{one}
}

// printError writes an error and its hint. Of several errors it writes each, those
// in files with their source line.
func printError(w io.Writer, err error) {
	for _, one := range problemsOf(err) {
		one.print(w, "error")
	}
}

func (p problem) print(w io.Writer, kind string) {
	fmt.Fprintf(w, "trueup: %s: %s\n", kind, plain.Visible(p.text))
	if p.snippet != "" {
		fmt.Fprintln(w, plain.Visible(p.snippet))
	}
	if p.hint != "" {
		fmt.Fprintln(w, "trueup: hint:", plain.Visible(p.hint))
	}
}

// shown are problems for programs.
func shown(list []problem) (out []show.Problem) {
	for _, p := range list {
		out = append(out, show.Problem{Text: p.text, Hint: p.hint, File: p.pos.File, Line: p.pos.Line, Column: p.pos.Column})
	}
	return out
}

// log writes the same as a line of the log.
func (p problem) log(to *slog.Logger, level slog.Level, more ...any) {
	if p.hint != "" {
		more = append(more, "hint", p.hint)
	}
	if p.pos.File != "" {
		more = append(more, "file", p.pos.File, "line", p.pos.Line, "column", p.pos.Column)
	}
	to.Log(context.Background(), level, p.text, more...)
}

// wantsJSON tells whether the log is to be JSON, as well as can be told where
// the flags themselves are wrong.
func (p *Program) wantsJSON(args []string) bool {
	const flag = "--log-format"
	format, _ := p.Env("TRUEUP_LOG_FORMAT")
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, flag+"="); ok {
			format = value
		} else if arg == flag && i+1 < len(args) {
			format = args[i+1]
		}
	}
	return format == "json"
}
