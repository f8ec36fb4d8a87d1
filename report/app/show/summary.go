package show

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/steps"
	"trueup/report/deliver"
	"trueup/rules"
)

// Summary says what was found and written.
func Summary(out io.Writer, r *report.Report, run steps.Written) error {
	w := &strings.Builder{}
	t := r.Totals
	at := r.AsOf.Format("2006-01-02")
	if !r.DataAsOf.IsZero() {
		at = "data of " + r.DataAsOf.Format("2006-01-02") + ", judged as of " + at
	}
	fmt.Fprintf(w, "%s: %s, %s\n", at, plain.Counted(t.Customers, "customer"), plain.Counted(t.SIPConnections, "SIP connection"))
	fmt.Fprintf(w, "%s%s, %s waived, %s not evaluable\n", plain.Counted(t.Findings, "finding"), bySeverity(t), plain.Number(t.Waived), plain.Number(t.NotEvaluable))
	if r.Currency != "" {
		fmt.Fprintf(w, "true-up exposure %s %s, unused value %s %s a month", r.Currency,
			plain.Group(t.Money.Exposure.StringFixed(2)), r.Currency, plain.Group(t.Money.Unused.StringFixed(2)))
		if n := t.Money.UnpricedExposure + t.Money.UnpricedUnused; n > 0 {
			fmt.Fprintf(w, ", not counting %s without a price", plain.Counted(n, "open finding"))
		}
		fmt.Fprintln(w)
	}
	if c := r.Changes; c != nil {
		fmt.Fprintf(w, "since %s: %s\n", c.Baseline.Format("2006-01-02"), counts(c))
	}
	for _, f := range run.Manifest.Files {
		fmt.Fprintln(w, filepath.Join(run.Dir, filepath.FromSlash(f.Name)))
	}
	fmt.Fprintln(w, filepath.Join(run.Dir, deliver.ManifestName))
	_, err := io.WriteString(out, w.String())
	return err
}

func bySeverity(t report.Totals) string {
	var parts []string
	for _, s := range rules.Severities {
		if n := t.BySeverity[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", plain.Number(n), s))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
