package pdf

import (
	"unicode/utf8"

	"trueup/fetch/plain"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
)

// flow puts blocks below one another and starts pages. A block that was held
// is drawn together with the next one that is placed, so that a heading never
// stands alone at a page's foot.
type flow struct {
	faces   *text.Faces
	pages   []*canvas.Page
	page    *canvas.Page
	y       float64
	start   float64 // y at which the current page began, below what is repeated
	held    []block
	repeats []block            // drawn again at the top of each new page
	onPage  func(*canvas.Page) // draws the running header
}

// block is something of a height that draws itself at a place on the current
// page.
type block struct {
	height float64
	draw   func(top float64)
	gap    bool        // white space: not needed at a page's top
	live   func() bool // whether to repeat it; nil for always
}

// newPage starts a page; what is held stays held.
func (f *flow) newPage() {
	f.page = &canvas.Page{}
	f.pages = append(f.pages, f.page)
	if f.onPage != nil {
		f.onPage(f.page)
	}
	f.y = top
	for _, b := range f.repeats {
		if b.live == nil || b.live() {
			f.put(b)
		}
	}
	f.start = f.y
}

func (f *flow) put(b block) {
	if b.draw != nil {
		b.draw(f.y)
	}
	f.y += b.height
}

// hold keeps a block for the next place. What fills half a page is placed.
func (f *flow) hold(height float64, draw func(top float64)) {
	if f.heldHeight()+height > (bottom-top)/2 {
		f.place(height, draw)
		return
	}
	f.held = append(f.held, block{height: height, draw: draw})
}

// space asks for white space before what comes next.
func (f *flow) space(height float64) {
	f.held = append(f.held, block{height: height, gap: true})
}

// place draws what is held and then a block, on a new page if they do not fit.
func (f *flow) place(height float64, draw func(top float64)) {
	if f.page == nil || f.y+f.heldHeight()+height > bottom && !f.atTop() {
		f.newPage()
	}
	for i, b := range f.held {
		if b.gap && f.atTop() && !anyDrawn(f.held[:i]) {
			continue
		}
		f.put(b)
	}
	f.held = f.held[:0]
	f.put(block{height: height, draw: draw})
}

func anyDrawn(blocks []block) bool {
	for _, b := range blocks {
		if !b.gap {
			return true
		}
	}
	return false
}

func (f *flow) heldHeight() (h float64) {
	for _, b := range f.held {
		h += b.height
	}
	return h
}

// room is the height that is left below what is held.
func (f *flow) room() float64 {
	if f.page == nil {
		return bottom - top
	}
	return bottom - f.y - f.heldHeight()
}

// full is the height of a new page, below what is repeated there.
func (f *flow) full() float64 {
	h := bottom - top
	for _, b := range f.repeats {
		h -= b.height
	}
	return h
}

func (f *flow) atTop() bool { return f.page != nil && f.y <= f.start+0.01 }

// repeat has a block drawn at the top of each page from the next one on,
// until the function that it gives is called.
func (f *flow) repeat(b block) (stop func()) {
	n := len(f.repeats)
	f.repeats = append(f.repeats, b)
	return func() { f.repeats = f.repeats[:n] }
}

// write draws a shaped line with its left end and baseline given.
func (f *flow) write(x, baseline float64, line text.Line, s style) {
	for _, run := range line.Runs {
		f.page.Add(canvas.Text{X: x, Y: baseline, Size: s.size, Font: run.Face, Color: s.color, Text: run.Text})
		x += run.Width
	}
}

// say draws a short text of our own on one line.
func (f *flow) say(x, baseline float64, words string, s style) float64 {
	line := f.shape(words, s)
	f.write(x, baseline, line, s)
	return line.Width
}

// sayRight draws it so that it ends at x.
func (f *flow) sayRight(x, baseline float64, words string, s style) {
	line := f.shape(words, s)
	f.write(x-line.Width, baseline, line, s)
}

func (f *flow) shape(words string, s style) text.Line {
	return f.faces.Shape(words, s.weight, s.size)
}

func (f *flow) wrap(words string, s style, width float64) []text.Line {
	return f.faces.Wrap(bounded(words), s.weight, s.size, width)
}

func (f *flow) fill(x, y, w, h float64, c canvas.Color) {
	f.page.Add(canvas.Rect{X: x, Y: y, W: w, H: h, Fill: c})
}

// hairline draws a thin horizontal line.
func (f *flow) hairline(x, y, w float64, c canvas.Color) { f.fill(x, y, w, 0.5, c) }

// paragraph wraps text over the given width, line by line, so that it may run
// over a page's end; its first two lines stay together.
func (f *flow) paragraph(words string, s style, x, width float64) {
	lines := f.wrap(words, s, width)
	for i, line := range lines {
		draw := func(y float64) { f.write(x, y+s.ascent(), line, s) }
		if i == 0 && len(lines) > 1 {
			f.hold(s.leading(), draw)
			continue
		}
		f.place(s.leading(), draw)
	}
}

// clip cuts running text, which stands whole elsewhere, to a width.
func (f *flow) clip(words string, s style, width float64) text.Line {
	return f.faces.Clip(bounded(words), s.weight, s.size, width)
}

// maxText bounds one text of a customer's, in bytes: names are wrapped and
// never cut, but a megabyte is no name.
const maxText = 2000

// bounded cuts a text that no page could hold, and says so.
func bounded(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "… (" + plain.Number(utf8.RuneCountInString(s[end:])) + " more characters in the workbook)"
}
