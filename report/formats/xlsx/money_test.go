package xlsx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/tables"
)

// A sum that leaves out what has no price says so in the cell.
func TestSumsWithoutPriceAreMarked(t *testing.T) {
	in := input(t, fetch.Sample(), "EUR")
	in.Prices = report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{2: decimal.New(390, -2)}}
	wanting := input(t, fetch.Sample(), "EUR") // a customer's count is missing
	whole := input(t, fetch.Sample(), "EUR")
	for i := range whole.Portfolio.Customers {
		if c := &whole.Portfolio.Customers[i]; !c.LicensedUsersCount.Known() {
			c.LicenseType = fetch.Count{State: fetch.Null} // not counted by user
		}
	}
	for _, test := range []struct {
		name   string
		r      *report.Report
		marked bool
	}{{"one price", report.Build(in), true}, {"a count missing", report.Build(wanting), true}, {"all prices", report.Build(whole), false}} {
		if got := exposureCell(t, test.r); strings.HasPrefix(got, "≥ ") != test.marked {
			t.Errorf("%s: exposure is shown as %q", test.name, got)
		}
	}
}

// exposureCell is the total of Rules and verdicts as a reader sees it.
func exposureCell(t *testing.T, r *report.Report) string {
	t.Helper()
	_, f := made(t, r, maxRows)
	rows, err := f.GetRows(tables.SheetSummary)
	if err != nil {
		t.Fatal(err)
	}
	column := -1
	for _, row := range rows {
		for i, cell := range row {
			if row[0] == "Rule" && cell == tables.HeadExposure+", EUR" {
				column = i
			}
		}
		if column >= 0 && row[0] == "All" {
			return row[column]
		}
	}
	t.Fatal("no total of the rules")
	return ""
}

// The workbook has no columns that are blank in every row.
func TestNoBlankColumns(t *testing.T) {
	_, f := made(t, modelOf(t, fetch.Sample(), ""), maxRows)
	for _, sheet := range []string{tables.SheetFindings, tables.SheetCustomers, tables.SheetConnections} {
		for _, heading := range headings(t, f, sheet) {
			if heading == "Manager" || heading == "Instance" || heading == "Waiver" {
				t.Errorf("%s has a blank column %s", sheet, heading)
			}
		}
	}
}

func headings(t *testing.T, f *excelize.File, sheet string) []string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows[headRow-1]
}

// Without findings there is no chart of them.
func TestNoChartOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := new(Books).write(&b, modelOf(t, fetch.Portfolio{AsOf: asOf}, ""), maxRows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := f.Pkg.Load("xl/charts/chart1.xml"); ok {
		t.Error("a chart of nothing")
	}
}
