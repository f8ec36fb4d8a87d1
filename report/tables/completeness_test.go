package tables

import (
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
)

// The first page names what is doubtful and what nobody knows the meaning of,
// unless it is little.
func TestCompletenessNamesProblems(t *testing.T) {
	r := &report.Report{Problems: []fetch.Problem{
		{Kind: report.KindUnmapped, Text: "sbcDeploymentState 3: 81 connections; say what it means under values:"},
		{Kind: report.KindFewUnmapped, Text: "sbcDeploymentState 4: 1 connection; say what it means under values:"},
		{Kind: report.KindDoubtful, Text: "EUR 12.60 of the exposure is doubtful"},
		{Kind: "unreadable-value", Text: "a customer"},
	}}
	_, words := Completeness(r)
	const want = " sbcDeploymentState 3: 81 connections; say what it means under values. EUR 12.60 of the exposure is doubtful."
	if !strings.HasSuffix(words, want) {
		t.Errorf("%q", words)
	}
}
