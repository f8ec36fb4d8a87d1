package pdf

import (
	"strings"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/rules"
)

// column is one column of a table. Share is its part of the width.
type column struct {
	head  string
	share float64
	right bool // numbers stand at the right
}

// paragraph of a cell.
type para struct {
	text string
	st   style
}

// cell is what stands in one column of one row.
type box struct {
	paras    []para
	severity *rules.Severity // a square before the text
	to       *canvas.Anchor  // where the text leads
}

func regular(s string) box { return box{paras: []para{{s, cellSt}}} }

func strong(s string) box { return box{paras: []para{{s, cellSt.bold()}}} }

func linked(s string, to *canvas.Anchor) box { return box{paras: []para{{s, cellSt}}, to: to} }

func severityCell(s rules.Severity) box {
	return box{paras: []para{{s.String(), cellSt}}, severity: &s}
}

const (
	padX   = 4.0
	padY   = 3.2
	square = 5.6 // side of a severity's square
)

// table draws rows; its header is repeated on each page.
type table struct {
	f       *flow
	columns []column
	xs, ws  []float64
	header  block
	begun   bool
	stop    func()
}

func (f *flow) table(columns ...column) *table {
	t := &table{f: f, columns: columns}
	t.ws = f.widths(columns)
	x := left
	for _, w := range t.ws {
		t.xs = append(t.xs, x)
		x += w
	}
	t.header = t.makeHeader()
	return t
}

// widths shares the page's width out, but never breaks a word of a heading.
func (f *flow) widths(columns []column) []float64 {
	widths := make([]float64, len(columns))
	fixed := make([]bool, len(columns))
	for again := true; again; {
		again = false
		room, shares := wide, 0.0
		for i, c := range columns {
			if fixed[i] {
				room -= widths[i]
			} else {
				shares += c.share
			}
		}
		for i, c := range columns {
			if fixed[i] {
				continue
			}
			widths[i] = room * c.share / shares
			if least := f.widestWord(c.head) + 2*padX + 0.5; widths[i] < least {
				widths[i], fixed[i], again = least, true, true
			}
		}
	}
	return widths
}

func (f *flow) widestWord(head string) (widest float64) {
	for word := range strings.FieldsSeq(head) {
		widest = max(widest, f.shape(word, label).Width)
	}
	return widest
}

func (t *table) makeHeader() block {
	cells := make([]box, len(t.columns))
	for i, c := range t.columns {
		cells[i] = box{paras: []para{{c.head, label}}}
	}
	row := t.lay(cells)
	height := row.height() + padY
	return block{height: height, draw: func(y float64) {
		t.draw(row, y)
		t.f.fill(left, y+height-0.8, wide, 0.8, grey)
	}}
}

// row is a row's cells, broken into lines.
type row struct {
	cells []box
	lines [][]laidLine // by column
}

type laidLine struct {
	line text.Line
	st   style
}

func (t *table) lay(cells []box) row {
	r := row{cells: cells, lines: make([][]laidLine, len(cells))}
	for i, c := range cells {
		width := t.ws[i] - 2*padX
		if c.severity != nil {
			width -= square + 3
		}
		for _, p := range c.paras {
			for _, line := range t.f.wrap(p.text, p.st, width) {
				r.lines[i] = append(r.lines[i], laidLine{line, p.st})
			}
		}
	}
	return r
}

// height without the padding below.
func (r row) height() float64 {
	tallest := 0.0
	for _, lines := range r.lines {
		tallest = max(tallest, heightOf(lines))
	}
	return tallest + padY
}

func (r row) empty() bool {
	for _, lines := range r.lines {
		if len(lines) > 0 {
			return false
		}
	}
	return true
}

func heightOf(lines []laidLine) (h float64) {
	for _, l := range lines {
		h += l.st.leading()
	}
	return h
}

// row adds a row. One that is taller than a page is split between its lines.
func (t *table) row(cells ...box) {
	r := t.lay(cells)
	if !t.begun {
		t.f.hold(t.header.height, t.header.draw)
	}
	for {
		part, rest := r, row{}
		if r.height()+padY > t.f.full()-t.header.height-t.f.heldHeight() {
			part, rest = t.split(r)
		}
		done := rest.empty()
		t.place(part, done)
		if done {
			return
		}
		r = rest
	}
}

func (t *table) place(r row, last bool) {
	height := r.height() + padY
	t.f.place(height, func(y float64) {
		t.draw(r, y)
		if last {
			t.f.hairline(left, y+height-0.5, wide, rule)
		}
	})
	if !t.begun {
		t.begun = true
		t.stop = t.f.repeat(t.header)
	}
}

// split parts a row so that its first part fills what is left of the page.
func (t *table) split(r row) (part, rest row) {
	room := t.f.room() - 2*padY
	if !t.begun && room < 60 || room < 30 {
		room = t.f.full() - t.f.heldHeight() - 2*padY
	}
	part = row{cells: r.cells, lines: make([][]laidLine, len(r.lines))}
	rest = row{cells: make([]box, len(r.cells)), lines: make([][]laidLine, len(r.lines))}
	for i, lines := range r.lines {
		n := linesIn(lines, room)
		part.lines[i], rest.lines[i] = lines[:n], lines[n:]
	}
	return part, rest
}

// linesIn counts the lines that fit, at least one.
func linesIn(lines []laidLine, room float64) int {
	for n, l := range lines {
		if room -= l.st.leading(); room < 0 && n > 0 {
			return n
		}
	}
	return len(lines)
}

func (t *table) draw(r row, y float64) {
	for i, lines := range r.lines {
		t.drawCell(i, r.cells[i], lines, y+padY)
	}
}

func (t *table) drawCell(i int, c box, lines []laidLine, y float64) {
	x := t.xs[i] + padX
	if c.severity != nil && len(lines) > 0 {
		t.f.fill(x, y+(lines[0].st.leading()-square)/2, square, square, severityColors[*c.severity])
		x += square + 3
	}
	for _, l := range lines {
		at := x
		if t.columns[i].right {
			at = t.xs[i] + t.ws[i] - padX - l.line.Width
		}
		t.f.write(at, y+l.st.ascent(), l.line, l.st)
		if c.to != nil {
			t.f.page.Add(canvas.Link{X: at, Y: y, W: l.line.Width, H: l.st.leading(), To: c.to})
		}
		y += l.st.leading()
	}
}

// end closes the table, with a remark below it if there is one.
func (t *table) end(remark string) {
	if t.stop != nil {
		t.stop()
	}
	if remark != "" {
		t.f.space(3)
		t.f.paragraph(remark, small, left+padX, wide-2*padX)
	}
}
