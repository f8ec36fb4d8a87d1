package formats

import (
	"fmt"
	"io"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
)

// A CI step summary takes 1 MiB, and nobody reads more than a page: the
// bounds below keep a report of the worst texts under two thirds of it.
const (
	mdFindings = 25
	mdChanges  = 15
	mdRules    = 60
	mdProblems = 10
	mdText     = 240 // of one cell, in UTF-16 units before escaping
	mdHeadline = 2000
)

// WriteMarkdown writes a short overview in GitHub's dialect: the report in one
// sentence, figures, who must act, what changed, the top findings, the rules.
// It is always under 1 MiB.
func WriteMarkdown(w io.Writer, r *report.Report) error {
	m := &markdown{r: r}
	m.head()
	m.figures()
	for _, t := range []tables.Table{tables.Act(r), tables.TenLargest(r), tables.Bridge(r)} {
		if len(t.Rows) > 0 {
			m.line("## %s\n", t.Title)
			m.table(t.InBook(r), true)
		}
	}
	m.changes()
	m.findings()
	m.rules()
	m.quality()
	m.line("as of %s, trueup %s", tables.AsOf(r), mdEscape(r.Version))
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct {
	r *report.Report
	b strings.Builder
}

func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(&m.b, format+"\n", args...)
}

func (m *markdown) head() {
	m.line("# %s\n", plain.Markdown(tables.Headline(m.r), mdHeadline))
	if m.r.Sample {
		m.line("**%s, not anybody's licenses.**\n", m.r.Mark())
	}
	if gap := m.r.Gap(); gap != "" {
		m.line("**%s**\n", mdEscape(gap))
	}
	of := mdEscape(tables.Title(m.r)) + ", " + tables.Day(m.r.AsOf)
	if m.r.Organization != "" {
		of += ", " + mdEscape(m.r.Organization)
	}
	m.line("%s. %s.\n", of, mdEscape(tables.Portfolio(m.r)))
}

func (m *markdown) figures() {
	t := tables.Table{Heads: []tables.Head{{Text: "Figure"}, {Text: "Now", Kind: cell.KindCount}, {Text: "Before"}}}
	for _, tile := range tables.Tiles(m.r) {
		t.Rows = append(t.Rows, tables.Row{Cells: []tables.Cell{
			tables.Is(cell.Text(tile.Name)), tables.Is(cell.Text(tile.Written(tile.Kind))), tables.Is(cell.Text(tile.Line()))}})
	}
	m.table(t, true)
	if severities := tables.Severities(m.r); severities != "" {
		m.line("Findings by severity: %s.\n", severities)
	}
	_, words := tables.Completeness(m.r)
	m.line("%s\n", plain.Markdown(words, mdHeadline))
}

func (m *markdown) changes() {
	c := m.r.Changes
	if c == nil {
		return
	}
	m.line("## What changed since %s\n", tables.Day(c.Baseline))
	m.line("%s.\n", tables.CustomersMoved(c))
	m.sheet(tables.SheetChanges, mdChanges)
}

func (m *markdown) findings() {
	m.line("## Top findings\n")
	if len(m.r.Findings) == 0 {
		m.line("None.\n")
		return
	}
	m.sheet(tables.SheetFindings, mdFindings)
}

func (m *markdown) rules() {
	m.line("## Rules\n")
	m.sheet(tables.SheetRules, mdRules)
}

func (m *markdown) quality() {
	if len(m.r.Quality) == 0 {
		return
	}
	m.line("## Data quality\n")
	m.sheet(tables.SheetQuality, mdProblems)
}

// sheet writes the first rows of a sheet.
func (m *markdown) sheet(name string, most int) {
	s := tables.SheetNamed(name)
	m.table(s.Brief(m.r, most), false)
}

// table writes one; the headings of a bare one have the currency of amounts.
func (m *markdown) table(t tables.Table, bare bool) {
	if len(t.Rows) > 0 {
		heads, marks := make([]string, len(t.Heads)), make([]string, len(t.Heads))
		for i, h := range t.Heads {
			heads[i], marks[i] = h.Text, "---"
			if h.Kind.IsNumber() {
				marks[i] = "---:"
			}
		}
		m.row(heads)
		m.row(marks)
		for _, row := range t.Rows {
			cells := make([]string, len(row.Cells))
			for i, c := range row.Cells {
				if bare {
					cells[i] = mdEscape(c.Written(t.Heads[i].Kind))
				} else {
					cells[i] = mdEscape(m.written(c, t.Heads[i].Kind))
				}
			}
			m.row(cells)
		}
		m.line("")
	}
	if t.Note != "" {
		m.line("%s\n", mdEscape(t.Note))
	}
}

func (m *markdown) row(cells []string) { m.line("| %s |", strings.Join(cells, " | ")) }

func (m *markdown) written(c tables.Cell, kind cell.Kind) string {
	if _, ok := c.Money(); ok {
		return c.Written(kind) + " " + m.r.Currency
	}
	return c.Written(kind)
}

// mdEscape makes a text plain text in a table's cell.
func mdEscape(s string) string { return plain.Markdown(s, mdText) }
