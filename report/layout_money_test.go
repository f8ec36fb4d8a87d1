package report

import (
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// valueOf is one cell of a sheet.
func valueOf(t *testing.T, r *Report, sheet, heading string, row int) Value {
	t.Helper()
	for _, c := range SheetNamed(sheet).Columns {
		if c.Heading == heading {
			return c.Value(r, row)
		}
	}
	t.Fatalf("no column %s", heading)
	return Value{}
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
		c := Customer{Customer: &fetch.Customer{LicenseType: fetch.CountOf(test.licenseType), LicensedUsersCount: test.acquired, ActiveUserCount: test.used},
			Exposure: test.exposure}
		c.usage()
		r := &Report{Currency: "EUR", Customers: []Customer{c}}
		for heading, want := range map[string]string{"Delta": test.delta, "Utilization": test.utilization, HeadExposure: test.exposureIsShown} {
			if got := valueOf(t, r, SheetCustomers, heading, 0).String(); got != want {
				t.Errorf("%s: %s is %q, want %q", test.name, heading, got, want)
			}
		}
	}
}

// The column Counts as splits the column Amount into the report's sums.
func TestCountsAsAddsUp(t *testing.T) {
	in := priced(fixture())
	r := Build(in)
	sums := map[string]decimal.Decimal{}
	for row := range r.Findings {
		if d, ok := valueOf(t, r, SheetFindings, "Amount", row).Money(); ok {
			kind := valueOf(t, r, SheetFindings, "Counts as", row).String()
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

func TestUnpricedBySum(t *testing.T) {
	quantity := int64(1)
	var m MoneyTotals
	m.add(&Finding{Quantity: &quantity}, rules.TrueUp)
	m.add(&Finding{Quantity: &quantity}, rules.Unused)
	m.add(&Finding{Quantity: &quantity, Verdict: rules.Waived}, rules.TrueUp)
	m.add(&Finding{}, rules.TrueUp)
	if want := (MoneyTotals{Unpriced: 3, UnpricedExposure: 1, UnpricedUnused: 1, UnpricedWaived: 1}); m != want {
		t.Errorf("%+v, want %+v", m, want)
	}
	exposure, unused := (MoneyTotals{Unpriced: 1, UnpricedWaived: 1}).known()
	if exposure == nil || unused == nil {
		t.Error("a waived finding without a price makes the sums of open ones unknown")
	}
}

// The position of a license type of which nobody could be compared has no zeros.
func TestPositionOfNobody(t *testing.T) {
	for _, test := range []struct {
		p    Position
		want string
	}{
		{Position{Compared: 1}, "0"}, {Position{}, ""}, {Position{Unknown: 1, Unpaired: 1}, "unknown"}, {Position{Unknown: 1}, ""},
	} {
		if got := test.p.Of(IntValue(0)).String(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.p, got, test.want)
		}
	}
}

func TestPositionTotalNamesWhatItLeavesOut(t *testing.T) {
	d := decimal.NewFromInt(2)
	r := &Report{Currency: "EUR", Positions: []Position{
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
	r := &Report{Customers: []Customer{{Customer: &fetch.Customer{}}}}
	sheet := SheetNamed(SheetCustomers)
	shown, filled := len(sheet.Shown(r)), len(sheet.Filled(r))
	if shown-filled != 2 {
		t.Errorf("%d columns, %d filled: manager and instance should be left out", shown, filled)
	}
	r.Customers[0].Instance, r.Managers = "emea", []Manager{{}}
	if len(sheet.Filled(r)) != shown {
		t.Error("a filled column is left out")
	}
}

// Nobody finds a customer whose name is a blank cell.
func TestNamelessIsSaid(t *testing.T) {
	r := &Report{Customers: []Customer{{Customer: &fetch.Customer{CustomerShortName: fetch.Text{State: fetch.Null}}}}}
	if got := valueOf(t, r, SheetCustomers, "Customer", 0); !got.IsUnknown() {
		t.Errorf("%q", got)
	}
}

func TestWaiverAmount(t *testing.T) {
	d := decimal.NewFromInt(0)
	r := &Report{Currency: "EUR", Rules: []Rule{{Rule: &rules.Rule{ID: "over", Quantity: "1"}}, {Rule: &rules.Rule{ID: "sbc"}}}}
	for _, test := range []struct {
		w    Waiver
		want string
	}{
		{Waiver{Waiver: rules.Waiver{Rule: "over"}, Findings: 1, Amount: &d}, "0.00"},
		{Waiver{Waiver: rules.Waiver{Rule: "over"}, Findings: 1}, "unknown"},
		{Waiver{Waiver: rules.Waiver{Rule: "over"}, Amount: &d}, ""},
		{Waiver{Waiver: rules.Waiver{Rule: "sbc"}, Findings: 1, Amount: &d}, ""},
	} {
		if got := r.WaiverAmount(&test.w).String(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.w, got, test.want)
		}
	}
}
