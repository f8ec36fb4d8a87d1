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

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

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
	want := []string{"Summary", "Changes", "Trend", "Findings", "Customers", "SIP Connections", "Rules", "Waivers", "Data quality", "About"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
	_, f = made(t, modelOf(t, fetch.Portfolio{}, ""), maxRows)
	want = []string{"Summary", "Findings", "Customers", "Rules", "About"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets of nothing %q, want %q", got, want)
	}
}

// More rows than a sheet holds go on in another, links follow them, and
// About says so.
func TestContinuation(t *testing.T) {
	r := modelOf(t, portfolio(50), "EUR")
	_, f := made(t, r, 20)
	for _, name := range []string{"Customers (2)", "Customers (3)", "Findings (2)", "SIP Connections (5)"} {
		if i, err := f.GetSheetIndex(name); err != nil || i < 0 {
			t.Errorf("no sheet %s", name)
		}
	}
	note := "Customers goes on in the sheets after it, as a sheet holds 20 of its rows: 50 in all."
	if cells, err := f.SearchSheet(tables.SheetAbout, regexp.QuoteMeta(note), true); err != nil || len(cells) != 1 {
		t.Errorf("About says %q in %q (%v)", note, cells, err)
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

// Due takes days alone, in all rows of the table.
func TestDueTakesDays(t *testing.T) {
	r := full(t)
	r.Findings[0].Due, r.Findings[1].Due = "2026-12-08", "soon"
	data, f := made(t, r, maxRows)
	checkPackage(t, data)
	column := letter(slices.Index(headings(t, f, tables.SheetFindings), "Due"))
	rules, err := f.GetDataValidations(tables.SheetFindings)
	if err != nil || len(rules) != 1 {
		t.Fatalf("%d validations (%v)", len(rules), err)
	}
	if v := rules[0]; v.Type != "date" || v.Sqref != column+itoa(firstRow)+":"+column+itoa(headRow+len(r.Findings)) || !v.ShowErrorMessage || !v.AllowBlank {
		t.Errorf("validation %+v", v)
	}
	for i, want := range []string{"46364", "soon", ""} {
		if got, err := f.GetCellValue(tables.SheetFindings, column+itoa(firstRow+i), excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("row %d is due %q, want %q (%v)", i, got, want, err)
		}
	}
}

// The trend has a row a report and charts below it; months without an instance
// are marked in both, and what was issued stands beside what it is now.
func TestTrend(t *testing.T) {
	r := full(t)
	r.Trend[0].Complete, r.Trend[0].Missing = false, []string{"apac"}
	r.Trend[0].Issued = &report.Issued{Currency: "EUR", Totals: report.Totals{Findings: 3, Money: report.MoneyTotals{Exposure: decimal.NewFromInt(77), UnpricedExposure: 1}}}
	data, f := made(t, r, maxRows)
	checkPackage(t, data)
	o := unzip(t, data)
	x := &reader{t, f, map[string][][]string{}}
	for heading, want := range map[string][2]string{"Month": {"2026-10 incomplete", "2026-11"}, "State": {"apac missing", "complete"},
		"Findings as issued": {"3", ""}, "Exposure as issued": {"77", ""}} {
		for i := range want {
			if got := x.under(heading, tables.SheetTrend, firstRow+i); got != want[i] {
				t.Errorf("%s of row %d is %q, want %q", heading, i, got, want[i])
			}
		}
	}
	column := letter(slices.Index(headings(t, f, tables.SheetTrend), "Exposure as issued"))
	if got, err := f.GetCellValue(tables.SheetTrend, column+itoa(firstRow)); err != nil || !strings.HasPrefix(got, "≥ 77.00") {
		t.Errorf("a sum that leaves something out is shown as %q (%v)", got, err)
	}
	for title, series := range map[string]int{"Exposure, EUR a month; outlined": 2, "Acquired and used licenses; outlined": 2} {
		c := o.chartNamed(title)
		if len(c.Series) != series || c.Legend == nil {
			t.Errorf("%s: %d series, legend %v", title, len(c.Series), c.Legend)
		}
		for _, s := range c.Series {
			if len(s.Single) != 1 || s.Single[0].At.Val != "0" || s.Single[0].NoFill == nil {
				t.Errorf("%s: single points %+v", title, s.Single)
			}
		}
	}
}

// About has the price list, and says of what there is no price.
func TestPriceList(t *testing.T) {
	in := input(t, fetch.Sample(), "EUR")
	in.Prices.ByInstance = map[string]map[int64]decimal.Decimal{"apac": {2: decimal.New(4105, -3)}}
	_, f := made(t, report.Build(in), maxRows)
	x := &reader{t, f, map[string][][]string{}}
	rows := x.rows(tables.SheetAbout)
	from := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "Prices" })
	var got []string
	for _, row := range rows[from+2:] {
		if len(row) == 0 {
			break
		}
		got = append(got, strings.Join([]string{row[0], row[2], row[3]}, "|"))
	}
	want := []string{"Hosted Essentials Plus||2.1", "Hosted Pro||3.9", "OC Essentials Plus||2.5", "OC Pro||4.2",
		"Unknown (7)||unknown", "Hosted Pro|apac|4.105"}
	if !slices.Equal(got, want) {
		t.Errorf("prices %q, want %q", got, want)
	}
}

func TestTabColours(t *testing.T) {
	_, f := made(t, full(t), 20)
	for name, want := range map[string]string{"Summary": "5B2A86", "Trend": "5B2A86", "Findings": words["high"].fill, "Findings (2)": words["high"].fill, "Customers (2)": barFill, "About": paleFill} {
		if props, err := f.GetSheetProps(name); err != nil || props.TabColorRGB == nil || !strings.HasSuffix(*props.TabColorRGB, want) {
			t.Errorf("%s: %v (%v)", name, props.TabColorRGB, err)
		}
	}
}

// Severity sorts by the rank beside it.
func TestRank(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	want := map[string]string{"critical": "1", "high": "2", "medium": "3", "low": "4", "info": "5", "": ""}
	seen := 0
	for _, sheet := range dataSheets(r) {
		at := slices.IndexFunc(headings(t, f, sheet.Name), func(h string) bool { return strings.Contains(strings.ToLower(h), "severity") })
		if at < 0 {
			continue
		}
		rows, err := f.GetRows(sheet.Name, excelize.Options{RawCellValue: true})
		if err != nil || rows[headRow-1][at+1] != "Rank" {
			t.Fatalf("%s: beside the severity stands %q (%v)", sheet.Name, rows[headRow-1], err)
		}
		for _, row := range rows[headRow:] {
			if row[at+1] != want[row[at]] {
				t.Errorf("%s: %q has the rank %q", sheet.Name, row[at], row[at+1])
			}
			seen++
		}
	}
	if seen < 50 {
		t.Errorf("only %d ranks", seen)
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
		46349: asOf, 1: time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC), 25569: time.Unix(0, 0), 25568: time.Unix(-1, 0)} {
		if got := serial(at, cell.KindDate); got != want {
			t.Errorf("serial(%v) = %v, want %v", at, got, want)
		}
	}
	if got := serial(asOf, cell.KindTime); got != 46349.25 {
		t.Errorf("serial with time = %v", got)
	}
}

// The summary takes any table: a column as many of the grid's as its numbers
// need, texts what is left, and the sheet as many as the widest table.
func TestTablesTakeTheirColumns(t *testing.T) {
	r := sample(t)
	b := &book{r: r, st: &styles{}}
	p := &summaryPage{page: &page{book: b}, columns: gridColumns + 1}
	numbers := tables.Table{Heads: make([]tables.Head, 4), Rows: []tables.Row{{Cells: make([]tables.Cell, 4)}}}
	for i := range numbers.Heads {
		numbers.Heads[i].Kind = cell.KindCount
	}
	numbers.Rows[0].Cells[2] = tables.Is(cell.Int(123_456_789_012_345))
	spans := p.spans(numbers)
	if room := p.room(spans[2], spans[3]-1); room < measure("123,456,789,012,345")+padding || spans[2] != 3 {
		t.Errorf("columns %v: %.0f characters for a long number", spans, room)
	}
	texts := tables.Table{Heads: []tables.Head{{}, {Kind: cell.KindText}, {Kind: cell.KindCount}, {Kind: cell.KindText}}}
	for width, want := range map[int][]int{1: {1, 2, 3, 4, 5}, 20: {1, 2, 8, 9, 10}, 1000: {1, 2, 14, 15, 16}} {
		texts.Rows = []tables.Row{{Cells: []tables.Cell{{}, tables.Is(cell.Text(strings.Repeat("n", width))), {}, {}}}}
		if got := p.spans(texts); !slices.Equal(got, want) {
			t.Errorf("a text of %d: columns %v, want %v", width, got, want)
		}
	}
}

// What decides stands in a window of 1,250 pixels, and in two of its screens.
func TestSummaryFitsTheWindow(t *testing.T) {
	for name, r := range map[string]*report.Report{"full": full(t), "first": sample(t), "no prices": modelOf(t, portfolio(50), "")} {
		_, f := made(t, r, maxRows)
		wide := 0.0
		for i := range gridColumns + 1 {
			wide += 7 * widthOf(t, f, tables.SheetSummary, i)
		}
		if wide > 1250-70 { // without the row numbers and the scroll bar
			t.Errorf("%s: the summary is %.0f pixels wide", name, wide)
		}
		if more := widthOf(t, f, tables.SheetSummary, gridColumns+1); more == gridWidth {
			t.Errorf("%s: the grid goes on", name)
		}
		cells, err := f.SearchSheet(tables.SheetSummary, "^(Not c|C)omplete\\. ", true)
		if err != nil || len(cells) != 1 {
			t.Fatalf("%s: whether it is complete stands in %q (%v)", name, cells, err)
		}
		_, last, err := excelize.CellNameToCoordinates(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		high := 0.0
		for row := range last {
			points, err := f.GetRowHeight(tables.SheetSummary, row+1)
			if err != nil {
				t.Fatal(err)
			}
			high += points * 4 / 3
		}
		if high > 1400 {
			t.Errorf("%s: what decides is %.0f pixels high", name, high)
		}
	}
}

// The summary begins with the report in one sentence, across the sheet.
func TestSummaryBeginsWithTheHeadline(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	merged, err := f.GetMergeCells(tables.SheetSummary)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range merged {
		if m.GetStartAxis() == "A4" { // below title, subtitle and SAMPLE
			if m.GetCellValue() != tables.Headline(r) || m.GetEndAxis() != letter(gridColumns)+"4" {
				t.Errorf("%s to %s says %q, want %q", m.GetStartAxis(), m.GetEndAxis(), m.GetCellValue(), tables.Headline(r))
			}
			return
		}
	}
	t.Error("A4 is not merged")
}

// Each tile has its name, its figure, and what it was with what it changed by.
func TestTiles(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	rows, err := f.GetRows(tables.SheetSummary, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	tiles := tables.Tiles(r)
	if len(tiles) != 5 || tiles[0].Delta == "" {
		t.Fatalf("tiles %+v", tiles)
	}
	names := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == tiles[0].Name })
	if names < 0 {
		t.Fatal("no tiles")
	}
	for _, tile := range tiles {
		column := slices.Index(rows[names], tile.Name)
		if column < 0 {
			t.Fatalf("no tile %s in %q", tile.Name, rows[names])
		}
		if got, want := at(rows, names+1, column), raw(tile.Value, tile.Kind); fifteen(got) != fifteen(want) {
			t.Errorf("%s is %s, want %s", tile.Name, got, want)
		}
		want := tile.Note
		if tile.Delta != "" {
			want += " · " + tile.Delta
		}
		if got := at(rows, names+2, column); got != want {
			t.Errorf("below %s stands %q, want %q", tile.Name, got, want)
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
