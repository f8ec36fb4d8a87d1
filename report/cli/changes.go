package cli

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"trueup/report"
	"trueup/report/clean"
	"trueup/report/job"
	"trueup/report/output"
	"trueup/report/settings"
)

// PrintChanges writes what differs between two reports: a line each, or the
// later report as JSON.
func PrintChanges(w io.Writer, r *report.Report, format string) error {
	switch format {
	case "json":
		return output.WriteJSON(w, r)
	case "text":
		changesText(w, r)
		return nil
	}
	return settings.Usage{Text: fmt.Sprintf("--format: unknown format %q", format), HintText: "choose text or json"}
}

func changesText(w io.Writer, r *report.Report) {
	c := r.Changes
	fmt.Fprintf(w, "%s to %s: %d new, %d reopened, %d resolved, %d persisting; customers: %d added, %d gone\n",
		c.Baseline.Format("2006-01-02"), r.AsOf.Format("2006-01-02"),
		c.New, c.Reopened, len(c.Resolved), c.Persisting, c.CustomersAdded, c.CustomersGone)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer t.Flush()
	for _, row := range c.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", row.Change, row.Severity, row.Rule, clean.Text(row.Customer), clean.Text(row.Text))
	}
}

// PrintVerification writes what verifying said of each file.
func PrintVerification(w io.Writer, v job.Verification) {
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
	if len(v.Reasons) == 0 && slices.ContainsFunc(v.Checks, func(c job.Check) bool { return c.State == "differs" }) {
		fmt.Fprintln(w, "rules, waivers, contacts and version are the same: give the run's --config, --history and --baseline too")
	}
}
