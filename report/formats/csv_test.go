package formats

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/tables"
)

func writeCSV(t *testing.T, r *report.Report, sheet string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCSV(&b, r, sheet); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteCSV(t *testing.T) {
	for _, sheet := range CSVSheets() {
		golden(t, "report"+sheet.Suffix+".csv", writeCSV(t, fixture(), sheet.Sheet))
	}
}

// readCSV is the file as a strict reader sees it.
func readCSV(t *testing.T, data []byte) [][]string {
	t.Helper()
	body, ok := strings.CutPrefix(string(data), bom)
	if !ok {
		t.Error("no byte order mark")
	}
	if strings.Count(body, "\n") != strings.Count(body, "\r\n") {
		t.Error("a line does not end with CRLF")
	}
	records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestCSVHostileText(t *testing.T) {
	for _, text := range hostile {
		for _, sheet := range CSVSheets() {
			s := tables.SheetNamed(sheet.Sheet)
			r := withText(text)
			records := readCSV(t, writeCSV(t, r, sheet.Sheet))
			if len(records) != s.Rows(r)+1 {
				t.Errorf("%q: %s has %d records for %d rows", text, sheet.Sheet, len(records), s.Rows(r))
			}
			for _, record := range records[1:] {
				checkNoFormula(t, s.Shown(r), record)
			}
		}
	}
}

func checkNoFormula(t *testing.T, columns []tables.Column, record []string) {
	t.Helper()
	for i, text := range record {
		if !columns[i].Kind.IsNumber() && plain.StartsFormula(text) {
			t.Errorf("column %s would run %q", columns[i].Heading, text)
		}
	}
}

func TestCSVNumbersStayNumbers(t *testing.T) {
	r := fixture()
	*r.Customers[1].Delta = -7
	records := readCSV(t, writeCSV(t, r, tables.SheetCustomers))
	at := column(records[0], "Delta")
	if got := records[2][at]; got != "-7" {
		t.Errorf("delta is %q", got)
	}
	if got := records[1][column(records[0], "Customer")]; got != "'-5" {
		t.Errorf("the name -5 is %q", got)
	}
	if got := records[3][column(records[0], "Acquired")]; got != "unknown" {
		t.Errorf("missing license count is %q", got)
	}
	if got := records[1][column(records[0], "Acquired")]; got != "" {
		t.Errorf("license count of a type that has none is %q", got)
	}
}

func column(headings []string, name string) int {
	for i, h := range headings {
		if h == name {
			return i
		}
	}
	panic("no column " + name)
}

func TestCSVSample(t *testing.T) {
	r := fixture()
	r.Sample = true
	for _, sheet := range CSVSheets() {
		for i, record := range readCSV(t, writeCSV(t, r, sheet.Sheet)) {
			if last := record[len(record)-1]; i > 0 && last != "SAMPLE" {
				t.Errorf("%s row %d ends with %q", sheet.Sheet, i, last)
			}
		}
	}
}

// failing is a disk that fills up.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWritersReportFullDisk(t *testing.T) {
	r := fixture()
	for name, write := range map[string]func(io.Writer) error{
		"csv":   func(w io.Writer) error { return WriteCSV(w, r, tables.SheetFindings) },
		"junit": func(w io.Writer) error { return WriteJUnit(w, r) },
		"md":    func(w io.Writer) error { return WriteMarkdown(w, r) },
	} {
		for _, room := range []int{0, 10, 500} {
			if err := write(&failing{room}); err == nil {
				t.Errorf("%s: no error with room for %d bytes", name, room)
			}
		}
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	r := fixture()
	r.Customers = slices.Repeat(r.Customers[:1], 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteCSV(io.Discard, r, tables.SheetCustomers); err != nil {
			b.Fatal(err)
		}
	}
}
