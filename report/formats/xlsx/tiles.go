package xlsx

import (
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/report/cell"
	"trueup/report/tables"
)

const (
	small = 0.9 // sizes of a tile's texts, of the plain one
	large = 1.8
)

// tiles are laid out beside each other: name, figure, and what it was and
// changed by.
func (p *summaryPage) tiles(all []tables.Tile) {
	high := 1
	for i, t := range all {
		first, last := p.tileSpan(i, len(all))
		p.merged(p.row, first, last, t.Name, p.st.tileLabel)
		p.merged(p.row+1, first, last, content(t.Value), p.st.figure(t))
		p.merged(p.row+2, first, last, t.Line(), p.st.tileNote)
		if t.Delta != "" {
			colour := ink
			if t.Worse {
				colour = danger
			}
			p.rich(letter(first-1)+strconv.Itoa(p.row+2), run{t.LineStart(), excelize.Font{Size: small * fontSize, Color: muted}},
				run{t.Delta, excelize.Font{Size: small * fontSize, Bold: true, Color: colour}})
		}
		high = max(high, lines(t.Line(), (p.room(first, last)-2*padding)/small/bold))
	}
	p.height(p.row, 17)
	p.height(p.row+1, 26)
	p.height(p.row+2, 5+12*float64(high))
	p.row += 4
}

// tileSpan are the first and last column of a tile: the column of names for
// the first, the grid divided among the others, each with a free column before
// it.
func (p *summaryPage) tileSpan(i, of int) (first, last int) {
	if i == 0 {
		return 1, 1
	}
	others, free := of-1, p.columns-1
	return 2 + (i-1)*free/others + 1, 1 + i*free/others
}

// merged puts a value into one cell of several columns, from 1.
func (p *page) merged(row, from, to int, value any, style int) {
	first, last := letter(from-1), letter(to-1)
	p.put(first, row, value, style)
	if from != to {
		a, z := first+strconv.Itoa(row), last+strconv.Itoa(row)
		p.do(p.f.SetCellStyle(p.name, a, z, style))
		p.do(p.f.MergeCell(p.name, a, z))
	}
}

// run is a stretch of a cell's text in a font of its own.
type run struct {
	text string
	font excelize.Font
}

// rich writes a cell's text in several fonts; its style stays.
func (p *page) rich(cell string, runs ...run) {
	var list []excelize.RichTextRun
	for _, r := range runs {
		r.font.Family = font
		if r.font.Size == 0 {
			r.font.Size = fontSize
		}
		if r.font.Color == "" {
			r.font.Color = ink
		}
		list = append(list, excelize.RichTextRun{Text: safeText(r.text), Font: &r.font})
	}
	p.do(p.f.SetCellRichText(p.name, cell, list))
}

// figure is the style of a tile's figure; its unit stands in the label.
func (s *styles) figure(t tables.Tile) int {
	format, colour := "#,##0", ink
	switch t.Kind {
	case cell.KindMoney:
		format = "#,##0.00"
	case cell.KindPercent:
		format = "0.0%"
	}
	if t.AtLeast {
		format = least + format
	}
	if t.Kind == cell.KindMoney {
		colour = s.accent
	}
	return s.tile(excelize.Font{Size: large * fontSize, Bold: true, Color: colour}, "center", format)
}
