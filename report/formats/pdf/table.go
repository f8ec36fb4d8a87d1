package pdf

import (
	"strings"

	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

const square = 5.6 // side of a severity's square

// table lays out one printed part of a table of the report; its heads are
// repeated on each page.
type table struct {
	b *book
	look
	x, w   float64
	heads  []tables.Head
	xs, ws []float64
	header block
	begun  bool
	stop   func()
}

// table lays out a table in all its printed parts, each after the first with
// its title.
func (b *book) table(t tables.Table, l look) {
	if len(t.Rows) == 0 {
		return
	}
	for part := range 1 + len(t.Parts) {
		printed := t.Printed(part)
		if part > 0 {
			b.space(16)
			b.section(printed.Title)
		}
		b.printed(printed, l)
	}
}

// printed lays out one part: what stands above it, its rows, how many are left
// to the workbook, and its note.
func (b *book) printed(t tables.Table, l look) {
	if t.Intro != "" {
		b.paragraph(t.Intro, body, left, wide)
		b.space(6)
	}
	out := b.columns(t, l, left, wide)
	out.rows(t)
	out.stop()
}

// groups lays out several tables of the same columns as one: each begins with
// what head draws.
func (b *book) groups(list []tables.Table, l look, head func(i int)) {
	if len(list) == 0 {
		return
	}
	all := tables.Table{Heads: list[0].Heads}
	for _, t := range list {
		all.Rows = append(all.Rows, t.Rows...)
	}
	out := b.columns(all, l, left, wide)
	out.start()
	for i, t := range list {
		head(i)
		out.rows(t)
	}
	out.stop()
}

// rows adds the rows of a table, with its remarks below the last.
func (t *table) rows(of tables.Table) {
	for i, r := range of.Rows {
		var remarks []laidLine
		if i == len(of.Rows)-1 {
			for _, words := range of.Remarks() {
				for _, line := range t.b.wrap(words, t.small, t.w-2*t.padX) {
					remarks = append(remarks, laidLine{line, t.small})
				}
			}
		}
		if i+1 < len(of.Rows) && of.Rows[i+1].Sum { // the sum never stands alone
			t.b.need(t.height(t.lay(r)) + t.height(t.lay(of.Rows[i+1])) + 2*t.padY)
		}
		t.row(r, remarks)
	}
}

// columns shares a width out among the heads of a table.
func (b *book) columns(of tables.Table, l look, x, w float64) *table {
	heads := of.Heads
	t := &table{b: b, look: l, x: x, w: w, heads: heads}
	words := make([]string, len(heads))
	for i, h := range heads {
		words[i] = h.Text
		if h.Kind == cell.KindMoney && !strings.HasPrefix(h.Text, "×") { // the amount beside it has the currency
			words[i] += ", " + b.r.Currency
		}
	}
	t.ws = t.widths(words, of.Rows)
	for _, w := range t.ws {
		t.xs = append(t.xs, x)
		x += w
	}
	head := row{lines: make([][]laidLine, len(heads)), cells: make([]tables.Cell, len(heads))}
	for i := range heads {
		for _, line := range b.wrap(words[i], l.label, t.ws[i]-t.inset(i)-l.padX) {
			head.lines[i] = append(head.lines[i], laidLine{line, l.label})
		}
	}
	height := t.height(head) + l.padY
	t.header = block{height: height, draw: func(y float64) {
		t.draw(head, y)
		b.fill(t.x, y+height-0.8, t.w, 0.8, grey)
	}}
	return t
}

// widths gives each head its part of the width, but never breaks a word of it,
// nor a number or a day below it.
func (t *table) widths(words []string, rows []tables.Row) []float64 {
	widths, least := make([]float64, len(words)), make([]float64, len(words))
	for i, h := range t.heads {
		least[i] = t.b.widestWord(words[i], t.label)
		if rightAligned(h.Kind) || h.Kind == cell.KindDate {
			least[i] = min(max(least[i], t.widest(rows, i)), t.w/4)
		}
		least[i] += t.inset(i) + t.padX + 0.5
	}
	fixed := make([]bool, len(words))
	for again := true; again; {
		again = false
		room, shares := t.w, 0.0
		for i, h := range t.heads {
			if fixed[i] {
				room -= widths[i]
			} else {
				shares += h.Paper
			}
		}
		for i, h := range t.heads {
			if fixed[i] {
				continue
			}
			widths[i] = room * h.Paper / shares
			if widths[i] < least[i] {
				widths[i], fixed[i], again = least[i], true, true
			}
		}
	}
	return widths
}

// widest is the width of the widest value of a column.
func (t *table) widest(rows []tables.Row, column int) (widest float64) {
	for _, r := range rows {
		st := t.cell
		if c := r.Cells[column]; c.Bold || r.Sum {
			st = st.bold()
		}
		widest = max(widest, t.b.shape(r.Cells[column].Written(t.heads[column].Kind), st).Width)
		for _, words := range r.Cells[column].Small {
			widest = max(widest, t.b.shape(bounded(words), t.small).Width)
		}
	}
	return widest
}

func (f *flow) widestWord(words string, s style) (widest float64) {
	for word := range strings.FieldsSeq(words) {
		widest = max(widest, f.shape(word, s).Width)
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
		width, st := t.ws[i]-t.inset(i)-t.padX, t.cell
		if _, ok := severityOf(t.heads[i], c); ok {
			width -= square + 3
		}
		if c.Bold || in.Sum {
			st = st.bold()
		}
		st = st.in(movedColor(t.heads[i].Kind, c))
		if words := c.Written(t.heads[i].Kind); words != "" {
			r.lines[i] = t.wrapped(nil, words, st, width)
		} else if rightAligned(t.heads[i].Kind) {
			r.lines[i] = t.wrapped(nil, "–", st, width)
		}
		for _, words := range c.Lines {
			r.lines[i] = t.wrapped(r.lines[i], words, t.cell, width)
		}
		for _, words := range c.Small {
			r.lines[i] = t.wrapped(r.lines[i], words, t.small, width)
		}
		if c.Mark != "" {
			r.lines[i] = t.wrapped(r.lines[i], c.Mark, t.small.bold(), width)
		}
	}
	return r
}

func (t *table) wrapped(lines []laidLine, words string, st style, width float64) []laidLine {
	for _, line := range t.b.wrapped(words, st, width, t.lines) {
		lines = append(lines, laidLine{line, st})
	}
	return lines
}

// movedColor is red for a figure that grew and green for one that fell: all
// that the report counts is better when it is less.
func movedColor(k cell.Kind, c tables.Cell) canvas.Color {
	if k != cell.KindSigned || c.IsTotal() {
		return ink
	}
	more, isInt := c.Int()
	if d, ok := c.Money(); ok {
		more, isInt = int64(d.Sign()), true
	}
	switch word, _ := c.Text(); {
	case isInt && more > 0, word == "new":
		return alarm
	case isInt && more < 0:
		return green
	}
	return ink
}

// inset is the space at a column's left: more where a number ends before it.
func (t *table) inset(column int) float64 {
	if column > 0 && rightAligned(t.heads[column-1].Kind) && !rightAligned(t.heads[column].Kind) {
		return 2.5 * t.padX
	}
	return t.padX
}

// rightAligned tells the kinds that stand at the right.
func rightAligned(k cell.Kind) bool {
	switch k {
	case cell.KindCount, cell.KindDelta, cell.KindPercent, cell.KindMoney, cell.KindSigned:
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

// height is a row's, without the padding below.
func (t *table) height(r row) float64 {
	tallest := 0.0
	for _, lines := range r.lines {
		h := 0.0
		for _, l := range lines {
			h += l.st.leading()
		}
		tallest = max(tallest, h)
	}
	return tallest + t.padY
}

func (r row) empty() bool {
	for _, lines := range r.lines {
		if len(lines) > 0 {
			return false
		}
	}
	return true
}

// start has the heads drawn before the first row.
func (t *table) start() {
	if !t.begun {
		t.b.hold(t.header.height, t.header.draw)
	}
	t.begun = true
}

// row adds a row with the remarks below it. One that is taller than a page is
// split between its lines.
func (t *table) row(in tables.Row, remarks []laidLine) {
	r := t.lay(in)
	t.start()
	for {
		part, rest := r, row{}
		if t.height(r)+t.padY > t.b.full()-t.header.height-t.b.heldHeight()-remarksHeight(remarks) {
			part, rest = t.split(r)
		}
		if rest.empty() {
			t.place(part, true, remarks)
			return
		}
		t.place(part, false, nil)
		r = rest
	}
}

const remarksGap = 3.0 // above the remarks

func remarksHeight(remarks []laidLine) float64 {
	if len(remarks) == 0 {
		return 0
	}
	return remarksGap + float64(len(remarks))*remarks[0].st.leading()
}

func (t *table) place(r row, last bool, remarks []laidLine) {
	height := t.height(r) + t.padY
	t.b.place(height+remarksHeight(remarks), func(y float64) {
		t.draw(r, y)
		if last {
			t.b.hairline(t.x, y+height-0.5, t.w, rule)
		}
		y += height + remarksGap
		for _, l := range remarks {
			t.b.write(t.x+t.padX, y+l.st.ascent(), l.line, l.st)
			y += l.st.leading()
		}
	})
	if t.stop == nil {
		t.stop = t.b.repeat(t.header)
	}
}

// split parts a row so that its first part fills what is left of the page.
func (t *table) split(r row) (part, rest row) {
	room := t.b.room() - 2*t.padY
	if t.stop == nil && room < 60 || room < 30 {
		room = t.b.full() - t.b.heldHeight() - 2*t.padY
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
	y += t.padY
	for i, lines := range r.lines {
		t.drawCell(i, r.cells[i], lines, y)
	}
}

func (t *table) drawCell(i int, c tables.Cell, lines []laidLine, y float64) {
	x := t.xs[i] + t.inset(i)
	if s, ok := severityOf(t.heads[i], c); ok {
		t.b.fill(x, y+(lines[0].st.leading()-square)/2, square, square, severityColors[s])
		x += square + 3
	}
	to := t.b.anchor(c.To)
	for _, l := range lines {
		at := x
		if rightAligned(t.heads[i].Kind) {
			at = t.xs[i] + t.ws[i] - t.padX - l.line.Width
		}
		t.b.write(at, y+l.st.ascent(), l.line, l.st)
		if to != nil {
			t.b.page.Add(canvas.Link{X: at, Y: y, W: l.line.Width, H: l.st.leading(), To: to})
		}
		y += l.st.leading()
	}
}
