package formats

import (
	"encoding/json"
	"io"
	"testing"

	"trueup/report/booktest"
	"trueup/rules"
)

// Writers run side by side on one report: none may so much as sort a list of it.
func TestWritersOnlyRead(t *testing.T) {
	r := booktest.Build(t)
	for i := range r.Rules { // one whose first finding is waived, which print puts last
		if all := r.Rules[i].Findings; len(all) > 1 {
			r.Findings[all[0]].Verdict, r.Findings[all[1]].Verdict = rules.Waived, rules.Finding
		}
	}
	state := func() string {
		all, err := json.Marshal([]any{r.Customers, r.Connections, r.Rules, r.Findings, r.NotEvaluable, r.Waivers, r.Managers,
			r.Positions, r.Problems, r.Quality, r.Changes.Rows, r.Changes.Resolved, r.Trend})
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	before := state()
	for _, name := range Formats() {
		for _, f := range Files(r, []string{name}, "", Options{}) {
			if err := f.Write(io.Discard); err != nil {
				t.Fatal(err)
			}
			if state() != before {
				t.Fatalf("writing %s changed the report", f.Name)
			}
		}
	}
}
