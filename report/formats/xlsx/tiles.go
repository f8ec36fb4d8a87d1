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

// figure is the look of a tile's figure; its unit stands in the label.
type figure struct {
	kind  cell.Kind
	least bool
}

func (s *styles) figure(t tables.Tile) int {
	if id, ok := s.figures[figure{t.Kind, t.AtLeast}]; ok {
		return id
	}
	return s.figures[figure{cell.KindCount, t.AtLeast}]
}

func (m *maker) figures() map[figure]int {
	ids := map[figure]int{}
	for _, kind := range [...]cell.Kind{cell.KindCount, cell.KindPercent, cell.KindMoney} {
		format, colour := "#,##0", ink
		switch kind {
		case cell.KindMoney:
			format, colour = "#,##0.00", m.accent
		case cell.KindPercent:
			format = "0.0%"
		}
		f := excelize.Font{Size: large * fontSize, Bold: true, Color: colour}
		ids[figure{kind, false}] = m.tile(f, "center", format)
		ids[figure{kind, true}] = m.tile(f, "center", least+format)
	}
	return ids
}
