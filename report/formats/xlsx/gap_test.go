package xlsx

import (
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report/tables"
)

// A report that lacks an instance's customers says so wherever it is opened,
// and names the instance.
func TestGapIsNamed(t *testing.T) {
	r := full(t)
	r.Sample = false
	r.Sources = append(r.Sources, fetch.Source{Name: "apac_x0041_", URL: "https://apac.example.com", Failed: "no answer in 30 s"})
	data, f := made(t, r, maxRows)
	checkPackage(t, data)
	banner, err := f.GetCellValue(tables.SheetSummary, "A3")
	if want := "  INCOMPLETE: no customers from apac_x0041_ (no answer in 30 s)"; err != nil || banner != want {
		t.Errorf("the summary says %q, want %q (%v)", banner, want, err)
	}
	if fill := styleOf(t, f, tables.SheetSummary, letter(gridColumns)+"3").Fill.Color; len(fill) != 1 || fill[0] != danger {
		t.Errorf("the banner is on %v", fill)
	}
	for _, name := range f.GetSheetList() {
		head, err := f.GetHeaderFooter(name)
		if err != nil || !strings.Contains(head.OddHeader, "INCOMPLETE") {
			t.Errorf("%s: print header %q (%v)", name, head.OddHeader, err)
		}
		title, err := f.GetCellValue(name, "A1")
		if want := name + "   INCOMPLETE: no customers from apac_x0041_"; name != tables.SheetSummary && (err != nil || title != want) {
			t.Errorf("%s is headed %q, want %q (%v)", name, title, want, err)
		}
	}
	if p, err := f.GetDocProps(); err != nil || p.ContentStatus != "INCOMPLETE" {
		t.Errorf("properties say %q (%v)", p.ContentStatus, err)
	}
}

// A whole report says nothing of the kind.
func TestNoGap(t *testing.T) {
	r := full(t)
	r.Sample = false
	data, _ := made(t, r, maxRows)
	for name, part := range unzip(t, data).parts {
		if strings.Contains(string(part), "INCOMPLETE") {
			t.Errorf("%s says INCOMPLETE of a whole report", name)
		}
	}
}
