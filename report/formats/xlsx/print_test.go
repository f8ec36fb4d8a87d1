package xlsx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// dataSheets are the report's tables that a workbook of it has.
func dataSheets(r *report.Report) (all []tables.Sheet) {
	for _, sheet := range tables.Sheets() {
		if sheet.Always || sheet.Rows(r) > 0 {
			all = append(all, sheet)
		}
	}
	return all
}

func TestPanesAreFrozen(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	for _, sheet := range dataSheets(r) {
		panes, err := f.GetPanes(sheet.Name)
		corner := letter(sheet.Frozen) + itoa(firstRow)
		if err != nil || !panes.Freeze || panes.XSplit != sheet.Frozen || panes.YSplit != headRow || panes.TopLeftCell != corner {
			t.Errorf("%s: panes %+v, want %s to be the first cell that moves (%v)", sheet.Name, panes, corner, err)
		}
		if sheet.Frozen < 1 {
			t.Errorf("%s: the name of a row moves out of view", sheet.Name)
		}
	}
}

func TestPrintSetUp(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	for _, name := range f.GetSheetList() {
		layout, err := f.GetPageLayout(name)
		if err != nil || *layout.Orientation != "landscape" || *layout.Size != paperA4 && *layout.Size != paperA3 {
			t.Errorf("%s: %s on paper %d (%v)", name, *layout.Orientation, *layout.Size, err)
		}
		props, err := f.GetSheetProps(name)
		if fits := props.FitToPage != nil && *props.FitToPage && *layout.FitToWidth == 1 && *layout.FitToHeight == 0; err != nil || fits != (name != tables.SheetSummary) {
			t.Errorf("%s: one page wide is %v (%v)", name, fits, err)
		}
		head, err := f.GetHeaderFooter(name)
		if err != nil || !strings.Contains(head.OddHeader, "As of 2026-11-23 06:00 UTC") || !strings.Contains(head.OddFooter, "Page &P of &N") {
			t.Errorf("%s: print header %q, footer %q (%v)", name, head.OddHeader, head.OddFooter, err)
		}
	}
}

// The summary is broken into pages by hand, so that its scale is fixed: its
// columns must fit the paper at it.
func TestSummaryFitsThePaper(t *testing.T) {
	_, f := made(t, full(t), maxRows)
	layout, err := f.GetPageLayout(tables.SheetSummary)
	if err != nil {
		t.Fatal(err)
	}
	chars := 0.0
	for i := range gridColumns + 1 {
		chars += widthOf(t, f, tables.SheetSummary, i)
	}
	if points := chars * charWidth * float64(*layout.AdjustTo) / 100; points > paperWidth || points < paperWidth/2 {
		t.Errorf("the summary is %.0f points wide at %d %%, the paper %.0f", points, *layout.AdjustTo, float64(paperWidth))
	}
}

func widthOf(t *testing.T, f *excelize.File, sheet string, column int) float64 {
	t.Helper()
	width, err := f.GetColWidth(sheet, letter(column))
	if err != nil {
		t.Fatal(err)
	}
	return width
}

// Headings are printed again on every page, and a table's print area has all
// its rows.
func TestPrintTitles(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	named := map[string]string{}
	for _, n := range f.GetDefinedName() {
		named[n.Scope+n.Name] = n.RefersTo
	}
	for _, sheet := range dataSheets(r) {
		if got, want := named[sheet.Name+"_xlnm.Print_Titles"], cellOf(sheet.Name, "$3:$3"); got != want {
			t.Errorf("%s repeats %q, want %q", sheet.Name, got, want)
		}
		area, bottom := named[sheet.Name+"_xlnm.Print_Area"], fmt.Sprintf("$%d", headRow+sheet.Rows(r))
		if area != "" && (!strings.HasPrefix(area, cellOf(sheet.Name, "$A$1:")) || !strings.HasSuffix(area, bottom)) {
			t.Errorf("%s prints %s, its last row is %s", sheet.Name, area, bottom)
		}
	}
}

// Columns are as wide as their content up to a limit, and never narrower than
// a word of their heading.
func TestColumnWidths(t *testing.T) {
	t.Parallel()
	r := hostileReport(t)
	_, f := made(t, r, maxRows)
	for _, sheet := range dataSheets(r) {
		for i, c := range sheet.Filled(r) {
			most := mostOf(c)
			least := min(widest(sheet, c, r), most)
			for word := range strings.FieldsSeq(c.Heading) {
				least = max(least, measure(word))
			}
			if got := widthOf(t, f, sheet.Name, i); got < least || got > most+padding {
				t.Errorf("%s, %s is %.1f wide, want %.1f to %.1f", sheet.Name, c.Heading, got, least, most+padding)
			}
		}
	}
}

// mostOf is the width beyond which a column's texts are wrapped.
func mostOf(c tables.Column) float64 {
	switch {
	case c.Most > 0:
		return max(c.Width, c.Most)
	case c.Kind == cell.KindLongText:
		return max(c.Width, 56)
	case c.Kind == cell.KindID:
		return max(c.Width, 48)
	}
	return max(c.Width, 40)
}

func widest(sheet tables.Sheet, c tables.Column, r *report.Report) (width float64) {
	for row := range sheet.Rows(r) {
		width = max(width, measure(cellText(c.Value(r, row).Format(c.Kind))))
	}
	return width
}
