package xlsx

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/tables"
)

// disagreeing are the control totals that About says NO to.
func disagreeing(t *testing.T, r *report.Report) (names []string) {
	t.Helper()
	_, f := made(t, r, maxRows)
	rows, err := f.GetRows(tables.SheetAbout)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		switch at(rows, i, 4) {
		case "NO":
			names = append(names, at(rows, i, 0))
		case "yes":
			if at(rows, i, 2) != at(rows, i, 3) {
				t.Errorf("%q are said to agree", rows[i])
			}
		}
	}
	return names
}

// TestControlTotalsThatDisagree breaks each total of the model and looks for
// the rows that say so.
func TestControlTotalsThatDisagree(t *testing.T) {
	t.Parallel()
	cent := decimal.New(1, -2)
	for name, test := range map[string]struct {
		spoil func(r *report.Report)
		want  []string
	}{
		"nothing":       {func(*report.Report) {}, nil},
		"customers":     {func(r *report.Report) { r.Totals.Customers-- }, []string{"Customers: rows"}},
		"connections":   {func(r *report.Report) { r.Totals.SIPConnections++ }, []string{"SIP Connections: rows"}},
		"acquired":      {func(r *report.Report) { r.Totals.Acquired++ }, []string{"Customers: sum of Acquired"}},
		"used":          {func(r *report.Report) { r.Totals.ActiveUsers-- }, []string{"Customers: sum of Used"}},
		"findings":      {func(r *report.Report) { r.Totals.Findings++ }, []string{"Customers: sum of Findings", "Findings: rows, open and waived", "Rules: sum of Finding"}},
		"waived":        {func(r *report.Report) { r.Totals.Waived++ }, []string{"Customers: sum of Waived", "Findings: rows, open and waived", "Rules: sum of Waived"}},
		"not evaluable": {func(r *report.Report) { r.Totals.NotEvaluable-- }, []string{"Customers: sum of Not evaluable", "Rules: sum of Not evaluable"}},
		"a problem":     {func(r *report.Report) { r.Problems = append(r.Problems, fetch.Problem{}) }, []string{"Data quality: rows"}},
		"exposure": {func(r *report.Report) { r.Totals.Money.Exposure = r.Totals.Money.Exposure.Add(cent) },
			[]string{"Customers: sum of Exposure (findings)", "Rules: sum of Exposure (findings)", "Findings: sum of Amount, open and waived"}},
		"unused": {func(r *report.Report) { r.Totals.Money.Unused = r.Totals.Money.Unused.Sub(cent) },
			[]string{"Customers: sum of Unused value (findings)", "Rules: sum of Unused value (findings)", "Findings: sum of Amount, open and waived"}},
		"waived money": {func(r *report.Report) { r.Totals.Money.Waived = r.Totals.Money.Waived.Add(cent) }, []string{"Findings: sum of Amount, open and waived"}},
	} {
		r := full(t)
		test.spoil(r)
		if got := disagreeing(t, r); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q disagree, want %q", name, got, test.want)
		}
	}
}
