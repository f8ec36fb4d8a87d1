package report

import (
	"testing"

	"trueup/fetch"
)

func TestGap(t *testing.T) {
	r := Report{Sources: []fetch.Source{{Name: "emea", Customers: 3}}}
	if got := r.Gap(); got != "" {
		t.Errorf("a whole report has the gap %q", got)
	}
	r.Sources = append(r.Sources, fetch.Source{Name: "apac", Failed: "status 500"}, fetch.Source{URL: "https://x", Failed: "time-out"})
	if got, want := r.Gap(), "INCOMPLETE: no customers from apac (status 500), https://x (time-out)"; got != want {
		t.Errorf("gap %q, want %q", got, want)
	}
}
