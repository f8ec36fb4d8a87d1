package xlsx

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// made writes a report and opens it again.
func made(t *testing.T, r *report.Report, limit int) ([]byte, *excelize.File) {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, r, limit); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	valid(t, out.Bytes())
	return out.Bytes(), f
}

func sample(t testing.TB) *report.Report { return modelOf(t, fetch.Sample(), "EUR") }

// The cells of every data sheet are those of the model.
func TestCellsAreTheModels(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	for _, sheet := range tables.Sheets() {
		if sheet.Rows(r) == 0 {
			continue
		}
		got, err := f.GetRows(sheet.Name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != headRow+sheet.Rows(r) {
			t.Errorf("%s has %d rows, want %d", sheet.Name, len(got)-headRow, sheet.Rows(r))
		}
		for row := range sheet.Rows(r) {
			for i, c := range sheet.Filled(r) {
				if cell, want := at(got, headRow+row, i), raw(c.Value(r, row), c.Kind); cell != want {
					t.Errorf("%s, row %d, %s: %q, want %q", sheet.Name, row, c.Heading, cell, want)
				}
			}
		}
	}
}

func at(rows [][]string, row, column int) string {
	if column < len(rows[row]) {
		return rows[row][column]
	}
	return ""
}

func raw(v cell.Value, kind cell.Kind) string {
	if f, ok := v.Float(); ok {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	if d, ok := v.Money(); ok {
		return d.String()
	}
	if when, ok := v.Time(); ok {
		return strconv.FormatFloat(serial(when, kind), 'f', -1, 64)
	}
	return cellText(v.String())
}

// Every control total agrees, and so do the rows counted again
// in the reopened workbook.
func TestControlTotals(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": sample(t), "full": full(t), "empty": modelOf(t, fetch.Portfolio{}, ""), "no prices": modelOf(t, portfolio(50), "")} {
		_, f := made(t, r, 20)
		rows, err := f.GetRows(tables.SheetAbout)
		if err != nil {
			t.Fatal(err)
		}
		checked := 0
		for i, row := range rows {
			if len(row) > 4 && row[4] == "NO" {
				t.Errorf("%s: row %d of About does not agree: %q", name, i+1, row)
			}
			if len(row) > 4 && row[4] == "yes" {
				checked++
			}
		}
		if checked < 10 {
			t.Errorf("%s: only %d control totals", name, checked)
		}
		if got := countRows(t, f, tables.SheetCustomers); got != r.Totals.Customers {
			t.Errorf("%s: %d customers in the sheets, want %d", name, got, r.Totals.Customers)
		}
	}
}

// countRows counts the rows with a value in column A over a sheet and those
// that go on with it.
func countRows(t *testing.T, f *excelize.File, name string) (n int) {
	t.Helper()
	for part := 1; ; part++ {
		rows, err := f.GetRows(sheetName(name, part))
		if err != nil {
			return n
		}
		for _, row := range rows[headRow:] {
			if len(row) > 0 && row[0] != "" {
				n++
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	runs := 30
	if testing.Short() {
		runs = 3
	}
	sums := map[string]bool{}
	r := full(t)
	for range runs {
		var out bytes.Buffer
		if err := Write(&out, r); err != nil {
			t.Fatal(err)
		}
		sums[fmt.Sprintf("%x", sha256.Sum256(out.Bytes()))] = true
	}
	if len(sums) != 1 {
		t.Errorf("%d different files of %d", len(sums), runs)
	}
}

func BenchmarkWrite(b *testing.B) {
	r := modelOf(b, portfolio(10_000), "EUR")
	for b.Loop() {
		if err := Write(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
