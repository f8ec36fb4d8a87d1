package notes

import (
	"bytes"
	"encoding/csv"
	"io"
	"unicode/utf8"
)

// readCSV reads a returned CSV file. Spreadsheets save it with commas,
// semicolons or tabs, as the country has it.
func readCSV(path string, data []byte) (Notes, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return nil, &Error{path, "neither a workbook nor CSV in UTF-8", "save it as a workbook (.xlsx) or as CSV UTF-8"}
	}
	for _, comma := range ",;\t" {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		first, err := r.Read()
		if err != nil {
			continue
		}
		if at := header(first); at != nil {
			return readRows(path, r, newTable(at))
		}
	}
	return nil, &Error{path, "no findings: the first line lacks Rule, Customer GUID, Connection ID, Owner, Due or Comment",
		"return the findings as trueup wrote them, with all their columns"}
}

func readRows(path string, r *csv.Reader, t *table) (Notes, error) {
	for n := 0; ; n++ {
		row, err := r.Read()
		switch {
		case err == io.EOF:
			return t.notes, nil
		case err != nil:
			return nil, &Error{path, err.Error(), "save it again from the spreadsheet"}
		case n >= maxRows:
			return nil, tooManyRows(path)
		}
		t.add(row, func(_, text string) string { return text })
	}
}
