package report_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// valueOf is one cell of a sheet.
func valueOf(t *testing.T, r *report.Report, sheet, heading string, row int) cell.Value {
	t.Helper()
	for _, c := range tables.SheetNamed(sheet).Columns {
		if c.Heading == heading {
			return c.Value(r, row)
		}
	}
	t.Fatalf("no column %s", heading)
	return cell.Value{}
}

// What cannot be known is not shown as 0, and what does not arise not as unknown.
func TestCustomerMoneyIsNeverMadeUp(t *testing.T) {
	null, absent, zero := fetch.Count{State: fetch.Null}, fetch.Count{}, &decimal.Decimal{}
	one := decimal.NewFromInt(1)
	for _, test := range []struct {
		name                                string
		licenseType                         int64
		acquired, used                      fetch.Count
		exposure                            *decimal.Decimal
		delta, utilization, exposureIsShown string
	}{
		{"within the licenses", 5, fetch.CountOf(10), fetch.CountOf(5), zero, "-5", "0.5000", "0.00"},
		{"over", 5, fetch.CountOf(4), fetch.CountOf(5), &one, "1", "1.2500", "1.00"},
		{"nothing acquired, nothing used", 5, fetch.CountOf(0), fetch.CountOf(0), zero, "0", "", "0.00"},
		{"no price", 5, fetch.CountOf(4), fetch.CountOf(5), nil, "1", "1.2500", "unknown"},
		{"count missing", 5, null, fetch.CountOf(5), zero, "unknown", "unknown", "unknown"},
		{"users missing", 5, fetch.CountOf(4), null, zero, "unknown", "unknown", "unknown"},
		{"count not in the answer", 0, absent, fetch.CountOf(5), zero, "unknown", "unknown", "unknown"},
		{"not licensed by user count", 0, null, fetch.CountOf(5), zero, "", "", ""},
		{"not by user count, yet a rule found an amount", 0, null, fetch.CountOf(5), &one, "", "", "1.00"},
	} {
		c := report.Customer{Customer: &fetch.Customer{LicenseType: fetch.CountOf(test.licenseType), LicensedUsersCount: test.acquired, ActiveUserCount: test.used}, Used: test.used,
			Exposure: test.exposure}
		report.Usage(&c)
		r := &report.Report{Currency: "EUR", Customers: []report.Customer{c}}
		for heading, want := range map[string]string{"Delta": test.delta, "Utilization": test.utilization, tables.HeadExposure: test.exposureIsShown} {
			if got := valueOf(t, r, tables.SheetCustomers, heading, 0).String(); got != want {
				t.Errorf("%s: %s is %q, want %q", test.name, heading, got, want)
			}
		}
	}
}

// The column Counts as splits the column Amount into the report's sums.
func TestCountsAsAddsUp(t *testing.T) {
	in := report.Priced(report.Fixture())
	r := report.Build(in)
	sums := map[string]decimal.Decimal{}
	for row := range r.Findings {
		if d, ok := valueOf(t, r, tables.SheetFindings, "Amount", row).Money(); ok {
			kind := valueOf(t, r, tables.SheetFindings, "Counts as", row).String()
			sums[kind] = sums[kind].Add(d)
		}
	}
	m := r.Totals.Money
	for kind, want := range map[string]decimal.Decimal{"exposure": m.Exposure, "unused": m.Unused, "waived": m.Waived} {
		if !sums[kind].Equal(want) {
			t.Errorf("%s: %s, want %s", kind, sums[kind], want)
		}
	}
	if sums["exposure"].IsZero() {
		t.Error("nothing was added up")
	}
}

// The position of a license type of which nobody could be compared has no zeros.
func TestPositionOfNobody(t *testing.T) {
	for _, test := range []struct {
		p    report.Position
		want string
	}{
		{report.Position{Compared: 1}, "0"}, {report.Position{}, ""}, {report.Position{Unknown: 1, Unpaired: 1}, "unknown"}, {report.Position{Unknown: 1}, ""},
	} {
		table := tables.Positions(&report.Report{Positions: []report.Position{test.p}})
		if got := table.Rows[0].Cells[3].String(); table.Heads[3].Text != "Acquired" || got != test.want {
			t.Errorf("%+v: %q, want %q", test.p, got, test.want)
		}
	}
}

func TestPositionTotalNamesWhatItLeavesOut(t *testing.T) {
	d := decimal.NewFromInt(2)
	r := &report.Report{Currency: "EUR", Positions: []report.Position{
		{LicenseName: "A", Compared: 1, OtherUsed: 3, Used: 4, TrueUp: &d, Unused: nil},
		{LicenseName: "B", Compared: 2, Used: 5, TrueUp: nil, Unused: nil},
		{LicenseName: "C", Compared: 1, TrueUp: &d, Unused: &d}}}
	all := r.PositionTotal()
	if all.TrueUp.String() != "4" || all.Unused.String() != "2" || all.Used+all.OtherUsed != 12 || all.Compared != 4 {
		t.Errorf("%+v", all.Position)
	}
	if len(all.NoTrueUp) != 1 || len(all.NoUnused) != 2 || len(all.Unpriced()) != 2 {
		t.Errorf("left out: %v and %v", all.NoTrueUp, all.NoUnused)
	}
}

// People get no blank columns; programs get all.
func TestFilledLeavesBlankColumnsOut(t *testing.T) {
	r := &report.Report{Customers: []report.Customer{{Customer: &fetch.Customer{}}}}
	sheet := tables.SheetNamed(tables.SheetCustomers)
	shown, filled := len(sheet.Shown(r)), len(sheet.Filled(r))
	if shown-filled != 3 {
		t.Errorf("%d columns, %d filled: doubtful, manager and instance should be left out", shown, filled)
	}
	r.Customers[0].Instance, r.Customers[0].Doubtful, r.Managers = "emea", true, []report.Manager{{}}
	if len(sheet.Filled(r)) != shown {
		t.Error("a filled column is left out")
	}
}

// Nobody finds a customer whose name is a blank cell.
func TestNamelessIsSaid(t *testing.T) {
	r := &report.Report{Customers: []report.Customer{{Customer: &fetch.Customer{CustomerShortName: fetch.Text{State: fetch.Null}}}}}
	if got := valueOf(t, r, tables.SheetCustomers, "Customer", 0); !got.IsUnknown() {
		t.Errorf("%q", got)
	}
}

func TestWaiverAmount(t *testing.T) {
	d := decimal.NewFromInt(0)
	r := &report.Report{Currency: "EUR", Rules: []report.Rule{{Rule: &rules.Rule{ID: "over", Quantity: "1"}}, {Rule: &rules.Rule{ID: "sbc"}}}}
	for _, test := range []struct {
		w    report.Waiver
		want string
	}{
		{report.Waiver{Waiver: rules.Waiver{Rule: "over"}, Findings: 1, Amount: &d}, "0.00"},
		{report.Waiver{Waiver: rules.Waiver{Rule: "over"}, Findings: 1}, "unknown"},
		{report.Waiver{Waiver: rules.Waiver{Rule: "over"}, Amount: &d}, ""},
		{report.Waiver{Waiver: rules.Waiver{Rule: "sbc"}, Findings: 1, Amount: &d}, ""},
	} {
		if got := tables.WaiverAmount(r, &test.w).String(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.w, got, test.want)
		}
	}
}

// An amount without a price is unknown, not nothing.
func TestMissingPriceIsShown(t *testing.T) {
	in := report.Fixture()
	in.Prices = report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{5: decimal.NewFromInt(1)}}
	if !valueOf(t, report.Build(in), tables.SheetFindings, "Amount", 0).IsUnknown() {
		t.Error("the amount is not shown as unknown")
	}
}
