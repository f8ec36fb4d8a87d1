package xlsx

import (
	"fmt"
	"slices"
	"strconv"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// severities are the findings by severity, with their chart beside them.
func (p *summaryPage) severities() {
	row := p.block(chartHeight + 2)
	t := p.startTable(row, "Findings by severity", []head{
		{"Severity", cell.KindSeverity}, {"Findings", cell.KindCount}, {"Share", cell.KindPercent}})
	first := t.at
	for _, s := range rules.Severities {
		n := p.r.Totals.BySeverity[s]
		t.add(cell.Severity(s), cell.Int(int64(n)), share(n, p.r.Totals.Findings))
		t.linkCount("B", p.firstOf(s))
	}
	t.sum(cell.Text("All"), cell.Int(int64(p.r.Totals.Findings)), cell.Empty())
	p.linkTo("B"+strconv.Itoa(t.at-1), tables.SheetFindings, "A1")
	p.severityChart("E", row, first)
	p.changes(t.at + 1)
	p.row = row + chartHeight + 2
}

// firstOf is the first finding of a severity.
func (p *page) firstOf(s rules.Severity) tables.Target {
	at := slices.IndexFunc(p.r.Findings, func(f report.Finding) bool { return p.r.Rules[f.Rule].Severity == s })
	return tables.Target{Sheet: tables.SheetFindings, Row: at, OK: at >= 0}
}

func share(n, of int) cell.Value {
	if of == 0 {
		return cell.Empty()
	}
	return cell.Float(float64(n) / float64(of))
}

// changes count what differs from the earlier report.
func (p *page) changes(row int) {
	c := p.r.Changes
	if c == nil {
		return
	}
	p.put("A", row, "Since "+c.Baseline.UTC().Format("2006-01-02"), p.st.label)
	p.put("A", row+1, fmt.Sprintf("%s new, %s reopened, %s resolved, %s persisting", plain.Number(c.New), plain.Number(c.Reopened),
		plain.Number(len(c.Resolved)), plain.Number(c.Persisting)), p.st.link)
	p.linkTo("A"+strconv.Itoa(row+1), tables.SheetChanges, "A1")
	p.put("A", row+2, fmt.Sprintf("%s customers added, %s gone", plain.Number(c.CustomersAdded), plain.Number(c.CustomersGone)), p.st.subtitle)
}
