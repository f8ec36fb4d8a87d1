package xlsx

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
)

// reader looks things up in a reopened workbook by sheet, heading and row.
type reader struct {
	t     *testing.T
	f     *excelize.File
	cells map[string][][]string
}

func (x *reader) rows(sheet string) [][]string {
	if x.cells[sheet] == nil {
		rows, err := x.f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			x.t.Fatal(err)
		}
		x.cells[sheet] = rows
	}
	return x.cells[sheet]
}

// under is what a row of a data sheet, counted from 1, has under a heading.
func (x *reader) under(heading, sheet string, row int) string {
	rows := x.rows(sheet)
	for i, h := range rows[headRow-1] {
		if h == heading {
			return at(rows, row-1, i)
		}
	}
	x.t.Fatalf("%s has no column %s", sheet, heading)
	return ""
}

// link is a hyperlink of a workbook.
type link struct {
	sheet, cell string // where it stands
	row         int
	to          string // sheet it leads to
	target      string // cell it leads to
	toRow       int
}

func (x *reader) links(o *opened) (all []link) {
	for i, name := range x.f.GetSheetList() {
		var sheet sheetPart
		o.decode(part(i), &sheet)
		for _, h := range sheet.Links {
			to, target, _ := strings.Cut(strings.ReplaceAll(h.Location, "'", ""), "!")
			_, row, err := excelize.CellNameToCoordinates(h.Ref)
			_, toRow, err2 := excelize.CellNameToCoordinates(target)
			if err != nil || err2 != nil {
				x.t.Fatalf("%s: link %+v", name, h)
			}
			all = append(all, link{name, h.Ref, row, to, target, toRow})
		}
	}
	return all
}

// named is what a link's cell names, and what its target is under the heading
// that says the same.
func (x *reader) named(l link) (names, target string) {
	here, err := x.f.GetCellValue(l.sheet, l.cell)
	if err != nil {
		x.t.Fatal(err)
	}
	first := at(x.rows(l.sheet), l.row-1, 0)
	there := func(heading string) string { return x.under(heading, l.to, l.toRow) }
	guid := func() string { return x.under("Customer GUID", l.sheet, l.row) }
	switch from := l.sheet + " to " + l.to; from {
	case "Findings to Customers", "SIP Connections to Customers", "Changes to Customers", "Customers to Findings":
		return guid(), there("Customer GUID")
	case "Findings to Rules":
		return here, there("Title")
	case "Waivers to Customers":
		name, _, _ := strings.Cut(here, ",")
		return name, there("Full name")
	case "Waivers to Findings":
		waiver, _, _ := strings.Cut(there("Waiver"), " ")
		return first, waiver
	case "Rules to Findings":
		return first, there("Title")
	case "Summary to Rules":
		return here, there("Title")
	case "Summary to Changes":
		return here, there("Change")
	case "Summary to Customers", "Data quality to Customers":
		return here, there("Full name")
	case "Summary to Findings":
		if l.row < x.sectionRow("Rules and verdicts") {
			return first, there("Severity")
		}
		return first, there("Title")
	default:
		x.t.Fatalf("nobody knows what a link from %s names (%+v)", from, l)
		return "", ""
	}
}

// sectionRow is where a part of the summary starts, counted from 1.
func (x *reader) sectionRow(title string) int {
	for i, row := range x.rows(tables.SheetSummary) {
		if len(row) > 0 && row[0] == title {
			return i + 1
		}
	}
	x.t.Fatalf("the summary has no part %s", title)
	return 0
}

// TestLinksLeadToWhatTheyName follows every link of the workbook.
func TestLinksLeadToWhatTheyName(t *testing.T) {
	r := full(t)
	data, f := made(t, r, maxRows)
	x := &reader{t, f, map[string][][]string{}}
	count := map[string]int{}
	for _, l := range x.links(unzip(t, data)) {
		count[l.sheet+" to "+l.to]++
		if l.target == "A1" {
			continue // to the sheet as a whole
		}
		if names, target := x.named(l); names == "" || names != target {
			t.Errorf("%s %s names %q and leads to %s %s: %q", l.sheet, l.cell, names, l.to, l.target, target)
		}
	}
	for from, least := range map[string]int{
		"Findings to Customers": len(r.Findings), "Findings to Rules": len(r.Findings), "SIP Connections to Customers": len(r.Connections),
		"Customers to Findings": withFindings(r), "Summary to Rules": len(r.Rules), "Summary to Findings": 5, "Summary to Customers": 3,
		"Rules to Findings": 5, "Data quality to Customers": 1, "Waivers to Customers": 3, "Waivers to Findings": 2, "Changes to Customers": 1, "Summary to Changes": 1,
	} {
		if count[from] < least {
			t.Errorf("%d links from %s, want %d", count[from], from, least)
		}
	}
}

func withFindings(r *report.Report) (n int) {
	for i := range r.Customers {
		if len(r.Customers[i].Findings) > 0 {
			n++
		}
	}
	return n
}

// Every sheet leads back to the summary.
func TestLinksBack(t *testing.T) {
	data, f := made(t, full(t), 20)
	x := &reader{t, f, map[string][][]string{}}
	back := map[string]bool{}
	for _, l := range x.links(unzip(t, data)) {
		if l.cell == "A2" && l.to == tables.SheetSummary && l.target == "A1" {
			back[l.sheet] = true
		}
	}
	for _, name := range f.GetSheetList()[1:] {
		if !back[name] {
			t.Errorf("%s does not lead back to the summary", name)
		}
	}
}

// About names each sheet and leads to it.
func TestAboutLeadsToSheets(t *testing.T) {
	data, f := made(t, full(t), maxRows)
	x := &reader{t, f, map[string][][]string{}}
	led := map[string]bool{}
	for _, l := range x.links(unzip(t, data)) {
		if l.sheet == tables.SheetAbout && l.row > 2 {
			if here := at(x.rows(l.sheet), l.row-1, 0); here != l.to {
				t.Errorf("About %s names %q and leads to %s", l.cell, here, l.to)
			}
			led[l.to] = true
		}
	}
	for _, name := range f.GetSheetList()[1 : len(f.GetSheetList())-1] {
		if !led[name] {
			t.Errorf("About does not lead to %s", name)
		}
	}
}

// The largest customers have the values of their own rows.
func TestTopIsAsInCustomers(t *testing.T) {
	data, f := made(t, full(t), maxRows)
	x := &reader{t, f, map[string][][]string{}}
	heads, checked := x.rows(tables.SheetSummary)[x.sectionRow("Ten largest customers")], 0
	for _, l := range x.links(unzip(t, data)) {
		if l.sheet != tables.SheetSummary || l.to != tables.SheetCustomers {
			continue
		}
		for here, there := range map[string]string{"License": "License", "Acquired": "Acquired", "Used": "Used", "Exposure, EUR": tables.HeadExposure, "Manager": "Manager"} {
			i := slices.Index(heads, here)
			got, want := at(x.rows(l.sheet), l.row-1, i), x.under(there, l.to, l.toRow)
			if fifteen(got) != fifteen(want) {
				t.Errorf("%s, %s: %q, in Customers %q", l.cell, here, got, want)
			}
			checked++
		}
	}
	if checked < 10 {
		t.Errorf("only %d values", checked)
	}
}

// fifteen are the digits that a workbook's reader shows of a number.
func fifteen(s string) string {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return strconv.FormatFloat(n, 'g', 14, 64)
	}
	return s
}
