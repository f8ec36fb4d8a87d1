package tables

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules"
)

// Paragraph explains one thing.
type Paragraph struct{ Group, Name, Text string }

// Method explains how the figures come about, and how to read them.
func Method(r *report.Report) []Paragraph {
	list := []Paragraph{
		{"Figure", "Customers", "Each customer is one entry of the Live Platform customer list, known by its UmpCustomerGuid. Entries that are there twice and are the same count once."},
		{"Figure", "Acquired", "LicensedUsersCount: licenses purchased. No number means that the customer is not licensed by user count; it is never taken for zero."},
		{"Figure", "Used", usedMeans(r) + "active users as the platform counts them by its license factors. Those can be set per service, so two customers' counts need not compare."},
		{"Figure", "Utilization", "Used divided by acquired. Delta is used minus acquired: above zero is to be trued up."},
	}
	if r.Currency != "" {
		list = append(list, Paragraph{"Figure", "Amounts", "Licenses times the price of the license type from the settings, a month. Amounts (findings) are of open findings; " +
			"amounts (position) of every license over or under what was acquired. What has no price is in no sum, and the sum has the sign ≥."})
	}
	if r.Measure == rules.Current {
		list = append(list, Paragraph{"Figure", "Moment", "The list shows the moment of the request, not the peak of the month."})
	}
	return append(list,
		Paragraph{"Verdict", "finding", "The rule's condition holds: somebody should act."},
		Paragraph{"Verdict", "waived", "The condition holds and a waiver accepts it until its last day; it stays visible everywhere."},
		Paragraph{"Verdict", "not evaluable", "A value that the rule needs was null, absent or unreadable. It never counts as a pass."},
		Paragraph{"Verdict", "not applicable", "The rule does not concern this customer or connection."},
		Paragraph{"Verdict", "pass", "Judged, nothing found. Each rule gives each customer or SIP connection exactly one verdict."},
		Paragraph{"Value", "empty", "There is nothing to say: the question does not arise."},
		Paragraph{"Value", "unknown", "It would matter and could not be known. It is never taken for 0."},
		Paragraph{"Time", "all times", "UTC."})
}

// usedMeans is what the used licenses are by the report's measure.
func usedMeans(r *report.Report) string {
	const month = " of the license history, in the month of the report if all its days have data, else in the month before: "
	switch r.Measure {
	case rules.Peak:
		return "the highest currentlyLicensed" + month
	case rules.Average:
		return "the average currentlyLicensed, in whole licenses," + month
	}
	return "ActiveUserCount: "
}

// MadeFrom identifies what the report was made from.
func MadeFrom(r *report.Report) (facts []Fact) {
	for _, f := range []Fact{{"Snapshot", r.Hashes.Snapshot}, {"Rules", r.Hashes.Rules}, {"Waivers", r.Hashes.Waivers},
		{"Contacts", r.Hashes.Contacts}, {"Version", "trueup " + r.Version}} {
		if f.Text != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// QualityLine says how much could not be judged and how much is odd.
func QualityLine(r *report.Report) string {
	if len(r.Quality) == 0 {
		return "Every rule could be evaluated for every customer it applies to, and the data had no problem."
	}
	return plain.Counted(r.Totals.NotEvaluable, "verdict is", "verdicts are") + " not evaluable and " +
		plain.Counted(len(r.Problems), "problem was", "problems were") + " found in the data."
}

// WaiverLine says what waivers are.
const WaiverLine = "A waiver accepts the findings of one rule for some customers until its last day. Waived findings stay in this report and are not counted as findings."
