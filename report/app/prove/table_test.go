package prove

import (
	"encoding/csv"
	"maps"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// kind says how the values of a column compare.
type kind byte

const (
	words kind = iota
	count
	money
	ratio
	date
)

// column is a heading with its kind.
type column struct {
	head string
	kind kind
}

// table is some rows, each by heading.
type table []map[string]string

// fault is a way that testing.T and rapid.T have in common.
type fault interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

var _ fault = (*testing.T)(nil)

// same compares rows without regard to their order, and to columns that are
// not asked for. A column that is missing has nothing in it.
func same(t fault, where string, columns []column, got, want table) {
	t.Helper()
	g, w := lines(columns, got), lines(columns, want)
	if slices.Equal(g, w) {
		return
	}
	for _, line := range g {
		if at := slices.Index(w, line); at >= 0 {
			w = slices.Delete(w, at, at+1)
			continue
		}
		t.Errorf("%s shows     %s", where, line)
	}
	for _, line := range w {
		t.Errorf("%s should be %s", where, line)
	}
}

func lines(columns []column, rows table) []string {
	all := make([]string, len(rows))
	for i, r := range rows {
		var parts []string
		for _, c := range columns {
			if s := c.kind.canonical(r[c.head]); s != "" {
				parts = append(parts, c.head+"="+s)
			}
		}
		all[i] = strings.Join(parts, " | ")
	}
	slices.Sort(all)
	return all
}

// least stands before a sum that leaves out what is not known.
const least = "≥ "

// atLeast is such a sum, if something is left out.
func atLeast(sum cents, leftOut int) string {
	if leftOut > 0 {
		return least + sum.String()
	}
	return sum.String()
}

// numbers are the rows as files for programs have them: without the sign.
func (t table) numbers() (rows table) {
	for _, r := range t {
		plain := map[string]string{}
		for head, value := range r {
			plain[head] = strings.TrimPrefix(value, least)
		}
		rows = append(rows, plain)
	}
	return rows
}

// canonical writes equal values alike, whatever file they stand in.
func (k kind) canonical(s string) string {
	if known, ok := strings.CutPrefix(s, least); ok {
		return least + k.canonical(known)
	}
	r, isNumber := new(big.Rat).SetString(s)
	switch {
	case !isNumber || s == "":
	case k == money:
		return r.FloatString(2)
	case k == ratio:
		f, _ := r.Float64()
		return strconv.FormatFloat(f, 'f', 4, 64)
	case k == date:
		days, _ := strconv.Atoi(s)
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly)
	}
	return s
}

// readCSV reads a file of the format csv.
func readCSV(t fault, path string) table {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	for _, record := range records[1:] {
		for i, s := range record {
			if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@", rune(s[1])) {
				record[i] = s[1:] // so that no spreadsheet takes it for a formula
			}
		}
	}
	return rowsOf(records[0], records[1:])
}

func rowsOf(heads []string, records [][]string) (rows table) {
	for _, record := range records {
		r := map[string]string{}
		for i, head := range heads {
			if head != "" && i < len(record) {
				r[head] = record[i]
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// workbook is a reopened one: the raw values of every sheet's cells.
type workbook map[string][][]string

func openWorkbook(t fault, path string) workbook {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	w := workbook{}
	for _, sheet := range f.GetSheetList() {
		if w[sheet], err = f.GetRows(sheet, excelize.Options{RawCellValue: true}); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		w.marks(t, f, sheet)
	}
	return w
}

// marks puts the sign before the sums that a sheet shows with it.
func (w workbook) marks(t fault, f *excelize.File, sheet string) {
	t.Helper()
	switch sheet {
	case "Findings", "SIP Connections", "Changes", "Data quality": // no sums
		return
	}
	shown, err := f.GetRows(sheet)
	if err != nil {
		t.Fatalf("%s: %v", sheet, err)
	}
	for at, cells := range shown {
		for column, text := range cells {
			if strings.HasPrefix(text, least) && !strings.HasPrefix(w[sheet][at][column], least) {
				w[sheet][at][column] = least + w[sheet][at][column]
			}
		}
	}
}

// sheet is the flat table of a sheet, found by one of its headings; none if
// there is no such sheet.
func (w workbook) sheet(name, heading string) table {
	for at, cells := range w[name] {
		if slices.Contains(cells, heading) {
			return rowsOf(cells, untilBlank(w[name][at+1:]))
		}
	}
	return nil
}

func untilBlank(rows [][]string) [][]string {
	for i, cells := range rows {
		if strings.Join(cells, "") == "" {
			return rows[:i]
		}
	}
	return rows
}

// block is a table on a page of several, found by its headings; none if there
// is no such table. It ends with its sum, or where the page is blank.
func (w workbook) block(headings ...string) table {
	for _, page := range slices.Sorted(maps.Keys(w)) {
		for at, cells := range w[page] {
			from := slices.Index(cells, headings[0])
			if from < 0 || slices.ContainsFunc(headings, func(h string) bool { return !slices.Contains(cells, h) }) {
				continue
			}
			var records [][]string
			for _, r := range untilBlank(w[page][at+1:]) {
				if from >= len(r) || r[from] == "" {
					break
				}
				records = append(records, r[from:])
				if r[from] == "All" {
					break
				}
			}
			heads := slices.Clone(cells[from:])
			for i, head := range heads {
				heads[i] = strings.TrimSuffix(head, ", EUR")
			}
			return rowsOf(heads, records)
		}
	}
	return nil
}

// tile gives the cells above and below a tile's label, one of which is its
// figure; none if there is no such tile.
func (w workbook) tile(label string) (near []string) {
	rows := w["Summary"]
	for at, cells := range rows[:min(len(rows), 12)] {
		column := slices.IndexFunc(cells, func(text string) bool { return text == label || strings.HasPrefix(text, label+",") })
		if column < 0 {
			continue
		}
		for _, row := range []int{at - 1, at + 1} {
			if row >= 0 && row < len(rows) && column < len(rows[row]) {
				near = append(near, rows[row][column])
			}
		}
		return near
	}
	return nil
}

func text64(n int64) string { return strconv.FormatInt(n, 10) }

func whole(n int) string { return strconv.Itoa(n) }

func percent(part, of int64) string {
	if of == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(part)/float64(of), 'g', -1, 64)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
