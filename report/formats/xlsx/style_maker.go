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
	unit   string // of amounts
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
	m := &maker{f: f, accent: accentOf(r), unit: unit(r.Currency)}
	s := &styles{maker: m, word: map[string]int{}, bare: map[cell.Kind]*cellStyles{}}
	for kind := cell.KindText; kind <= cell.KindDue; kind++ {
		s.kind[kind] = m.cells(kind)
	}
	m.unit = ""
	for _, kind := range [...]cell.Kind{cell.KindMoney, cell.KindSigned} {
		s.bare[kind] = new(m.cells(kind))
	}
	s.bare[cell.KindText] = new(m.indented(cell.KindText))
	for i, colour := range movedColours {
		moved := m.base(cell.KindDelta)
		moved.Font, moved.CustomNumFmt = &excelize.Font{Color: colour}, new("+#,##0_0;-#,##0_0;0_0;@_0")
		s.moved[i] = m.style(moved)
	}
	over := m.base(cell.KindDelta)
	over.Font = &excelize.Font{Bold: true}
	s.over = m.style(over)
	m.words(s.word)
	m.pages(s)
	return s, m.err
}

// unit shows the currency in each cell. The code is letters only, as anything
// else could end the quotation.
func unit(currency string) string {
	code := regexp.MustCompile(`[^A-Za-z]`).ReplaceAllString(currency, "")
	if code == "" {
		return ""
	}
	return ` "` + code + `"`
}

// least is before a sum that leaves something out.
const least = `"≥ "`

// numberFormat of a kind, with a sign such as ≥ before each number. The
// format has parts for numbers above, below and at zero, and for the word
// unknown. Each keeps a digit's width free at the right, which an indent does
// not do reliably in LibreOffice.
func (m *maker) numberFormat(kind cell.Kind, sign string) *string {
	const space = "_0"
	signed := func(above, below, zero string) string {
		return sign + above + space + ";" + below + space + ";" + sign + zero + space + ";@" + space
	}
	amount := "#,##0.00##" + m.unit // a price may have more than two decimals
	var s string
	switch kind {
	case cell.KindCount:
		s = signed("#,##0", "-"+sign+"#,##0", "0")
	case cell.KindDelta:
		s = signed("+#,##0", "[Red]-"+sign+"#,##0", "0")
	case cell.KindPercent:
		s = signed("0.0%", "-"+sign+"0.0%", "0.0%")
	case cell.KindMoney:
		s = signed(amount, "[Red]-"+sign+amount, amount)
	case cell.KindSigned:
		s = signed("+"+amount, "-"+amount, amount)
	case cell.KindDate, cell.KindDue:
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

// movedColours are those of what a figure moved by, below, at and above zero.
var movedColours = [...]string{better, ink, danger}

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
	case kind.IsNumber():
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
	case kind.IsNumber():
		align.Horizontal = "right"
	case kind == cell.KindID:
		align.Horizontal = "left"
	case kind == cell.KindText, kind == cell.KindLongText, kind.ForPeople():
		align.Horizontal, align.WrapText = "left", true
	case isCentered(kind):
		align.Horizontal = "center"
	}
	s := excelize.Style{Alignment: &align, CustomNumFmt: m.numberFormat(kind, ""),
		Border: []excelize.Border{{Type: "bottom", Color: line, Style: 1}}}
	if kind.ForPeople() {
		s.Fill = solid(peopleFill)
	}
	return s
}

// indented are the styles of texts that stand beside numbers.
func (m *maker) indented(kind cell.Kind) (c cellStyles) {
	s := m.base(kind)
	s.Alignment.Indent = 1
	c.plain = m.style(s)
	c.link, c.bold, c.least = c.plain, c.plain, c.plain
	s.Font = &excelize.Font{Italic: true, Color: muted}
	c.unknown = m.style(s)
	s.Font, s.Border = &excelize.Font{Bold: true}, []excelize.Border{{Type: "top", Color: m.accent, Style: 1}}
	c.total = m.style(s)
	c.totalLeast = c.total
	return c
}

func (m *maker) cells(kind cell.Kind) (c cellStyles) {
	c.plain = m.style(m.base(kind))
	unknown := m.base(kind)
	unknown.Font = &excelize.Font{Italic: true, Color: muted}
	c.unknown = m.style(unknown)
	link := m.base(kind)
	link.Font = &excelize.Font{Underline: "single", Color: m.accent}
	if kind.IsNumber() { // the line would run on under the free space
		link.Font = &excelize.Font{Bold: true, Color: m.accent}
	}
	c.link = m.style(link)
	strong := m.base(kind)
	strong.Font = &excelize.Font{Bold: true}
	c.bold = m.style(strong)
	total := strong
	total.Border = []excelize.Border{{Type: "top", Color: m.accent, Style: 1}}
	c.total = m.style(total)
	if kind.IsNumber() {
		sum := m.base(kind)
		sum.CustomNumFmt, total.CustomNumFmt = m.numberFormat(kind, least), m.numberFormat(kind, least)
		c.least, c.totalLeast = m.style(sum), m.style(total)
	}
	if kind == cell.KindSigned {
		for i, colour := range movedColours {
			s := m.base(kind)
			s.Font = &excelize.Font{Color: colour}
			c.signed[i] = m.style(s)
		}
	}
	return c
}

func solid(rgb string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{rgb}}
}

// words makes them in a fixed order, since the order numbers them.
func (m *maker) words(ids map[string]int) {
	for _, word := range [...]string{"critical", "high", "medium", "low", "info", "finding", "unknown",
		"waived", "active", "ending", "expired", "unused", "ok", "NO"} {
		s := m.base(cell.KindVerdict)
		s.Font = &excelize.Font{Color: words[word].text, Bold: words[word].bold}
		s.Fill = solid(words[word].fill)
		ids[word] = m.style(s)
	}
}

// pages are the styles around the tables.
func (m *maker) pages(s *styles) {
	plain := func(f excelize.Font, a excelize.Alignment) int {
		return m.style(excelize.Style{Font: &f, Alignment: &a})
	}
	s.title = plain(excelize.Font{Size: 16, Bold: true, Color: m.accent}, excelize.Alignment{Vertical: "center"})
	s.alarm = m.style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: solid(danger),
		Alignment: &excelize.Alignment{Vertical: "center"}})
	s.headline = plain(excelize.Font{Size: headSize, Bold: true}, excelize.Alignment{Vertical: "center", WrapText: true})
	s.intro = plain(excelize.Font{Size: 9, Color: muted}, excelize.Alignment{Vertical: "bottom"})
	s.whole, s.gap = m.banner(wholeFill), m.banner(gapFill)
	s.subtitle = plain(excelize.Font{Color: muted}, excelize.Alignment{Vertical: "center"})
	s.section = plain(excelize.Font{Size: sectionSize, Bold: true, Color: m.accent}, excelize.Alignment{Vertical: "bottom"})
	s.note = plain(excelize.Font{Size: 9, Color: muted}, excelize.Alignment{Vertical: "top", WrapText: true})
	s.label = plain(excelize.Font{Bold: true}, excelize.Alignment{Vertical: "top"})
	s.link = plain(excelize.Font{Underline: "single", Color: m.accent}, excelize.Alignment{Vertical: "center"})
	s.head = m.heading("left")
	s.headNumber = m.heading("right")
	s.headMiddle = m.heading("center")
	s.headText = m.style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: solid(m.accent),
		Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, Indent: 1}})
	s.tileLabel = m.tile(excelize.Font{Size: 9, Color: muted}, "bottom", "@")
	s.tileNote = m.tile(excelize.Font{Size: 9, Color: muted}, "top", "@")
}

// banner is a sentence on a ground of its own.
func (m *maker) banner(fill string) int {
	return m.style(excelize.Style{Font: &excelize.Font{}, Fill: solid(fill), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true, Indent: 1}})
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
