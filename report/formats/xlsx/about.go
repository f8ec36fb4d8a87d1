package xlsx

import (
	"strconv"
	"trueup/fetch/plain"
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
	p.verdicts()
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
	p.line("Report", "as of", p.asOf())
	p.line("Report", "currency", p.r.Currency)
	p.line("Program", "version", "trueup "+p.r.Version)
	for _, s := range p.r.Sources {
		text := plain.Number(s.Listed) + " listed, " + plain.Number(s.Customers) + " customers kept"
		if s.URL != "" {
			text = s.URL + ": " + text
		}
		if s.Failed != "" {
			text = "FAILED: " + s.Failed
		}
		p.line("Source", s.Name, text)
	}
	p.line("Snapshot", "hash", p.r.Hashes.Snapshot)
	p.line("Rules", "hash", p.r.Hashes.Rules)
	p.line("Waivers", "hash", p.r.Hashes.Waivers)
	p.line("Contacts", "hash", p.r.Hashes.Contacts)
	p.row++
}

func (p *aboutPage) verdicts() {
	p.section("How to read it")
	p.line("Verdict", "finding", "The rule's condition holds: somebody should act.")
	p.line("Verdict", "waived", "The condition holds and a waiver accepts it until its last day; it stays visible everywhere.")
	p.line("Verdict", "not evaluable", "A value that the rule needs was null, absent or unreadable. It never counts as a pass.")
	p.line("Verdict", "not applicable", "The rule does not concern this customer or connection.")
	p.line("Verdict", "pass", "Judged, nothing found.")
	p.line("Value", "empty", "There is nothing to say: the question does not arise.")
	p.line("Value", "unknown", "It would matter and could not be known. It is never taken for 0.")
	p.line("Value", "\uFFFD", "A character that came damaged or that a workbook must not hold was replaced.")
	p.line("Time", "all times", "UTC.")
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
