package app

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/steps"
	"trueup/report/formats"
)

// PickChanges writes what differs between two reports: a line each, or the
// later report as JSON.
func (c *Call) PickChanges(r *report.Report) error {
	return c.pick(map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return changesText(w, r) },
		"json": func(w io.Writer) error { return formats.WriteJSON(w, r) },
	})
}

func changesText(out io.Writer, r *report.Report) error {
	w, c := &strings.Builder{}, r.Changes
	fmt.Fprintf(w, "%s to %s: %d new, %d reopened, %d resolved, %d persisting; customers: %d added, %d gone\n",
		c.Baseline.Format("2006-01-02"), r.AsOf.Format("2006-01-02"),
		c.New, c.Reopened, len(c.Resolved), c.Persisting, c.CustomersAdded, c.CustomersGone)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range c.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", row.Step, row.Severity, row.Rule, plain.Text(row.Customer), plain.Text(row.Text))
	}
	t.Flush()
	_, err := io.WriteString(out, w.String())
	return err
}

// PrintVerification writes what verifying said of each file.
func PrintVerification(out io.Writer, v steps.Verification) error {
	w := &strings.Builder{}
	writeVerification(w, v)
	_, err := io.WriteString(out, w.String())
	return err
}

func writeVerification(w io.Writer, v steps.Verification) {
	for _, c := range v.Checks {
		fmt.Fprintf(w, "%-8s %s\n", c.State, c.Name)
	}
	if v.Same() {
		fmt.Fprintln(w, "every byte is the same")
		return
	}
	for _, reason := range v.Reasons {
		fmt.Fprintln(w, "not the same:", reason)
	}
	if len(v.Reasons) == 0 && slices.ContainsFunc(v.Checks, func(c steps.Check) bool { return c.State == "differs" }) {
		fmt.Fprintln(w, "rules, waivers, contacts and version are the same: give the run's --config, --history and --baseline too")
	}
}
