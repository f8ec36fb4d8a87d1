package xlsx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
	"trueup/rules"
)

type chartPart struct {
	Title  []string `xml:"chart>title>tx>rich>p>r>t"`
	Series []series `xml:"chart>plotArea>barChart>ser"`
}

// series refers to the cells of its name, categories and values.
type series struct {
	Name   string `xml:"tx>strRef>f"`
	Names  string `xml:"cat>strRef>f"`
	Values string `xml:"val>numRef>f"`
}

// anchor is the area that a drawing covers, in columns and rows from 0.
type anchor struct {
	From struct {
		Col int `xml:"col"`
		Row int `xml:"row"`
	} `xml:"from"`
	To struct {
		Col    int `xml:"col"`
		Row    int `xml:"row"`
		Within int `xml:"rowOff"` // how far it reaches into that row
	} `xml:"to"`
	Chart *struct{} `xml:"graphicFrame"`
}

func (o *opened) anchors() (charts []anchor) {
	var drawing struct {
		Anchors []anchor `xml:"twoCellAnchor"`
	}
	o.decode("xl/drawings/drawing1.xml", &drawing)
	for _, a := range drawing.Anchors {
		if a.Chart != nil {
			charts = append(charts, a)
		}
	}
	return charts
}

// refer reads the cells that a reference like 'Summary'!$A$1:$A$9 means.
func refer(t *testing.T, f *excelize.File, ref string) (values []string) {
	t.Helper()
	sheet, cells, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(ref, "'", ""), "$", ""), "!")
	from, to, ok := strings.Cut(cells, ":")
	if !ok {
		to = from
	}
	x1, y1, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		t.Fatalf("%s: %v", ref, err)
	}
	x2, y2, err := excelize.CellNameToCoordinates(to)
	if err != nil || x1 != x2 {
		t.Fatalf("%s is no column (%v)", ref, err)
	}
	for y := y1; y <= y2; y++ {
		v, err := f.GetCellValue(sheet, letter(x1-1)+itoa(y), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	return values
}

// TestCharts: two charts whose series are the cells with the model's numbers.
func TestCharts(t *testing.T) {
	for name, r := range map[string]*report.Report{"full": full(t), "no prices": modelOf(t, portfolio(50), "")} {
		data, f := made(t, r, maxRows)
		o := unzip(t, data)
		if n := len(o.anchors()); n != 2 {
			t.Fatalf("%s: %d charts", name, n)
		}
		var severities, found, types, acquired, used []string
		for _, s := range rules.Severities {
			severities, found = append(severities, s.String()), append(found, itoa(r.Totals.BySeverity[s]))
		}
		for _, row := range tables.Positions(r).Rows[:len(r.Positions)] { // without the sum
			types, acquired, used = append(types, row.Cells[0].String()), append(acquired, row.Cells[3].String()), append(used, row.Cells[4].String())
		}
		o.chart(f, 1, "Findings by severity", severities, map[string][]string{"Findings": found})
		o.chart(f, 2, "Acquired and used licenses by type", types, map[string][]string{"Acquired": acquired, "Used": used})
	}
}

// chart compares a chart's series, by name, with what they should show.
func (o *opened) chart(f *excelize.File, n int, title string, names []string, want map[string][]string) {
	o.t.Helper()
	var c chartPart
	o.decode(fmt.Sprintf("xl/charts/chart%d.xml", n), &c)
	if strings.Join(c.Title, "") != title || len(c.Series) != len(want) {
		o.t.Errorf("chart %d is %q with %d series", n, c.Title, len(c.Series))
	}
	for _, s := range c.Series {
		name := refer(o.t, f, s.Name)[0]
		if got := refer(o.t, f, s.Values); !slices.Equal(got, want[name]) {
			o.t.Errorf("%s: %s shows %q, want %q", title, name, got, want[name])
		}
		if got := refer(o.t, f, s.Names); !slices.Equal(got, names) {
			o.t.Errorf("%s: %s is about %q, want %q", title, name, got, names)
		}
	}
}

// A chart stands beside or right below its numbers and covers nothing.
func TestChartsCoverNothing(t *testing.T) {
	for name, r := range map[string]*report.Report{"full": full(t), "no prices": modelOf(t, portfolio(50), "")} {
		data, f := made(t, r, maxRows)
		o := unzip(t, data)
		rows, err := f.GetRows(tables.SheetSummary)
		if err != nil {
			t.Fatal(err)
		}
		for n, a := range o.anchors() {
			last := a.To.Row
			if a.To.Within == 0 {
				last--
			}
			for y := a.From.Row; y <= last; y++ {
				for x := a.From.Col; x <= a.To.Col && y < len(rows); x++ {
					if v := at(rows, y, x); v != "" {
						t.Errorf("%s: chart %d covers %s%d: %q", name, n+1, letter(x), y+1, v)
					}
				}
			}
			var c chartPart
			o.decode(fmt.Sprintf("xl/charts/chart%d.xml", n+1), &c)
			numbers := c.Series[0].Values
			_, first, err := excelize.CellNameToCoordinates(strings.ReplaceAll(numbers[strings.Index(numbers, "!")+1:strings.Index(numbers, ":")], "$", ""))
			if off := a.From.Row + 1 - first; err != nil || off < -3 || off > chartHeight {
				t.Errorf("%s: chart %d starts %d rows from its numbers (%v)", name, n+1, off, err)
			}
		}
	}
}
