package tables

import "trueup/report"

// stepWords are the rows of the bridge as people read them.
var stepWords = map[report.Step]string{
	report.RulesChanged: "rules changed", report.Reassigned: "reassigned", report.StepNew: "new", report.NewCustomers: "new customers",
	report.StepReopened: "reopened", report.WaiverEnded: "waiver ended", report.JudgedAgain: "judged again", report.Grown: "grown",
	report.Shrunk: "shrunk", report.Repriced: "repriced", report.Fixed: "fixed", report.CustomersGone: "customers gone",
	report.NewlyWaived: "newly waived", report.NotJudgeable: "not judgeable any more",
}

// StepWords is a row of the bridge in words.
func StepWords(s report.Step) string { return stepWords[s] }
