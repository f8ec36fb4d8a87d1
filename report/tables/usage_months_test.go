package tables

import (
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// The sums say how many customers they are of, and where a customer is missing. The
// histories are invented.
func TestUsageByMonth(t *testing.T) {
	r := &report.Report{}
	add := func(from, acquired, licensed string) {
		c := fetch.Customer{Usage: &fetch.Usage{Failed: "404"}}
		if from != "" {
			day, err := fetch.ParseDay(from)
			if err != nil {
				t.Fatal(err)
			}
			if c.Usage, err = fetch.UsageFrom(day, acquired, licensed); err != nil {
				t.Fatal(err)
			}
		}
		r.Customers = append(r.Customers, report.Customer{Customer: &c})
		if !c.Usage.Known() {
			return
		}
		for _, m := range c.Usage.Months() {
			r.Usage = append(r.Usage, report.UsageMonth{Customer: len(r.Customers) - 1, Month: m})
		}
	}
	add("2026-09-01", "100*61", "50*30 60 90 60*29")
	add("2026-10-01", "10*33", "9*30 11 9 9") // November has too few days
	want := func(rows ...[5]string) {
		t.Helper()
		got := UsageByMonth(r)
		if len(got.Rows) != len(rows) {
			t.Fatalf("%d rows, want %d", len(got.Rows), len(rows))
		}
		for i, row := range rows {
			for k, cellWanted := range row {
				if c := got.Rows[i].Cells[k]; c.Written(cell.KindCount) != cellWanted {
					t.Errorf("row %d: %s, want %s", i, c.Written(cell.KindCount), cellWanted)
				}
			}
		}
	}
	want([5]string{"2026-09", "1", "100", "50", "50"}, [5]string{"2026-10", "2", "110", "101", "70"})
	add("2026-10-20", "7*12", "7*12")
	want([5]string{"2026-09", "1", "100", "50", "50"}, [5]string{"2026-10", "2", "≥ 110", "≥ 101", "≥ 70"})
	add("", "", "")
	want([5]string{"2026-09", "1", "≥ 100", "≥ 50", "≥ 50"}, [5]string{"2026-10", "2", "≥ 110", "≥ 101", "≥ 70"})
	for i, months := range []int{2, 2, 0, 0} {
		if got := UsedMonths(&r.Customers[i]); len(got) != months {
			t.Errorf("customer %d has a chart of %d months, want %d", i, len(got), months)
		}
	}
	if rows := UsageByMonth(&report.Report{}).Rows; len(rows) > 0 {
		t.Errorf("without usage there are %v", rows)
	}
}

// The position shows the peaks beside what is used now, as far as they are known,
// and the other way round where peaks are what counts.
func TestBesideUsed(t *testing.T) {
	for _, x := range []struct {
		measure, head   string
		beside          int64
		of, compared    int
		want            string
		month, forecast string
	}{
		{rules.Current, "Peak", 12, 2, 2, "12", "2026-12", "2026-12"}, {rules.Peak, "Used now", 12, 1, 2, "≥ 12", "0", "no rise"}, {rules.Peak, "Used now", 0, 0, 2, "unknown", "0", "no rise"},
	} {
		m := report.UsageMonth{Measured: true, Forecast: fetch.Forecast{Reason: "no rise"}}
		if x.month != "0" {
			m.Forecast.Month, _ = fetch.ParseDay(x.month + "-01")
		}
		r := &report.Report{Measure: x.measure, Usage: []report.UsageMonth{m}, Positions: []report.Position{{Beside: x.beside, BesideOf: x.of, Compared: x.compared}}}
		table := Positions(r)
		last := len(table.Heads) - 1
		if got := table.Rows[0].Cells[last].Written(cell.KindCount); table.Heads[last].Text != x.head || got != x.want {
			t.Errorf("%s: %s is %s", x.measure, table.Heads[last].Text, got)
		}
		if got := forecastValue(&r.Usage[0]).String(); got != x.forecast {
			t.Errorf("forecast %s, want %s", got, x.forecast)
		}
	}
}
