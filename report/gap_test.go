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

func TestMark(t *testing.T) {
	failed := func(names ...string) (list []fetch.Source) {
		for _, name := range names {
			list = append(list, fetch.Source{Name: name, Failed: "no answer"})
		}
		return list
	}
	for want, r := range map[string]Report{
		"":                                      {Sources: []fetch.Source{{Name: "emea"}}},
		"SAMPLE: invented customers":            {Sample: true},
		"INCOMPLETE: no customers from a, b":    {Sources: failed("a", "b")},
		"INCOMPLETE: no customers from a, b, c": {Sources: failed("a", "b", "c")},
		"INCOMPLETE: no customers from 4 of 4 instances": {Sources: failed("a", "b", "c", "d")},
	} {
		if got := r.Mark(); got != want {
			t.Errorf("mark %q, want %q", got, want)
		}
	}
}
