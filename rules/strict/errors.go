// Package strict reads YAML files that people write by hand: rules, waivers and
// settings. An unknown key or a wrong value is an error with its line and column, and
// all errors of a file come at once.
package strict

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Position is a place in a file. Line and Column count from 1, the column in
// characters; both are 0 if the whole file is meant.
type Position struct {
	File         string
	Line, Column int
}

func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Compare orders positions as a reader of the files meets them.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Error is one mistake in a file.
type Error struct {
	Pos        Position
	Text       string
	HintText   string // what to do now; "" if Text says it all
	SourceLine string // the line at Pos, without its line break; "" if unknown
}

func (e Error) Error() string { return e.Pos.String() + ": " + e.Text }

// Hint says what to do about the error.
func (e Error) Hint() string { return e.HintText }

// snippetWidth is how many characters of a long source line are shown.
const snippetWidth = 100

// Snippet is the source line with a caret below the mistake, in two lines
// without a final line break; "" if the line is not known.
func (e Error) Snippet() string {
	if e.SourceLine == "" || e.Pos.Column < 1 {
		return ""
	}
	line := []rune(strings.ReplaceAll(e.SourceLine, "\t", " "))
	column := min(e.Pos.Column-1, len(line))
	if from := column - snippetWidth/2; from > 0 && len(line) > snippetWidth {
		line, column = line[from:], column-from
	}
	line = line[:min(len(line), snippetWidth)]
	number := fmt.Sprintf("%5d", e.Pos.Line)
	return fmt.Sprintf("%s | %s\n%*s | %*s^", number, string(line), len(number), "", column, "")
}

// Errors are all mistakes found, in the order of their positions. Callers pass
// them on as one error; whoever prints them ranges over them.
type Errors []Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is the errors as an error, nil if there are none: an empty Errors in an
// error variable is not nil.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Sorted orders the errors by position and keeps one of several equal ones.
func (e Errors) Sorted() Errors {
	slices.SortStableFunc(e, func(a, b Error) int { return a.Pos.Compare(b.Pos) })
	return slices.Compact(e)
}

// WithSource fills in the source lines of errors about the named file.
func (e Errors) WithSource(file string, data []byte) Errors {
	lines := bytes.Split(data, []byte("\n"))
	for i := range e {
		if n := e[i].Pos.Line; e[i].Pos.File == file && n >= 1 && n <= len(lines) {
			e[i].SourceLine = cleanLine(lines[n-1])
		}
	}
	return e
}

// maxLine bounds the source lines kept, in bytes: files of one huge line exist.
const maxLine = 4096

// cleanLine is a line as a terminal may show it.
func cleanLine(line []byte) string {
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	clean := strings.ToValidUTF8(strings.TrimSuffix(string(line), "\r"), string(utf8.RuneError))
	return strings.Map(func(r rune) rune {
		if r != '\t' && (r < ' ' || r == 0x7F) {
			return utf8.RuneError
		}
		return r
	}, clean)
}
