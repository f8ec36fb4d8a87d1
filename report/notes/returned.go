package notes

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/grid"
	"trueup/report/tables"
)

// Bounds on what is read: a returned file comes from anybody.
const (
	maxBytes    = 64 << 20 // of a file
	maxFiles    = 1000     // of a folder
	maxUnpacked = 512 << 20
	maxRows     = 200_000
	maxShort    = 200  // of owner and due, in UTF-16 units
	maxComment  = 2000 // of a comment
)

// The columns of the findings that identify one or hold its note.
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

var findings = grid.Want{Headings: []string{colRule, colCustomer, colOwner, colDue, colComment}, Optional: []string{colConnection, colInstance},
	Top: 20, Sheet: tables.SheetFindings, MaxRows: maxRows, MaxBytes: maxUnpacked}

// Error says why a returned file cannot be used.
type Error struct {
	File, Text, HintText string
	err                  error // errNoFindings, or nil
}

func (e *Error) Error() string { return "read annotations: " + e.File + ": " + e.Text }

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do about it.
func (e *Error) Hint() string { return e.HintText }

// errNoFindings is that a file is another table.
var errNoFindings = errors.New("no findings")

// fewerRows works since findings that do not come back keep their notes.
const fewerRows = "return only the rows that somebody wrote into, with the table's first row, as CSV UTF-8"

// Returned is what came back in files.
type Returned struct {
	Notes Notes // of all files
	// Problems are about single notes: formulas, contradictions, and notes
	// that belong to no finding.
	Problems []fetch.Problem

	kept   Notes                 // what is known from before
	places map[report.Key]string // where a note stands
}

// Read reads returned workbooks and CSV files, told apart by their content,
// and all of them in the folders among paths. Where files differ on a finding,
// who changed what was kept counts, and of several changes the last.
func Read(paths []string, kept Notes) (Returned, error) {
	r := Returned{Notes: Notes{}, kept: kept, places: map[report.Key]string{}}
	var errs []error
	for _, path := range paths {
		errs = append(errs, r.path(path))
	}
	if err := errors.Join(errs...); err != nil {
		return Returned{}, err
	}
	return r, nil
}

// path reads a file, or the workbooks and CSV files in a folder. Of those the
// ones without findings are told and left out, as long as there are others.
func (r *Returned) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read annotations: %w", err)
	}
	if !info.IsDir() {
		return r.file(path)
	}
	files, err := filesIn(path)
	if err != nil {
		return err
	}
	var errs, without []error
	for _, file := range files {
		if err := r.file(file); errors.Is(err, errNoFindings) {
			without = append(without, err)
			r.problem(noFindings, report.Key{}, "%s has no findings: it is left out", nameOfFile(file))
		} else {
			errs = append(errs, err)
		}
	}
	if len(without) == len(files) {
		errs = without
	}
	return errors.Join(errs...)
}

// filesIn are the workbooks and CSV files in a folder.
func filesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read annotations: %w", err)
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		isTable := slices.Contains([]string{".xlsx", ".xlsm", ".csv", ".tsv", ".txt"}, strings.ToLower(filepath.Ext(name)))
		if isTable && !e.IsDir() && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~$") { // ~$ marks a workbook that is open
			files = append(files, filepath.Join(dir, name))
		}
	}
	switch {
	case len(files) == 0:
		return nil, &Error{File: dir, Text: "no workbook and no CSV file in this folder", HintText: "put the returned files into it, as .xlsx or .csv"}
	case len(files) > maxFiles:
		return nil, &Error{File: dir, Text: "more than " + plain.Number(maxFiles) + " files", HintText: "give a folder with the returned files alone"}
	}
	return files, nil
}

func nameOfFile(path string) string { return plain.TextMax(filepath.Base(path), 80) }

// file adds what came back in one file.
func (r *Returned) file(path string) error {
	data, err := plain.ReadFile(path, maxBytes)
	if large := (*plain.TooLarge)(nil); errors.As(err, &large) {
		return &Error{File: path, Text: "larger than " + plain.Bytes(large.Limit), HintText: fewerRows}
	}
	if err != nil {
		return fmt.Errorf("read annotations: %w", err)
	}
	t, err := grid.Open(data, findings)
	if err != nil {
		return unreadable(path, err)
	}
	defer t.Close()
	if !t.Found || lacksIDs(t.Head) {
		return &Error{path, "no findings: no row has the headings " + strings.Join(slices.Insert(slices.Clone(findings.Headings), 2, colConnection), ", "),
			"return the findings as trueup wrote them, with all their columns", errNoFindings}
	}
	f := returnedFile{Returned: r, name: nameOfFile(path), table: t, seen: map[report.Key]int{}}
	for row, err := range t.Rows() {
		if err != nil {
			return unreadable(path, err)
		}
		f.row(row)
	}
	return nil
}

// lacksIDs tells a table that names connections and has lost the column of
// their ids. One without findings about connections has neither.
func lacksIDs(head []grid.Cell) bool {
	has := func(heading string) bool {
		return slices.ContainsFunc(head, func(c grid.Cell) bool { return plain.SameFold(c.Text, heading) })
	}
	return has(colName) && !has(colConnection)
}

func unreadable(path string, err error) error {
	e := &grid.Error{Text: err.Error()}
	errors.As(err, &e)
	return &Error{File: e.Place.In(path), Text: e.Text, HintText: cmp.Or(e.HintText, fewerRows)}
}

// returnedFile is a file that is being read.
type returnedFile struct {
	*Returned
	name  string
	table *grid.Table
	seen  map[report.Key]int // how often each finding came, as in report.Key
}

// row reads one finding and the note on it.
func (f *returnedFile) row(row grid.Row) {
	key := report.Key{Rule: identity(row, colRule), GUID: identity(row, colCustomer), Instance: identity(row, colInstance), Connection: identity(row, colConnection)}
	known := key.Rule != "" && key.GUID != ""
	if known {
		n := f.seen[key]
		f.seen[key]++
		key.Occurrence = n
	}
	note := report.Note{
		Owner:   f.words(key, row, colOwner, maxShort, f.kept[key].Owner),
		Due:     f.words(key, row, colDue, maxShort, f.kept[key].Due),
		Comment: f.words(key, row, colComment, maxComment, f.kept[key].Comment),
	}
	at := row.Cell(colRule).Place.In(f.name)
	if !known {
		if note != (report.Note{}) {
			f.problem(matchesNothing, report.Key{}, "the note at %s belongs to no finding: Rule or Customer GUID is empty", at)
		}
		return
	}
	if earlier, twice := f.Notes[key]; twice {
		base := f.kept[key]
		note.Owner = f.settle(key, colOwner, base.Owner, earlier.Owner, note.Owner)
		note.Due = f.settle(key, colDue, base.Due, earlier.Due, note.Due)
		note.Comment = f.settle(key, colComment, base.Comment, earlier.Comment, note.Comment)
	}
	f.Notes[key] = note
	f.places[key] = at
}

// identity is a cell that says which finding a row is about.
func identity(row grid.Row, heading string) string { return unguard(row.Cell(heading).Text) }

// words are what a cell of a note says. Of a formula only its author knows
// what it says: what was kept stays.
func (f *returnedFile) words(key report.Key, row grid.Row, heading string, most int, kept string) string {
	cell := row.Cell(heading)
	text := cell.Text
	switch {
	case cell.Mark == grid.Formula:
		f.problem(isFormula, key, "%s of %s is a formula at %s: it is left out", heading, nameOf(key), cell.Place.In(f.name))
		return kept
	case cell.Mark == grid.Truth:
		text = map[string]string{"0": "FALSE", "1": "TRUE"}[text]
	case cell.Mark == grid.Date || heading == colDue:
		text = f.table.Day(text)
	}
	return plain.TextMax(unguard(strings.TrimSpace(unguard(text))), most)
}

// settle gives what counts where an earlier file has the same finding: what
// was changed against base, and the last of two changes.
func (f *returnedFile) settle(key report.Key, heading, base, earlier, later string) string {
	switch {
	case later == base || later == earlier:
		return earlier
	case earlier != base:
		f.problem(givenTwice, key, "%s of %s is %q at %s and %q in %s, which counts", heading, nameOf(key),
			plain.TextMax(earlier, 60), f.places[key], plain.TextMax(later, 60), f.name)
	}
	return later
}

// unguard takes away the apostrophe that the CSV writer puts before a text
// that a spreadsheet would run.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsAny(s[1:2], "=+-@") {
		return s[1:]
	}
	return s
}

// The kinds of problems with notes.
const (
	matchesNothing = "annotation-matches-nothing"
	givenTwice     = "annotation-given-twice"
	isFormula      = "annotation-is-formula"
	noFindings     = "annotations-without-findings"
)

func (r *Returned) problem(kind string, key report.Key, format string, args ...any) {
	r.Problems = append(r.Problems, fetch.Problem{Kind: kind, Text: fmt.Sprintf(format, args...), Instance: key.Instance, GUID: key.GUID})
}

// nameOf names a finding in a sentence.
func nameOf(key report.Key) string {
	name := "finding " + plain.TextMax(key.Rule, 60) + " of customer " + plain.TextMax(key.GUID, 60)
	if key.Connection != "" {
		name += ", connection " + plain.TextMax(key.Connection, 60)
	}
	return name
}

// Renamed gives instances their names of today, as Notes.Renamed does.
func (r Returned) Renamed(formerly map[string]string) Returned {
	r.Notes, r.kept = r.Notes.Renamed(formerly), nil
	places := maps.Clone(r.places)
	for key, place := range r.places {
		if name, ok := formerly[key.Instance]; ok {
			key.Instance = name
			if _, newer := r.places[key]; !newer {
				places[key] = place
			}
		}
	}
	r.places, r.Problems = places, slices.Clone(r.Problems)
	for i, p := range r.Problems {
		if name, ok := formerly[p.Instance]; ok {
			r.Problems[i].Instance = name
		}
	}
	return r
}

// ProblemsOf are the problems with what came back, those included that only
// show beside a report: notes on findings that it does not have. Those of a
// pack are about its customers. Customers whose instance is missing are none.
func (r Returned) ProblemsOf(book *report.Report) []fetch.Problem {
	if len(r.Problems)+len(r.Notes) == 0 {
		return nil
	}
	all := r
	all.Problems = slices.Clone(r.Problems)
	present := map[report.Key]bool{}
	for _, key := range book.Keys() {
		present[key] = true
	}
	missing := map[string]bool{}
	for _, source := range book.Sources {
		missing[source.Name] = source.Failed != ""
	}
	for _, key := range slices.SortedFunc(maps.Keys(r.Notes), report.CompareKeys) {
		if r.Notes[key] != (report.Note{}) && !present[key] && !missing[key.Instance] {
			all.problem(matchesNothing, key, "the note at %s is on no finding of this report: %s", r.places[key], nameOf(key))
		}
	}
	if book.Manager != "" {
		mine := map[[2]string]bool{}
		for i := range book.Customers {
			mine[[2]string{book.Customers[i].Instance, book.Customers[i].UmpCustomerGuid}] = true
		}
		all.Problems = slices.DeleteFunc(all.Problems, func(p fetch.Problem) bool { return !mine[[2]string{p.Instance, p.GUID}] })
	}
	return all.Problems
}
