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
	"trueup/report/tables"
)

// PrintSummary says on standard output what was found and written.
func PrintSummary(out io.Writer, r *report.Report, dir string, m deliver.Manifest) error {
	w := &strings.Builder{}
	t := r.Totals
	fmt.Fprintf(w, "%s: %s, %s\n", tables.Day(r.AsOf), plain.Counted(t.Customers, "customer"), plain.Counted(t.SIPConnections, "SIP connection"))
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
	for _, f := range m.Files {
		fmt.Fprintln(w, filepath.Join(dir, filepath.FromSlash(f.Name)))
	}
	fmt.Fprintln(w, filepath.Join(dir, deliver.ManifestName))
	_, err := io.WriteString(out, w.String())
	return err
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
