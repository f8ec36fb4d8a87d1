package show

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/steps"
	"trueup/report/tables"
)

// Changes writes what differs between two reports, a line each.
func Changes(out io.Writer, r *report.Report) error {
	w, c := &strings.Builder{}, r.Changes
	fmt.Fprintf(w, "%s to %s: %s; customers: %s added, %s gone\n", c.Baseline.Format("2006-01-02"), r.AsOf.Format("2006-01-02"),
		tables.Changed(c), plain.Number(c.CustomersAdded), plain.Number(c.CustomersGone))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range c.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", row.Change, row.Severity, row.Rule, plain.Text(row.Customer), plain.Text(row.Text))
	}
	t.Flush()
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

// Verification writes what verifying says of each file, and what may explain
// a difference.
func Verification(out io.Writer, v steps.Verification) error {
	w := &strings.Builder{}
	differs := false
	for _, c := range v.Checks {
		fmt.Fprintf(w, "%-8s %s\n", c.State, c.Name)
		differs = differs || c.State == "differs"
	}
	switch {
	case v.Same():
		fmt.Fprintln(w, "every byte is the same")
	case len(v.Reasons) > 0:
		fmt.Fprintln(w, "not the same:", strings.Join(v.Reasons, "\nnot the same: "))
	case differs:
		fmt.Fprintln(w, "rules, waivers, contacts and version are the same: give the run's --config, --history and --baseline too")
	}
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}
