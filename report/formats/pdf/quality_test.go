package pdf

import (
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
)

// The same thing about many customers is one row.
func TestGapsAreJoined(t *testing.T) {
	rows := []report.QualityRow{
		{Kind: "duplicate", Customer: -1, Text: "x"},
		{Kind: "not-evaluable", Rule: "a", Customer: 0, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "b", Customer: 0, Text: "no sites"},
		{Kind: "not-evaluable", Rule: "a", Customer: 1, Text: "no sites"},
	}
	all := gaps(rows)
	if len(all) != 3 || len(all[0].customers) != 0 || len(all[1].customers) != 2 || len(all[2].customers) != 1 {
		t.Errorf("%+v", all)
	}
}

// A list without connections has not got 0 of them.
func TestConnectionsUnknown(t *testing.T) {
	r := portfolio{customers: 2}.build()
	b := &book{r: r}
	if got := b.connectionTotal(); got != plain.Number(r.Totals.SIPConnections) {
		t.Errorf("%s connections", got)
	}
	for i := range r.Customers {
		r.Customers[i].Sites = fetch.Absent
	}
	if got := b.connectionTotal(); got != "unknown" {
		t.Errorf("%s connections of a list without them", got)
	}
	page := joined(layOut(t, r, Options{}).Pages[1])
	if !strings.Contains(page, "SIPconnectionsunknownnotknownof2customers") {
		t.Errorf("the summary does not say so: %s", page)
	}
}

// Sums that leave findings out carry a sign.
func TestAtLeast(t *testing.T) {
	m := report.MoneyTotals{UnpricedExposure: 1}
	if exposureOf(&m) != "≥ 0.00" || unusedOf(&m) != "0.00" {
		t.Errorf("%s and %s", exposureOf(&m), unusedOf(&m))
	}
}
