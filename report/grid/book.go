package grid

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxInMemory is the size above which a sheet is unpacked to a temporary file.
const maxInMemory = 16 << 20

const saveAgain = "open it in the spreadsheet and save it again as .xlsx"

// openBook looks into the sheets of a workbook.
func openBook(data []byte, want Want) (t *Table, err error) {
	defer func() { // the file comes from anybody, and the library trusts it
		if p := recover(); p != nil {
			t, err = nil, unreadable(fmt.Errorf("%v", p))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: want.MaxBytes, UnzipXMLSizeLimit: min(want.MaxBytes, maxInMemory), RawCellValue: true})
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	sheet, best, err := want.sheet(f)
	if err != nil {
		return nil, err
	}
	src, err := openSheet(f, sheet)
	if err != nil {
		return nil, unreadable(err)
	}
	if t, err = want.tableOf(src, best); err != nil {
		return nil, err
	}
	t.close = func() { src.rows.Close(); f.Close() }
	properties, err := f.GetWorkbookProps()
	if err != nil {
		return nil, unreadable(err)
	}
	from1904 := properties.Date1904 != nil && *properties.Date1904
	t.day = func(days float64) (time.Time, error) { return excelize.ExcelDateToTime(days, from1904) }
	var columns []int
	for _, at := range t.columns {
		columns = append(columns, at+1)
	}
	if src.marks, err = marks(data, sheet, columns, want, dateStyles(f)); err != nil {
		return nil, unreadable(err)
	}
	return t, nil
}

// sheet finds the sheet with the headings, or else the first that comes near.
func (w *Want) sheet(f *excelize.File) (name string, best attempt, err error) {
	sheets := f.GetSheetList()
	if at := slices.IndexFunc(sheets, func(name string) bool { return strings.EqualFold(name, w.Sheet) }); at >= 0 {
		sheets = sheets[at : at+1]
	}
	best.score = -1
	for _, sheet := range sheets {
		src, err := openSheet(f, sheet)
		if err != nil {
			continue // a sheet that is a chart
		}
		a, err := w.look(src)
		src.rows.Close()
		if err != nil {
			return "", best, err
		}
		if a.found || a.score > best.score {
			name, best = sheet, a
		}
		if a.found {
			break
		}
	}
	if name == "" {
		return "", best, &Error{Text: "a workbook without cells", HintText: saveAgain}
	}
	return name, best, nil
}

func unreadable(err error) *Error {
	if strings.Contains(err.Error(), "size exceeds") { // the library has no value for it
		return &Error{Text: "too large: " + err.Error()}
	}
	return &Error{Text: "not a workbook that can be read: " + err.Error(), HintText: saveAgain}
}

// sheetSource reads a sheet.
type sheetSource struct {
	rows  *excelize.Rows
	sheet string
	row   int
	marks map[string]Mark // by cell
}

func openSheet(f *excelize.File, sheet string) (*sheetSource, error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, err
	}
	return &sheetSource{rows: rows, sheet: sheet}, nil
}

func (s *sheetSource) read() (cells []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			cells, err = nil, unreadable(fmt.Errorf("%v", p))
		}
	}()
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return nil, unreadable(err)
		}
		return nil, io.EOF
	}
	s.row++
	if cells, err = s.rows.Columns(); err != nil {
		return nil, unreadable(err)
	}
	return cells, nil
}

func (s *sheetSource) place(column int) Place {
	return Place{Sheet: s.sheet, Line: s.row, Column: column + 1}
}

func (s *sheetSource) mark(column int) Mark {
	if len(s.marks) == 0 {
		return 0
	}
	name, err := excelize.CoordinatesToCellName(column+1, s.row)
	if err != nil {
		return 0
	}
	return s.marks[name]
}
