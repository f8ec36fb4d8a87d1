package xlsx

import (
	"fmt"
	"regexp"

	"github.com/xuri/excelize/v2"

	"trueup/report"
	"trueup/report/cell"
)

// maker makes styles and keeps the first error.
type maker struct {
	f      *excelize.File
	accent string
	money  string // number format
	least  string // likewise, of an amount that leaves something out
	err    error
}

func (m *maker) style(s excelize.Style) int {
	if s.Font == nil {
		s.Font = &excelize.Font{}
	}
	s.Font.Family = font
	if s.Font.Size == 0 {
		s.Font.Size = fontSize
	}
	if s.Font.Color == "" {
		s.Font.Color = ink
	}
	id, err := m.f.NewStyle(&s)
	if m.err == nil && err != nil {
		m.err = fmt.Errorf("style: %w", err)
	}
	return id
}

var sixHex = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

func accentOf(r *report.Report) string {
	if sixHex.MatchString(r.Branding.Accent) {
		return r.Branding.Accent
	}
	return defaultAccent
}

func newStyles(f *excelize.File, r *report.Report) (*styles, error) {
	m := &maker{f: f, accent: accentOf(r), money: moneyFormat(r.Currency, ""), least: moneyFormat(r.Currency, least)}
	s := &styles{word: map[string]int{}, totals: map[cell.Kind]int{}}
	for kind := cell.KindText; kind <= cell.KindBlank; kind++ {
		s.kind[kind] = m.cells(kind)
		s.totals[kind] = m.total(kind)
	}
	over := m.base(cell.KindDelta)
	over.Font = &excelize.Font{Bold: true}
	s.over = m.style(over)
	s.atLeast, s.totalAtLeast = m.atLeast()
	m.words(s.word)
	m.pages(s)
	return s, m.err
}

// moneyFormat shows the currency in each cell, after a sign such as ≥. The
// code is letters only, as anything else could end the quotation.
func moneyFormat(currency, sign string) string {
	code := regexp.MustCompile(`[^A-Za-z]`).ReplaceAllString(currency, "")
	amount := sign + `#,##0.00`
	if code != "" {
		amount += ` "` + code + `"`
	}
	return signed(amount, "[Red]-"+amount, amount)
}

// signed is the format of numbers above, below and at zero, and of the word
// unknown. Each keeps a digit's width free at the right, which an indent does
// not do reliably in LibreOffice.
func signed(above, below, zero string) string {
	const space = "_0"
	return above + space + ";" + below + space + ";" + zero + space + ";@" + space
}

func (m *maker) numberFormat(kind cell.Kind) *string {
	var s string
	switch kind {
	case cell.KindCount:
		s = signed("#,##0", "-#,##0", "0")
	case cell.KindDelta:
		s = signed("+#,##0", "[Red]-#,##0", "0")
	case cell.KindPercent:
		s = signed("0.0%", "-0.0%", "0.0%")
	case cell.KindMoney:
		s = m.money
	case cell.KindDate:
		s = "yyyy-mm-dd"
	case cell.KindTime:
		s = "yyyy-mm-dd hh:mm"
	case cell.KindBlank:
		return nil
	default:
		s = "@"
	}
	return &s
}

func isNumber(kind cell.Kind) bool {
	switch kind {
	case cell.KindCount, cell.KindDelta, cell.KindPercent, cell.KindMoney:
		return true
	}
	return false
}

func isCentered(kind cell.Kind) bool {
	switch kind {
	case cell.KindSeverity, cell.KindVerdict, cell.KindDate, cell.KindTime:
		return true
	}
	return false
}

// headOf is the style of a heading over values of a kind.
func (s *styles) headOf(kind cell.Kind) int {
	switch {
	case isNumber(kind):
		return s.headNumber
	case isCentered(kind):
		return s.headMiddle
	}
	return s.head
}

// base is the look of a data cell: top-aligned, with a fine line below.
func (m *maker) base(kind cell.Kind) excelize.Style {
	align := excelize.Alignment{Vertical: "top"}
	switch {
	case isNumber(kind):
		align.Horizontal = "right"
	case kind == cell.KindID:
		align.Horizontal = "left"
	case kind == cell.KindText, kind == cell.KindLongText, kind == cell.KindBlank:
		align.Horizontal, align.WrapText = "left", true
	case isCentered(kind):
		align.Horizontal = "center"
	}
	s := excelize.Style{Alignment: &align, CustomNumFmt: m.numberFormat(kind),
		Border: []excelize.Border{{Type: "bottom", Color: line, Style: 1}}}
	if kind == cell.KindBlank {
		s.Fill = solid(peopleFill)
	}
	return s
}

func (m *maker) cells(kind cell.Kind) (c cellStyles) {
	c.plain = m.style(m.base(kind))
	unknown := m.base(kind)
	unknown.Font = &excelize.Font{Italic: true, Color: muted}
	c.unknown = m.style(unknown)
	link := m.base(kind)
	link.Font = &excelize.Font{Underline: "single", Color: m.accent}
	if isNumber(kind) { // the line would run on under the free space
		link.Font = &excelize.Font{Bold: true, Color: m.accent}
	}
	c.link = m.style(link)
	return c
}

func solid(rgb string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{rgb}}
}

// words makes them in a fixed order, since the order numbers them.
func (m *maker) words(ids map[string]int) {
	for _, word := range [...]string{"critical", "high", "medium", "low", "info", "finding", "unknown",
		"waived", "active", "ending", "expired", "unused", "ok"} {
		s := m.base(cell.KindVerdict)
		s.Font = &excelize.Font{Color: words[word].text, Bold: words[word].bold}
		s.Fill = solid(words[word].fill)
		ids[word] = m.style(s)
	}
}

// least is before an amount that leaves out what has no price.
const least = `"≥ "`

func (m *maker) atLeast() (row, total int) {
	look := m.base(cell.KindMoney)
	look.CustomNumFmt = &m.least
	row = m.style(look)
	look.Font, look.Border = m.totalLook()
	return row, m.style(look)
}

func (m *maker) totalLook() (*excelize.Font, []excelize.Border) {
	return &excelize.Font{Bold: true}, []excelize.Border{{Type: "top", Color: m.accent, Style: 1}}
}

// total is a sum's cell under a column of the summary.
func (m *maker) total(kind cell.Kind) int {
	s := m.base(kind)
	s.Font, s.Border = m.totalLook()
	return m.style(s)
}

// pages are the styles around the tables.
func (m *maker) pages(s *styles) {
	plain := func(f excelize.Font, a excelize.Alignment) int {
		return m.style(excelize.Style{Font: &f, Alignment: &a})
	}
	s.title = plain(excelize.Font{Size: 16, Bold: true, Color: m.accent}, excelize.Alignment{Vertical: "center"})
	s.sample = m.style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: solid(danger),
		Alignment: &excelize.Alignment{Vertical: "center"}})
	s.subtitle = plain(excelize.Font{Color: muted}, excelize.Alignment{Vertical: "center"})
	s.section = plain(excelize.Font{Size: 12, Bold: true, Color: m.accent}, excelize.Alignment{Vertical: "bottom"})
	s.note = plain(excelize.Font{Size: 9, Color: muted}, excelize.Alignment{Vertical: "top", WrapText: true})
	s.label = plain(excelize.Font{Bold: true}, excelize.Alignment{Vertical: "top"})
	s.link = plain(excelize.Font{Underline: "single", Color: m.accent}, excelize.Alignment{Vertical: "center"})
	s.head = m.heading("left")
	s.headNumber = m.heading("right")
	s.headMiddle = m.heading("center")
	s.tileLabel = m.tile(excelize.Font{Size: 9, Color: muted}, "bottom", "@")
	s.tileCount = m.tile(excelize.Font{Size: 18, Bold: true, Color: m.accent}, "center", "#,##0")
	s.tileMoney = m.tile(excelize.Font{Size: 18, Bold: true, Color: m.accent}, "center", "#,##0.00")
	s.tileAtLeast = m.tile(excelize.Font{Size: 18, Bold: true, Color: m.accent}, "center", least+"#,##0.00")
	s.tileNote = m.tile(excelize.Font{Size: 9, Color: muted}, "top", "@")
}

func (m *maker) heading(side string) int {
	indent := 0
	if side == "right" {
		indent = 1
	}
	return m.style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: solid(m.accent),
		Alignment: &excelize.Alignment{Horizontal: side, Vertical: "center", WrapText: true, Indent: indent}})
}

func (m *maker) tile(f excelize.Font, vertical, format string) int {
	return m.style(excelize.Style{Font: &f, Fill: solid(headFill), CustomNumFmt: &format,
		Alignment: &excelize.Alignment{Horizontal: "left", Vertical: vertical, Indent: 1, WrapText: vertical == "top"}})
}
