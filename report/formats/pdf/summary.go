package pdf

import (
	"trueup/report/cell"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

// summary is one page: figures, changes, charts and who owes most.
func (b *book) summary() {
	b.tiles(tables.Tiles(b.r))
	b.changesLine("What changed since ")
	b.place(barsHeight, func(y float64) {
		b.barChart(tables.SeverityChart(b.r), left, y, half, 52)
		b.columnChart(tables.UtilizationChart(b.r), left+half+24, y, barsHeight)
	})
	trend := 0.0
	if len(b.r.Trend) > 1 {
		trend = trendHeight + 14
	}
	b.space(14)
	b.ruleChart(trend)
	b.largest(trend)
	if trend > 0 {
		b.space(14)
		b.place(trendHeight, func(y float64) {
			b.findingsTrend(left, y)
			b.licenseTrend(left+half+24, y)
		})
	}
}

const (
	tilesInRow = 4
	tileHeight = 50.0
	tileLow    = 39.0 // without notes
	tileGap    = 8.0
)

func (b *book) tiles(tiles []tables.Tile) {
	const pitch = (wide + tileGap) / tilesInRow
	for len(tiles) > 0 {
		row := tiles[:min(tilesInRow, len(tiles))]
		tiles = tiles[len(row):]
		height := tileLow
		for _, t := range row {
			if t.Note != "" {
				height = tileHeight
			}
		}
		b.place(height, func(y float64) {
			for i, t := range row {
				b.tile(t, left+float64(i)*pitch, y, pitch-tileGap, height)
			}
		})
		b.space(tileGap)
	}
	b.space(tileGap)
}

func (b *book) tile(t tables.Tile, x, y, w, height float64) {
	b.fill(x, y, w, height, faint)
	edge := rule
	if t.Kind == cell.KindMoney {
		edge = b.accent
	}
	b.fill(x, y, 2, height, edge)
	words := t.Written(t.Kind)
	if t.Kind == cell.KindMoney {
		words = tables.InMoney(b.r, t.Cell)
	}
	b.say(x+10, y+13, t.Name, b.fitting(t.Name, label, w-16))
	b.say(x+10, y+31, words, b.fitting(words, style{15, text.Bold, ink}, w-16))
	b.say(x+10, y+43, t.Note, b.fitting(t.Note, small.sized(6.4), w-16))
}

// fitting makes a style smaller until the words fit.
func (b *book) fitting(words string, s style, width float64) style {
	for s.size > 5 && b.shape(words, s).Width > width {
		s.size *= 0.93
	}
	return s
}

// changesLine says what is different from the earlier report.
func (b *book) changesLine(since string) {
	c := b.r.Changes
	if c == nil {
		return
	}
	b.heading(since+tables.Moment(c.Baseline), h3, nil)
	b.space(1)
	b.paragraph("Findings: "+tables.Changed(c)+"; "+tables.CustomersMoved(c)+".", body, left, wide)
	b.space(8)
}

// largest names the customers that owe most, as many as the page holds above
// what is kept free.
func (b *book) largest(below float64) {
	t := tables.Largest(b.r).Printed(0)
	out := b.columns(t.Heads)
	room := b.room() - below - 14 - h3.leading() - 2 - out.header.height
	for _, words := range remarks(t.First(0)) {
		room -= 3 + small.leading()*float64(len(b.wrap(words, small, wide-2*padX)))
	}
	rows := 0
	for _, r := range t.Rows {
		if room -= out.lay(r).height() + padY; room < 0 {
			break
		}
		rows++
	}
	if rows > 0 {
		b.space(14)
		b.heading(t.Title, h3, nil)
		b.space(2)
		b.printed(t.First(rows))
	}
}
