package xlsx

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/report/tables"
)

const (
	chartHeight = 11 // rows
	// Pixels of a row of default height, as excelize counts them to find the
	// cell in which a chart ends, and of a digit.
	rowPixels  = 18
	charPixels = 7
)

// pixels of a column.
func pixels(chars float64) int { return int(chars*charPixels) + 5 }

// chart shows columns of a table: bars of one, columns of several.
type chart struct {
	title   string
	of      []string // headings of the columns
	beside  bool     // the table; else below it
	nothing string   // what to say in its place; "" for a chart
}

// chart draws one from a cell to the last column.
func (p *summaryPage) chart(c *chart, t *table, column, row int) {
	if c.nothing != "" {
		p.put(letter(column-1), row, c.nothing, p.st.subtitle)
		return
	}
	x := &excelize.Chart{Type: excelize.Bar, Legend: excelize.ChartLegend{Position: "none"}, GapWidth: new(uint(60)),
		XAxis: excelize.ChartAxis{ReverseOrder: true, Font: chartFont()}, YAxis: excelize.ChartAxis{None: true}}
	if len(c.of) > 1 {
		legend := chartFont()
		x = &excelize.Chart{Type: excelize.Col, Legend: excelize.ChartLegend{Position: "bottom", Font: &legend},
			XAxis: excelize.ChartAxis{Font: chartFont()},
			YAxis: excelize.ChartAxis{MajorGridLines: true, Font: chartFont(), NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}}}
	}
	for i, heading := range c.of {
		fill := "B8C4D0"
		if i == len(c.of)-1 {
			fill = p.st.accent
		}
		at := letter(t.spans[slices.IndexFunc(t.Heads, func(h tables.Head) bool { return h.Text == heading })] - 1)
		x.Series = append(x.Series, excelize.ChartSeries{Name: cellOf(p.name, "$"+at+"$"+strconv.Itoa(t.head)),
			Categories: p.span("A", t), Values: p.span(at, t), Fill: solid(fill), DataLabel: excelize.ChartDataLabel{Font: chartFont()}})
	}
	x.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.title, Font: &excelize.Font{Family: font, Size: 11, Bold: true, Color: ink}}}}
	x.PlotArea.ShowVal = true
	width := 0
	for i := column; i <= p.columns; i++ {
		width += pixels(p.room(i, i))
	}
	x.Dimension = excelize.ChartDimension{Width: uint(width), Height: rowPixels * chartHeight}
	x.Format.AltText = c.title + "; the numbers stand in the table beside it."
	x.Border = excelize.LineOptions{Type: excelize.LineNone}
	p.do(p.f.AddChart(p.name, letter(column-1)+strconv.Itoa(row), x))
}

// span is a column of a table's rows as a chart refers to it.
func (p *page) span(column string, t *table) string {
	return cellOf(p.name, fmt.Sprintf("$%s$%d:$%s$%d", column, t.first, column, t.last))
}

func chartFont() excelize.Font { return excelize.Font{Family: font, Size: 9, Color: ink} }
