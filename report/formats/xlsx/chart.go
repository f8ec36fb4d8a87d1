package xlsx

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/rules"
)

// Pixels of a row of default height, as excelize counts them to find the cell
// in which a chart ends, and of a digit.
const (
	rowPixels  = 18
	charPixels = 7
)

// pixels of a column.
func pixels(chars float64) int { return int(chars*charPixels) + 5 }

// severityChart shows the findings by severity.
func (p *summaryPage) severityChart(column string, row, first int) {
	if p.r.Totals.Findings == 0 {
		return
	}
	last := first + len(rules.Severities) - 1
	p.chart(column, row, 8*pixels(p.wide), &excelize.Chart{Type: excelize.Bar, Legend: excelize.ChartLegend{Position: "none"},
		Title: chartTitle("Open findings by severity"),
		Series: []excelize.ChartSeries{{Name: cellOf(p.name, "$B$"+strconv.Itoa(first-1)), Categories: p.span("A", first, last),
			Values: p.span("B", first, last), Fill: solid(p.accent()), DataLabel: excelize.ChartDataLabel{Font: chartFont()}}},
		GapWidth: gap(60), XAxis: excelize.ChartAxis{ReverseOrder: true, Font: chartFont()},
		YAxis:    excelize.ChartAxis{None: true},
		PlotArea: excelize.ChartPlotArea{ShowVal: true}})
}

// positionChart compares acquired and used licenses.
func (p *summaryPage) positionChart() {
	first, last := p.positionAt[0], p.positionAt[1]
	if last < first {
		return
	}
	row, legendFont := p.block(chartHeight), chartFont()
	series := func(column, rgb string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: cellOf(p.name, fmt.Sprintf("$%s$%d", column, first-1)),
			Categories: p.span("A", first, last), Values: p.span(column, first, last), Fill: solid(rgb), DataLabel: excelize.ChartDataLabel{Font: chartFont()}}
	}
	p.chart("A", row, pixels(nameWidth)+int(numbers)*pixels(p.wide), &excelize.Chart{Type: excelize.Col, Legend: excelize.ChartLegend{Position: "bottom", Font: &legendFont},
		Title:    chartTitle("Acquired and used licenses by type"),
		Series:   []excelize.ChartSeries{series("D", "B8C4D0"), series("E", p.accent())},
		XAxis:    excelize.ChartAxis{Font: chartFont()},
		YAxis:    excelize.ChartAxis{MajorGridLines: true, Font: chartFont(), NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}},
		PlotArea: excelize.ChartPlotArea{ShowVal: true}})
	p.row = row + chartHeight + 1
}

func (p *page) chart(column string, row, width int, c *excelize.Chart) {
	c.Dimension = excelize.ChartDimension{Width: uint(width), Height: rowPixels * chartHeight}
	c.Format.AltText = c.Title.Paragraph[0].Text + "; the numbers stand in the table beside it."
	c.Border = excelize.LineOptions{Type: excelize.LineNone}
	p.do(p.f.AddChart(p.name, column+strconv.Itoa(row), c))
}

// span is a column's cells as a chart refers to them.
func (p *page) span(column string, from, to int) string {
	return cellOf(p.name, fmt.Sprintf("$%s$%d:$%s$%d", column, from, column, to))
}

func (p *page) accent() string { return accentOf(p.r) }

func chartFont() excelize.Font { return excelize.Font{Family: font, Size: 9, Color: ink} }

func chartTitle(text string) excelize.ChartTitle {
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: text, Font: &excelize.Font{Family: font, Size: 11, Bold: true, Color: ink}}}}
}

func gap(percent uint) *uint { return &percent }
