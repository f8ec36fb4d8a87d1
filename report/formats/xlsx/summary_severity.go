package xlsx

import (
	"fmt"
	"slices"
	"strconv"

	"trueup/report"
	"trueup/rules"
)

// severities are the findings by severity, with their chart beside them.
func (p *summaryPage) severities() {
	row := p.block(chartHeight + 2)
	t := p.startTable(row, "Findings by severity", []head{
		{"Severity", report.KindSeverity}, {"Findings", report.KindCount}, {"Share", report.KindPercent}})
	first := t.at
	for _, s := range rules.Severities {
		n := p.r.Totals.BySeverity[s]
		t.add(report.SeverityValue(s), report.IntValue(int64(n)), share(n, p.r.Totals.Findings))
		t.linkCount("B", p.firstOf(s))
	}
	t.sum(report.TextValue("All"), report.IntValue(int64(p.r.Totals.Findings)), report.Empty())
	p.linkTo("B"+strconv.Itoa(t.at-1), report.SheetFindings, "A1")
	p.severityChart("E", row, first)
	p.changes(t.at + 1)
	p.row = row + chartHeight + 2
}

// firstOf is the first finding of a severity.
func (p *page) firstOf(s rules.Severity) report.Target {
	at := slices.IndexFunc(p.r.Findings, func(f report.Finding) bool { return p.r.Rules[f.Rule].Severity == s })
	return report.Target{Sheet: report.SheetFindings, Row: at, OK: at >= 0}
}

func share(n, of int) report.Value {
	if of == 0 {
		return report.Empty()
	}
	return report.FloatValue(float64(n) / float64(of))
}

// changes count what differs from the earlier report.
func (p *page) changes(row int) {
	c := p.r.Changes
	if c == nil {
		return
	}
	p.put("A", row, "Since "+c.Baseline.UTC().Format("2006-01-02"), p.st.label)
	p.put("A", row+1, fmt.Sprintf("%s new, %s reopened, %s resolved, %s persisting", report.Number(c.New), report.Number(c.Reopened),
		report.Number(len(c.Resolved)), report.Number(c.Persisting)), p.st.link)
	p.linkTo("A"+strconv.Itoa(row+1), report.SheetChanges, "A1")
	p.put("A", row+2, fmt.Sprintf("%s customers added, %s gone", report.Number(c.CustomersAdded), report.Number(c.CustomersGone)), p.st.subtitle)
}
