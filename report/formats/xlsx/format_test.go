package xlsx

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trueup/report/cell"

	"github.com/xuri/excelize/v2"
)

// styleOf is the look of a cell in the reopened workbook.
func styleOf(t *testing.T, f *excelize.File, sheet, cell string) *excelize.Style {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style
}

// formats are the number formats of the kinds of columns.
var formats = map[cell.Kind]string{
	cell.KindText: "@", cell.KindID: "@", cell.KindLongText: "@", cell.KindSeverity: "@", cell.KindVerdict: "@",
	cell.KindCount:   "#,##0_0;-#,##0_0;0_0;@_0",
	cell.KindDelta:   "+#,##0_0;[Red]-#,##0_0;0_0;@_0",
	cell.KindPercent: "0.0%_0;-0.0%_0;0.0%_0;@_0",
	cell.KindMoney:   `#,##0.00## "EUR"_0;[Red]-#,##0.00## "EUR"_0;#,##0.00## "EUR"_0;@_0`,
	cell.KindSigned:  `+#,##0.00## "EUR"_0;-#,##0.00## "EUR"_0;#,##0.00## "EUR"_0;@_0`,
	cell.KindDate:    "yyyy-mm-dd",
	cell.KindDue:     "yyyy-mm-dd",
	cell.KindTime:    "yyyy-mm-dd hh:mm",
}

func TestNumberFormats(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	for _, sheet := range dataSheets(r) {
		for i, c := range sheet.Filled(r) {
			for row := range sheet.Rows(r) {
				cell := letter(i) + itoa(firstRow+row)
				want := formats[c.Kind]
				if c.Cell(r, row).AtLeast {
					want = `"≥ "` + strings.NewReplacer("-#", `-"≥ "#`, ";#", `;"≥ "#`, ";0", `;"≥ "0`).Replace(want)
				}
				if got := numberFormat(styleOf(t, f, sheet.Name, cell)); got != want {
					t.Errorf("%s, %s in %s has the format %q, want %q", sheet.Name, c.Heading, cell, got, want)
				}
			}
		}
	}
}

func numberFormat(s *excelize.Style) string {
	switch {
	case s.CustomNumFmt != nil:
		return *s.CustomNumFmt
	case s.NumFmt == 49:
		return "@"
	}
	return ""
}

// Numbers are cells of numbers and ids are cells of text.
func TestCellTypes(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	for _, sheet := range dataSheets(r) {
		for i, c := range sheet.Filled(r) {
			for row := range sheet.Rows(r) {
				v := c.Value(r, row)
				if v.IsEmpty() {
					continue
				}
				_, text := v.Text()
				got, err := f.GetCellType(sheet.Name, letter(i)+itoa(firstRow+row))
				if isText := got == excelize.CellTypeInlineString; err != nil || isText != (text || v.IsUnknown()) {
					t.Errorf("%s, row %d, %s: %v is a cell of type %d (%v)", sheet.Name, row, c.Heading, v, got, err)
				}
			}
		}
	}
}

// Severities and verdicts are a word on a colour of their own.
func TestWordsHaveColours(t *testing.T) {
	r := full(t)
	_, f := made(t, r, maxRows)
	seen := map[string]bool{}
	for _, sheet := range dataSheets(r) {
		for i, c := range sheet.Filled(r) {
			for row := range sheet.Rows(r) {
				word := c.Value(r, row).String()
				if c.Kind != cell.KindSeverity && c.Kind != cell.KindVerdict || word == "" {
					continue
				}
				style := styleOf(t, f, sheet.Name, letter(i)+itoa(firstRow+row))
				seen[word] = true
				if want := words[word]; !slices.Equal(style.Fill.Color, []string{want.fill}) || style.Font.Color != want.text || style.Font.Bold != want.bold {
					t.Errorf("%s: %s %q is %+v in %+v", sheet.Name, c.Heading, word, style.Font, style.Fill)
				}
			}
		}
	}
	for _, word := range []string{"high", "medium", "low", "finding", "unknown", "waived", "ok", "active", "ending", "expired", "unused"} {
		if !seen[word] {
			t.Errorf("%q was not looked at", word)
		}
	}
}

// Severities stay apart in greyscale, darkest first, and can be read.
func TestSeveritiesInGrey(t *testing.T) {
	last := -1.0
	for _, word := range []string{"critical", "high", "medium", "low", "info"} {
		fill, text := luminance(t, words[word].fill), luminance(t, words[word].text)
		if fill < last+0.04 {
			t.Errorf("%s is as light as what is worse: %.2f after %.2f", word, fill, last)
		}
		if contrast := (max(fill, text) + 0.05) / (min(fill, text) + 0.05); contrast < 4.5 {
			t.Errorf("%s has a contrast of %.1f", word, contrast)
		}
		last = fill
	}
}

// TestAccent: the sender's colour is on headings, titles and charts; one that
// is none leaves the default.
func TestAccent(t *testing.T) {
	for _, test := range []struct{ accent, want string }{{"5B2A86", "5B2A86"}, {"", defaultAccent}, {`"/><x`, defaultAccent}} {
		r := full(t)
		r.Sample, r.Branding.Accent = false, test.accent
		data, f := made(t, r, maxRows)
		for _, sheet := range dataSheets(r) {
			if head := styleOf(t, f, sheet.Name, "A3"); !slices.Equal(head.Fill.Color, []string{test.want}) {
				t.Errorf("accent %q: headings of %s are on %v", test.accent, sheet.Name, head.Fill.Color)
			}
			if title := styleOf(t, f, sheet.Name, "A1"); title.Font.Color != test.want {
				t.Errorf("accent %q: the title of %s is %s", test.accent, sheet.Name, title.Font.Color)
			}
		}
		for name, part := range unzip(t, data).parts {
			if strings.HasPrefix(name, "xl/charts/chart") && !strings.Contains(string(part), test.want) {
				t.Errorf("accent %q is not in %s", test.accent, name)
			}
		}
	}
}

// luminance is WCAG's, from 0 for black to 1 for white.
func luminance(t *testing.T, rgb string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(rgb, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(v uint64) float64 { return math.Pow(float64(v&0xFF)/255, 2.2) }
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
