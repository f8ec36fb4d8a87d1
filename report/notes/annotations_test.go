package notes

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats"
	"trueup/report/formats/xlsx"
	"trueup/report/tables"
	"trueup/rules"
)

// judged is what the rules say of customers.
func judged(t testing.TB, set *rules.Set, customers []fetch.Customer) *rules.Evaluation {
	t.Helper()
	e, err := set.Evaluate(t.Context(), customers)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// sample is the report of the sample portfolio, with notes.
func sample(t *testing.T, notes Notes) *report.Report {
	t.Helper()
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Sample()
	return report.Build(report.Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: judged(t, set, p.Customers), Notes: notes})
}

func workbook(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := xlsx.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edited is a workbook with some cells of the findings changed by a person:
// by heading and row of the finding, from 0.
func edited(t *testing.T, data []byte, edit func(f *excelize.File, cell func(heading string, finding int) string)) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(tables.SheetFindings)
	if err != nil {
		t.Fatal(err)
	}
	top, at := 0, map[string]int{}
	for !slices.Contains(rows[top], colOwner) {
		top++
	}
	for i, heading := range rows[top] {
		at[heading] = i
	}
	edit(f, func(heading string, finding int) string {
		name, err := excelize.CoordinatesToCellName(at[heading]+1, top+2+finding)
		if err != nil {
			t.Fatal(err)
		}
		return name
	})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) Notes {
	t.Helper()
	back, err := Read([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return back.Notes
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// A workbook without findings about connections has no column of their ids; one
// that lost it does not come back as if it had none.
func TestWorkbookWithoutConnections(t *testing.T) {
	r := sample(t, nil)
	var own []report.Finding
	for _, f := range r.Findings {
		if f.Connection < 0 {
			own = append(own, f)
		}
	}
	r.Findings = own
	for i := range r.Customers {
		r.Customers[i].Findings = nil
	}
	for i := range r.Rules {
		r.Rules[i].Findings = nil
	}
	data := edited(t, workbook(t, r), func(f *excelize.File, cell func(string, int) string) {
		if rows, err := f.GetRows(tables.SheetFindings); err != nil || slices.Contains(rows[2], colConnection) {
			t.Fatalf("the columns are %q (%v)", rows[2], err)
		}
		must(t, f.SetCellValue(tables.SheetFindings, cell("Owner", 0), "Ana"))
	})
	if notes := read(t, save(t, "returned.xlsx", data)); notes[r.Keys()[0]].Owner != "Ana" {
		t.Errorf("notes %+v", notes)
	}
	without := save(t, "returned.csv", []byte("Rule,Customer GUID,Connection,Owner,Due,Comment\nundeployed-sbc,g,hq,Ana,,\n"))
	if _, err := Read([]string{without}, nil); !errors.Is(err, errNoFindings) {
		t.Errorf("findings about connections came back without the ids: %v", err)
	}
}

func TestWorkbookComesBack(t *testing.T) {
	before := sample(t, nil)
	data := edited(t, workbook(t, before), func(f *excelize.File, cell func(string, int) string) {
		s := tables.SheetFindings
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err,
			f.SetCellValue(s, cell("Owner", 0), "  Ana  "), f.SetCellValue(s, cell("Due", 0), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)),
			f.SetCellStyle(s, cell("Due", 0), cell("Due", 0), day), f.SetCellValue(s, cell("Comment", 0), "line\none"),
			f.SetCellValue(s, cell("Due", 1), "end of March"), f.SetCellFormula(s, cell("Owner", 1), `=HYPERLINK("http://evil.example")`),
			f.SetCellValue(s, cell("Comment", 2), strings.Repeat("x", maxComment+10)))
	})
	notes := read(t, save(t, "returned.xlsx", data))
	if len(notes) != len(before.Findings) {
		t.Errorf("%d notes for %d findings", len(notes), len(before.Findings))
	}
	notes = Merge(nil, notes)
	want := Notes{
		before.Keys()[0]: {Owner: "Ana", Due: "2026-12-01", Comment: "line one"},
		before.Keys()[1]: {Due: "end of March"},
		before.Keys()[2]: {Comment: strings.Repeat("x", maxComment-1) + "…"},
	}
	if !reflect.DeepEqual(notes, want) {
		t.Errorf("notes %+v, want %+v", notes, want)
	}
	after := sample(t, notes)
	if f := after.Findings[0]; f.Owner != "Ana" || f.Due != "2026-12-01" || f.Comment != "line one" || after.Findings[3].Owner != "" {
		t.Errorf("%+v", f)
	}
}

// What was read is written, and read again the same.
func TestNotesGoRound(t *testing.T) {
	r := sample(t, nil)
	notes := Notes{}
	for i := range r.Findings {
		notes[r.Keys()[i]] = report.Note{Owner: "=1+1", Due: "-3", Comment: "+49 30 1234, @home 'quoted'"}
	}
	r = sample(t, notes)
	if got := read(t, save(t, "r.xlsx", workbook(t, r))); !reflect.DeepEqual(got, notes) {
		t.Errorf("workbook: %+v", got)
	}
	var b bytes.Buffer
	if err := formats.WriteCSV(&b, r, tables.SheetFindings); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"as written": b.String(), "without BOM": strings.TrimPrefix(b.String(), "\uFEFF")} {
		if got := read(t, save(t, "r.csv", []byte(text))); !reflect.DeepEqual(got, notes) {
			t.Errorf("CSV %s: %+v", name, got)
		}
	}
}

func TestMerge(t *testing.T) {
	a, b, c := report.Key{GUID: "a"}, report.Key{GUID: "b"}, report.Key{GUID: "c"}
	old := Notes{a: {Owner: "x"}, b: {Owner: "y"}}
	got := Merge(old, Notes{b: {}, c: {Owner: "z"}})
	if want := (Notes{a: {Owner: "x"}, c: {Owner: "z"}}); !reflect.DeepEqual(got, want) || len(old) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestStoredBesideTheHistory(t *testing.T) {
	dir := t.TempDir()
	if notes, err := Load(dir); err != nil || len(notes) > 0 {
		t.Errorf("none yet: %v, %v", notes, err)
	}
	notes := Notes{{Instance: "i", GUID: "g", Rule: "r", Connection: "s", Occurrence: 1}: {Owner: "<o>", Due: "d", Comment: "c"}, {GUID: "a", Rule: "b"}: {Comment: "x"}}
	var first, second bytes.Buffer
	must(t, notes.Write(&first), notes.Write(&second), os.WriteFile(filepath.Join(dir, FileName), first.Bytes(), 0o600))
	if got, err := Load(dir); err != nil || !reflect.DeepEqual(got, notes) || first.String() != second.String() {
		t.Errorf("%+v, %v", got, err)
	}
	must(t, os.WriteFile(filepath.Join(dir, FileName), []byte(`{"schema":"other"}`), 0o600))
	if _, err := Load(dir); err == nil {
		t.Error("another schema is read")
	}
}

// BenchmarkReadWorkbook has a note on every finding.
func BenchmarkReadWorkbook(b *testing.B) {
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		b.Fatal(err)
	}
	p := fetch.Sample()
	for range 8 { // 12,000 customers
		p.Customers = append(p.Customers, p.Customers...)
	}
	r := report.Build(report.Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: judged(b, set, p.Customers)})
	for i := range r.Findings {
		r.Findings[i].Owner = "somebody"
	}
	var data bytes.Buffer
	if err := xlsx.Write(&data, r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	path := filepath.Join(b.TempDir(), "x.xlsx")
	must(b, os.WriteFile(path, data.Bytes(), 0o600))
	for b.Loop() {
		if back, err := Read([]string{path}, nil); err != nil || len(back.Notes) != len(r.Findings) {
			b.Fatal(len(back.Notes), err)
		}
	}
}
