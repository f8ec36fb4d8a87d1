package formats

import (
	"encoding/csv"
	"io"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// bom makes Excel read the file as UTF-8.
const bom = "\uFEFF"

// CSVSheets are the sheets that format csv writes, one file each, with what
// follows the base name in the file's name.
func CSVSheets() []CSVSheet {
	return []CSVSheet{
		{tables.SheetFindings, ""},
		{tables.SheetCustomers, "-customers"},
		{tables.SheetConnections, "-connections"},
	}
}

// CSVSheet is one file of format csv.
type CSVSheet struct {
	Sheet  string // name of the report's sheet
	Suffix string // "license-compliance-DATE" + Suffix + ".csv"
}

// WriteCSV writes one sheet as RFC 4180 with CRLF, in UTF-8 with a byte order
// mark. Numbers are plain, days YYYY-MM-DD, the unknown is the word "unknown".
// Text that a spreadsheet would run as a formula starts with an apostrophe.
// Every row of a sample says so in a last column.
func WriteCSV(w io.Writer, r *report.Report, sheet string) error {
	s := tables.SheetNamed(sheet)
	columns := s.Shown(r)
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, 0, len(columns)+1)
	for _, c := range columns {
		record = append(record, c.Heading)
	}
	if err := out.Write(marked(r, record, markHeading(r))); err != nil {
		return err
	}
	for row := range s.Rows(r) {
		record = record[:0]
		for _, c := range columns {
			record = append(record, csvCell(c.Value(r, row)))
		}
		if err := out.Write(marked(r, record, r.MarkWord())); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// marked adds a last column to every row of a report that nobody must take
// for a whole one of true customers.
func marked(r *report.Report, record []string, mark string) []string {
	if r.Mark() == "" {
		return record
	}
	return append(record, mark)
}

func markHeading(r *report.Report) string {
	if r.Sample {
		return "Sample"
	}
	return "Incomplete"
}

func csvCell(v cell.Value) string {
	text, ok := v.Text()
	if !ok {
		return v.String()
	}
	return plain.CSV(text)
}
