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

// frame makes the sheet of a section but for its rows: title, headings,
// table, widths, panes and print set-up.
func (b *book) frame(s *section) {
	p := b.newPage(s.name)
	p.banner(s)
	p.headings(s)
	last := s.columns[len(s.columns)-1].letters
	bottom := firstRow + max(s.rows, 1) - 1 // a table has at least one row
	p.do(b.f.SetSheetDimension(s.name, fmt.Sprintf("A1:%s%d", last, bottom)))
	p.table(s, fmt.Sprintf("A%d:%s%d", headRow, last, bottom))
	p.do(b.f.AddIgnoredErrors(s.name, fmt.Sprintf("A%d:%s%d", firstRow, last, bottom), excelize.IgnoredErrorsNumberStoredAsText))
	for _, c := range s.columns {
		if c.Kind == cell.KindPercent && s.rows > 0 {
			p.dataBar(fmt.Sprintf("%s%d:%s%d", c.letters, firstRow, c.letters, bottom))
		}
		if c.Kind == cell.KindDue {
			p.days(fmt.Sprintf("%s%d:%s%d", c.letters, firstRow, c.letters, bottom))
		}
	}
	if s.sheet.Name == tables.SheetTrend && s.from == 0 {
		p.trend(s)
	}
	p.freeze(s.sheet.Frozen, headRow)
	p.printTable(s, bottom)
	p.repeatRow(headRow)
}

// days lets people write nothing but days into some cells, so that they sort
// and come back as such.
func (p *page) days(cells string) {
	const from, to = 36526, 2958465 // 2000-01-01 to 9999-12-31
	v := excelize.NewDataValidation(true)
	v.Sqref = cells
	p.do(v.SetRange(from, to, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
	v.SetError(excelize.DataValidationErrorStyleStop, "Not a day", "Write a day, as 2026-12-08.")
	v.SetInput("Due", "A day, as 2026-12-08.")
	p.do(p.f.AddDataValidation(p.name, v))
}

// table makes a table of some cells and puts its part aside but for its number,
// since excelize reads the whole of all for each new one.
func (p *page) table(s *section, cells string) {
	p.do(p.f.AddTable(p.name, &excelize.Table{Name: s.table, Range: cells, StyleName: "TableStyleLight1", ShowRowStripes: new(bool)}))
	id := strconv.Itoa(len(p.tables) + 1)
	part := "xl/tables/table" + id + ".xml"
	raw, _ := p.f.Pkg.Swap(part, []byte(`<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="`+id+`"/>`))
	p.tables[part] = raw
}

// banner says what the sheet is, of when, and how to get back.
func (p *page) banner(s *section) {
	p.heading(s.name)
	p.put("A", 2, tables.SheetSummary, p.st.link)
	p.linkTo("A2", tables.SheetSummary, "A1")
	about := fmt.Sprintf("%s  ·  %s  ·  as of %s", s.sheet.About, extent(s), tables.AsOf(p.r))
	p.put("B", 2, about, p.st.subtitle)
}

func extent(s *section) string {
	text := plain.Counted(s.rows, "row", "rows")
	if s.from > 0 || strings.HasSuffix(s.name, ")") {
		text += fmt.Sprintf(" (from no. %s on)", plain.Number(s.from+1))
	}
	if s.linked < s.rows {
		text += fmt.Sprintf(", links on the first %s", plain.Number(s.linked))
	}
	return text
}

func (p *page) headings(s *section) {
	for i, c := range s.columns {
		p.put(c.letters, headRow, c.Heading, p.st.headOf(c.Kind))
		p.width(c.letters, c.letters, s.width(i))
	}
	p.height(headRow, 30)
}

// width of a column: its content and its heading, within bounds.
func (s *section) width(i int) float64 {
	c := &s.columns[i]
	least := max(s.widths[i]+padding, headingWidth(c.Heading))
	if c.Kind.ForPeople() {
		least = max(least, c.Width)
	}
	return min(least, c.limit+padding)
}

// printTable puts a table on paper. One that is too wide for A4 goes without
// the ids at its right end.
func (p *page) printTable(s *section, bottom int) {
	printed := len(s.columns)
	if s.chars(printed) > wideSheet {
		for s.columns[printed-1].Kind == cell.KindID {
			printed--
		}
		p.printArea(s.columns[printed-1].letters, bottom)
	}
	p.print(s.chars(printed))
}

// chars is the width of the first n columns.
func (s *section) chars(n int) (chars float64) {
	for i := range n {
		chars += s.width(i)
	}
	return chars
}

// links writes the hyperlinks of rows, as a sheet's XML has them.
type links struct {
	buf   []byte
	limit int    // rows a sheet
	to    string // a target's sheet,
	part  int    // which of those that hold its rows,
	there string // and how places there begin
}

// add links a cell to a target, if there is one.
func (l *links) add(column string, row []byte, t tables.Target) bool {
	if !t.OK {
		return false
	}
	l.buf = append(l.buf, `<hyperlink ref="`...)
	l.buf = append(l.buf, column...)
	l.buf = append(l.buf, row...)
	l.buf = append(l.buf, `" location="`...)
	l.buf = l.appendPlace(l.buf, t)
	l.buf = append(l.buf, `"/>`...)
	return true
}

// appendPlace appends the cell that a target's row starts at. Names of sheets are
// our own, so that nothing of them needs escaping but the quotes.
func (l *links) appendPlace(buf []byte, t tables.Target) []byte {
	if part := t.Row/l.limit + 1; l.to != t.Sheet || l.part != part {
		l.to, l.part, l.there = t.Sheet, part, cellOf(sheetName(t.Sheet, part), "A")
	}
	return strconv.AppendInt(append(buf, l.there...), int64(firstRow+t.Row%l.limit), 10)
}

// place is the cell that a target's row starts at.
func (b *book) place(t tables.Target) string {
	return string((&links{limit: b.limit}).appendPlace(nil, t))
}

// cellOf quotes a sheet's name for use in a reference.
func cellOf(sheet, cell string) string {
	return "'" + strings.ReplaceAll(sheet, "'", "''") + "'!" + cell
}

// headerText makes a text safe in a print header, where & starts a code.
func headerText(s string) string {
	return strings.ReplaceAll(plain.TextMax(s, 60), "&", "&&")
}
