package report

import (
	"fmt"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/rules"
)

// A value without a meaning is one problem, whatever letters it is written in;
// one that decides much is of the kind that the first page names.
func TestUnmapped(t *testing.T) {
	builtin, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	state := func(words ...string) (sites []fetch.SIPConnection) {
		for _, w := range words {
			s := fetch.SIPConnection{SbcDeploymentState: fetch.TextOf(w), SbcConfigurationType: fetch.TextOf("byoc")}
			if raw, meaning, ok := strings.Cut(w, "="); ok {
				s.SbcDeploymentState.S, s.SbcDeploymentState.Meaning = raw, &meaning
			}
			sites = append(sites, s)
		}
		return sites
	}
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("state-%02d", i)
	}
	for name, x := range map[string]struct {
		rules []*rules.Rule
		sites []fetch.SIPConnection
		want  []string
	}{
		"all known":          {builtin.Rules, state("Deployed", "DEPLOYED", "3=Deployed", " "), nil},
		"a number":           {builtin.Rules, state("Deployed", "3", "3"), []string{"unknown-raw-values: sbcDeploymentState 3: 2 connections; say what it means under values:"}},
		"in other letters":   {builtin.Rules, state("ready", "Ready", "READY"), []string{"unknown-raw-values: sbcDeploymentState READY: 3 connections; say what it means under values:"}},
		"one in ten":         {builtin.Rules, append(state("3"), state(strings.Split(strings.Repeat("Deployed ", 9), " ")[:9]...)...), []string{"few-unknown-raw-values: sbcDeploymentState 3: 1 connection; say what it means under values:"}},
		"that no rule reads": {nil, state("3"), []string{"few-unknown-raw-values: sbcDeploymentState 3: 1 connection; say what it means under values:"}},
		"the frequent first": {builtin.Rules, state("b", "a", "a"), []string{"unknown-raw-values: sbcDeploymentState a: 2 connections; say what it means under values:", "unknown-raw-values: sbcDeploymentState b: 1 connection; say what it means under values:"}},
		"long and hostile":   {builtin.Rules, state(strings.Repeat("x\x00", 100)), []string{"unknown-raw-values: sbcDeploymentState " + strings.Repeat("x\ufffd", 29) + "x…: 1 connection; say what it means under values:"}},
	} {
		in := Input{Portfolio: fetch.Portfolio{Customers: []fetch.Customer{{UmpCustomerGuid: "g", Sites: fetch.Known, SiteLocation: x.sites}}},
			Evaluation: &rules.Evaluation{Set: &rules.Set{Rules: x.rules}, Tallies: make([]rules.Tally, len(x.rules))}}
		var got []string
		for _, p := range Build(in).Problems {
			got = append(got, p.Kind+": "+p.Text)
		}
		if strings.Join(got, "\n") != strings.Join(x.want, "\n") {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
		if name == "all known" { // and of many only the first are named
			in.Portfolio.Customers[0].SiteLocation = state(many[:maxUnmapped]...)
			if problems := Build(in).Problems; len(problems) != maxUnmapped {
				t.Errorf("of %d there are %d problems", maxUnmapped, len(problems))
			}
			in.Portfolio.Customers[0].SiteLocation = state(many...)
			problems := Build(in).Problems
			if last := problems[len(problems)-1]; len(problems) != maxUnmapped+1 || last.Text != "sbcDeploymentState: 10 more values whose meaning is not known; say what they mean under values:" {
				t.Errorf("%d problems, the last %+v", len(problems), last)
			}
		}
	}
}
