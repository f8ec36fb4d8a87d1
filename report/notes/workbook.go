package notes

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"trueup/report/tables"

	"github.com/xuri/excelize/v2"
)

// What a workbook may unpack to: a small file can hold a very large one.
const (
	maxUnzipped = 512 << 20
	maxInMemory = 16 << 20 // above it, a sheet is unpacked to a temporary file
	headerRows  = 20       // in which the table's first row is looked for
)

// readWorkbook reads the sheet of findings of a returned workbook.
func readWorkbook(path string, data []byte) (notes Notes, err error) {
	defer func() { // the file comes from anybody, and the library trusts it
		if p := recover(); p != nil {
			notes, err = nil, unreadable(path, fmt.Errorf("%v", p))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory, RawCellValue: true})
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	if at, err := f.GetSheetIndex(tables.SheetFindings); err != nil || at < 0 {
		return nil, &Error{path, "no sheet " + tables.SheetFindings, "return the workbook that trueup wrote"}
	}
	b := &book{file: f, path: path}
	if b.formulas, err = formulas(data, tables.SheetFindings); err != nil {
		return nil, unreadable(path, err)
	}
	if properties, err := f.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		b.from1904 = *properties.Date1904
	}
	return b.findings()
}

func unreadable(path string, err error) error {
	if strings.Contains(err.Error(), "size exceeds") { // the library has no value for it
		return &Error{path, "too large: " + err.Error(), fewerRows}
	}
	return &Error{path, "not a workbook that can be read: " + err.Error(), "open it in the spreadsheet and save it again as .xlsx"}
}

func tooManyRows(path string) error {
	return &Error{path, fmt.Sprintf("more than %d rows", maxRows), fewerRows}
}

// fewerRows works since findings that do not come back keep their notes.
const fewerRows = "return only the rows that somebody wrote into, with the table's first row, as CSV UTF-8"

// book is an open workbook.
type book struct {
	file     *excelize.File
	path     string
	formulas map[string]bool // cells that hold one
	from1904 bool
}

func (b *book) findings() (Notes, error) {
	rows, err := b.file.Rows(tables.SheetFindings)
	if err != nil {
		return nil, unreadable(b.path, err)
	}
	defer rows.Close()
	var t *table
	for n := 1; rows.Next(); n++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, unreadable(b.path, err)
		}
		switch {
		case n > maxRows:
			return nil, tooManyRows(b.path)
		case t != nil:
			t.add(row, b.mend(t, n))
		case n > headerRows:
			return nil, b.noTable()
		default:
			if at := header(row); at != nil {
				t = newTable(at)
			}
		}
	}
	if err := rows.Error(); err != nil {
		return nil, unreadable(b.path, err)
	}
	if t == nil {
		return nil, b.noTable()
	}
	return t.notes, nil
}

func (b *book) noTable() error {
	return &Error{b.path, "the sheet " + tables.SheetFindings + " lacks Rule, Customer GUID, Connection ID, Owner, Due or Comment",
		"return the findings as trueup wrote them, with all their columns"}
}

// mend gives what a note's cell of a row says: nothing if it is a formula,
// a day if it is a spreadsheet's number of one.
func (b *book) mend(t *table, row int) func(heading, text string) string {
	return func(heading, text string) string {
		if text == "" || b.isFormula(t.at[heading]+1, row) {
			return ""
		}
		if heading == colDue {
			return b.day(text)
		}
		return text
	}
}

func (b *book) isFormula(column, row int) bool {
	cell, err := excelize.CoordinatesToCellName(column, row)
	return err != nil || b.formulas[cell]
}

// day turns the number of a day from 1955 to 2119 into YYYY-MM-DD.
func (b *book) day(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 20_000 || n > 80_000 {
		return text
	}
	t, err := excelize.ExcelDateToTime(n, b.from1904)
	if err != nil {
		return text
	}
	return t.Format(time.DateOnly)
}
