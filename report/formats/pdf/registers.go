package pdf

import (
	"trueup/report/tables"
)

// positions are what finance compares with the contract.
func (b *book) positions() {
	b.table(tables.Positions(b.r))
	b.titled(tables.Managers(b.r))
}

func (b *book) changes() {
	b.changesLine("Since ")
	b.table(tables.WholeOnPaper(b.r, tables.SheetChanges, b.o.MaxListed))
}

func (b *book) waivers() {
	b.paragraph(tables.WaiverLine, body, left, wide)
	b.space(8)
	b.table(tables.WholeOnPaper(b.r, tables.SheetWaivers, b.o.MaxListed))
}

// method is how far the figures can be trusted: what could not be judged, how
// they come about, and what they were made from.
func (b *book) method() {
	b.section(tables.SheetQuality)
	b.paragraph(tables.QualityLine(b.r), body, left, wide)
	b.space(8)
	b.table(tables.Quality(b.r, b.o.MaxListed))
	b.space(18)
	b.section("How the figures come about")
	group := ""
	for _, p := range tables.Method(b.r) {
		if p.Group != group {
			group = p.Group
			b.space(6)
			b.heading(group, label, nil)
		}
		b.labelled(p.Name, p.Text, body, "")
		b.place(3, nil)
	}
	b.titled(tables.Sources(b.r))
	b.space(20)
	b.section("Made from")
	for _, f := range tables.MadeFrom(b.r) {
		b.labelled(f.Name, f.Text, body, "")
		b.place(0, nil)
	}
	b.titled(tables.ByRule(b.r))
}
