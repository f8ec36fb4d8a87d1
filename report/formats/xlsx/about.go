package xlsx

import (
	"strconv"

	"trueup/report/cell"
	"trueup/report/tables"
)

// aboutColumns are the widths of the about sheet: what, of what, and the text,
// which takes all of the last ones; tables have their numbers there.
var aboutColumns = [...]float64{20, 24, 20, 20, 10, 50}

const aboutText = 20.0 + 20 + 10 + 50

// aboutPage writes the last sheet line by line.
type aboutPage struct {
	*page
	row int
}

// about says where the report comes from, that it adds up, and what every
// column means.
func (b *book) about() {
	p := &aboutPage{b.newPage(tables.SheetAbout), 1}
	wide := 0.0
	for i, width := range aboutColumns {
		p.width(letter(i), letter(i), width)
		wide += width
	}
	p.heading(tables.SheetAbout)
	p.put("A", 2, tables.SheetSummary, p.st.link)
	p.linkTo("A2", tables.SheetSummary, "A1")
	p.row = 4
	p.origin()
	p.table(tables.PriceList(b.r))
	p.table(b.controls())
	p.table(tables.FromPosition(b.r))
	p.method()
	p.definitions()
	p.print(wide)
}

func (p *aboutPage) section(title string) {
	p.put("A", p.row, title, p.st.section)
	p.height(p.row, 22)
	p.row++
}

func (p *aboutPage) line(what, of, text string) {
	if text == "" {
		return
	}
	p.put("A", p.row, what, p.st.kind[cell.KindText].plain)
	p.put("B", p.row, of, p.st.kind[cell.KindText].plain)
	p.merged(p.row, 3, len(aboutColumns), text, p.st.kind[cell.KindLongText].plain)
	p.height(p.row, rowHeight(max(lines(text, aboutText-padding), lines(of, aboutColumns[1]-padding))))
	p.row++
}

// table has its names in the first two columns and its figures in the others.
func (p *aboutPage) table(t tables.Table) {
	if len(t.Rows) == 0 {
		return
	}
	p.section(t.Title)
	if t.Intro != "" {
		p.put("B", p.row-1, t.Intro, p.st.intro)
	}
	at := func(i int) (first, last int) {
		if i == 0 {
			return 1, 2
		}
		return i + 2, i + 2
	}
	for i, h := range t.Heads {
		first, last := at(i)
		p.merged(p.row, first, last, h.Text, p.st.headOf(h.Kind))
	}
	p.row++
	for _, row := range t.Rows {
		for i, c := range row.Cells {
			first, last := at(i)
			p.merged(p.row, first, last, content(c.Value), p.st.withUnit(t.Heads[i].Kind, c, row.Sum))
		}
		p.row++
	}
	if t.Note != "" {
		p.merged(p.row, 1, len(aboutColumns), t.Note, p.st.note)
		p.height(p.row, 12*float64(lines(t.Note, aboutText))+4)
		p.row++
	}
	p.row++
}

// origin is what is needed to make the report again.
func (p *aboutPage) origin() {
	p.section("Where this comes from")
	p.line("Report", "title", p.r.Title)
	p.line("Report", "organization", p.r.Organization)
	p.line("Report", "account manager", p.r.Manager)
	p.line("Report", "scope", tables.Scope(p.r))
	p.line("Report", "as of", tables.AsOf(p.r))
	p.line("Report", "currency", p.r.Currency)
	for _, s := range p.r.Sources {
		p.line("Source", s.Name, tables.SourceLine(s))
	}
	for _, f := range tables.MadeFrom(p.r) {
		p.line("Made from", f.Name, f.Text)
	}
	p.row++
}

func (p *aboutPage) method() {
	p.section("Method")
	for _, x := range tables.Method(p.r) {
		p.line(x.Group, x.Name, x.Text)
	}
	p.line("Value", "\uFFFD", "A character that came damaged or that a workbook must not hold was replaced.")
	p.line("Paper", "wide sheets", "A table too wide for A4 is set up for A3 and printed without the ids at its right end.")
	p.row++
}

// definitions are those of every column of every sheet that is there.
func (p *aboutPage) definitions() {
	p.section("What the columns mean")
	p.put("A", p.row, "Sheet", p.st.head)
	p.put("B", p.row, "Column", p.st.head)
	p.merged(p.row, 3, len(aboutColumns), "Definition", p.st.head)
	p.repeatRow(p.row)
	p.row++
	for _, s := range p.sections {
		if s.from > 0 {
			continue
		}
		p.line(s.name, "(row)", s.sheet.About)
		p.put("A", p.row-1, s.name, p.st.kind[cell.KindText].link)
		p.linkTo("A"+strconv.Itoa(p.row-1), s.name, "A1")
		for _, c := range s.columns {
			p.line(s.name, c.Heading, c.About)
		}
	}
}
