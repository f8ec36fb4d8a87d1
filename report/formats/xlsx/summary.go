package xlsx

import (
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"trueup/report/tables"
)

// The summary has one wide column for names and narrower ones for numbers, as
// many as its widest table takes.
const (
	nameWidth    = 44.0
	numberWide   = 12.5
	leastColumns = 12

	plainHeight = 15.0                  // points of a row
	charWidth   = 6.4                   // points of a digit where Arial is not there and a wide font is taken; 5.25 in Excel
	paperWidth  = 842 - 2*72*sideMargin // of A4 landscape, in points
	paperHeight = 595 - 2*72*topMargin
)

// block is one part of the summary: tiles, or a table with what belongs to it.
type block struct {
	tiles   []tables.Tile
	table   tables.Table // without rows there is no block
	chart   chart
	remarks []remark // below the table
}

// remark is a line of text; it leads to a sheet, if it names one.
type remark struct {
	text  string
	style int
	sheet string
}

// blocks are the summary from top to bottom.
func (b *book) blocks() []block {
	severities := tables.SeverityChart(b.r)
	return []block{
		{tiles: tables.Tiles(b.r)},
		{table: tables.BySeverity(b.r), remarks: b.changes(),
			chart: chart{title: severities.Title, nothing: severities.Nothing, of: []string{"Findings"}, beside: true}},
		{table: tables.Positions(b.r), chart: chart{title: "Acquired and used licenses by type", of: []string{"Acquired", "Used"}}},
		{table: tables.ByRule(b.r)},
		{table: tables.Largest(b.r)},
		{table: tables.Managers(b.r)},
		{table: tables.Sources(b.r)},
		{table: b.controls()},
	}
}

// changes count what differs from the earlier report.
func (b *book) changes() []remark {
	c := b.r.Changes
	if c == nil {
		return nil
	}
	moved := remark{tables.Changed(c), b.st.subtitle, ""}
	if b.rows(tables.SheetChanges) > 0 {
		moved.style, moved.sheet = b.st.link, tables.SheetChanges
	}
	return []remark{{"Since " + tables.Day(c.Baseline), b.st.label, ""}, moved, {tables.CustomersMoved(c), b.st.subtitle, ""}}
}

// summaryPage is laid out block by block; blocks stay whole on paper.
type summaryPage struct {
	*page
	row      int     // of the next block
	paperTop int     // first row of the printed page
	columns  int     // of the sheet
	wide     float64 // of the columns of numbers
}

// summary lays out the first sheet: what a reader sees who opens nothing else.
func (b *book) summary() {
	p := &summaryPage{page: b.newPage(tables.SheetSummary), paperTop: 1, columns: leastColumns, wide: numberWide}
	blocks := b.blocks()
	for i := range blocks {
		blocks[i].table = blocks[i].table.InBook()
		p.measure(&blocks[i])
	}
	p.width("A", "A", nameWidth)
	p.width("B", letter(p.columns-1), p.wide)
	p.masthead()
	for _, x := range blocks {
		switch from := p.row; {
		case len(x.tiles) > 0:
			p.tiles(x.tiles)
			p.keep(from)
		case len(x.table.Rows) > 0:
			p.lay(x)
			p.keep(from)
		}
	}
	p.finish()
}

// measure makes room for a block: columns for all of its table's, as wide as
// the longest number.
func (p *summaryPage) measure(x *block) {
	p.columns = max(p.columns, len(x.table.Heads))
	widest := 0.0
	for _, row := range x.table.Rows {
		for i, c := range row.Cells {
			if i == 0 || !x.table.Heads[i].Kind.IsNumber() {
				continue
			}
			text := c.Written(x.table.Heads[i].Kind)
			if _, ok := c.Money(); ok {
				text = tables.InMoney(p.r, c)
			}
			widest = max(widest, measure(text)*bold+padding+1)
		}
	}
	for i, t := range x.tiles {
		if i%strip > 0 {
			widest = max(widest, (measure(p.tileLabel(t))*small+2*padding)/2, (measure(t.Written(t.Kind))*large*bold+2*padding)/2)
		}
	}
	p.wide = max(p.wide, math.Ceil(widest))
}

// room is the width of some columns, from 1.
func (p *summaryPage) room(from, to int) float64 {
	if from == 1 {
		return nameWidth + float64(to-1)*p.wide
	}
	return float64(to-from+1) * p.wide
}

// keep starts a new printed page at the block laid last, if it does not fit
// on this one, and follows one that is longer than a page.
func (p *summaryPage) keep(from int) {
	room := paperHeight / p.scale()
	height := func(from int) (points float64) {
		for row := from; row < p.row-1; row++ { // the last is blank
			points += p.heightOf(row)
		}
		return points
	}
	if height(p.paperTop) <= room {
		return
	}
	if from > p.paperTop {
		p.do(p.f.InsertPageBreak(p.name, "A"+strconv.Itoa(from)))
		p.paperTop = from
	}
	used := 0.0
	for row := p.paperTop; row < p.row; row++ {
		if used += p.heightOf(row); used > room {
			p.paperTop, used = row, p.heightOf(row)
		}
	}
}

// scale brings the columns onto the paper.
func (p *summaryPage) scale() float64 {
	return min(0.85, math.Floor(100*paperWidth/(charWidth*p.room(1, p.columns)))/100)
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
	p.printArea(letter(p.columns-1), p.row)
}

// masthead is title, who and when, and what a reader must know first.
func (p *summaryPage) masthead() {
	p.put("A", 1, p.r.Title, p.st.title)
	p.height(1, 30)
	scope := tables.SourceNames(p.r)
	if p.r.Manager != "" {
		scope = "Customers of " + p.r.Manager
	}
	var parts []string
	for _, s := range []string{p.r.Organization, "As of " + tables.AsOf(p.r), scope, p.r.Branding.Confidentiality} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	p.put("A", 2, strings.Join(parts, "  ·  "), p.st.subtitle)
	p.logo()
	p.row = 4
	warning := p.r.Gap()
	if p.r.Sample {
		warning = p.r.Mark() + ", not for billing"
	}
	if warning == "" {
		return
	}
	p.do(p.f.SetCellStyle(p.name, "A3", letter(p.columns-1)+"3", p.st.alarm))
	p.put("A", 3, "  "+warning, p.st.alarm)
	p.height(3, 18)
	p.row = 5
}
