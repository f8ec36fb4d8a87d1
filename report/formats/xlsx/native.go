package xlsx

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"trueup/report/cell"
)

// native is a chart of the workbook's own: it refers to cells. What they hold
// is written into its part too, for viewers that do not ask the sheet.
type native struct {
	kind          excelize.ChartType
	title, remark string
	names         points
	series        []drawn
	width, height int      // pixels
	floor         *float64 // where the axis of values starts; nil for 0
}

// drawn is one series: the columns of one colour.
type drawn struct {
	name, values points
	fill         string // "" for what is not drawn: the others stand on it
	labels       string // number format of its labels; "" for none
	on           string // colour of its labels; "" for ink
	pale         []int  // points that are drawn without a filling
}

// points are some cells below each other, and what they hold.
type points struct {
	ref    string
	values []cell.Value
}

func pointsOf(sheet, column string, first, last int, values ...cell.Value) points {
	ref := fmt.Sprintf("$%s$%d", column, first)
	if first != last {
		ref += fmt.Sprintf(":$%s$%d", column, last)
	}
	return points{cellOf(sheet, ref), values}
}

// addChart draws a chart with its left upper corner in a cell. There is a
// legend where there is more than one series to tell apart.
func (p *page) addChart(at string, n native) {
	x := &excelize.Chart{Type: n.kind, Legend: excelize.ChartLegend{Position: "none"}, GapWidth: new(uint(40)),
		Dimension: excelize.ChartDimension{Width: uint(n.width), Height: uint(n.height)},
		Format:    excelize.GraphicOptions{AltText: n.title + "; " + n.remark + "."},
		Border:    excelize.LineOptions{Type: excelize.LineNone},
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: n.title, Font: &excelize.Font{Family: font, Size: 10, Bold: true, Color: ink}}}}}
	x.PlotArea.ShowVal = true
	if n.kind == excelize.Bar {
		x.XAxis, x.YAxis = excelize.ChartAxis{ReverseOrder: true, Font: chartFont()}, excelize.ChartAxis{None: true}
	} else {
		x.XAxis = excelize.ChartAxis{Font: chartFont()}
		x.YAxis = excelize.ChartAxis{MajorGridLines: true, Font: chartFont(), Minimum: cmp.Or(n.floor, new(0.0)), NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}}
	}
	if len(n.series) > 1 {
		x.Legend = excelize.ChartLegend{Position: "bottom", Font: new(chartFont())}
	}
	for _, s := range n.series {
		fill := excelize.Fill{Type: "pattern"}
		if s.fill != "" {
			fill = solid(s.fill)
		}
		labels := chartFont()
		labels.Color = cmp.Or(s.on, labels.Color)
		x.Series = append(x.Series, excelize.ChartSeries{Name: s.name.ref, Categories: n.names.ref, Values: s.values.ref, Fill: fill,
			DataLabel: excelize.ChartDataLabel{Font: labels}})
	}
	p.do(p.f.AddChart(p.name, at, x))
	p.natives = append(p.natives, n)
}

func chartFont() excelize.Font { return excelize.Font{Family: font, Size: 9, Color: ink} }

// partOfChart is the name of the part that excelize writes the chart drawn as
// the nth into, counted from 0.
func partOfChart(n int) string { return "xl/charts/chart" + strconv.Itoa(n+1) + ".xml" }

// complete puts into a chart's part what excelize has no way to say: the
// values of the cells, labels and legend of single series, single points.
func (n *native) complete(raw []byte) []byte {
	parts := strings.Split(string(raw), "<ser>")
	if len(parts) != len(n.series)+1 {
		return raw
	}
	for i := range n.series {
		parts[i+1] = n.seriesPart(&n.series[i], parts[i+1])
	}
	out := strings.Join(parts, "<ser>")
	for i, s := range n.series {
		if s.fill == "" {
			out = strings.Replace(out, "<overlay val=\"0\"></overlay><txPr>", fmt.Sprintf(`<legendEntry><idx val="%d"/><delete val="1"/></legendEntry><overlay val="0"></overlay><txPr>`, i), 1)
		}
	}
	return []byte(out)
}

func (n *native) seriesPart(s *drawn, part string) string {
	const labels, end = "<dLbls>", "</dLbls>"
	from, to := strings.Index(part, labels), strings.Index(part, end)
	head, tail := part[:from], part[to:]
	said := part[from+len(labels) : to]
	if s.labels == "" {
		said = `<delete val="1"/>`
	} else {
		said = `<numFmt formatCode="` + escaped(s.labels) + `" sourceLinked="0"/>` + said
	}
	for _, at := range s.pale {
		head += fmt.Sprintf(`<dPt><idx val="%d"/><invertIfNegative val="0"/><bubble3D val="0"/><spPr><a:noFill/><a:ln w="12700"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:prstDash val="dash"/></a:ln></spPr></dPt>`, at, s.fill)
	}
	for _, x := range []points{s.name, n.names} {
		tail, head = withTexts(tail, x), withTexts(head, x)
	}
	tail = strings.Replace(tail, "<numCache><formatCode></formatCode></numCache>", "<numCache><formatCode>General</formatCode>"+cached(s.values)+"</numCache>", 1)
	return head + labels + said + tail
}

// withTexts puts the texts of some cells behind the reference to them.
func withTexts(part string, x points) string {
	ref := "<f>" + escaped(x.ref) + "</f></strRef>"
	return strings.Replace(part, ref, strings.TrimSuffix(ref, "</strRef>")+"<strCache>"+cached(x)+"</strCache></strRef>", 1)
}

func cached(x points) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<ptCount val="%d"/>`, len(x.values))
	for i, v := range x.values {
		if !v.IsEmpty() && !v.IsUnknown() {
			fmt.Fprintf(&b, `<pt idx="%d"><v>%s</v></pt>`, i, escaped(cellText(plainly(v))))
		}
	}
	return b.String()
}

// plainly writes a value as a chart's part has it.
func plainly(v cell.Value) string {
	if digits, ok := appendNumber(nil, v, cell.KindCount); ok {
		return string(digits)
	}
	return v.String()
}

func escaped(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // into memory: it cannot fail
	return b.String()
}
