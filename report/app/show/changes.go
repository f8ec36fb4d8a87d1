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
	if len(c.Missing) > 0 {
		fmt.Fprintln(w, plain.Text("INCOMPLETE: "+strings.Join(c.Missing, ", ")+" gave no customers to one of the snapshots: they are compared in neither"))
	}
	fmt.Fprintf(w, "%s to %s: %s; customers: %s added, %s gone\n", c.Baseline.Format("2006-01-02"), r.AsOf.Format("2006-01-02"),
		tables.Changed(c), plain.Number(c.CustomersAdded), plain.Number(c.CustomersGone))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range c.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", row.Step, row.Severity, row.Rule, plain.Text(row.Customer), plain.Text(row.Text))
	}
	t.Flush()
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

// Verification writes what verifying says of each file, and what may explain
// a difference.
func Verification(out io.Writer, v steps.Verification) error {
	w := &strings.Builder{}
	for _, c := range v.Checks {
		fmt.Fprintf(w, "%-8s %s\n", c.State, plain.Text(c.Name))
	}
	for _, reason := range v.Reasons {
		fmt.Fprintln(w, "note:", plain.Text(reason))
	}
	if v.Same() {
		fmt.Fprintln(w, "every byte is the same")
	} else {
		fmt.Fprintln(w, "not the same")
	}
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

// VerificationJSON writes the same as a JSON object.
func VerificationJSON(out io.Writer, v steps.Verification) error {
	type file struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	doc := struct {
		Same  bool     `json:"same"`
		Files []file   `json:"files"`
		Notes []string `json:"notes"`
	}{v.Same(), []file{}, append([]string{}, v.Reasons...)}
	for _, c := range v.Checks {
		doc.Files = append(doc.Files, file(c))
	}
	return JSON(out, doc)
}
