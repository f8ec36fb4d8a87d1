package xlsx

import (
	"math"
	"strconv"
	"strings"
	"trueup/report/cell"

	"trueup/report/tables"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// The summary has one wide column for names and eleven for numbers.
const (
	nameWidth   = 44.0
	numberWide  = 12.5
	letters     = "ABCDEFGHIJKL" // the columns
	lastColumn  = "L"
	numbers     = 11.0 // columns of them
	chartHeight = 11   // rows
	topCount    = 10

	plainHeight = 15.0                  // points of a row
	charWidth   = 5.6                   // points of a digit in LibreOffice; 5.25 in Excel
	paperWidth  = 842 - 2*72*sideMargin // of A4 landscape, in points
	paperHeight = 595 - 2*72*topMargin
)

// summary lays out the first sheet: what a reader sees who opens nothing else.
func (b *book) summary() {
	p := &summaryPage{page: b.newPage(tables.SheetSummary)}
	p.wide = p.numberWidth()
	p.width("A", "A", nameWidth)
	p.width("B", lastColumn, p.wide)
	p.row = p.masthead()
	p.tiles()
	p.severities()
	p.positions()
	p.positionChart()
	p.ruleTable()
	p.top()
	p.managers()
	p.sources()
	p.controls()
	p.finish()
}

// summaryPage is laid out block by block; blocks stay whole on paper.
type summaryPage struct {
	*page
	row        int     // of the next block
	paperTop   int     // first row of the printed page, from 0
	wide       float64 // of the columns of numbers
	positionAt [2]int  // first and last row of the license position
}

// block starts a block of n rows on a new printed page if it would not fit.
func (p *summaryPage) block(n int) int {
	height := 0.0
	for row := max(p.paperTop, 1); row < p.row+n; row++ {
		height += p.heightOf(row)
	}
	if height > paperHeight/p.scale() {
		p.do(p.f.InsertPageBreak(p.name, "A"+strconv.Itoa(p.row)))
		p.paperTop = p.row
	}
	return p.row
}

// numberWidth has room for the largest amount.
func (p *summaryPage) numberWidth() float64 {
	if p.r.Currency == "" {
		return numberWide
	}
	sum := p.r.PositionTotal()
	widest := 0.0
	for _, amount := range []*decimal.Decimal{&p.r.Totals.Money.Exposure, &p.r.Totals.Money.Unused, sum.TrueUp, sum.Unused} {
		if amount != nil {
			widest = max(widest, measure(cell.Money(*amount).Format(cell.KindMoney)+" ≥ "+p.r.Currency))
		}
	}
	return max(numberWide, math.Ceil(widest*bold+padding+1))
}

// scale brings the columns onto the paper.
func (p *summaryPage) scale() float64 {
	return min(0.85, math.Floor(100*paperWidth/(charWidth*(nameWidth+numbers*p.wide)))/100)
}

func (p *summaryPage) heightOf(row int) float64 {
	if h := p.heights[row]; h > 0 {
		return h
	}
	return plainHeight
}

// finish gives every row its height, which charts and page breaks rest on,
// and sets up the print. The scale is fixed, as fitting to a page would undo
// the breaks.
func (p *summaryPage) finish() {
	for row := 1; row < p.row; row++ {
		p.height(row, p.heightOf(row))
	}
	scale, size := uint(p.scale()*100), paperA4
	p.paper(&excelize.PageLayoutOptions{Size: &size, AdjustTo: &scale})
	p.printArea(lastColumn, p.row)
}

// masthead is title, who and when, and what a reader must know first.
func (p *summaryPage) masthead() int {
	p.put("A", 1, p.r.Title, p.st.title)
	p.height(1, 30)
	var parts []string
	for _, s := range []string{p.r.Organization, "As of " + p.asOf(), p.scope(), p.r.Branding.Confidentiality} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	p.put("A", 2, strings.Join(parts, "  ·  "), p.st.subtitle)
	p.logo()
	warning := p.r.Gap()
	if p.r.Sample {
		warning = p.r.Mark() + ", not for billing"
	}
	if warning == "" {
		return 4
	}
	p.fill(3, p.st.sample)
	p.put("A", 3, "  "+warning, p.st.sample)
	p.height(3, 18)
	return 5
}

func (p *page) scope() string {
	if p.r.Manager != "" {
		return "Customers of " + p.r.Manager
	}
	var names []string
	for _, s := range p.r.Sources {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (p *page) fill(row, style int) {
	p.do(p.f.SetCellStyle(p.name, "A"+strconv.Itoa(row), lastColumn+strconv.Itoa(row), style))
}
