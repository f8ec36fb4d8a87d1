package pdf

import (
	"strings"

	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
)

const (
	panelHead = 19.0 // height of a panel's title
	panelGap  = 10.0 // white space above it
	leastRows = 3    // of a table on the summary, before another one gets shorter
	actWide   = 0.6  // of the width, where the exposure over the months stands beside it
)

// summary is the first page: what happened, what it costs, who acts, and
// whether it is whole. Whatever the portfolio, it is one page.
func (b *book) summary() {
	b.running = ""
	b.newPage()
	b.entries = append(b.entries, entry{title: tables.SheetSummary, to: &canvas.Anchor{Page: b.page}})
	b.letterhead()
	b.headline()
	b.tiles(tables.Tiles(b.r))
	b.waterfall(tables.WaterfallOf(b.r))
	box := b.completeness()
	floor := bottom - box.height
	if b.r.Branding.Confidentiality != "" {
		floor -= small.leading()
	}
	b.acting(floor)
	b.filling(floor)
	b.y += panelGap
	b.put(box)
	b.confidential()
}

// letterhead is whose report it is and of when.
func (b *book) letterhead() {
	x := left
	if b.logo.aspect > 0 {
		const mostWide, mostHigh = 80.0, 18.0
		b.layOutLogo(left, headerLine-mostHigh+3, mostWide, mostHigh)
		x += min(mostWide, mostHigh*b.logo.aspect) + 8
	}
	when := b.clip(tables.Compared(b.r), small, wide/2)
	b.write(right-when.Width, headerLine, when, small)
	b.write(x, headerLine, b.clip(tables.Letterhead(b.r), small, right-when.Width-12-x), small)
	b.hairline(left, headerLine+7, wide, rule)
	b.y = headerLine + 15
}

// headline is the report in one sentence, with its figure in colour.
func (b *book) headline() {
	words := tables.Headline(b.r)
	if b.r.Currency != "" {
		words = strings.ReplaceAll(words, b.r.Currency+" ", b.r.Currency+string(text.NoBreak))
	}
	s := style{16, text.Bold, ink}
	for s.size > 11 && len(b.wrap(words, s, wide)) > 3 {
		s.size--
	}
	figure, worse := tables.HeadlineFigure(b.r)
	color := b.accent
	if worse {
		color = alarm
	}
	for _, line := range b.wrapped(words, s, wide, 4) {
		b.highlight(left, b.y+s.ascent(), line, s, figure, color)
		b.y += s.leading() * 0.93
	}
	b.y += 5
	for _, line := range b.wrapped(tables.Portfolio(b.r), small.sized(8), wide, 2) {
		b.write(left, b.y+small.ascent(), line, small.sized(8))
		b.y += small.sized(8).leading()
	}
	b.y += 7
}

// highlight writes a line with one figure in a colour of its own.
func (b *book) highlight(x, baseline float64, line text.Line, s style, figure string, c canvas.Color) {
	for _, run := range line.Runs {
		from := max(strings.Index(run.Text, figure), 0)
		to := from
		if figure != "" && strings.HasPrefix(run.Text[from:], figure) {
			to += len(figure)
		}
		for i, piece := range []string{run.Text[:from], run.Text[from:to], run.Text[to:]} {
			color := s.color
			if i == 1 {
				color = c
			}
			if piece != "" {
				b.page.Add(canvas.Text{X: x, Y: baseline, Size: s.size, Font: run.Face, Color: color, Text: piece})
				x += b.shape(piece, style{s.size, run.Face, color}).Width
			}
		}
	}
}

const (
	tileGap    = 7.0
	tileHeight = 56.0
	tileMoney  = 1.35 // how much wider an amount's tile is
	tileShare  = 1.2  // and that of a percentage
)

func (b *book) tiles(tiles []tables.Tile) {
	share := func(t tables.Tile) float64 {
		switch t.Kind {
		case cell.KindMoney:
			return tileMoney
		case cell.KindPercent:
			return tileShare
		}
		return 1
	}
	shares := 0.0
	for _, t := range tiles {
		shares += share(t)
	}
	x, unit := left, (wide-tileGap*float64(len(tiles)-1))/shares
	for _, t := range tiles {
		w := unit * share(t)
		b.tile(t, x, b.y, w)
		x += w + tileGap
	}
	b.y += tileHeight
}

// tile is one figure; what is worse is red, what is better green.
func (b *book) tile(t tables.Tile, x, y, w float64) {
	b.fill(x, y, w, tileHeight, faint)
	edge := rule
	if t.Kind == cell.KindMoney {
		edge = b.accent
	}
	b.fill(x, y, 2, tileHeight, edge)
	color := ink
	switch {
	case t.Worse:
		color = alarm
	case t.Better:
		color = green
	}
	says := func(below float64, words string, s style) {
		b.say(x+9, y+below, words, b.fitting(words, s, w-13))
	}
	note := small.sized(6.8)
	says(12.5, t.Name, label)
	says(30, t.Written(t.Kind), style{15, text.Bold, ink})
	if t.Delta != "" {
		says(41, t.Note, note)
		says(50, t.Delta, note.bold().in(color))
		return
	}
	for i, line := range b.wrapped(t.Note, note, w-13, 2) {
		b.write(x+9, y+41+float64(i)*9, line, note)
	}
}

// fitting makes a style smaller until the words fit.
func (b *book) fitting(words string, s style, width float64) style {
	for s.size > 4 && b.shape(words, s).Width > width {
		s.size *= 0.95
	}
	return s
}

// panel draws a panel's title, a remark and a line below them.
func (b *book) panel(x, w float64, title, remark string) {
	at := b.say(x, b.y+h3.ascent(), title, h3.sized(9.6))
	b.write(x+at+6, b.y+h3.ascent(), b.clip(remark, small, w-at-6), small)
	b.fill(x, b.y+14.5, w, 0.8, b.accent)
}

// acting has who must act beside the exposure over the months, and the largest
// customers: as many rows as there is room for.
func (b *book) acting(floor float64) {
	months := tables.ExposureMonths(b.r)
	act, rows := b.rooms(floor-b.y-panelGap, len(months.Bars) > 1)
	act.height = max(act.height, low(len(months.Bars) > 1))
	if act.height > 0 {
		b.y += panelGap
		b.side(act, months)
		b.y += panelHead + act.height
	}
	if len(rows.rows) > 0 {
		b.y += panelGap
		b.panel(left, wide, rows.t.Title, rows.t.Intro)
		b.y += panelHead - 3
		b.fixed(rows)
	}
}

// side draws who must act and, beside it, the months.
func (b *book) side(act fixed, months tables.Months) {
	w := wide
	switch {
	case len(act.rows) == 0:
		w = 0
	case len(months.Bars) > 1:
		w = wide*actWide - 12
	}
	if w > 0 {
		b.panel(left, w, act.t.Title, act.t.Intro)
		y := b.y
		b.y += panelHead - 3
		b.fixed(act)
		b.y = y
	}
	if len(months.Bars) > 1 {
		x := left + wide*actWide + 6
		if w == 0 {
			x = left
		}
		b.panel(x, right-x, months.Title, months.Unit)
		b.months(months, x, b.y+panelHead, right-x, act.height-2)
	}
}

// fixed is a table laid out for a place, row by row.
type fixed struct {
	t      tables.Table
	out    *table
	rows   []row
	height float64
	notes  []string
}

func (b *book) fixedTable(t tables.Table, w float64) fixed {
	f := fixed{t: t, out: b.columns(t, compact, left, w), notes: t.Remarks()}
	f.height = f.out.header.height
	for _, in := range t.Rows {
		r := f.out.lay(in)
		f.rows = append(f.rows, r)
		f.height += f.out.height(r) + compact.padY
	}
	for _, words := range f.notes {
		f.height += 2 + compact.small.leading()*float64(len(b.wrapped(words, compact.small, w, 2)))
	}
	return f
}

// fixed draws such a table below b.y.
func (b *book) fixed(f fixed) {
	b.put(f.out.header)
	for _, r := range f.rows {
		height := f.out.height(r) + compact.padY
		f.out.draw(r, b.y)
		b.y += height
		b.hairline(f.out.x, b.y-0.5, f.out.w, rule)
	}
	for _, words := range f.notes {
		b.y += 2
		for _, line := range b.wrapped(words, compact.small, f.out.w, 2) {
			b.write(f.out.x+compact.padX, b.y+compact.small.ascent(), line, compact.small)
			b.y += compact.small.leading()
		}
	}
}

// rooms finds how many account managers and how many customers a height has
// room for: both lists get shorter to their least before either gets shorter
// still, that of the managers first.
func (b *book) rooms(height float64, months bool) (act, top fixed) {
	largest := tables.TenLargest(b.r)
	fits := func(a, c fixed) bool {
		sum := 0.0
		if len(a.rows) > 0 || months {
			sum += panelHead + max(a.height, low(months))
		}
		if len(c.rows) > 0 {
			sum += panelHead + panelGap + c.height
		}
		return sum <= height
	}
	top = b.largest(largest, len(largest.Rows))
	for most := 10; most > leastRows; most-- {
		if act = b.managers(most, months); fits(act, top) {
			return act, top
		}
	}
	act = b.managers(leastRows, months)
	for most := len(largest.Rows); most >= 0; most-- {
		if top = b.largest(largest, most); fits(act, top) {
			return act, top
		}
	}
	for most := leastRows - 1; most >= 0; most-- {
		if act = b.managers(most, months); fits(act, top) {
			return act, top
		}
	}
	return fixed{}, fixed{}
}

// managers is who must act, beside the months or across the page.
func (b *book) managers(most int, months bool) fixed {
	t := tables.ActFirst(b.r, most)
	switch {
	case len(t.Rows) == 0:
		return fixed{}
	case months:
		return b.fixedTable(t.Printed(0), wide*actWide-12)
	}
	return b.fixedTable(t.InOne(), wide)
}

// largest has the first of the largest customers; the title says of how many.
func (b *book) largest(t tables.Table, most int) fixed {
	t = t.First(most).Printed(0)
	if t.Further = 0; len(t.Rows) == 0 {
		return fixed{}
	}
	return b.fixedTable(t, wide)
}

// low is the height that the months need, where there are any.
func low(months bool) float64 {
	if months {
		return monthsLow
	}
	return 0
}

// filling shows what was found and how licenses are used, where there is room
// left: in a first report, or one without prices.
func (b *book) filling(floor float64) {
	const least, most = 96.0, 150.0
	room := floor - b.y - 2*panelGap
	if room < panelHead+least {
		return
	}
	b.y += panelGap
	height := min(room-panelHead, most)
	usage, x := tables.UtilizationChart(b.r), leftHalf
	if found := tables.RuleChart(b.r).First(int(height / barPitch)); len(found.Bars) > 0 {
		b.panel(leftHalf, half, found.Title, found.Remark)
		b.barChart(found, leftHalf, b.y+panelHead, half, 160)
		x = rightHalf
	}
	b.panel(x, half, usage.Title, usage.Remark)
	b.columnChart(usage, x, b.y+panelHead, height)
	b.y += panelHead + height
}

// completeness is the box that says whether the report is whole: green if it
// is, amber if not all could be judged, red if customers are missing.
func (b *book) completeness() block {
	const pad, most = 6.0, 6
	state, word := tables.WholenessOf(b.r)
	_, words := tables.Completeness(b.r)
	color := map[tables.Wholeness]canvas.Color{tables.AllThere: green, tables.Unjudged: amber, tables.Gapped: alarm}[state]
	s := cellSt
	bolder := b.shape(word, s.bold()).Width - b.shape(word, s).Width
	lines := b.wrapped(word+" "+words, s, wide-2*pad-3-bolder, most)
	height := 2*pad + float64(len(lines))*s.leading()
	return block{height: height + panelGap, draw: func(y float64) {
		b.fill(left, y, wide, height, tint(color, 0.1))
		b.fill(left, y, 3, height, color)
		y += pad
		for i, line := range lines {
			x := left + 3 + pad
			if i == 0 && len(line.Runs) > 0 && strings.HasPrefix(line.Runs[0].Text, word) {
				x += b.say(x, y+s.ascent(), word, s.bold().in(color))
				line.Runs[0].Text = strings.TrimPrefix(line.Runs[0].Text, word)
				line.Runs[0].Width -= b.shape(word, s).Width
			}
			b.write(x, y+s.ascent(), line, s)
			y += s.leading()
		}
	}}
}

// confidential stands above the footer of the summary.
func (b *book) confidential() {
	if words := b.r.Branding.Confidentiality; words != "" {
		line := b.clip(words, small.bold(), wide)
		b.write(left, footerLine-16, line, small.bold())
	}
}
