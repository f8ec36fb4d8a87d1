package notes

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
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

// sample is the report of the sample portfolio, with notes.
func sample(t *testing.T, notes Notes) *report.Report {
	t.Helper()
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Sample()
	return report.Build(report.Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: set.Evaluate(p.Customers), Notes: notes})
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
	top := 0
	for header(rows[top]) == nil {
		top++
	}
	at := header(rows[top])
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
	notes, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return notes
}

func must(t *testing.T, errs ...error) {
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
	if notes := read(t, save(t, "returned.xlsx", data)); notes[r.KeyOf(0)].Owner != "Ana" {
		t.Errorf("notes %+v", notes)
	}
	if header([]string{"Rule", "Customer GUID", "Connection", "Owner", "Due", "Comment"}) != nil {
		t.Error("findings about connections came back without the ids")
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
		before.KeyOf(0): {Owner: "Ana", Due: "2026-12-01", Comment: "line one"},
		before.KeyOf(1): {Due: "end of March"},
		before.KeyOf(2): {Comment: strings.Repeat("x", maxComment-1) + "…"},
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
		notes[r.KeyOf(i)] = report.Note{Owner: "=1+1", Due: "-3", Comment: "+49 30 1234, @home 'quoted'"}
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

func TestCSVOfOtherCountries(t *testing.T) {
	const text = "Rule;Customer GUID;Connection ID;Owner;Due;Comment\r\nover;g-1;;Ana;1.12.;a, b\r\nover;g-1;;Ben;;\r\n;;;;;\r\nover;g-2\r\n"
	want := Notes{
		{Rule: "over", Guid: "g-1"}:                {Owner: "Ana", Due: "1.12.", Comment: "a, b"},
		{Rule: "over", Guid: "g-1", Occurrence: 1}: {Owner: "Ben"},
		{Rule: "over", Guid: "g-2"}:                {},
	}
	if got := read(t, save(t, "x.csv", []byte(text))); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := read(t, save(t, "x.csv", []byte(strings.ReplaceAll(text, ";", "\t")))); !reflect.DeepEqual(got, want) {
		t.Errorf("tabs: %+v", got)
	}
}

func TestMerge(t *testing.T) {
	a, b, c := report.Key{Guid: "a"}, report.Key{Guid: "b"}, report.Key{Guid: "c"}
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
	notes := Notes{{Instance: "i", Guid: "g", Rule: "r", Connection: "s", Occurrence: 1}: {Owner: "<o>", Due: "d", Comment: "c"}, {Guid: "a", Rule: "b"}: {Comment: "x"}}
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

// Formulas are found as any spreadsheet writes them, and never in another sheet.
func TestFormulas(t *testing.T) {
	data := edited(t, workbook(t, sample(t, nil)), func(f *excelize.File, cell func(string, int) string) {
		shared, span := excelize.STCellFormulaTypeShared, cell("Due", 4)+":"+cell("Due", 6)
		must(t, f.SetCellFormula(tables.SheetFindings, cell("Owner", 3), `="x"&"y"`),
			f.SetCellFormula(tables.SheetFindings, cell("Due", 4), "=TODAY()", excelize.FormulaOpts{Type: &shared, Ref: &span}),
			f.SetCellFormula(tables.SheetCustomers, "A9", "=1+1"))
	})
	cells, err := formulas(data, tables.SheetFindings)
	if err != nil || len(cells) != 4 {
		t.Errorf("%v, %v", cells, err)
	}
	for _, broken := range []string{`<sheetData><row><c><f>1</f></c>`, `<c r="A1"><`} {
		if _, err := formulaCells(xml.NewDecoder(strings.NewReader(broken))); err == nil {
			t.Errorf("%s: no error", broken)
		}
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
	r := report.Build(report.Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: set.Evaluate(p.Customers)})
	for i := range r.Findings {
		r.Findings[i].Owner = "somebody"
	}
	var data bytes.Buffer
	if err := xlsx.Write(&data, r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if notes, err := readWorkbook("x", data.Bytes()); err != nil || len(notes) != len(r.Findings) {
			b.Fatal(len(notes), err)
		}
	}
}

// bomb is a workbook whose sheet unpacks to far more than a reader allows.
func bomb(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	must(t, f.SetSheetName("Sheet1", tables.SheetFindings))
	var plain, out bytes.Buffer
	must(t, f.Write(&plain))
	in, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	must(t, err)
	z := zip.NewWriter(&out)
	for _, part := range in.File {
		w, err := z.Create(part.Name)
		must(t, err)
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			_, err = io.CopyN(w, zeros{}, maxUnzipped+1)
			must(t, err)
			continue
		}
		r, err := part.Open()
		must(t, err)
		_, err = io.Copy(w, r)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestRefused(t *testing.T) {
	other := excelize.NewFile()
	var plain bytes.Buffer
	must(t, other.Write(&plain))
	must(t, other.SetSheetName("Sheet1", tables.SheetFindings))
	var empty bytes.Buffer
	must(t, other.Write(&empty))
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"another workbook":   {plain.Bytes(), "no sheet Findings"},
		"without columns":    {empty.Bytes(), "lacks Rule"},
		"cut off":            {workbook(t, sample(t, nil))[:5000], "not a workbook"},
		"bomb":               {bomb(t), "unzip size exceeds"},
		"nothing":            {nil, "no findings"},
		"another table":      {[]byte("a,b\n1,2\n"), "no findings"},
		"not UTF-8":          {[]byte("Rule,Customer GUID,Connection ID,Owner,Due,Comment\nx,y,z,\xe4,,\n"), "neither a workbook nor CSV"},
		"another kind":       {[]byte("\xd0\xcf\x11\xe0 old .xls"), "neither a workbook nor CSV"},
		"too large":          {bytes.Repeat([]byte("x"), MaxBytes+1), "larger than 64 MB"},
		"too many rows":      {[]byte("Rule,Customer GUID,Connection ID,Owner,Due,Comment\n" + strings.Repeat("a,b,c,,,\n", maxRows+1)), "more than 200000 rows"},
		"workbook of nobody": {[]byte("PK\x03\x04 not a zip"), "not a workbook"},
	} {
		var refused *Error
		if _, err := Read(save(t, "x", test.data)); !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "nowhere.xlsx")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Rule,Customer GUID,Connection ID,Owner,Due,Comment\na,b,c,\"d\ne\",f,g\n"))
	f.Add([]byte("PK\x03\x04"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "x")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		notes, err := Read(path)
		if err != nil && notes != nil {
			t.Error("notes with an error")
		}
		for key, n := range notes {
			if key.Rule == "" || len(n.Comment) > 4*maxComment || strings.ContainsAny(n.Owner+n.Due+n.Comment, "\r\n\x00") {
				t.Errorf("%+v: %+v", key, n)
			}
		}
	})
}
