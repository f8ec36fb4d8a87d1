package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"trueup/fetch/plain"
	"trueup/report/cell"
	"trueup/report/tables"
)

const (
	maxMark    = 120 // UTF-16 units of a sheet's mark
	paperA4    = 9
	paperA3    = 8
	wideSheet  = 240 // characters; beyond it A4 prints too small to read
	sideMargin = 0.4 // inches
	topMargin  = 0.75
)

// page is one sheet made through excelize. It keeps the first error, so that
// laying out reads as a list.
type page struct {
	*book
	name    string
	err     *error
	heights map[int]float64 // of rows that are not of default height
}

func (b *book) newPage(name string) *page {
	p := &page{book: b, name: name, err: &b.err, heights: map[int]float64{}}
	if len(b.pages) == 0 {
		p.do(b.f.SetSheetName("Sheet1", name))
	} else {
		_, err := b.f.NewSheet(name)
		p.do(err)
	}
	b.pages = append(b.pages, name)
	p.do(b.f.SetSheetProps(name, &excelize.SheetPropsOptions{TabColorRGB: new("FF" + b.tabColour(name))}))
	off := false
	p.do(b.f.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &off}))
	return p
}

// tabColour tells the sheets that decide from those with findings, with what
// they are about, and with how they came to be.
func (b *book) tabColour(name string) string {
	name, _, _ = strings.Cut(name, " (")
	switch name {
	case tables.SheetSummary, tables.SheetChanges, tables.SheetTrend:
		return b.st.accent
	case tables.SheetFindings:
		return words["high"].fill
	case tables.SheetCustomers, tables.SheetConnections:
		return barFill
	}
	return paleFill
}

// part is the name of the sheet's file in the package.
func part(at int) string { return "xl/worksheets/sheet" + strconv.Itoa(at+1) + ".xml" }

func (p *page) do(err error) {
	if err != nil && *p.err == nil {
		*p.err = fmt.Errorf("sheet %s: %w", p.name, err)
	}
}

func (p *page) put(column string, row int, value any, style int) {
	cell := column + strconv.Itoa(row)
	if s, ok := value.(string); ok {
		value = safeText(s)
	}
	if value != nil {
		p.do(p.f.SetCellValue(p.name, cell, value))
	}
	p.do(p.f.SetCellStyle(p.name, cell, cell, style))
}

func (p *page) height(row int, points float64) {
	p.heights[row] = points
	p.do(p.f.SetRowHeight(p.name, row, points))
}

func (p *page) width(from, to string, chars float64) {
	p.do(p.f.SetColWidth(p.name, from, to, chars))
}

func (p *page) linkTo(cell, sheet, target string) {
	p.do(p.f.SetCellHyperLink(p.name, cell, cellOf(sheet, target), "Location"))
}

func (p *page) freeze(columns, rows int) {
	corner, err := excelize.CoordinatesToCellName(columns+1, rows+1)
	p.do(err)
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	p.do(p.f.SetPanes(p.name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: corner, ActivePane: pane,
		Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: pane}}}))
}

// dataBar shows fractions on a fixed scale, so that bars compare between
// sheets and months. Beyond 100 % the bar is full.
func (p *page) dataBar(cells string) {
	p.do(p.f.SetConditionalFormat(p.name, cells, []excelize.ConditionalFormatOptions{{Type: "data_bar", Criteria: "=",
		MinType: "num", MinValue: "0", MaxType: "num", MaxValue: "1", BarColor: "#" + barFill, BarSolid: true}}))
}

// heading is the first line of a sheet, with the report's mark.
func (p *page) heading(text string) {
	p.put("A", 1, text, p.st.title)
	if mark := p.r.Mark(); mark != "" {
		p.do(p.f.SetCellRichText(p.name, "A1", []excelize.RichTextRun{
			{Text: text, Font: &excelize.Font{Family: font, Size: 16, Bold: true, Color: p.st.accent}},
			{Text: "   " + plain.TextMax(mark, maxMark), Font: &excelize.Font{Family: font, Size: fontSize, Bold: true, Color: danger}}}))
	}
	p.height(1, 24)
}

// print sets a sheet of the given width up for paper: landscape, one page wide.
func (p *page) print(chars float64) {
	size, wide, tall, fit := paperA4, 1, 0, true
	if chars > wideSheet {
		size = paperA3
	}
	p.do(p.f.SetSheetProps(p.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	p.paper(&excelize.PageLayoutOptions{Size: &size, FitToWidth: &wide, FitToHeight: &tall})
}

func (p *page) paper(layout *excelize.PageLayoutOptions) {
	landscape := "landscape"
	layout.Orientation = &landscape
	p.do(p.f.SetPageLayout(p.name, layout))
	side, top, edge := sideMargin, topMargin, 0.3
	p.do(p.f.SetPageMargins(p.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &edge, Footer: &edge}))
	head := `&L&"Arial,Bold"` + headerText(p.r.Title)
	if mark := p.r.MarkWord(); mark != "" {
		head += `&C&"Arial,Bold"` + mark
	}
	head += `&R&"Arial,Regular"As of ` + tables.AsOf(p.r)
	foot := `&L&"Arial,Regular"` + headerText(p.r.Organization) + `&C&"Arial,Regular"&A&R&"Arial,Regular"Page &P of &N`
	p.do(p.f.SetHeaderFooter(p.name, &excelize.HeaderFooterOptions{OddHeader: head, OddFooter: foot}))
}

// printArea prints from A1 to the cell named.
func (p *page) printArea(column string, row int) {
	p.do(p.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: p.name,
		RefersTo: cellOf(p.name, fmt.Sprintf("$A$1:$%s$%d", column, row))}))
}

// repeatRow prints a row again on every page.
func (p *page) repeatRow(row int) {
	p.do(p.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: p.name,
		RefersTo: fmt.Sprintf("%s$%d:$%d", cellOf(p.name, ""), row, row)}))
}

// content is a value of the report as excelize takes it.
func content(v cell.Value) any {
	if n, ok := v.Int(); ok && n < 1e15 && n > -1e15 {
		return n
	}
	if f, ok := v.Float(); ok {
		return f
	}
	if d, ok := v.Money(); ok {
		return d.InexactFloat64()
	}
	if t, ok := v.Time(); ok {
		return serial(t, cell.KindDate)
	}
	if v.IsEmpty() {
		return nil
	}
	return v.String()
}
