package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"trueup/report/tables"
)

// saveAsCommand does what a person does in a spreadsheet: it saves a CSV file
// in another encoding, or as a workbook.
func saveAsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: saveas windows-1252|utf-16|xlsx FROM TO")
	}
	text, to := ts.ReadFile(args[1]), ts.MkAbs(args[2])
	encodings := map[string]encoding.Encoding{"windows-1252": charmap.Windows1252, "utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	if args[0] != "xlsx" {
		data, err := encodings[args[0]].NewEncoder().String(text)
		ts.Check(err)
		ts.Check(os.WriteFile(to, []byte(data), 0o600))
		return
	}
	rows, err := csv.NewReader(bytes.NewReader([]byte(text))).ReadAll()
	ts.Check(err)
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		ts.Check(f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	ts.Check(f.SaveAs(to))
}

// fillInCommand writes into the row of a finding, in a returned workbook. What
// begins with = becomes a formula.
func fillInCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: fillin BOOK RULE GUID HEADING TEXT")
	}
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	rows, err := f.GetRows(tables.SheetFindings)
	ts.Check(err)
	top := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, args[3]) })
	column := func(heading string) int { return slices.Index(rows[top], heading) }
	at := slices.IndexFunc(rows, func(row []string) bool {
		return len(row) > max(column("Rule"), column("Customer GUID")) && row[column("Rule")] == args[1] && row[column("Customer GUID")] == args[2]
	})
	if at < 0 {
		ts.Fatalf("no finding %s of %s", args[1], args[2])
	}
	cell, err := excelize.CoordinatesToCellName(column(args[3])+1, at+1)
	ts.Check(err)
	if args[4][0] == '=' {
		ts.Check(f.SetCellFormula(tables.SheetFindings, cell, args[4]))
	} else {
		ts.Check(f.SetCellValue(tables.SheetFindings, cell, args[4]))
	}
	ts.Check(f.Save())
}
