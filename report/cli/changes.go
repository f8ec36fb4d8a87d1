package cli

import (
	"fmt"
	"io"

	"trueup/report"
	"trueup/report/clean"
)

// PrintChanges writes what differs between two reports, one line each.
func PrintChanges(w io.Writer, r *report.Report) {
	c := r.Changes
	fmt.Fprintf(w, "%s to %s: %d new, %d reopened, %d resolved, %d persisting; customers: %d added, %d gone\n",
		c.Baseline.Format("2006-01-02"), r.AsOf.Format("2006-01-02"),
		c.New, c.Reopened, len(c.Resolved), c.Persisting, c.CustomersAdded, c.CustomersGone)
	for _, row := range c.Rows {
		fmt.Fprintf(w, "%-9s %-8s %s  %s: %s\n", row.Change, row.Severity, row.Rule, clean.Text(row.Customer), clean.Text(row.Text))
	}
}
