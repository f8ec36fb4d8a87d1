// Package grid reads tables that people keep in a spreadsheet, however the
// spreadsheet saved them: as CSV in any of its encodings and separators, or as
// a workbook. Cells come with their places, for messages.
package grid

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"trueup/fetch/plain"
)

// Want says which table is looked for, and how much is read of it.
type Want struct {
	Headings []string // the table has them, in any case and order
	Optional []string // it may have these
	Top      int      // in how many rows the headings are looked for, empty ones aside
	Comments bool     // rows that begin with # are left out
	Sheet    string   // of a workbook, if it has it; else it is the first one with the headings
	MaxRows  int      // below the headings, empty ones aside
	MaxBytes int64    // that a workbook may unpack to
}

// Error says why a file cannot be read as a table.
type Error struct {
	Place          Place // zero if it is about the whole file
	Text, HintText string
}

func (e *Error) Error() string {
	if e.Place.Line == 0 {
		return e.Text
	}
	return e.Place.In("file") + ": " + e.Text
}

// Hint says what to do about it.
func (e *Error) Hint() string { return e.HintText }

// Place is where a cell stands. Line and Column count from 1, the column in
// characters; of a sheet they count rows and columns.
type Place struct {
	Sheet        string // "" in CSV
	Line, Column int
}

// In is the place in a file, as file:2:7 or file:Sheet1!B3.
func (p Place) In(file string) string {
	switch {
	case p.Line == 0:
		return file
	case p.Sheet == "":
		return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
	}
	name, err := excelize.CoordinatesToCellName(p.Column, p.Line)
	if err != nil {
		name = fmt.Sprintf("row %d", p.Line)
	}
	return file + ":" + plain.TextMax(p.Sheet, 40) + "!" + name
}

// Mark is what a cell of a workbook holds in place of a text or a number.
type Mark uint8

// The marks. Cells of CSV have none.
const (
	Formula Mark = iota + 1
	Date         // a number that is shown as a date or a time
	Truth        // true or false
	Fault        // an error as #N/A
)

func (m Mark) String() string {
	return [...]string{"a text", "a formula", "a date", "true or false", "an error value"}[m]
}

// source gives the rows of a file one after another.
type source interface {
	read() ([]string, error) // the next row, which the next call may overwrite; io.EOF at the end
	place(column int) Place  // of a cell of the row that was read last; columns count from 0
	mark(column int) Mark
}

// Table is a table whose headings were looked for and whose rows can be read.
type Table struct {
	Head  []Cell // the row of the headings, or else the first row
	Found bool   // it has all headings that were wanted
	Text  string // of CSV, decoded

	want    Want
	src     source
	columns map[string]int // of the headings wanted, folded
	close   func()
	day     func(days float64) (time.Time, error) // nil in CSV
}

// Cell is a cell's text, without spaces around it, with its place and mark.
type Cell struct {
	Text  string
	Place Place
	Mark  Mark
}

// Open looks for a table in a file's content. Without one it gives the table
// that comes nearest, which is not Found. Call Close when done with it. Errors
// are an *Error.
func Open(data []byte, want Want) (*Table, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return openBook(data, want)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, &Error{Text: "an old or a protected workbook", HintText: "save it as .xlsx without a password, or as CSV UTF-8"}
	}
	return openCSV(data, want)
}

// Close lets go of what the library keeps of a workbook.
func (t *Table) Close() {
	if t.close != nil {
		t.close()
	}
}

// attempt is a first look at a source.
type attempt struct {
	head  int // how many rows to read up to the headings, or to the first row
	found bool
	score int // how much the first row looks like the headings
}

// look reads a source up to the headings.
func (w *Want) look(src source) (a attempt, err error) {
	seen := 0
	for n := 1; seen < max(w.Top, 1); n++ {
		cells, err := src.read()
		if err == io.EOF {
			return a, nil
		}
		if err != nil {
			return a, err
		}
		if w.skip(cells) {
			continue
		}
		columns := w.columns(cells)
		if seen++; seen == 1 {
			a.head, a.score = n, 1000*len(columns)+min(len(cells), 999)
		}
		if !slices.ContainsFunc(w.Headings, func(h string) bool { _, ok := columns[plain.Fold(h)]; return !ok }) {
			return attempt{head: n, found: true, score: a.score}, nil
		}
	}
	return a, nil
}

// skip tells rows that say nothing.
func (w *Want) skip(cells []string) bool {
	if w.Comments && len(cells) > 0 && strings.HasPrefix(strings.TrimSpace(cells[0]), "#") {
		return true
	}
	return !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// columns are where the headings stand that are wanted; of two the first.
func (w *Want) columns(cells []string) map[string]int {
	at := map[string]int{}
	for _, heading := range slices.Concat(w.Headings, w.Optional) {
		is := func(cell string) bool { return plain.SameFold(clean(cell), heading) }
		if i := slices.IndexFunc(cells, is); i >= 0 {
			at[plain.Fold(heading)] = i
		}
	}
	return at
}

// clean is a text without spaces, and marks that cannot be seen, around it.
func clean(s string) string { return strings.Trim(strings.TrimSpace(s), "\uFEFF\u200B") }

// tableOf is the table of a fresh source, read up to what look has found.
func (w Want) tableOf(src source, a attempt) (*Table, error) {
	t := &Table{want: w, src: src, Found: a.found}
	var cells []string
	for range a.head {
		var err error
		if cells, err = src.read(); err != nil {
			return nil, err
		}
	}
	t.columns = w.columns(cells)
	for i := range cells {
		t.Head = append(t.Head, Cell{Text: clean(cells[i]), Place: src.place(i)})
	}
	for n := len(t.Head); n > 0 && t.Head[n-1].Text == ""; n-- {
		t.Head = t.Head[:n-1]
	}
	return t, nil
}

// Day turns the number by which a workbook knows a day, from 1955 to 2119, into
// YYYY-MM-DD. It leaves other texts alone.
func (t *Table) Day(text string) string {
	days, err := strconv.ParseFloat(text, 64)
	if t.day == nil || err != nil || !(days >= 20_000 && days <= 80_000) {
		return text
	}
	day, err := t.day(days)
	if err != nil {
		return text
	}
	return day.Format(time.DateOnly)
}

// Row is one row of a table. It is valid until the next is read.
type Row struct {
	table *Table
	cells []string
}

// Rows are the rows below the headings that say something. An error, an
// *Error, is the last.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for n := 0; ; {
			cells, err := t.src.read()
			switch {
			case err == io.EOF:
				return
			case err != nil:
				yield(Row{}, err)
				return
			case t.want.skip(cells):
				continue
			}
			if n++; n > t.want.MaxRows {
				yield(Row{}, &Error{Text: fmt.Sprintf("more than %s rows", plain.Number(t.want.MaxRows))})
				return
			}
			if !yield(Row{t, cells}, nil) {
				return
			}
		}
	}
}

// Cell is the row's cell under a heading that was wanted. Where the row is too
// short, or the table has no such heading, it is empty and stands where the
// row begins.
func (r Row) Cell(heading string) Cell {
	at, ok := r.table.columns[plain.Fold(heading)]
	if !ok {
		return Cell{Place: r.table.src.place(0)}
	}
	return r.at(at)
}

func (r Row) at(column int) Cell {
	c := Cell{Place: r.table.src.place(column), Mark: r.table.src.mark(column)}
	if column < len(r.cells) {
		c.Text = strings.TrimSpace(r.cells[column])
	}
	return c
}

// Stray is the row's first cell that says something and stands right of the
// last heading or under an empty one.
func (r Row) Stray() (Cell, bool) {
	for i := range r.cells {
		if i < len(r.table.Head) && r.table.Head[i].Text != "" {
			continue
		}
		if c := r.at(i); c.Text != "" {
			return c, true
		}
	}
	return Cell{}, false
}
