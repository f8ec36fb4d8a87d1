package xlsx

import (
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/report/cell"
	"trueup/report/tables"
)

const (
	trendWide  = 560 // pixels of a chart, at least
	trendHigh  = 300
	fewColumns = 8 // up to so many have labels
)

// trend draws the charts of the trend below its table: what is exposed, or
// without prices found, and the licenses.
func (p *page) trend(s *section) {
	at, wide := 0, 0
	for at < len(s.columns) && wide < trendWide {
		wide += columnPixels(s.width(at))
		at++
	}
	row := strconv.Itoa(firstRow + s.rows + 1)
	title, of := "Exposure, "+p.r.Currency+" a month", []shown{{heading: tables.HeadTrendExposure, fill: p.st.accent}, {heading: tables.HeadIssuedExposure, fill: paleFill}}
	if p.r.Currency == "" {
		title, of = "Open findings", []shown{{heading: tables.HeadTrendFindings, fill: p.st.accent}}
	}
	p.trendChart(s, "A"+row, title, wide-12, of)
	p.trendChart(s, letter(at)+row, "Acquired and used licenses", trendWide, []shown{{heading: tables.HeadAcquired, fill: paleFill}, {heading: tables.HeadUsed, fill: p.st.accent}})
}

func (p *page) trendChart(s *section, at, title string, wide int, of []shown) {
	incomplete := slices.DeleteFunc(tables.Incomplete(p.r), func(row int) bool { return row < s.from || row >= s.to })
	if len(incomplete) > 0 {
		title += "; outlined where incomplete"
	}
	n := native{kind: excelize.Col, title: title, remark: "the numbers stand in the table above", width: wide, height: trendHigh, names: p.column(s, tables.HeadMonth)}
	labels := ""
	if s.rows <= fewColumns {
		labels = "#,##0"
	}
	for _, x := range of {
		values := p.column(s, x.heading)
		if len(values.values) == 0 { // nothing was issued
			continue
		}
		name := pointsOf(s.name, s.letters(x.heading), headRow, headRow, cell.Text(x.heading))
		n.series = append(n.series, drawn{name: name, values: values, fill: x.fill, labels: labels, pale: incomplete})
	}
	p.addChart(at, n)
}

// column are the cells of a column, as a chart refers to them; none if the
// sheet has no such column.
func (p *page) column(s *section, heading string) points {
	i := s.index(heading)
	if i < 0 {
		return points{}
	}
	var values []cell.Value
	for row := s.from; row < s.to; row++ {
		values = append(values, s.columns[i].Value(p.r, row))
	}
	return pointsOf(s.name, s.columns[i].letters, firstRow, firstRow+s.rows-1, values...)
}

func (s *section) index(heading string) int {
	return slices.IndexFunc(s.columns, func(c column) bool { return c.Heading == heading })
}

func (s *section) letters(heading string) string { return s.columns[s.index(heading)].letters }
