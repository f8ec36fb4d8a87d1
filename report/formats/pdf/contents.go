package pdf

import (
	"slices"
	"strconv"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
)

const (
	numberRoom = 34.0 // kept free at the right for page numbers
	oneColumn  = 46   // entries that one column of one page holds
	columnGap  = 26.0
	entryGap   = 1.4
)

// contents fills the columns of its pages from the top.
type contents struct {
	b        *book
	page     int // index of its first page
	entry    int // index of its own entry, which it does not list
	columns  int
	column   int
	y, first float64 // where the next entry stands, and where columns start
	numbers  []func(map[*canvas.Page]int)
}

// contents keeps a place for the contents, which list what comes after it.
func (b *book) contents() {
	b.place(0, nil)
	b.toc = contents{b: b, page: len(b.pages) - 1, entry: len(b.entries) - 1, columns: 1, y: b.y, first: b.y}
}

// fill lays the contents out without numbers, which are not known before the
// contents' own pages are counted; the function that it gives writes them.
func (c *contents) fill() func(map[*canvas.Page]int) {
	b := c.b
	after := b.pages[c.page+1:]
	b.pages = b.pages[: c.page+1 : c.page+1]
	b.page, b.running = b.pages[c.page], b.entries[c.entry].title
	listed := slices.Concat(b.entries[:c.entry], b.entries[c.entry+1:])
	if len(listed) > oneColumn {
		c.columns = 2
	}
	for i, e := range listed {
		c.add(e, e.level == 0 && i+1 < len(listed) && listed[i+1].level > 0)
	}
	b.pages = append(b.pages, after...)
	return func(number map[*canvas.Page]int) {
		for _, write := range c.numbers {
			write(number)
		}
	}
}

func (c *contents) width() float64 {
	return (wide - columnGap*float64(c.columns-1)) / float64(c.columns)
}

func (c *contents) left() float64 { return left + float64(c.column)*(c.width()+columnGap) }

// add puts an entry below the others; parent asks that its first child fits
// below it.
func (c *contents) add(e entry, parent bool) {
	s, indent, gap := cellSt, 12.0, 0.0
	if e.level == 0 {
		s, indent, gap = body.bold(), 0, 7
	}
	lines := c.b.wrap(e.title, s, c.width()-indent-numberRoom)
	need := gap + float64(len(lines))*s.leading()
	if parent {
		need += entryGap + cellSt.leading()
	}
	if c.y+need > bottom {
		c.nextColumn()
	}
	if c.y > c.first {
		c.y += gap
	}
	for i, line := range lines {
		c.line(e, line, s, indent, i == len(lines)-1)
	}
}

func (c *contents) nextColumn() {
	c.column++
	if c.column == c.columns {
		c.b.newPage()
		c.column, c.first = 0, c.b.y
	}
	c.y = c.first
}

func (c *contents) line(e entry, line text.Line, s style, indent float64, last bool) {
	b, x, end, baseline := c.b, c.left()+indent, c.left()+c.width(), c.y+s.ascent()
	b.write(x, baseline, line, s)
	b.page.Add(canvas.Link{X: x, Y: c.y, W: end - x, H: s.leading(), To: e.to})
	c.y += s.leading()
	if !last {
		return
	}
	c.y += entryGap
	b.leaders(x+line.Width+6, end-numberRoom+8, baseline)
	page := b.page
	c.numbers = append(c.numbers, func(number map[*canvas.Page]int) {
		b.page = page
		b.sayRight(end, baseline, strconv.Itoa(number[e.to.Page]), s)
	})
}

// leaders lead the eye from a title to its number.
func (b *book) leaders(from, to, baseline float64) {
	if from < to {
		points := []canvas.Point{{X: from, Y: baseline - 0.5}, {X: to, Y: baseline - 0.5}}
		b.page.Add(canvas.Path{Points: points, Width: 0.7, Color: rule, Dash: []float64{0.7, 3}})
	}
}
