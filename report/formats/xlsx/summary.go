package xlsx

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"trueup/fetch/plain"
	"trueup/report/tables"
)

// The summary has one column for names and a grid of narrow ones beside it: a
// column of a table takes as many of them as its values need, so that tables
// of any shape fit a window of 1,250 pixels one below the other.
const (
	nameWidth   = 28.0
	gridWidth   = 4.0
	gridColumns = 35

	plainHeight = 15.0                  // points of a row
	charWidth   = 6.4                   // points of a digit where Arial is not there and a wide font is taken; 5.25 in Excel
	paperWidth  = 842 - 2*72*sideMargin // of A4 landscape, in points
	paperHeight = 595 - 2*72*topMargin
)

// block is one table of the summary with what belongs to it.
type block struct {
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

// blocks are the summary from top to bottom, below the tiles: who must act and
// why first, then what explains it.
func (b *book) blocks() []block {
	severities, fall := tables.SeverityChart(b.r), tables.WaterfallOf(b.r)
	return []block{
		{table: tables.Act(b.r)},
		{table: tables.TenLargest(b.r)},
		{table: tables.Bridge(b.r), remarks: b.changes(), chart: b.waterfall(fall)},
		{table: tables.Positions(b.r), chart: chart{title: "Acquired and used licenses by type", kind: excelize.Col,
			of: []shown{{"Acquired", paleFill, "#,##0", ""}, {"Used", b.st.accent, "#,##0", ""}}}},
		{table: tables.UsageByMonth(b.r), remarks: []remark{{"Month by month of each customer", b.st.link, tables.SheetUsage}},
			chart: chart{title: "Acquired licenses, peaks and averages by month", kind: excelize.Col, beside: true,
				of: []shown{{tables.HeadAcquired, paleFill, "", ""}, {tables.HeadPeaks, b.st.accent, "", ""}, {tables.HeadAverage, betterFill, "", ""}}}},
		{table: tables.BySeverity(b.r), chart: chart{title: severities.Title, kind: excelize.Bar, nothing: severities.Nothing,
			of: []shown{{"Findings", b.st.accent, "#,##0", ""}}, beside: true}},
		{table: tables.ByRule(b.r)},
		{table: tables.Sources(b.r)},
		{table: fall.Figures(b.r)},
	}
}

// changes leads to what differs from the earlier report.
func (b *book) changes() []remark {
	c := b.r.Changes
	if c == nil {
		return nil
	}
	moved := remark{"Since " + tables.Day(c.Baseline) + ": " + tables.CustomersMoved(c), b.st.subtitle, ""}
	if slices.ContainsFunc(b.sections, func(s *section) bool { return s.sheet.Name == tables.SheetChanges && s.to > s.from }) {
		moved.style, moved.sheet = b.st.link, tables.SheetChanges
	}
	remarks := []remark{moved}
	if n := len(b.r.Trend); n > 0 {
		remarks = append(remarks, remark{"Trend over " + plain.Counted(n, "report"), b.st.link, tables.SheetTrend})
	}
	return remarks
}

// summaryPage is laid out block by block; blocks stay whole on paper.
type summaryPage struct {
	*page
	row      int               // of the next block
	paperTop int               // first row of the printed page
	columns  int               // of the sheet
	laid     map[string]*table // by title
	waiting  []waiting
}

// summary lays out the first sheet: what a reader sees who opens nothing else.
func (b *book) summary() {
	p := &summaryPage{page: b.newPage(tables.SheetSummary), paperTop: 1, columns: gridColumns + 1, laid: map[string]*table{}}
	blocks := b.blocks()
	for i := range blocks {
		blocks[i].table = blocks[i].table.InBook(b.r)
		p.columns = max(p.columns, 1+total(p.least(blocks[i].table)))
	}
	p.width("A", "A", nameWidth)
	p.width("B", letter(p.columns-1), gridWidth)
	p.masthead()
	p.tiles(tables.Tiles(b.r))
	for i, x := range blocks {
		from := p.row
		if len(x.table.Rows) > 0 {
			p.lay(x)
			p.keep(from)
		}
		if i == decides {
			p.completeness()
		}
	}
	p.finish()
}

// decides is the last of the blocks that decide something: below it stands
// whether the report is whole.
const decides = 2

// completeness says whether the report is whole.
func (p *summaryPage) completeness() {
	complete, words := tables.Completeness(p.r)
	style, head := p.st.whole, "Complete. "
	if !complete {
		style, head = p.st.gap, "Not complete. "
	}
	p.merged(p.row, 1, p.columns, head+words, style)
	p.rich("A"+strconv.Itoa(p.row), run{head, excelize.Font{Bold: true}}, run{words, excelize.Font{}})
	p.height(p.row, 6+13*float64(lines(head+words, p.room(1, p.columns)-2*padding)))
	p.row += 2
}

// room is the width of some columns, from 1.
func (p *summaryPage) room(from, to int) float64 {
	if from == 1 {
		return nameWidth + float64(to-1)*gridWidth
	}
	return float64(to-from+1) * gridWidth
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
	for _, w := range p.waiting {
		p.draw(w)
	}
	scale, size := uint(p.scale()*100), paperA4
	p.paper(&excelize.PageLayoutOptions{Size: &size, AdjustTo: &scale})
	p.printArea(letter(p.columns-1), p.row)
}

// masthead is title, who and when, what a reader must know first, and the
// report in one sentence.
func (p *summaryPage) masthead() {
	p.put("A", 1, tables.Title(p.r), p.st.title)
	p.height(1, 30)
	var parts []string
	for _, s := range []string{p.r.Organization, "As of " + tables.AsOf(p.r), tables.SourceNames(p.r), p.r.Branding.Confidentiality} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	p.put("A", 2, strings.Join(parts, "  ·  "), p.st.subtitle)
	p.logo()
	p.row = 3
	warning := p.r.Gap()
	if p.r.Sample {
		warning = p.r.Mark() + ", not for billing"
	}
	if warning != "" {
		p.do(p.f.SetCellStyle(p.name, "A3", letter(p.columns-1)+"3", p.st.alarm))
		p.put("A", 3, "  "+warning, p.st.alarm)
		p.height(3, 18)
		p.row++
	}
	headline := tables.Headline(p.r)
	p.merged(p.row, 1, p.columns, headline, p.st.headline)
	p.height(p.row, 8+headSize*1.3*float64(lines(headline, (p.room(1, p.columns)-padding)*fontSize/headSize/bold)))
	p.put("A", p.row+1, tables.Portfolio(p.r), p.st.subtitle)
	p.row += 3
}
