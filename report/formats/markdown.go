package formats

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// A CI step summary takes 1 MiB, and nobody reads more than a page: the
// bounds below keep a report of the worst texts under two thirds of it.
const (
	mdFindings = 25
	mdChanges  = 15
	mdRules    = 60
	mdProblems = 10
	mdText     = 240 // of one cell, in UTF-16 units before escaping
)

// WriteMarkdown writes a short overview in GitHub's dialect: totals, what
// changed, the top findings, the rules. It is always under 1 MiB.
func WriteMarkdown(w io.Writer, r *report.Report) error {
	m := &markdown{r: r}
	m.head()
	m.totals()
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
	title := mdEscape(m.r.Title)
	if m.r.Manager != "" {
		title += ": " + mdEscape(m.r.Manager)
	}
	m.line("# %s, %s\n", title, m.r.AsOf.UTC().Format(time.DateOnly))
	if m.r.Sample {
		m.line("**%s, not anybody's licenses.**\n", m.r.Mark())
	}
	if gap := m.r.Gap(); gap != "" {
		m.line("**%s**\n", mdEscape(gap))
	}
	if m.r.Organization != "" {
		m.line("%s\n", mdEscape(m.r.Organization))
	}
}

// table writes one; right lists the columns, from 0, that hold numbers.
func (m *markdown) table(headings []string, right string, rows [][]string) {
	m.line("| %s |", strings.Join(headings, " | "))
	marks := make([]string, len(headings))
	for i := range marks {
		marks[i] = "---"
		if strings.Contains(right, strconv.Itoa(i)) {
			marks[i] = "---:"
		}
	}
	m.line("| %s |", strings.Join(marks, " | "))
	for _, row := range rows {
		m.line("| %s |", strings.Join(row, " | "))
	}
	m.line("")
}

func (m *markdown) totals() {
	t := &m.r.Totals
	headings := []string{"Customers", "SIP connections", "Acquired licenses", "Active users", "Findings", "Waived", "Not evaluable"}
	row := []string{plain.Number(t.Customers), plain.Number(t.SIPConnections), plain.Number(t.Acquired), plain.Number(t.ActiveUsers),
		plain.Number(t.Findings), plain.Number(t.Waived), plain.Number(t.NotEvaluable)}
	if m.r.Currency != "" {
		headings = append(headings, "Exposure a month", "Unused a month")
		row = append(row, m.money(cell.Money(t.Money.Exposure)), m.money(cell.Money(t.Money.Unused)))
	}
	m.table(headings, "012345678", [][]string{row})
	if t.Money.Unpriced > 0 && m.r.Currency != "" {
		m.line("%s have no price: the sums leave them out.\n", plain.Counted(t.Money.Unpriced, "finding", "findings"))
	}
	var parts []string
	for _, s := range rules.Severities {
		if n := t.BySeverity[s]; n > 0 {
			parts = append(parts, plain.Number(n)+" "+s.String())
		}
	}
	if len(parts) > 0 {
		m.line("Findings by severity: %s.\n", strings.Join(parts, ", "))
	}
}

func (m *markdown) changes() {
	c := m.r.Changes
	if c == nil {
		return
	}
	m.line("## What changed since %s\n", c.Baseline.UTC().Format(time.DateOnly))
	m.line("Findings: %s new, %s reopened, %s resolved, %s persisting. Customers: %s added, %s gone.\n", plain.Number(c.New),
		plain.Number(c.Reopened), plain.Number(len(c.Resolved)), plain.Number(c.Persisting), plain.Number(c.CustomersAdded), plain.Number(c.CustomersGone))
	m.sheet(tables.SheetChanges, mdChanges, "Change", "Severity", "Rule", "Customer", "What")
}

func (m *markdown) findings() {
	m.line("## Top findings\n")
	if len(m.r.Findings) == 0 {
		m.line("None.\n")
		return
	}
	m.sheet(tables.SheetFindings, mdFindings, "Severity", "Verdict", "Rule", "Customer", "Message", "Amount", "Manager", "Change")
}

func (m *markdown) rules() {
	m.line("## Rules\n")
	m.sheet(tables.SheetRules, mdRules, "Rule", "Severity", "State", "Finding", "Waived", "Not evaluable", "Pass", "Not applicable")
}

func (m *markdown) quality() {
	if len(m.r.Quality) == 0 {
		return
	}
	m.line("## Data quality\n")
	m.sheet(tables.SheetQuality, mdProblems, "Kind", "Rule", "Customer", "What")
}

// sheet writes the first rows of some columns of a sheet, and how many rows
// are left out.
func (m *markdown) sheet(name string, limit int, headings ...string) {
	s := tables.SheetNamed(name)
	columns := pick(s.Shown(m.r), headings)
	var names []string
	right := ""
	for i, c := range columns {
		names = append(names, c.Heading)
		switch c.Kind {
		case cell.KindCount, cell.KindDelta, cell.KindMoney, cell.KindPercent:
			right += strconv.Itoa(i)
		}
	}
	total := s.Rows(m.r)
	var rows [][]string
	for row := range min(total, limit) {
		var cells []string
		for _, c := range columns {
			cells = append(cells, m.cell(c, row))
		}
		rows = append(rows, cells)
	}
	if len(rows) > 0 {
		m.table(names, right, rows)
	}
	if left := total - len(rows); left > 0 {
		m.line("%s more in the other reports.\n", plain.Number(left))
	}
}

// pick gives the columns with these headings, in this order, that the report has.
func pick(columns []tables.Column, headings []string) (picked []tables.Column) {
	for _, h := range headings {
		for _, c := range columns {
			if c.Heading == h {
				picked = append(picked, c)
			}
		}
	}
	return picked
}

func (m *markdown) cell(c tables.Column, row int) string {
	v := c.Value(m.r, row)
	if c.Kind == cell.KindMoney {
		return m.money(v)
	}
	return mdEscape(v.Format(c.Kind))
}

func (m *markdown) money(v cell.Value) string {
	text := v.Format(cell.KindMoney)
	if _, ok := v.Money(); ok {
		text += " " + m.r.Currency
	}
	return mdEscape(text)
}

// mdEscape makes a text from outside plain text in a table's cell: no markup,
// no links, no HTML, no mentions, nothing that ends the cell.
func mdEscape(s string) string {
	s = plain.TextMax(s, mdText)
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '|':
			b.WriteString("&#124;")
		case strings.ContainsRune("\\`*_{}[]()#+!~@$^=", r), startsLink(s, i), r == '-' && i == 0:
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// startsLink tells the character of a bare address that GitHub needs to make
// it a link: the colon of "://" and the dot of "www.".
func startsLink(s string, i int) bool {
	return strings.HasPrefix(s[i:], "://") || s[i] == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www")
}
