package xlsx

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
)

// LibreOffice reads of every sheet what another reader reads. It starts once
// for all workbooks, since that takes seconds: a further one is an entry in
// the list. On a machine without it the test says that it skipped.
func TestLibreOfficeReadsTheSame(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	switch {
	case testing.Short():
		t.Skip("skipped: soffice (LibreOffice) takes seconds to start")
	case err != nil:
		t.Skip("skipped: soffice (LibreOffice) is not installed here")
	}
	t.Parallel() // most of its time it waits
	books := map[string]*report.Report{"hostile": hostileReport(t), "full": full(t), "empty": modelOf(t, fetch.Portfolio{}, "")}
	dir := t.TempDir()
	files := map[string]*excelize.File{}
	// Comma, quote, UTF-8, from line 1, every cell as it is stored, all sheets.
	filter := "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
	command := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", filter, "--outdir", dir)
	for name, r := range books {
		data, file := made(t, r, maxRows)
		files[name] = file
		path := filepath.Join(dir, name+".xlsx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		command.Args = append(command.Args, path)
	}
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	for name, file := range files {
		for _, sheet := range file.GetSheetList() {
			t.Run(name+"/"+sheet, func(t *testing.T) {
				sameNames(t, file, sheet, readCSV(t, filepath.Join(dir, name+"-"+sheet+".csv")))
			})
		}
	}
}

// sameNames compares the first two columns, which no format changes but that of
// days.
func sameNames(t *testing.T, file *excelize.File, sheet string, got [][]string) {
	t.Helper()
	want, err := file.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	cell := func(rows [][]string, row, column int) string {
		if row < len(rows) && column < len(rows[row]) {
			return rows[row][column]
		}
		return ""
	}
	for row := range max(len(got), len(want)) {
		for column := range 2 {
			if g, w := cell(got, row, column), cell(want, row, column); g != w && g != dayOf(w) {
				t.Errorf("row %d, column %d reads %.40q, want %.40q", row+1, column+1, g, w)
			}
		}
	}
}

// dayOf is the day that a cell's number stands for.
func dayOf(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil {
		return number
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read := csv.NewReader(file)
	read.FieldsPerRecord = -1
	rows, err := read.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
