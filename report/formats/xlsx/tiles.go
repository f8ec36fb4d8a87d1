package xlsx

import (
	"strconv"

	"github.com/xuri/excelize/v2"

	"trueup/report/cell"
	"trueup/report/tables"
)

const (
	strip = 6   // tiles beside each other
	small = 0.9 // sizes of a tile's texts, of the plain one
	large = 1.8
)

// tiles are laid out in strips: name, figure, note.
func (p *summaryPage) tiles(all []tables.Tile) {
	for from := 0; from < len(all); from += strip {
		high := 1
		for i, t := range all[from:min(from+strip, len(all))] {
			first, last := p.tileSpan(i)
			p.merged(p.row, first, last, p.tileLabel(t), p.st.tileLabel)
			p.merged(p.row+1, first, last, content(t.Value), p.st.figure(t))
			p.merged(p.row+2, first, last, t.Note, p.st.tileNote)
			high = max(high, lines(t.Note, (p.room(first, last)-2*padding)/small))
		}
		p.height(p.row, 17)
		p.height(p.row+1, 28)
		p.height(p.row+2, 5+12*float64(high))
		p.row += 4
	}
}

// tileSpan are the first and last column of a tile: the wide one for the
// first, the others divided among the rest.
func (p *summaryPage) tileSpan(i int) (first, last int) {
	if i == 0 {
		return 1, 1
	}
	return 2 + (i-1)*(p.columns-1)/(strip-1), 1 + i*(p.columns-1)/(strip-1)
}

func (p *page) tileLabel(t tables.Tile) string {
	if t.Kind == cell.KindMoney {
		return t.Name + ", " + p.r.Currency
	}
	return t.Name
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
