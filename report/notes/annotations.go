// Package annotations brings comments back: what people wrote into the columns
// Owner, Due and Comment of a workbook or CSV file and returned. They are kept
// beside the history and shown in every later report of the same finding.
package notes

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
)

// FileName is the file in the history folder that keeps the notes.
const FileName = "annotations.json"

// Bounds on what is read: a returned file comes from anybody.
const (
	MaxBytes   = 64 << 20 // of the file
	maxRows    = 200_000
	maxShort   = 200  // of owner and due, in UTF-16 units
	maxComment = 2000 // of a comment
)

// Notes are what people wrote, by finding. A returned finding whose cells are
// all empty is there with an empty note: somebody took the note away.
type Notes map[report.Key]report.Note

// Merge is old with what came back: it replaces and takes away, finding by
// finding, and leaves alone what did not come back.
func Merge(old, back Notes) Notes {
	merged := Notes{}
	for _, notes := range []Notes{old, back} {
		maps.Copy(merged, notes)
	}
	maps.DeleteFunc(merged, func(_ report.Key, n report.Note) bool { return n == report.Note{} })
	return merged
}

// Error says why a returned file cannot be used.
type Error struct {
	File, Text, HintText string
}

func (e *Error) Error() string { return "read annotations: " + e.File + ": " + e.Text }

// Hint says what to do about it.
func (e *Error) Hint() string { return e.HintText }

// Read reads a returned workbook or CSV file, told apart by their content.
func Read(path string) (Notes, error) {
	data, err := readBounded(path)
	if err != nil {
		return nil, fmt.Errorf("read annotations: %w", err)
	}
	if len(data) > MaxBytes {
		return nil, &Error{path, fmt.Sprintf("larger than %d MB", MaxBytes>>20), fewerRows}
	}
	if bytes.HasPrefix(data, []byte("PK")) {
		return readWorkbook(path, data)
	}
	return readCSV(path, data)
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}

// columns of the findings sheet that identify a finding or hold its note.
const (
	colRule       = "Rule"
	colInstance   = "Instance"
	colCustomer   = "Customer GUID"
	colConnection = "Connection ID"
	colName       = "Connection"
	colOwner      = "Owner"
	colDue        = "Due"
	colComment    = "Comment"
)

// header finds the columns by their headings; nil if the row is not the
// table's first one. A workbook without findings about connections has no
// column for their ids.
func header(row []string) map[string]int {
	at := map[string]int{}
	for i, heading := range row {
		heading = strings.TrimSpace(strings.TrimPrefix(heading, "\uFEFF"))
		if _, twice := at[heading]; !twice {
			at[heading] = i
		}
	}
	needed := []string{colRule, colCustomer, colOwner, colDue, colComment}
	if _, ok := at[colName]; ok {
		needed = append(needed, colConnection)
	}
	for _, need := range needed {
		if _, ok := at[need]; !ok {
			return nil
		}
	}
	return at
}

// table collects the notes of rows.
type table struct {
	at    map[string]int
	notes Notes
	seen  map[report.Key]int // how often each finding came, as in report.Key
}

func newTable(at map[string]int) *table {
	return &table{at: at, notes: Notes{}, seen: map[report.Key]int{}}
}

// add reads one row; note cells are changed by mend, which gets the heading.
func (t *table) add(row []string, mend func(heading, text string) string) {
	cell := func(heading string) string {
		i, ok := t.at[heading]
		if !ok || i >= len(row) {
			return ""
		}
		return unguard(strings.TrimSpace(row[i]))
	}
	key := report.Key{Rule: cell(colRule), Guid: cell(colCustomer), Instance: cell(colInstance), Connection: cell(colConnection)}
	if key.Rule == "" || key.Guid == "" {
		return
	}
	n := t.seen[key]
	t.seen[key]++
	key.Occurrence = n
	note := func(heading string, max int) string {
		return plain.TextMax(unguard(strings.TrimSpace(mend(heading, cell(heading)))), max)
	}
	t.notes[key] = report.Note{Owner: note(colOwner, maxShort), Due: note(colDue, maxShort), Comment: note(colComment, maxComment)}
}

// unguard takes away the apostrophe that the CSV writer puts before a text
// that a spreadsheet would run.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsAny(s[1:2], "=+-@") {
		return s[1:]
	}
	return s
}

// stored is the form of the file beside the history.
type stored struct {
	Schema string       `json:"schema"`
	Notes  []storedNote `json:"notes"`
}

type storedNote struct {
	Instance   string `json:"instance,omitempty"`
	Customer   string `json:"customer"`
	Rule       string `json:"rule"`
	Connection string `json:"sipConnection,omitempty"`
	Occurrence int    `json:"occurrence,omitempty"`
	Owner      string `json:"owner,omitempty"`
	Due        string `json:"due,omitempty"`
	Comment    string `json:"comment,omitempty"`
}

const schema = "trueup.annotations/1"

// Load reads the notes kept in a history folder; none if there are none yet.
func Load(history string) (Notes, error) {
	path := filepath.Join(history, FileName)
	data, err := readBounded(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read annotations: %w", err)
	}
	var s stored
	if err := json.Unmarshal(data, &s); err != nil || s.Schema != schema {
		return nil, &Error{path, "not a file of trueup's annotations", "move it away, and give the returned workbooks again"}
	}
	notes := Notes{}
	for _, n := range s.Notes {
		notes[report.Key{Instance: n.Instance, Guid: n.Customer, Rule: n.Rule, Connection: n.Connection, Occurrence: n.Occurrence}] =
			report.Note{Owner: n.Owner, Due: n.Due, Comment: n.Comment}
	}
	return notes, nil
}

// Write writes the notes as Load reads them, in a fixed order.
func (notes Notes) Write(w io.Writer) error {
	s := stored{Schema: schema, Notes: []storedNote{}}
	for _, k := range slices.SortedFunc(maps.Keys(notes), compareKeys) {
		n := notes[k]
		s.Notes = append(s.Notes, storedNote{k.Instance, k.Guid, k.Rule, k.Connection, k.Occurrence, n.Owner, n.Due, n.Comment})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(s)
}

func compareKeys(a, b report.Key) int {
	return cmp.Or(strings.Compare(a.Instance, b.Instance), strings.Compare(a.Guid, b.Guid), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Connection, b.Connection), cmp.Compare(a.Occurrence, b.Occurrence))
}
