package app

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/rules"
)

// PrintSummary says on standard output what was found and written.
func PrintSummary(out io.Writer, r *report.Report, dir string, m deliver.Manifest) error {
	w := &strings.Builder{}
	t := r.Totals
	fmt.Fprintf(w, "%s: %s, %s\n", r.AsOf.Format("2006-01-02"), plain.Counted(t.Customers, "customer"), plain.Counted(t.SIPConnections, "SIP connection"))
	fmt.Fprintf(w, "%s%s, %d waived, %d not evaluable\n", plain.Counted(t.Findings, "finding"), bySeverity(t), t.Waived, t.NotEvaluable)
	if r.Currency != "" {
		fmt.Fprintf(w, "true-up exposure %s %s, unused value %s %s a month%s\n", r.Currency,
			plain.Group(t.Money.Exposure.StringFixed(2)), r.Currency, plain.Group(t.Money.Unused.StringFixed(2)), leftOut(t.Money))
	}
	if c := r.Changes; c != nil {
		fmt.Fprintf(w, "since %s: %d new, %d reopened, %d resolved, %d persisting\n", c.Baseline.Format("2006-01-02"),
			c.New, c.Reopened, len(c.Resolved), c.Persisting)
	}
	for _, f := range m.Files {
		fmt.Fprintln(w, filepath.Join(dir, filepath.FromSlash(f.Name)))
	}
	fmt.Fprintln(w, filepath.Join(dir, deliver.ManifestName))
	_, err := io.WriteString(out, w.String())
	return err
}

// leftOut says what the amounts cannot have.
func leftOut(m report.MoneyTotals) string {
	n := m.UnpricedExposure + m.UnpricedUnused
	if n == 0 {
		return ""
	}
	return ", without " + plain.Counted(n, "open finding") + " without a price"
}

func bySeverity(t report.Totals) string {
	var parts []string
	for _, s := range rules.Severities {
		if n := t.BySeverity[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// PrintOrigins lists the effective settings with where each comes from.
func PrintOrigins(out io.Writer, origins []settings.Origin) error {
	w := &strings.Builder{}
	for _, o := range origins {
		value := o.Value
		if value == "" {
			value = "(none)"
		}
		fmt.Fprintf(w, "%-36s %-36s %s\n", o.Setting, plain.Text(value), o.From)
	}
	_, err := io.WriteString(out, w.String())
	return err
}
