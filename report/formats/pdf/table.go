package pdf

import (
	"strings"

	"trueup/fetch/plain"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

const (
	padX   = 4.0
	padY   = 3.2
	square = 5.6 // side of a severity's square
)

// table lays out one printed part of a table of the report; its heads are
// repeated on each page.
type table struct {
	b      *book
	heads  []tables.Head
	xs, ws []float64
	header block
	begun  bool
	stop   func()
}

// table lays out a table in all its printed parts, each after the first with
// its title.
func (b *book) table(t tables.Table) {
	if len(t.Rows) == 0 {
		return
	}
	for part := range 1 + len(t.Parts) {
		printed := t.Printed(part)
		if part > 0 {
			b.space(20)
			b.section(printed.Title)
		}
		b.printed(printed)
	}
}

// titled lays out a table with its title; one without rows is left out.
func (b *book) titled(t tables.Table) {
	if len(t.Rows) > 0 {
		b.space(20)
		b.section(t.Title)
		b.table(t)
	}
}

// printed lays out one part: what stands above it, its rows, how many are left
// to the workbook, and its note.
func (b *book) printed(t tables.Table) {
	if t.Intro != "" {
		b.paragraph(t.Intro, body, left, wide)
		b.space(8)
	}
	out := b.columns(t.Heads)
	for _, r := range t.Rows {
		out.row(r)
	}
	out.stop()
	for _, words := range remarks(t) {
		b.space(3)
		b.paragraph(words, small, left+padX, wide-2*padX)
	}
}

// remarks are what stands below a table.
func remarks(t tables.Table) (all []string) {
	if t.Further > 0 {
		all = append(all, plain.Counted(t.Further, "more "+t.Noun)+" in the workbook.")
	}
	if t.Note != "" {
		all = append(all, t.Note)
	}
	return all
}

// columns shares the page's width out among heads.
func (b *book) columns(heads []tables.Head) *table {
	t := &table{b: b, heads: heads}
	words := make([]string, len(heads))
	for i, h := range heads {
		words[i] = h.Text
		if h.Kind == cell.KindMoney {
			words[i] += ", " + b.r.Currency
		}
	}
	t.ws = b.widths(heads, words)
	x := left
	for _, w := range t.ws {
		t.xs = append(t.xs, x)
		x += w
	}
	head := row{lines: make([][]laidLine, len(heads)), cells: make([]tables.Cell, len(heads))}
	for i := range heads {
		head.lines[i] = t.wrapped(nil, words[i], label, t.ws[i]-2*padX)
	}
	height := head.height() + padY
	t.header = block{height: height, draw: func(y float64) {
		t.draw(head, y)
		b.fill(left, y+height-0.8, wide, 0.8, grey)
	}}
	return t
}

// widths gives each head its part of the page, but never breaks a word of it.
func (f *flow) widths(heads []tables.Head, words []string) []float64 {
	widths := make([]float64, len(heads))
	fixed := make([]bool, len(heads))
	for again := true; again; {
		again = false
		room, shares := wide, 0.0
		for i, h := range heads {
			if fixed[i] {
				room -= widths[i]
			} else {
				shares += h.Paper
			}
		}
		for i, h := range heads {
			if fixed[i] {
				continue
			}
			widths[i] = room * h.Paper / shares
			if least := f.widestWord(words[i]) + 2*padX + 0.5; widths[i] < least {
				widths[i], fixed[i], again = least, true, true
			}
		}
	}
	return widths
}

func (f *flow) widestWord(words string) (widest float64) {
	for word := range strings.FieldsSeq(words) {
		widest = max(widest, f.shape(word, label).Width)
	}
	return widest
}

// row is a row's cells, broken into lines.
type row struct {
	cells []tables.Cell
	lines [][]laidLine // by column
}

type laidLine struct {
	line text.Line
	st   style
}

// lay breaks a row into lines: the value, and what stands below it.
func (t *table) lay(in tables.Row) row {
	r := row{cells: in.Cells, lines: make([][]laidLine, len(in.Cells))}
	for i, c := range in.Cells {
		width, st := t.ws[i]-2*padX, cellSt
		if _, ok := severityOf(t.heads[i], c); ok {
			width -= square + 3
		}
		if c.Bold || in.Sum {
			st = st.bold()
		}
		if words := c.Written(t.heads[i].Kind); words != "" {
			r.lines[i] = t.wrapped(nil, words, st, width)
		} else if rightAligned(t.heads[i].Kind) {
			r.lines[i] = t.wrapped(nil, "–", st, width)
		}
		for _, words := range c.Lines {
			r.lines[i] = t.wrapped(r.lines[i], words, cellSt, width)
		}
		for _, words := range c.Small {
			r.lines[i] = t.wrapped(r.lines[i], words, small, width)
		}
		if c.Mark != "" {
			r.lines[i] = t.wrapped(r.lines[i], c.Mark, small.bold(), width)
		}
	}
	return r
}

func (t *table) wrapped(lines []laidLine, words string, st style, width float64) []laidLine {
	for _, line := range t.b.wrap(words, st, width) {
		lines = append(lines, laidLine{line, st})
	}
	return lines
}

// rightAligned tells the kinds that stand at the right.
func rightAligned(k cell.Kind) bool {
	switch k {
	case cell.KindCount, cell.KindDelta, cell.KindPercent, cell.KindMoney:
		return true
	}
	return false
}

// severityOf is the severity that a cell names.
func severityOf(h tables.Head, c tables.Cell) (rules.Severity, bool) {
	if h.Kind != cell.KindSeverity {
		return 0, false
	}
	s, err := rules.ParseSeverity(c.String())
	return s, err == nil
}

// height without the padding below.
func (r row) height() float64 {
	tallest := 0.0
	for _, lines := range r.lines {
		h := 0.0
		for _, l := range lines {
			h += l.st.leading()
		}
		tallest = max(tallest, h)
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

// row adds a row. One that is taller than a page is split between its lines.
func (t *table) row(in tables.Row) {
	r := t.lay(in)
	if !t.begun {
		t.b.hold(t.header.height, t.header.draw)
	}
	for {
		part, rest := r, row{}
		if r.height()+padY > t.b.full()-t.header.height-t.b.heldHeight() {
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
	t.b.place(height, func(y float64) {
		t.draw(r, y)
		if last {
			t.b.hairline(left, y+height-0.5, wide, rule)
		}
	})
	if !t.begun {
		t.begun = true
		t.stop = t.b.repeat(t.header)
	}
}

// split parts a row so that its first part fills what is left of the page.
func (t *table) split(r row) (part, rest row) {
	room := t.b.room() - 2*padY
	if !t.begun && room < 60 || room < 30 {
		room = t.b.full() - t.b.heldHeight() - 2*padY
	}
	part = row{cells: r.cells, lines: make([][]laidLine, len(r.lines))}
	rest = row{cells: make([]tables.Cell, len(r.cells)), lines: make([][]laidLine, len(r.lines))}
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
	y += padY
	for i, lines := range r.lines {
		t.drawCell(i, r.cells[i], lines, y)
	}
}

func (t *table) drawCell(i int, c tables.Cell, lines []laidLine, y float64) {
	x := t.xs[i] + padX
	if s, ok := severityOf(t.heads[i], c); ok {
		t.b.fill(x, y+(lines[0].st.leading()-square)/2, square, square, severityColors[s])
		x += square + 3
	}
	to := t.b.anchor(c.To)
	for _, l := range lines {
		at := x
		if rightAligned(t.heads[i].Kind) {
			at = t.xs[i] + t.ws[i] - padX - l.line.Width
		}
		t.b.write(at, y+l.st.ascent(), l.line, l.st)
		if to != nil {
			t.b.page.Add(canvas.Link{X: at, Y: y, W: l.line.Width, H: l.st.leading(), To: to})
		}
		y += l.st.leading()
	}
}
