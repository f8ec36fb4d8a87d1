package pdf

import (
	"slices"
	"strconv"

	"trueup/report/pdf/canvas"
)

// numberRoom is kept free at the right for page numbers.
const numberRoom = 40.0

// layOutContents lays the contents out without numbers, which are not known
// before the contents' own pages are counted; the function that it gives
// writes them.
func (b *book) layOutContents() func(map[*canvas.Page]int) {
	summary, further := b.entries[:1], b.entries[1:]
	b.entries = nil
	b.chapter("Contents")
	b.entries = slices.Concat(summary, b.entries, further)
	var numbers []func(map[*canvas.Page]int)
	for _, e := range slices.Concat(summary, further) {
		numbers = append(numbers, b.contentsLine(e))
	}
	return func(number map[*canvas.Page]int) {
		for _, write := range numbers {
			write(number)
		}
	}
}

func (b *book) contentsLine(e entry) func(map[*canvas.Page]int) {
	s, indent := body.bold(), 0.0
	if e.level > 0 {
		s, indent = cellSt, 14
	} else {
		b.space(6)
	}
	lines := b.wrap(e.title, s, wide-indent-numberRoom)
	var at *canvas.Page
	var baseline float64
	for i, line := range lines {
		draw := func(y float64) {
			at, baseline = b.page, y+s.ascent()
			b.write(left+indent, baseline, line, s)
			b.page.Add(canvas.Link{X: left + indent, Y: y, W: wide - indent, H: s.leading(), To: e.to})
			if i == len(lines)-1 {
				b.leaders(left+indent+line.Width, baseline)
			}
		}
		if i < len(lines)-1 {
			b.hold(s.leading()+1, draw)
			continue
		}
		b.place(s.leading()+1, draw)
	}
	return func(number map[*canvas.Page]int) {
		b.page = at
		b.sayRight(right, baseline, strconv.Itoa(number[e.to.Page]), s)
	}
}

// leaders leads the eye from a title to its number.
func (b *book) leaders(from, baseline float64) {
	from, to := from+6, right-numberRoom+6
	if from < to {
		points := []canvas.Point{{X: from, Y: baseline - 0.5}, {X: to, Y: baseline - 0.5}}
		b.page.Add(canvas.Path{Points: points, Width: 0.7, Color: rule, Dash: []float64{0.7, 3}})
	}
}
