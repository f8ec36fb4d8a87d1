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
	"trueup/report/tables"
)

// Summary says what was found and written; the report in one sentence first.
func Summary(out io.Writer, r *report.Report, run steps.Written) error {
	w := &strings.Builder{}
	t := r.Totals
	fmt.Fprintln(w, tables.Headline(r))
	at := tables.Day(r.AsOf)
	if !r.DataAsOf.IsZero() {
		at = "data of " + tables.Day(r.DataAsOf) + ", judged as of " + at
	}
	fmt.Fprintf(w, "%s: %s, %s\n", at, plain.Counted(t.Customers, "customer"), tables.ConnectionTotal(r).Counted("SIP connection"))
	severities := tables.Severities(r)
	if severities != "" {
		severities = " (" + severities + ")"
	}
	fmt.Fprintf(w, "%s%s, %s waived, %s not evaluable\n", plain.Counted(t.Findings, "finding"), severities, plain.Number(t.Waived), plain.Number(t.NotEvaluable))
	if r.Currency != "" {
		fmt.Fprintf(w, "true-up exposure %s, unused value %s a month", tables.InMoney(r, tables.Exposure(r)), tables.InMoney(r, tables.UnusedSum(r)))
		if unpriced := tables.Unpriced(r); unpriced != "" {
			fmt.Fprint(w, ", ", unpriced)
		}
		fmt.Fprintln(w)
	}
	if c := r.Changes; c != nil {
		fmt.Fprintf(w, "since %s: %s\n", tables.Day(c.Baseline), tables.Changed(c))
	}
	for _, f := range run.Manifest.Files {
		fmt.Fprintln(w, filepath.Join(run.Dir, filepath.FromSlash(f.Name)))
	}
	fmt.Fprintln(w, filepath.Join(run.Dir, deliver.ManifestName))
	_, err := io.WriteString(out, w.String())
	return err
}
