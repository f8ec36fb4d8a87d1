package show

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// Terminal is what a table is fitted to.
type Terminal struct {
	Width int // columns; 0 if nobody looks at it, and lines may be of any length
	Color bool
}

// Findings writes a table of the findings of a report, of so many that there
// are in all. Cells that are too wide go on in the lines below; where columns
// would get too narrow the least telling ones are left out, and on a very narrow
// terminal each finding is a few lines.
func Findings(out io.Writer, r *report.Report, of int, terminal Terminal) error {
	w := &strings.Builder{}
	if t := findingsTable(r); len(t.cells) > 0 && !t.fit(terminal.Width) {
		t.stacked(w, terminal)
	} else if len(t.cells) > 0 {
		t.write(w, terminal)
	}
	mark := ""
	if r.Mark() != "" {
		mark = r.MarkWord() + " "
	}
	listed := plain.Counted(len(r.Findings), "finding")
	if len(r.Findings) == 0 {
		listed = "no finding"
	}
	if of != len(r.Findings) {
		listed += " listed, of " + plain.Number(of)
	}
	last := []string{mark + tables.Day(r.AsOf) + ": " + listed}
	if c := r.Changes; c != nil {
		last = append(last, "since "+tables.Day(c.Baseline)+": "+tables.Changed(c))
	}
	for _, text := range last {
		lines := []string{text}
		if terminal.Width > 0 {
			lines = wrap(text, terminal.Width)
		}
		fmt.Fprintln(w, strings.Join(lines, "\n"))
	}
	_, err := io.WriteString(out, w.String())
	return err
}

// textTable is a table of texts with what is known of its columns.
type textTable struct {
	heads  []tables.Head
	cells  [][]string // by row and column, safe for a terminal
	widths []int
	least  []int
}

// droppable are the headings of columns that go first where there is no room.
var droppable = []string{"Manager", "Verdict", "Change"}

// gap is between two columns.
const gap = 2

// maxCell bounds the characters of a cell, since all cells of a column are as wide
// as its widest. The other formats have texts in full.
const maxCell = 1000

// atMost is a text without what is beyond so many characters.
func atMost(characters int, s string) string {
	if len(s) <= characters {
		return s
	}
	for at := range s {
		if characters--; characters < 0 {
			return s[:at] + "…"
		}
	}
	return s
}

// findingsTable has the columns of the short formats that say something.
func findingsTable(r *report.Report) *textTable {
	sheet := tables.SheetNamed(tables.SheetFindings)
	brief := sheet.Brief(r, len(r.Findings))
	t := &textTable{heads: brief.Heads, cells: make([][]string, len(brief.Rows))}
	for i, row := range brief.Rows {
		for column, c := range row.Cells {
			text := c.Written(brief.Heads[column].Kind)
			if who := &r.Customers[r.Findings[i].Customer]; brief.Heads[column].Text == "Customer" && !who.CustomerShortName.Known() {
				text = who.Name() // somebody will ask about it
			}
			t.cells[i] = append(t.cells[i], plain.Visible(atMost(maxCell, plain.Text(text))))
		}
	}
	for column := len(t.heads) - 1; column >= 0; column-- {
		if t.heads[column].Kind == cell.KindMoney {
			t.heads[column].Text += " " + r.Currency
		}
		if !slices.ContainsFunc(t.cells, func(row []string) bool { return row[column] != "" }) {
			t.drop(column)
		}
	}
	return t
}

func (t *textTable) drop(column int) {
	waived := t.heads[column].Text == "Verdict"
	t.heads = slices.Delete(slices.Clone(t.heads), column, column+1)
	message := slices.IndexFunc(t.heads, func(h tables.Head) bool { return h.Kind == cell.KindLongText })
	for i, row := range t.cells {
		verdict := row[column]
		t.cells[i] = slices.Delete(row, column, column+1)
		if waived && verdict != rules.Finding.String() && message >= 0 { // nobody must take it for an open one
			t.cells[i][message] += " (" + verdict + ")"
		}
	}
}

// fit gives the columns widths that fit; false if there are none.
func (t *textTable) fit(width int) bool {
	t.measure()
	for _, heading := range droppable {
		column := slices.IndexFunc(t.heads, func(h tables.Head) bool { return h.Text == heading })
		if width > 0 && column >= 0 && t.sum(t.least) > width {
			t.drop(column)
			t.measure()
		}
	}
	if width == 0 {
		return true
	}
	for t.sum(t.widths) > width {
		widest := -1
		for i := range t.widths {
			if room := t.widths[i] - t.least[i]; room > 0 && (widest < 0 || room > t.widths[widest]-t.least[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		t.widths[widest]--
	}
	return true
}

// measure sets how wide columns are, and how wide they must be at least.
func (t *textTable) measure() {
	t.widths, t.least = make([]int, len(t.heads)), make([]int, len(t.heads))
	for i, h := range t.heads {
		t.widths[i] = uniseg.StringWidth(h.Text)
		t.least[i] = t.widths[i]
		for _, row := range t.cells {
			t.widths[i] = max(t.widths[i], uniseg.StringWidth(row[i]))
		}
		switch h.Kind {
		case cell.KindLongText:
			t.least[i] = 20
		case cell.KindText, cell.KindID:
			t.least[i] = max(t.least[i], 13)
		default:
			t.least[i] = t.widths[i]
		}
		t.least[i] = min(t.least[i], t.widths[i])
	}
}

func (t *textTable) sum(widths []int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

func (t *textTable) write(w *strings.Builder, terminal Terminal) {
	head := make([]string, len(t.heads))
	for i, h := range t.heads {
		head[i] = h.Text
	}
	t.row(w, head, Terminal{})
	for _, row := range t.cells {
		t.row(w, row, terminal)
	}
}

// row writes one row in as many lines as its highest cell has.
func (t *textTable) row(w *strings.Builder, cells []string, terminal Terminal) {
	lines, most := make([][]string, len(cells)), 1
	for i, c := range cells {
		lines[i] = wrap(c, t.widths[i])
		most = max(most, len(lines[i]))
	}
	for n := range most {
		var line strings.Builder
		for i := range cells {
			text := ""
			if n < len(lines[i]) {
				text = lines[i][n]
			}
			blanks := strings.Repeat(" ", t.widths[i]-uniseg.StringWidth(text))
			switch {
			case t.heads[i].Kind.IsNumber():
				line.WriteString(blanks + text)
			case t.heads[i].Kind == cell.KindSeverity && terminal.Color:
				line.WriteString(colored(text) + blanks)
			default:
				line.WriteString(text + blanks)
			}
			line.WriteString(strings.Repeat(" ", gap))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// stacked writes each finding as a few lines: severity and the rule's title, then
// each other cell with its heading.
func (t *textTable) stacked(w *strings.Builder, terminal Terminal) {
	title := slices.IndexFunc(t.heads, func(h tables.Head) bool { return h.Text == "Title" })
	for _, row := range t.cells {
		for i, text := range row {
			indent := "  "
			switch {
			case text == "", i == title:
				continue
			case t.heads[i].Kind == cell.KindSeverity && title >= 0:
				indent, text = "", text+" "+row[title]
			case t.heads[i].Kind != cell.KindLongText:
				text = t.heads[i].Text + ": " + text
			}
			for n, line := range wrap(text, terminal.Width-len(indent)) {
				if word, rest, _ := strings.Cut(line, " "); indent == "" && n == 0 && terminal.Color {
					line = strings.TrimRight(colored(word)+" "+rest, " ")
				}
				fmt.Fprintln(w, indent+line)
			}
		}
	}
}

// colored is a severity's word in its colour, as a terminal takes it.
func colored(word string) string {
	code, known := map[string]string{
		rules.Critical.String(): "1;31", rules.High.String(): "31", rules.Medium.String(): "33", rules.Low.String(): "36", rules.Info.String(): "2",
	}[word]
	if !known {
		return word
	}
	return "\x1b[" + code + "m" + word + "\x1b[0m"
}

// wrap breaks a text into lines of at most so many columns, where lines may
// break; what has no such place, or no room, wherever the line ends. No
// character is broken, so that one may stick out of a single column.
func wrap(s string, width int) (lines []string) {
	var line strings.Builder
	at := 0
	flush := func() {
		lines, at = append(lines, strings.TrimRight(line.String(), " ")), 0
		line.Reset()
	}
	for state := -1; s != ""; {
		var piece string
		piece, s, _, state = uniseg.FirstLineSegmentInString(s, state)
		room := uniseg.StringWidth(strings.TrimRight(piece, " "))
		if at > 0 && at+room > width {
			flush()
		}
		for characters := uniseg.NewGraphemes(piece); characters.Next(); {
			c, wide := characters.Str(), characters.Width()
			if at > 0 && at+wide > width {
				if c == " " {
					continue
				}
				flush()
			}
			line.WriteString(c)
			at += wide
		}
	}
	if line.Len() > 0 || lines == nil {
		flush()
	}
	return lines
}
