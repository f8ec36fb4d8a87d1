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
		leftOut                             int
		delta, utilization, exposureIsShown string
	}{
		{"within the licenses", 5, fetch.CountOf(10), fetch.CountOf(5), zero, 0, "-5", "0.5000", "0.00"},
		{"over", 5, fetch.CountOf(4), fetch.CountOf(5), &one, 0, "1", "1.2500", "1.00"},
		{"nothing acquired, nothing used", 5, fetch.CountOf(0), fetch.CountOf(0), zero, 0, "0", "", "0.00"},
		{"no price", 5, fetch.CountOf(4), fetch.CountOf(5), zero, 1, "1", "1.2500", "unknown"},
		{"a price for a part", 5, fetch.CountOf(4), fetch.CountOf(5), &one, 1, "1", "1.2500", "1.00"},
		{"count missing", 5, null, fetch.CountOf(5), zero, 1, "unknown", "unknown", "unknown"},
		{"users missing", 5, fetch.CountOf(4), null, zero, 1, "unknown", "unknown", "unknown"},
		{"count not in the answer", 0, absent, fetch.CountOf(5), zero, 1, "unknown", "unknown", "unknown"},
		{"not licensed by user count", 0, null, fetch.CountOf(5), zero, 0, "", "", ""},
		{"not by user count, yet a rule found an amount", 0, null, fetch.CountOf(5), &one, 0, "", "", "1.00"},
	} {
		c := report.Customer{Customer: &fetch.Customer{LicenseType: fetch.CountOf(test.licenseType), LicensedUsersCount: test.acquired, ActiveUserCount: test.used}, Used: test.used,
			Exposure: test.exposure, NoExposure: test.leftOut}
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
		{LicenseName: "A", Compared: 1, OtherUsed: 3, Used: 4, TrueUp: &d, Unused: &decimal.Decimal{}, NoUnused: 1, Unpriced: 1},
		{LicenseName: "B", Compared: 2, Used: 5, TrueUp: &d, NoTrueUp: 2, NoUnused: 1, Unpriced: 1},
		{LicenseName: "C", Compared: 1, TrueUp: &d, Unused: &d}}}
	all := r.PositionTotal()
	if all.TrueUp.String() != "6" || all.Unused.String() != "2" || all.Used+all.OtherUsed != 12 || all.Compared != 4 {
		t.Errorf("%+v", all.Position)
	}
	if all.NoTrueUp != 2 || all.NoUnused != 2 || len(all.WithoutPrice) != 2 {
		t.Errorf("left out: %+v, without a price %v", all.Position, all.WithoutPrice)
	}
}

// Every amount stands beside the number of licenses and the price that it comes
// from: of findings, and of each customer's license position.
func TestAmountsAreDerivable(t *testing.T) {
	in := report.Priced(report.Fixture())
	in.Portfolio.Customers[3].LicensedUsersCount = fetch.CountOf(1) // of a type without a price
	r := report.Build(in)
	check := func(sheet string, row int, number, price, amount string) (known bool) {
		n, ok := valueOf(t, r, sheet, number, row).Int()
		unit, priced := valueOf(t, r, sheet, price, row).Money()
		got := valueOf(t, r, sheet, amount, row)
		if ok && n == 0 {
			return false
		}
		if !ok || !priced {
			if _, money := got.Money(); money {
				t.Errorf("%s %d: %s is %v from nothing", sheet, row, amount, got)
			}
			return false
		}
		if d, _ := got.Money(); !d.Equal(unit.Mul(decimal.NewFromInt(n)).Round(2)) {
			t.Errorf("%s %d: %s is %s, from %d licenses at %s", sheet, row, amount, d, n, unit)
		}
		return true
	}
	known := 0
	for row := range r.Findings {
		if check(tables.SheetFindings, row, "Quantity", "Unit price", "Amount") {
			known++
		}
	}
	for row := range r.Customers {
		if check(tables.SheetCustomers, row, "Over", "Unit price", tables.HeadTrueUp) || check(tables.SheetCustomers, row, "Surplus", "Unit price", tables.HeadSurplus) {
			known++
		}
	}
	if known != 4 {
		t.Errorf("%d amounts", known)
	}
	for column, want := range map[string][]string{"Over": {"2", "0", "unknown", "2"}, "Surplus": {"0", "90", "unknown", "0"},
		"Unit price": {"2.105", "2.105", "2.105", "unknown"}, tables.HeadTrueUp: {"4.21", "0.00", "unknown", "unknown"}, tables.HeadSurplus: {"0.00", "189.45", "unknown", "0.00"}} {
		for row, want := range want {
			if got := valueOf(t, r, tables.SheetCustomers, column, row); got.String() != want {
				t.Errorf("customer %d: %s is %s, want %s", row, column, got, want)
			}
		}
	}
}

// People get no columns that are empty in every row, save those that they fill
// in; programs get all.
func TestFilledLeavesBlankColumnsOut(t *testing.T) {
	in := report.Priced(report.Fixture())
	r := report.Build(in)
	for _, sheet := range tables.Sheets() {
		rows := sheet.Rows(r)
		filled := map[string]bool{}
		for _, c := range sheet.Filled(r) {
			filled[c.Heading] = true
		}
		for _, c := range sheet.Shown(r) {
			empty := rows > 0
			for row := range rows {
				empty = empty && c.Value(r, row).IsEmpty()
			}
			if want := !empty || c.Heading == "Owner" || c.Heading == "Due" || c.Heading == "Comment"; filled[c.Heading] != want {
				t.Errorf("%s, %s: is there %v, want %v", sheet.Name, c.Heading, filled[c.Heading], want)
			}
		}
	}
	sheet := tables.SheetNamed(tables.SheetFindings)
	if shown, filled := len(sheet.Shown(r)), len(sheet.Filled(r)); filled >= shown {
		t.Errorf("%d of %d columns are filled: nothing was left out", filled, shown)
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
		{report.Waiver{Waiver: rules.Waiver{Rule: "over"}, Findings: 2, Unpriced: 1, Amount: &d}, "≥ 0.00"},
		{report.Waiver{Waiver: rules.Waiver{Rule: "over"}, Amount: &d}, ""},
		{report.Waiver{Waiver: rules.Waiver{Rule: "sbc"}, Findings: 1, Amount: &d}, ""},
	} {
		if got := tables.WaiverAmount(r, &test.w).Written(cell.KindMoney); got != test.want {
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
