package xlsx

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/tables"
	"trueup/rules"
)

type chartPart struct {
	Title  []string  `xml:"chart>title>tx>rich>p>r>t"`
	Series []series  `xml:"chart>plotArea>barChart>ser"`
	Legend *struct { // nil for none
		Hidden []struct {
			Of attr `xml:"idx"`
		} `xml:"legendEntry"`
	} `xml:"chart>legend"`
}

type attr struct {
	Val string `xml:"val,attr"`
}

// series refers to the cells of its name, categories and values, and says what
// they hold.
type series struct {
	Name   reference `xml:"tx>strRef"`
	Names  reference `xml:"cat>strRef"`
	Values reference `xml:"val>numRef"`
	NoFill *struct{} `xml:"spPr>noFill"`
	Single []struct {
		At     attr      `xml:"idx"`
		NoFill *struct{} `xml:"spPr>noFill"`
	} `xml:"dPt"`
	Labels struct {
		Delete *attr `xml:"delete"`
		Format *struct {
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmt"`
	} `xml:"dLbls"`
}

type reference struct {
	To    string `xml:"f"`
	Texts *cache `xml:"strCache"`
	Nums  *cache `xml:"numCache"`
}

// cache are the points that a chart has for who does not ask the sheet.
type cache struct {
	Count  attr `xml:"ptCount"`
	Points []struct {
		At int    `xml:"idx,attr"`
		V  string `xml:"v"`
	} `xml:"pt"`
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

// TestCharts: charts whose series are the cells with the model's numbers.
func TestCharts(t *testing.T) {
	for name, test := range map[string]struct {
		r     *report.Report
		count int
	}{"full": {full(t), 3}, "first": {sample(t), 3}, "no prices": {modelOf(t, portfolio(50), ""), 2}} {
		r := test.r
		data, f := made(t, r, maxRows)
		o := unzip(t, data)
		if n := len(o.anchors()); n != test.count {
			t.Fatalf("%s: %d charts", name, n)
		}
		var severities, found, types, acquired, used []string
		for _, s := range rules.Severities {
			severities, found = append(severities, s.String()), append(found, itoa(r.Totals.BySeverity[s]))
		}
		for _, row := range tables.Positions(r).Rows[:len(r.Positions)] { // without the sum
			types, acquired, used = append(types, row.Cells[0].String()), append(acquired, row.Cells[3].String()), append(used, row.Cells[4].String())
		}
		o.chart(f, "Findings by severity", severities, map[string][]string{"Findings": found})
		o.chart(f, "Acquired and used licenses by type", types, map[string][]string{"Acquired": acquired, "Used": used})
	}
}

// The months of license histories are on the first sheet, as a table and its chart.
func TestUsageChart(t *testing.T) {
	r := withUsage(t)
	data, f := made(t, r, maxRows)
	months := tables.UsageByMonth(r).Rows
	if len(months) != 6 {
		t.Fatalf("%d months, want 6: November goes on", len(months))
	}
	var names []string
	want := map[string][]string{}
	for _, row := range months {
		names = append(names, row.Cells[0].String())
		for i, heading := range []string{tables.HeadAcquired, tables.HeadPeaks, tables.HeadAverage} {
			want[heading] = append(want[heading], row.Cells[2+i].String())
		}
	}
	unzip(t, data).chart(f, "Acquired licenses, peaks and averages by month", names, want)
	if again, _ := made(t, r, maxRows); !bytes.Equal(data, again) {
		t.Error("the same report made another file")
	}
}

// chart compares a chart's series, by name, with what they should show.
func (o *opened) chart(f *excelize.File, title string, names []string, want map[string][]string) {
	o.t.Helper()
	c := o.chartNamed(title)
	if len(c.Series) != len(want) {
		o.t.Errorf("chart %q has %d series", title, len(c.Series))
	}
	for _, s := range c.Series {
		name := refer(o.t, f, s.Name.To)[0]
		if got := refer(o.t, f, s.Values.To); !slices.Equal(got, want[name]) {
			o.t.Errorf("%s: %s shows %q, want %q", title, name, got, want[name])
		}
		if got := refer(o.t, f, s.Names.To); !slices.Equal(got, names) {
			o.t.Errorf("%s: %s is about %q, want %q", title, name, got, names)
		}
	}
}

func (o *opened) charts() (all []chartPart) {
	for _, name := range o.names {
		if strings.HasPrefix(name, "xl/charts/") {
			var c chartPart
			o.decode(name, &c)
			all = append(all, c)
		}
	}
	return all
}

// chartNamed finds a chart by the start of its title.
func (o *opened) chartNamed(title string) chartPart {
	o.t.Helper()
	for _, c := range o.charts() {
		if strings.HasPrefix(strings.Join(c.Title, ""), title) {
			return c
		}
	}
	o.t.Fatalf("no chart %q", title)
	return chartPart{}
}

// Every chart says what its cells hold, for viewers that do not ask the sheet,
// and has a legend where there is something to tell apart.
func TestChartsSayWhatTheCellsHold(t *testing.T) {
	data, f := made(t, full(t), maxRows)
	o := unzip(t, data)
	checked := 0
	for _, c := range o.charts() {
		title := strings.Join(c.Title, "")
		if (c.Legend != nil) != (len(c.Series) > 1) {
			t.Errorf("%s: %d series, legend %v", title, len(c.Series), c.Legend)
		}
		for _, s := range c.Series {
			for what, x := range map[string]struct {
				reference
				cache *cache
			}{"name": {s.Name, s.Name.Texts}, "categories": {s.Names, s.Names.Texts}, "values": {s.Values, s.Values.Nums}} {
				cells := refer(t, f, x.To)
				if x.cache == nil || x.cache.Count.Val != itoa(len(cells)) {
					t.Fatalf("%s: the %s of %s are not cached", title, what, s.Name.To)
				}
				got := make([]string, len(cells))
				for _, p := range x.cache.Points {
					got[p.At] = p.V
				}
				for i := range cells {
					if fifteen(got[i]) != fifteen(cells[i]) {
						t.Errorf("%s: %s: %q is cached, the cell has %q", title, what, got[i], cells[i])
					}
				}
				checked++
			}
		}
	}
	if checked < 15 {
		t.Errorf("only %d references", checked)
	}
}

// The waterfall's columns stand on one that is not drawn, has no label and no
// place in the legend; from bottom to top they come to the bridge's figures.
func TestWaterfall(t *testing.T) {
	r := full(t)
	data, f := made(t, r, maxRows)
	c := unzip(t, data).chartNamed("Exposure, EUR a month")
	w := tables.WaterfallOf(r)
	if len(c.Series) != 4 || len(w.Bars) < 3 {
		t.Fatalf("%d series of %d bars", len(c.Series), len(w.Bars))
	}
	ground := c.Series[0]
	if ground.NoFill == nil || ground.Labels.Delete == nil || len(c.Legend.Hidden) != 1 || c.Legend.Hidden[0].Of.Val != "0" {
		t.Errorf("the ground is drawn: %+v, legend without %v", ground, c.Legend.Hidden)
	}
	for i, want := range []string{"#,##0", "+#,##0", "-#,##0"} {
		if got := c.Series[i+1].Labels.Format; got == nil || !strings.HasPrefix(got.Code, want) {
			t.Errorf("series %d is labelled %v", i+1, got)
		}
	}
	var columns [4][]string
	for i, s := range c.Series {
		columns[i] = refer(t, f, s.Values.To)
	}
	for i, b := range w.Bars {
		top, filled := 0.0, 0
		for k, column := range columns {
			if n, err := strconv.ParseFloat(column[i], 64); err == nil {
				if top += n; k > 0 {
					filled++
				}
			}
		}
		if want := max(b.From.InexactFloat64(), b.To.InexactFloat64()); math.Abs(top-want) > 0.001 || filled != 1 {
			t.Errorf("bar %q ends at %v with %d colours, want %v", b.Name, top, filled, want)
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
			if a.To.Col > gridColumns {
				t.Errorf("%s: chart %d ends in column %s", name, n+1, letter(a.To.Col))
			}
		}
	}
}
