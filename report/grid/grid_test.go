package grid

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var names = Want{Headings: []string{"Name", "Age"}, Optional: []string{"Town"}, Top: 3, MaxRows: 10, MaxBytes: 4 << 20}

// rowsOf reads a table as "place=text mark|…", one row a line.
func rowsOf(t *testing.T, data []byte, want Want) (string, error) {
	t.Helper()
	table, err := Open(data, want)
	if err != nil {
		return "", err
	}
	defer table.Close()
	if !table.Found {
		return fmt.Sprintf("not found in %d cells", len(table.Head)), nil
	}
	var b strings.Builder
	for row, err := range table.Rows() {
		if err != nil {
			return b.String(), err
		}
		for _, heading := range []string{"name", "AGE", "Town"} {
			c := row.Cell(heading)
			fmt.Fprintf(&b, "%s=%s", c.Place.In(""), c.Text)
			if c.Mark != 0 {
				fmt.Fprintf(&b, " (%v)", c.Mark)
			}
			b.WriteString("|")
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

func TestCSV(t *testing.T) {
	comments := names
	comments.Comments = true
	for name, test := range map[string]struct {
		text string
		want Want
		rows string
	}{
		"plain":               {"Name,Age\nAna,7\n", names, ":2:1=Ana|:2:5=7|:2:1=|\n"},
		"order and more":      {"age;x;NAME;town\n7;y;Ana;Rome\n", names, ":2:5=Ana|:2:1=7|:2:9=Rome|\n"},
		"places":              {"sep=|\r\nname|age\r\n\r\n\"Ä\r\nn\"|7\r\n", names, ":4:1=Ä\nn|:5:4=7|:4:1=|\n"},
		"tabs beat commas":    {"name\tage\tx,y\nAna, B\t7\t\n", names, ":2:1=Ana, B|:2:8=7|:2:1=|\n"},
		"below a title":       {"People\n\nof May,,\nname,age\nAna,7\n", names, ":5:1=Ana|:5:5=7|:5:1=|\n"},
		"too far below":       {"a\nb\nc\nname,age\n", names, "not found in 1 cells"},
		"short rows":          {"name,age,town\nAna\n,,\n,8\n", names, ":2:1=Ana|:2:1=|:2:1=|\n:4:1=|:4:2=8|:4:1=|\n"},
		"comments":            {"#x;y\nname;age\n\"#z\";1\n#\"\nAna;7\n", comments, ":5:1=Ana|:5:5=7|:5:1=|\n"},
		"no comments":         {"name;age\n#z;1\n", names, ":2:1=#z|:2:4=1|:2:1=|\n"},
		"invisible around":    {"\u200bname\ufeff;\u00a0age\u00a0\nAna\u00a0;7\n", names, ":2:1=Ana|:2:6=7|:2:1=|\n"},
		"of two the first":    {"name,age,Name\na,1,b\n", names, ":2:1=a|:2:3=1|:2:1=|\n"},
		"nearest":             {"name;years\n", names, "not found in 2 cells"},
		"nothing":             {"", names, "not found in 0 cells"},
		"trailing empty ones": {"name;age;;\nAna;7;;\n;;;\n", names, ":2:1=Ana|:2:5=7|:2:1=|\n"},
	} {
		if got, err := rowsOf(t, []byte(test.text), test.want); err != nil || got != test.rows {
			t.Errorf("%s: %q, %v, want %q", name, got, err, test.rows)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"name,age\n" + strings.Repeat("a,1\n", 11): "more than 10 rows",
		"name,age\na,\"1\n":                        ":2:6: a quoted cell does not end where it should",
		"name,age\na,\"1\nb,2\n":                   ":2:1: a quoted cell does not end where it should",
		"name,age\nÄ,1\"2\n":                       ":2:4: a quotation mark inside a cell without quotes",
		"sep=##\nname":                             ":1:5: \"##\" separates no columns",
		"\xef\xbb\xbfname,age\nÄ\xff":              ":2:2: not valid UTF-8",
		"name,äöü\n\xff":                           ":2:1: not valid UTF-8",
		"name,age\na\x00":                          ":2:2: this is not text",
		"name,age\n\x9d":                           ":2:1: neither UTF-8 nor Windows-1252",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":         "an old or a protected workbook",
		"PK\x03\x04":                               "not a workbook that can be read",
	} {
		_, err := rowsOf(t, []byte(text), names)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(strings.TrimPrefix(e.Place.In("")+": "+e.Text, ": "), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// book is a workbook whose parts may be edited as text.
func book(t *testing.T, edit func(name, part string) string, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var whole, out bytes.Buffer
	if err := f.Write(&whole); err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(part.Name)
		if err == nil {
			_, err = io.WriteString(w, edit(part.Name, string(text)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asIs(_, part string) string { return part }

func fill(t *testing.T, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	if at, err := f.GetSheetIndex(sheet); err == nil && at < 0 {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	for i := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSheets(t *testing.T) {
	people := func(f *excelize.File, sheet, who string) {
		fill(t, f, sheet, []any{"Name", "Age"}, nil, []any{who, 7})
	}
	wanted := names
	wanted.Sheet = "PEOPLE"
	chart := func(f *excelize.File) {
		people(f, "Sheet1", "Ana")
		if err := f.AddChartSheet("Chart", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "a", Values: "Sheet1!$B$3:$B$3"}}}); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		fill func(f *excelize.File)
		want Want
		rows string
	}{
		"the first":             {func(f *excelize.File) { people(f, "Sheet1", "Ana"); people(f, "Sheet2", "Ben") }, names, ":Sheet1!A3=Ana|:Sheet1!B3=7|:Sheet1!A3=|\n"},
		"the one that has it":   {func(f *excelize.File) { fill(t, f, "Sheet1", []any{"x"}); people(f, "Sheet2", "Ben") }, names, ":Sheet2!A3=Ben|:Sheet2!B3=7|:Sheet2!A3=|\n"},
		"the one that is named": {func(f *excelize.File) { people(f, "Sheet1", "Ana"); people(f, "People", "Ben") }, wanted, ":People!A3=Ben|:People!B3=7|:People!A3=|\n"},
		"that one alone":        {func(f *excelize.File) { people(f, "Sheet1", "Ana"); fill(t, f, "People", []any{"x"}) }, wanted, "not found in 1 cells"},
		"beside a chart":        {chart, names, ":Sheet1!A3=Ana|:Sheet1!B3=7|:Sheet1!A3=|\n"},
		"none":                  {func(f *excelize.File) {}, names, "not found in 0 cells"},
	} {
		if got, err := rowsOf(t, book(t, asIs, test.fill), test.want); err != nil || got != test.rows {
			t.Errorf("%s: %q, %v, want %q", name, got, err, test.rows)
		}
	}
}

// Cells are marked as any spreadsheet writes them, and never by another sheet
// or column.
func TestMarks(t *testing.T) {
	data := book(t, func(name, part string) string {
		if name != "xl/worksheets/sheet1.xml" {
			return part
		}
		return strings.Replace(part, "</sheetData>", `<row r="8"><c r="A8" t="e"><v>#N/A</v></c><c r="B8" t="d"><v>2026-01-01</v></c><c r="C8" t="str"><f t="array" ref="C8">A1</f><v>x</v></c></row></sheetData>`, 1)
	}, func(f *excelize.File) {
		fill(t, f, "Sheet1", []any{"Name", "Age", "Other"}, []any{true, 46000, "x"}, []any{"a", 46000, 46000}, []any{"b", 46000}, []any{"c", 46000}, []any{nil, "d"}, []any{nil, "e"})
		for cell, style := range map[string]*excelize.Style{"B3": {NumFmt: 14}, "B4": {CustomNumFmt: new(`0" days"`)}, "B5": {CustomNumFmt: new(`[Red]yyyy\-mm`)}, "C3": {NumFmt: 14}} {
			id, err := f.NewStyle(style)
			if err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		shared := excelize.FormulaOpts{Type: new(excelize.STCellFormulaTypeShared), Ref: new("A6:A7")}
		if err := errors.Join(f.SetCellFormula("Sheet1", "A6", `="x"&"y"`, shared), f.SetCellFormula("Sheet1", "C2", "=1+1")); err != nil {
			t.Fatal(err)
		}
		fill(t, f, "Sheet2", []any{"Name", "Age"}, []any{"formula elsewhere"})
		if err := f.SetCellFormula("Sheet2", "A3", "=1+1"); err != nil {
			t.Fatal(err)
		}
	})
	got, err := rowsOf(t, data, names)
	want := `:Sheet1!A2=1 (true or false)|:Sheet1!B2=46000|:Sheet1!A2=|
:Sheet1!A3=a|:Sheet1!B3=46000 (a date)|:Sheet1!A3=|
:Sheet1!A4=b|:Sheet1!B4=46000|:Sheet1!A4=|
:Sheet1!A5=c|:Sheet1!B5=46000 (a date)|:Sheet1!A5=|
:Sheet1!A6= (a formula)|:Sheet1!B6=d|:Sheet1!A6=|
:Sheet1!A7= (a formula)|:Sheet1!B7=e|:Sheet1!A7=|
:Sheet1!A8=#N/A (an error value)|:Sheet1!B8=2026-01-01 (a date)|:Sheet1!A8=|
`
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	for _, broken := range []string{`<sheetData><row><c><f>1</f></c></row></sheetData>`, `<c r="A1"><`, `<sheetData><row r="1">`} {
		m := marker{cells: map[string]Mark{}, columns: []int{1}, most: 10, isDate: func(int) bool { return false }}
		if err := m.read(xml.NewDecoder(strings.NewReader(broken))); err == nil {
			t.Errorf("%s: no error", broken)
		}
	}
}

func TestDay(t *testing.T) {
	for from1904, want := range map[bool]string{false: "2026-12-01", true: "2030-12-02"} {
		data := book(t, asIs, func(f *excelize.File) {
			fill(t, f, "Sheet1", []any{"Name", "Age"})
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
				t.Fatal(err)
			}
		})
		table, err := Open(data, names)
		if err != nil {
			t.Fatal(err)
		}
		for text, day := range map[string]string{"46357": want, "46357.75": want, "5": "5", "soon": "soon", "": "", "1e9": "1e9", "NaN": "NaN"} {
			if got := table.Day(text); got != day {
				t.Errorf("Day(%q) = %q, want %q", text, got, day)
			}
		}
		table.Close()
	}
	table, err := Open([]byte("name,age\n"), names)
	if err != nil || table.Day("46357") != "46357" {
		t.Errorf("of CSV: %v", err)
	}
}

// A workbook that unpacks to more than is allowed, that is cut off or is none
// is refused.
func TestBrokenWorkbooks(t *testing.T) {
	people := func(f *excelize.File) { fill(t, f, "Sheet1", []any{"Name", "Age"}, []any{"Ana", 7}) }
	inSheet := func(edit func(part string) string) []byte {
		return book(t, func(name, part string) string {
			if strings.HasPrefix(name, "xl/worksheets/") {
				return edit(part)
			}
			return part
		}, people)
	}
	whole := book(t, asIs, people)
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"bomb":            {inSheet(func(part string) string { return part + strings.Repeat(" ", 5<<20) }), "too large: unzip size exceeds"},
		"cut sheet":       {inSheet(func(part string) string { before, _, _ := strings.Cut(part, "</row>"); return before }), "not a workbook that can be read: unexpected EOF"},
		"cut zip":         {whole[:len(whole)/2], "not a workbook that can be read"},
		"a row too far":   {inSheet(func(part string) string { return strings.Replace(part, `r="2"`, `r="9999999"`, 1) }), "not a workbook that can be read"},
		"a cell too far":  {inSheet(func(part string) string { return strings.Replace(part, `r="A2"`, `r="ZZZZ2"`, 1) }), "not a workbook that can be read"},
		"a cell nowhere":  {inSheet(func(part string) string { return strings.Replace(part, `r="A2"`, `r="2"`, 1) }), "not a workbook that can be read"},
		"formula nowhere": {inSheet(func(part string) string { return strings.Replace(part, `</row>`, `<c><f>1</f></c></row>`, 1) }), "not a workbook that can be read: a cell that does not say where it stands"},
	} {
		_, err := rowsOf(t, test.data, names)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Text, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{"name,age\na,1\n", "sep=;\nname;age\n\"a\nb\";1\n", "\xff\xfen\x00a\x00", "\xfe\xff\x00n", "name\tage\r\xe4\t1\r", "PK\x03\x04", "\ufeffname,age\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, want := range []Want{names, {Headings: []string{"a"}, Comments: true, MaxRows: 100, MaxBytes: 1 << 20}} {
			table, err := Open(data, want)
			if err != nil {
				if e := (*Error)(nil); !errors.As(err, &e) {
					t.Errorf("%T %v", err, err)
				}
				continue
			}
			for row, err := range table.Rows() {
				if err != nil {
					break
				}
				row.Stray()
				if c := row.Cell(want.Headings[0]); c.Place.Line < 1 || c.Place.Column < 1 {
					t.Errorf("%+v", c)
				}
			}
			table.Close()
		}
	})
}
