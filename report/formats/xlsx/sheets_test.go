package xlsx

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

func picture(format string, width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = byte(i)
	}
	m.Set(0, 0, color.Black)
	var b bytes.Buffer
	if format == "jpeg" {
		if err := jpeg.Encode(&b, m, nil); err != nil {
			panic(err)
		}
		return b.Bytes()
	}
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestSheetsInOrder(t *testing.T) {
	_, f := made(t, full(t), maxRows)
	want := []string{"Summary", "Changes", "Findings", "Customers", "SIP Connections", "Rules", "Waivers", "Data quality", "About"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
	_, f = made(t, modelOf(t, fetch.Portfolio{}, ""), maxRows)
	want = []string{"Summary", "Findings", "Customers", "Rules", "About"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets of nothing %q, want %q", got, want)
	}
}

// More rows than a sheet holds go on in another, links follow them, and the
// summary says so.
func TestContinuation(t *testing.T) {
	r := modelOf(t, portfolio(50), "EUR")
	_, f := made(t, r, 20)
	for _, name := range []string{"Customers (2)", "Customers (3)", "Findings (2)", "SIP Connections (5)"} {
		if i, err := f.GetSheetIndex(name); err != nil || i < 0 {
			t.Errorf("no sheet %s", name)
		}
	}
	note := "Customers goes on in the sheets after it, as a sheet holds 20 of its rows: 50 in all."
	if cells, err := f.SearchSheet(tables.SheetSummary, regexp.QuoteMeta(note), true); err != nil || len(cells) != 1 {
		t.Errorf("the summary says %q in %q (%v)", note, cells, err)
	}
	customerColumn := slices.IndexFunc(tables.SheetNamed(tables.SheetFindings).Columns, func(c tables.Column) bool { return c.Heading == "Customer" })
	for i, finding := range r.Findings {
		b := &book{r: r, limit: 20}
		cell := letter(customerColumn) + itoa(firstRow+i%20)
		ok, target, err := f.GetCellHyperLink(sheetName(tables.SheetFindings, i/20+1), cell)
		if want := b.place(tables.Target{Sheet: tables.SheetCustomers, Row: finding.Customer, OK: true}); !ok || err != nil || target != want {
			t.Fatalf("link of finding %d in %s: %q, want %q (%v)", i, cell, target, want, err)
		}
		sheet, at, _ := strings.Cut(target, "!")
		name, err := f.GetCellValue(strings.Trim(sheet, "'"), at)
		if want := r.Customers[finding.Customer].CustomerShortName.S; err != nil || name != want {
			t.Fatalf("finding %d leads to %q, want %q (%v)", i, name, want, err)
		}
	}
}

func itoa(n int) string { return string(cell.Int(int64(n)).String()) }

// Links are dropped row by row before Excel would drop all of them.
func TestLinkLimit(t *testing.T) {
	s := newSection(tables.SheetNamed(tables.SheetFindings), columnsOf(new(tables.SheetNamed(tables.SheetFindings)), &report.Report{}), 1, 0, 100_000)
	if s.linked*2 > 65_530 || s.linked < 30_000 {
		t.Errorf("links on %d rows with two links each", s.linked)
	}
}

func TestSampleIsMarkedEverywhere(t *testing.T) {
	r := full(t)
	_, f := made(t, r, 20)
	for _, name := range f.GetSheetList() {
		head, err := f.GetHeaderFooter(name)
		if err != nil || !strings.Contains(head.OddHeader, "SAMPLE") {
			t.Errorf("%s: print header %q (%v)", name, head.OddHeader, err)
		}
		found := false
		for _, cell := range []string{"A1", "A3"} {
			v, err := f.GetCellValue(name, cell)
			found = found || err == nil && strings.Contains(v, "SAMPLE")
		}
		if !found {
			t.Errorf("%s: nothing on the sheet says SAMPLE", name)
		}
	}
	r.Sample = false
	data, _ := made(t, r, maxRows)
	for name, part := range unzip(t, data).parts {
		if bytes.Contains(part, []byte("SAMPLE")) {
			t.Errorf("%s says SAMPLE of real customers", name)
		}
	}
}

func TestNoMoneyWithoutPrices(t *testing.T) {
	_, f := made(t, modelOf(t, portfolio(50), ""), maxRows)
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for _, cell := range row {
				if cell == "Amount" || cell == "Exposure" || cell == "Unused value" || strings.Contains(cell, "0.00") {
					t.Errorf("%s, row %d: %q", name, i+1, cell)
				}
			}
		}
	}
}

func TestProperties(t *testing.T) {
	_, f := made(t, sample(t), maxRows)
	p, err := f.GetDocProps()
	if err != nil || p.Created != "2026-11-23T06:00:00Z" || p.Modified != p.Created || p.Creator != "Example Telecom" || p.Title != "License compliance" {
		t.Errorf("properties %+v (%v)", p, err)
	}
}

func TestLogo(t *testing.T) {
	for name, logo := range map[string][]byte{"wide": picture("png", 900, 90), "small": picture("jpeg", 20, 20)} {
		r := sample(t)
		r.Branding.Logo = logo
		data, f := made(t, r, maxRows)
		checkPackage(t, data)
		cells, err := f.GetPictureCells(tables.SheetSummary)
		if err != nil || len(cells) != 1 {
			t.Fatalf("%s: pictures in %q (%v)", name, cells, err)
		}
		if pictures, err := f.GetPictures(tables.SheetSummary, cells[0]); err != nil || len(pictures) != 1 || !bytes.Equal(pictures[0].File, logo) {
			t.Errorf("%s: %d pictures (%v)", name, len(pictures), err)
		}
	}
	r := sample(t)
	r.Branding.Logo = []byte("GIF89a")
	if err := Write(&bytes.Buffer{}, r); !errors.Is(err, errNoPicture) {
		t.Errorf("logo that is none: %v", err)
	}
}

// The data bar has the fixed scale in both forms that Excel knows.
func TestDataBarScale(t *testing.T) {
	data, _ := made(t, sample(t), maxRows)
	sheet := string(unzip(t, data).parts[part(2)])
	for _, want := range []string{`<cfvo type="num" val="0"></cfvo><cfvo type="num" val="1"></cfvo>`,
		`<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>1</xm:f></x14:cfvo>`, `<dataBar minLength="0" maxLength="100"`} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the customers sheet lacks %s", want)
		}
	}
}

type failing struct{ after int }

func (w *failing) Write(p []byte) (int, error) {
	if w.after -= len(p); w.after < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

var errDisk = errors.New("disk full")

func TestWriteError(t *testing.T) {
	for _, after := range []int{0, 1000, 20_000} {
		if err := Write(&failing{after}, sample(t)); !errors.Is(err, errDisk) {
			t.Errorf("after %d bytes: %v", after, err)
		}
	}
}

// Batches of one sheet and of several are written at the same time; run with
// -race. The order of workers never shows.
func TestManyBatches(t *testing.T) {
	t.Parallel()
	r := modelOf(t, portfolio(3*batch+17), "EUR")
	a, f := made(t, r, maxRows)
	b, _ := made(t, r, maxRows)
	if !bytes.Equal(a, b) {
		t.Error("two workbooks differ")
	}
	if got := countRows(t, f, tables.SheetCustomers); got != 3*batch+17 {
		t.Errorf("%d customers", got)
	}
}

func TestSerial(t *testing.T) {
	for want, at := range map[float64]time.Time{
		46349: asOf, 1: time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC), 25569: time.Unix(0, 0).UTC(), 25568: time.Unix(-1, 0).UTC()} {
		if got := serial(at, cell.KindDate); got != want {
			t.Errorf("serial(%v) = %v, want %v", at, got, want)
		}
	}
	if got := serial(asOf, cell.KindTime); got != 46349.25 {
		t.Errorf("serial with time = %v", got)
	}
	// A workbook knows no zones: half past midnight on 1 March in Berlin is that.
	march := time.Date(2026, 2, 28, 23, 30, 0, 0, time.UTC).In(time.FixedZone("CET", 3600))
	if day, at := serial(march, cell.KindDate), serial(march, cell.KindTime); day != 46082 || at != 46082+1.0/48 {
		t.Errorf("serial in another zone = %v, %v", day, at)
	}
}

// The summary takes any table: numbers have a column each, texts as many as
// they need, and the sheet as many as the widest table.
func TestTablesTakeTheirColumns(t *testing.T) {
	r := sample(t)
	b := &book{r: r}
	p := &summaryPage{page: &page{book: b}, columns: leastColumns, wide: numberWide}
	x := block{table: tables.Table{Heads: make([]tables.Head, leastColumns+2)}}
	for i := range x.table.Heads {
		x.table.Heads[i].Kind = cell.KindCount
	}
	row := make([]tables.Cell, len(x.table.Heads))
	row[3] = tables.Is(cell.Int(123_456_789_012_345))
	x.table.Rows = []tables.Row{{Cells: row}}
	p.measure(&x)
	if p.columns != leastColumns+2 || p.wide < measure("123,456,789,012,345") {
		t.Errorf("%d columns of %.1f", p.columns, p.wide)
	}
	p.columns, p.wide = leastColumns, numberWide
	x.table.Heads = []tables.Head{{}, {Kind: cell.KindText}, {Kind: cell.KindCount}, {Kind: cell.KindText}}
	for width, want := range map[int][]int{1: {1, 2, 3, 4, 5}, 20: {1, 2, 4, 5, 6}, 1000: {1, 2, 11, 12, 13}} {
		x.table.Rows = []tables.Row{{Cells: []tables.Cell{{}, tables.Is(cell.Text(strings.Repeat("n", width))), {}, {}}}}
		if got := p.spans(x.table); !slices.Equal(got, want) {
			t.Errorf("a text of %d: columns %v, want %v", width, got, want)
		}
	}
}

// A rule that is switched off found nothing because nobody asked: the summary
// says so.
func TestRulesSwitchedOff(t *testing.T) {
	r := sample(t)
	off := *r.Rules[2].Rule
	off.Enabled = false
	r.Rules[2].Rule = &off
	_, f := made(t, r, maxRows)
	for title, want := range map[string]string{off.Title: "off", r.Rules[0].Title: "on"} {
		x := &reader{t, f, map[string][][]string{}}
		heads, row := x.rows(tables.SheetSummary)[x.sectionRow("Rules and verdicts")], x.rows(tables.SheetSummary)[x.sectionRow(title)-1]
		if at := slices.Index(heads, "State"); at < 0 || row[at] != want {
			t.Errorf("%s: %q below %q", title, row, heads)
		}
	}
}
