package tables

import (
	"strings"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// AsOf is the report's time as every page and sheet shows it.
func AsOf(r *report.Report) string {
	if r.DataAsOf.IsZero() {
		return Moment(r.AsOf)
	}
	return Moment(r.AsOf) + ", data of " + Moment(r.DataAsOf)
}

// Moment is a time as people read it.
func Moment(t time.Time) string { return cell.Time(t).Format(cell.KindTime) }

// Day is a day as people read it.
func Day(t time.Time) string { return cell.Time(t).Format(cell.KindDate) }

// periodOf is the month of a report, as "November 2026".
func periodOf(t time.Time) string { return t.UTC().Format("January 2006") }

// Changed counts how the findings moved since the earlier report.
func Changed(c *report.Changes) string {
	return changesOf(c).MovedFindings()
}

// CustomersMoved counts the customers that came and went.
func CustomersMoved(c *report.Changes) string {
	return changesOf(c).MovedCustomers()
}

// Severities counts the findings of each severity that has some: "2 high, 1
// low"; "" without findings.
func Severities(r *report.Report) string {
	var parts []string
	for _, s := range rules.Severities {
		if n := r.Totals.BySeverity[s]; n > 0 {
			parts = append(parts, plain.Number(n)+" "+s.String())
		}
	}
	return strings.Join(parts, ", ")
}

// Unpriced says what the sums of open findings leave out; "" if nothing.
func Unpriced(r *report.Report) string {
	n := r.Totals.Money.Unpriced
	if n == 0 || r.Currency == "" {
		return ""
	}
	return "without " + plain.Counted(n, "open finding") + " whose amount is unknown"
}

// InMoney is a sum with its currency, as "≥ 120.00 EUR".
func InMoney(r *report.Report, c Cell) string { return c.Written(cell.KindMoney) + " " + r.Currency }

// Exposure is the sum of the open findings about licenses used and not
// acquired; UnusedSum that of licenses acquired and not used.
func Exposure(r *report.Report) Cell { return exposureCell(&r.Totals.Money) }

// UnusedSum is the sum of the open findings about unused licenses.
func UnusedSum(r *report.Report) Cell { return unusedCell(&r.Totals.Money) }

// Scope says whose customers the report is about.
func Scope(r *report.Report) string {
	customers := plain.Counted(r.Totals.Customers, "customer")
	switch {
	case r.Manager != "":
		return "The account manager's customers only: " + customers
	case r.Gap() != "":
		return "Not the whole portfolio: " + customers
	}
	return "The whole portfolio: " + customers
}

// SourceLine is one instance and what came from it.
func SourceLine(s fetch.Source) string {
	parts := []string{s.Name}
	if s.URL != "" {
		parts = append(parts, s.URL)
	}
	if s.Failed != "" {
		return strings.Join(append(parts, "no answer"), ", ")
	}
	return strings.Join(append(parts, plain.Counted(s.Customers, "customer")), ", ")
}

// SourceNames are the names of the instances that have one.
func SourceNames(r *report.Report) string {
	var names []string
	for _, s := range r.Sources {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", ")
}

// VerdictCounts are the totals of a report in a line.
func VerdictCounts(r *report.Report) string {
	return plain.Number(r.Totals.Findings) + ", " + plain.Number(r.Totals.Waived) + " waived, " + plain.Number(r.Totals.NotEvaluable) + " not evaluable"
}

// RuleFacts are the severity, the counts, the money and the id of a rule.
func RuleFacts(r *report.Report, rule *report.Rule) []string {
	facts := []string{rule.Severity.String() + " severity", plain.Counted(rule.Tally[rules.Finding], "finding")}
	if n := rule.Tally[rules.Waived]; n > 0 {
		facts = append(facts, plain.Number(n)+" waived")
	}
	if n := rule.Tally[rules.NotEvaluable]; n > 0 {
		facts = append(facts, plain.Number(n)+" not evaluable")
	}
	if r.Currency != "" {
		if !ExposureValue(rule).IsEmpty() {
			facts = append(facts, InMoney(r, exposureCell(&rule.Money))+" exposure a month")
		}
		if !UnusedValue(rule).IsEmpty() {
			facts = append(facts, InMoney(r, unusedCell(&rule.Money))+" unused a month")
		}
		if n, ok := UnpricedValue(rule).Int(); ok && n > 0 {
			facts = append(facts, plain.Number(n)+" of unknown amount")
		}
	}
	return append(facts, "rule "+rule.ID)
}

// WaivedBy says which waiver accepts a finding, until when and why.
func WaivedBy(r *report.Report, f *report.Finding) string {
	if f.Waiver < 0 {
		return "Waived"
	}
	w := &r.Waivers[f.Waiver]
	return "Waived by " + w.ID + " until " + w.Expires.String() + ": " + w.Reason
}

// OpenSince is the day since which a finding is open, and whether it is new.
func OpenSince(f *report.Finding) string {
	if f.Change == report.Persisting || f.Change == report.Unchanged {
		return Day(f.Since)
	}
	return strings.TrimSpace(Day(f.Since) + " " + string(f.Change))
}
