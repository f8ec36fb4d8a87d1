package xlsx

import (
	"strconv"

	"trueup/report/cell"
	"trueup/report/tables"
)

// Widths of the about sheet: what, of what, text.
const (
	aboutSheet  = 20.0
	aboutColumn = 24.0
	aboutText   = 100.0
)

// aboutPage writes the last sheet line by line.
type aboutPage struct {
	*page
	row int
}

// about says where the report comes from and what every column means.
func (b *book) about() {
	p := &aboutPage{b.newPage(tables.SheetAbout), 1}
	p.width("A", "A", aboutSheet)
	p.width("B", "B", aboutColumn)
	p.width("C", "C", aboutText)
	p.heading(tables.SheetAbout)
	p.put("A", 2, tables.SheetSummary, p.st.link)
	p.linkTo("A2", tables.SheetSummary, "A1")
	p.row = 4
	p.origin()
	p.method()
	p.definitions()
	p.print(aboutSheet + aboutColumn + aboutText)
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
	p.put("C", p.row, text, p.st.kind[cell.KindLongText].plain)
	p.height(p.row, rowHeight(max(lines(text, aboutText-padding), lines(of, aboutColumn-padding))))
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
	p.section("How to read it")
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
	for i, h := range []string{"Sheet", "Column", "Definition"} {
		p.put(letter(i), p.row, h, p.st.head)
	}
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
