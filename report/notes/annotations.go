// Package notes reads what people write in spreadsheets. Notes are what they
// wrote into the columns Owner, Due and Comment of a workbook or CSV file and
// returned: they are kept beside the history and shown in every later report
// of the same finding. Contacts say who manages which customer.
package notes

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
)

// FileName is the file in the history folder that keeps the notes.
const FileName = "annotations.json"

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
	data, err := plain.ReadFile(path, maxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read annotations: %w", err)
	}
	var s stored
	if err := json.Unmarshal(data, &s); err != nil || s.Schema != schema {
		return nil, &Error{File: path, Text: "not a file of trueup's annotations", HintText: "move it away, and give the returned workbooks again"}
	}
	notes := Notes{}
	for _, n := range s.Notes {
		notes[report.Key{Instance: n.Instance, GUID: n.Customer, Rule: n.Rule, Connection: n.Connection, Occurrence: n.Occurrence}] =
			report.Note{Owner: n.Owner, Due: n.Due, Comment: n.Comment}
	}
	return notes, nil
}

// Write writes the notes as Load reads them, in a fixed order.
func (notes Notes) Write(w io.Writer) error {
	s := stored{Schema: schema, Notes: []storedNote{}}
	for _, k := range slices.SortedFunc(maps.Keys(notes), compareKeys) {
		n := notes[k]
		s.Notes = append(s.Notes, storedNote{k.Instance, k.GUID, k.Rule, k.Connection, k.Occurrence, n.Owner, n.Due, n.Comment})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(s)
}

func compareKeys(a, b report.Key) int {
	return cmp.Or(strings.Compare(a.Instance, b.Instance), strings.Compare(a.GUID, b.GUID), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Connection, b.Connection), cmp.Compare(a.Occurrence, b.Occurrence))
}
