package pdf

import (
	"slices"
	"strconv"

	"trueup/report/formats/pdf/canvas"
)

const (
	shortFront = 6    // pages before the appendix up to which there are no contents
	numberRoom = 34.0 // kept free at the right for page numbers
	columnGap  = 26.0
	entryGap   = 1.4
	partGap    = 6.0 // above a part
)

// contents list the sections before the appendix, on the cover or on a page of
// their own after the summary; a short document has none. The function that it
// gives writes them, once the pages' numbers are known.
func (b *book) contents() func(number map[*canvas.Page]int) {
	if b.front <= shortFront {
		return func(map[*canvas.Page]int) {}
	}
	listed := slices.DeleteFunc(slices.Clone(b.entries), func(e entry) bool { return e.index || e.level > 1 })
	c := contents{b: b, page: b.pages[0], y: coverContents, first: coverContents, floor: bottom - coverFoot, columns: 1, entries: listed}
	if !b.o.Cover {
		after := slices.Clone(b.pages[1:])
		b.pages, b.running = b.pages[:1], "Contents"
		b.newPage()
		b.pages = append(b.pages, after...)
		b.front++
		b.fill(left, b.y+2, 24, 3, b.accent)
		b.say(left, b.y+24, b.running, h1)
		to := &canvas.Anchor{Page: b.pages[1]}
		b.entries = slices.Insert(b.entries, 1, entry{title: b.running, to: to})
		c.page, c.y, c.first, c.floor = b.pages[1], b.y+44, b.y+44, bottom
	}
	c.fit()
	return c.draw
}

// contents fills the columns of one page from the top.
type contents struct {
	b        *book
	page     *canvas.Page
	entries  []entry
	columns  int
	column   int
	y, first float64 // where the next entry stands, and where columns start
	floor    float64 // where they end
}

// fit takes two columns if one is too short, and parts alone if two are.
func (c *contents) fit() {
	height := 0.0
	for _, e := range c.entries {
		height += c.height(e)
	}
	room := c.floor - c.first
	const slack = 40.0 // a part is not parted from its first section
	if height > 2*room-slack {
		c.entries = slices.DeleteFunc(c.entries, func(e entry) bool { return e.level > 0 })
	} else if height > room {
		c.columns, c.floor = 2, min(c.floor, c.first+height/2+slack/2)
	}
}

// height is that of an entry: titles are clipped to one line.
func (c *contents) height(e entry) float64 {
	if e.level == 0 {
		return partGap + body.leading() + entryGap
	}
	return cellSt.leading() + entryGap
}

func (c *contents) draw(number map[*canvas.Page]int) {
	c.b.page = c.page
	for _, e := range c.entries {
		need := c.height(e)
		if e.level == 0 {
			need += cellSt.leading() + entryGap // its first section
		}
		if c.y+need > c.floor && c.column+1 < c.columns {
			c.column, c.y = c.column+1, c.first
		}
		c.line(e, strconv.Itoa(number[e.to.Page]))
	}
}

func (c *contents) line(e entry, number string) {
	s, indent := cellSt, 12.0
	if e.level == 0 {
		s, indent = body.bold(), 0
		c.y += partGap
	}
	width := (wide - columnGap*float64(c.columns-1)) / float64(c.columns)
	x := left + float64(c.column)*(width+columnGap)
	end, baseline := x+width, c.y+s.ascent()
	x += indent
	line := c.b.clip(e.title, s, width-indent-numberRoom)
	c.b.write(x, baseline, line, s)
	c.b.leaders(x+line.Width+6, end-numberRoom+8, baseline)
	c.b.sayRight(end, baseline, number, s)
	c.b.page.Add(canvas.Link{X: x, Y: c.y, W: end - x, H: s.leading(), To: e.to})
	c.y += s.leading() + entryGap
}

// leaders lead the eye from a title to its number.
func (b *book) leaders(from, to, baseline float64) {
	if from < to {
		points := []canvas.Point{{X: from, Y: baseline - 0.5}, {X: to, Y: baseline - 0.5}}
		b.page.Add(canvas.Path{Points: points, Width: 0.7, Color: rule, Dash: []float64{0.7, 3}})
	}
}
