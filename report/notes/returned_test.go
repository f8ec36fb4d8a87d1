package notes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/tables"
)

const headings = "Rule,Customer GUID,Connection ID,Owner,Due,Comment\n"

func TestReturnedCSVOfAllCountries(t *testing.T) {
	const text = "Rule;Customer GUID;Connection ID;Owner;Due;Comment\r\nover;g-1;;Jörg;1.12.;\"a, b\"\r\nover;g-1;;Ben;;\r\n;;;;;\r\nover;g-2\r\n"
	want := Notes{
		{Rule: "over", GUID: "g-1"}:                {Owner: "Jörg", Due: "1.12.", Comment: "a, b"},
		{Rule: "over", GUID: "g-1", Occurrence: 1}: {Owner: "Ben"},
		{Rule: "over", GUID: "g-2"}:                {},
	}
	for encoding, encode := range encoders {
		for name, text := range map[string]string{
			"semicolons": text, "tabs": strings.ReplaceAll(text, ";", "\t"), "sep=": "sep=;\r\n" + text, "capitals": strings.ToUpper(text[:51]) + text[51:],
			"other columns": strings.TrimSuffix("x;"+strings.ReplaceAll(text, "\r\n", "\r\nx;"), "x;"), "below a title": "Findings;;\r\nas of today\r\n\r\n" + text,
		} {
			if got := read(t, save(t, "x.csv", encode(t, text))); !reflect.DeepEqual(got, want) {
				t.Errorf("%s in %s: %+v", name, encoding, got)
			}
		}
	}
}

func TestReturnedCells(t *testing.T) {
	data := sheet(t, [][]any{{"Notes"}, {"Rule", "Customer GUID", "Connection ID", "Owner", "Due", "Comment"},
		{"a", "g", nil, true, 46357, 46357.5}, {"b", "g", nil, "x", "46357", "#1"}, {"c", "g", nil, "Kim", nil, "kept"}, {"d", "g", nil, "gone", nil, nil}})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: new("[$-407]d. mmmm yyyy;@")})
	must(t, err, f.SetCellStyle("Notes", "F2", "F2", day), f.SetCellFormula("Notes", "D4", "=A1"), f.SetCellFormula("Notes", "E4", "=TODAY()"))
	var b bytes.Buffer
	must(t, f.Write(&b))
	kept := Notes{{Rule: "c", GUID: "g"}: {Owner: "before"}}
	got, err := Read([]string{save(t, "back.xlsx", b.Bytes())}, kept)
	want := Notes{
		{Rule: "a", GUID: "g"}: {Owner: "TRUE", Due: "2026-12-01", Comment: "2026-12-01"},
		{Rule: "b", GUID: "g"}: {Owner: "x", Due: "2026-12-01", Comment: "#1"},
		{Rule: "c", GUID: "g"}: {Owner: "before", Comment: "kept"}, // who cannot read a formula keeps what was there
		{Rule: "d", GUID: "g"}: {Owner: "gone"},
	}
	if err != nil || !reflect.DeepEqual(got.Notes, want) {
		t.Errorf("%+v, %v", got.Notes, err)
	}
	problems(t, got.Problems, "annotation-is-formula: Owner of finding c of customer g is a formula at back.xlsx:Notes!D4: it is left out",
		"annotation-is-formula: Due of finding c of customer g is a formula at back.xlsx:Notes!E4: it is left out")
}

func problems(t *testing.T, got []fetch.Problem, want ...string) {
	t.Helper()
	var texts []string
	for _, p := range got {
		texts = append(texts, p.Kind+": "+p.Text)
	}
	if !slices.Equal(texts, want) {
		t.Errorf("problems\n%s\nwant\n%s", strings.Join(texts, "\n"), strings.Join(want, "\n"))
	}
}

func TestSeveralReturnedFiles(t *testing.T) {
	key := report.Key{Rule: "r", GUID: "g"}
	row := func(owner, due, comment string) string {
		return headings + "r,g,," + owner + "," + due + "," + comment + "\n"
	}
	for name, test := range map[string]struct {
		kept  report.Note
		files []string
		want  report.Note
		told  []string
	}{
		"the same":                 {files: []string{row("Ana", "", ""), row("Ana", "", "")}, want: report.Note{Owner: "Ana"}},
		"one is empty":             {files: []string{row("", "", ""), row("Ana", "", ""), row("", "", "")}, want: report.Note{Owner: "Ana"}},
		"one changed it":           {kept: report.Note{Owner: "old"}, files: []string{row("Ana", "", ""), row("old", "", "")}, want: report.Note{Owner: "Ana"}},
		"one took it away":         {kept: report.Note{Owner: "old"}, files: []string{row("old", "", ""), row("", "", ""), row("old", "", "")}},
		"each another cell":        {files: []string{row("Ana", "", ""), row("", "May", ""), row("", "", "soon")}, want: report.Note{Owner: "Ana", Due: "May", Comment: "soon"}},
		"two changes, the last is": {files: []string{row("Ana", "May", ""), row("Ben", "May", "")}, want: report.Note{Owner: "Ben", Due: "May"}, told: []string{`annotation-given-twice: Owner of finding r of customer g is "Ana" at 1.csv:2:1 and "Ben" in 2.csv, which counts`}},
	} {
		dir := t.TempDir()
		for i, text := range test.files {
			must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.csv", i+1)), []byte(text), 0o600))
		}
		must(t, os.WriteFile(filepath.Join(dir, "~$1.xlsx"), []byte("Ana has it open"), 0o600), os.WriteFile(filepath.Join(dir, "report.pdf"), nil, 0o600), os.Mkdir(filepath.Join(dir, "sub.csv"), 0o700))
		got, err := Read([]string{dir}, Notes{key: test.kept})
		if err != nil || got.Notes[key] != test.want {
			t.Errorf("%s: %+v, %v", name, got.Notes, err)
		}
		problems(t, got.Problems, test.told...)
	}
}

func TestNotesThatMatchNothing(t *testing.T) {
	r := sample(t, nil)
	first, c := r.Keys()[0], r.Customers[r.Findings[0].Customer]
	text := headings + strings.Join([]string{first.Rule, first.GUID, first.Connection, "Ana", "", ""}, ",") + "\n" +
		"gone-rule," + first.GUID + ",c-1,Ben,,\n" + "any-rule,gone-customer,,,,soon\n" + "any-rule,other,,,,\n" + ",,,,,\"who, me?\"\n"
	back, err := Read([]string{save(t, "back.csv", []byte(text))}, nil)
	must(t, err)
	lost := "annotation-matches-nothing: the note at back.csv:6:1 belongs to no finding: Rule or Customer GUID is empty"
	gone := "annotation-matches-nothing: the note at back.csv:3:1 is on no finding of this report: finding gone-rule of customer " + first.GUID + ", connection c-1"
	customer := "annotation-matches-nothing: the note at back.csv:4:1 is on no finding of this report: finding any-rule of customer gone-customer"
	problems(t, back.ProblemsOf(r), lost, gone, customer)

	pack := *r // a pack is told of its own customers
	pack.Manager = "Ana"
	problems(t, back.ProblemsOf(&pack), gone)
	pack.Customers, pack.Findings = slices.DeleteFunc(slices.Clone(r.Customers), func(x report.Customer) bool { return x.UmpCustomerGuid == c.UmpCustomerGuid }), nil
	problems(t, back.ProblemsOf(&pack))

	missing := *r // what an instance did not send nobody knows
	missing.Sources = append(slices.Clone(r.Sources), fetch.Source{Name: "", Failed: "timeout"})
	problems(t, back.ProblemsOf(&missing), lost)
}

func TestRefused(t *testing.T) {
	other, empty := sheet(t, [][]any{{"Sheet1"}, {"x"}}), sheet(t, [][]any{{tables.SheetFindings}})
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"another workbook":   {other, "no findings"},
		"without columns":    {empty, "no findings"},
		"cut off":            {workbook(t, sample(t, nil))[:5000], "not a workbook"},
		"nothing":            {nil, "no findings"},
		"another table":      {[]byte("a,b\n1,2\n"), "no findings"},
		"not text":           {[]byte(headings + "x,y,z,\x00,,\n"), ":2:7: this is not text"},
		"quotes":             {[]byte(headings + "x,y,z,a\"b,,\n"), ":2:8: a quotation mark"},
		"another kind":       {[]byte("\xd0\xcf\x11\xe0 old .xls"), "an old or a protected workbook"},
		"too large":          {bytes.Repeat([]byte("x"), maxBytes+1), "larger than 64 MiB"},
		"too many rows":      {[]byte(headings + strings.Repeat("a,b,c,,,\n", maxRows+1)), "more than 200,000 rows"},
		"workbook of nobody": {[]byte("PK\x03\x04 not a zip"), "not a workbook"},
	} {
		var refused *Error
		if _, err := Read([]string{save(t, "x", test.data)}, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) || refused.Hint() == "" {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if _, err := Read([]string{filepath.Join(t.TempDir(), "nowhere.xlsx")}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Read([]string{t.TempDir()}, nil); err == nil || !strings.Contains(err.Error(), "no workbook and no CSV file in this folder") {
		t.Errorf("empty folder: %v", err)
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.csv"), []byte("a,b\n"), 0o600))
	if _, err := Read([]string{dir}, nil); err == nil || !strings.Contains(err.Error(), "a.csv: no findings") {
		t.Errorf("folder without findings: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "b.csv"), []byte(headings), 0o600))
	back, err := Read([]string{dir}, nil)
	must(t, err)
	problems(t, back.Problems, "annotations-without-findings: a.csv has no findings: it is left out")
	must(t, os.WriteFile(filepath.Join(dir, "c.xlsx"), []byte("PK\x03\x04"), 0o600))
	if _, err := Read([]string{dir}, nil); err == nil || strings.Contains(err.Error(), "a.csv") || !strings.Contains(err.Error(), "c.xlsx: not a workbook") {
		t.Errorf("broken file: %v", err)
	}
	_, err = Read([]string{save(t, "a.csv", []byte("a,b\n")), save(t, "b.csv", nil), save(t, "c.csv", []byte(headings))}, nil)
	if err == nil || !strings.Contains(err.Error(), "a.csv") || !strings.Contains(err.Error(), "b.csv") || strings.Contains(err.Error(), "c.csv") {
		t.Errorf("all at once: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{headings + "a,b,c,\"d\ne\",f,g\n", "sep=;\r\nrule;customer guid;connection id;owner;due;comment;instance\r\na;b;;Jörg;;'=1+1;emea\r\n"} {
		for _, encode := range encoders {
			f.Add(encode(f, text))
		}
	}
	f.Add([]byte("PK\x03\x04"))
	f.Add(sheet(f, [][]any{{"Findings"}, {"as of"}, {"Rule", "Customer GUID", "Connection ID", "Owner", "Due", "Comment"}, {"a", "g", nil, true, 46357, "x"}}))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "x")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		back, err := Read([]string{path}, nil)
		if err != nil && back.Notes != nil {
			t.Error("notes with an error")
		}
		for key, n := range back.Notes {
			if key.Rule == "" || len(n.Comment) > 4*maxComment || strings.ContainsAny(n.Owner+n.Due+n.Comment, "\r\n\x00") {
				t.Errorf("%+v: %+v", key, n)
			}
		}
	})
}
