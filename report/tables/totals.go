package tables

import (
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules"
)

// Totals are the control totals in the form that the JSON report and the
// manifest share: keys are only ever added. Amounts are texts, so that no
// reader turns them into floats.
type Totals struct {
	Customers      int            `json:"customers"`
	SIPConnections int            `json:"sipConnections"`
	Acquired       int64          `json:"acquiredLicenses"`
	ActiveUsers    int64          `json:"activeUsers"`
	Findings       int            `json:"findings"`
	Waived         int            `json:"waived"`
	NotEvaluable   int            `json:"notEvaluable"`
	Accepted       int            `json:"notEvaluableAccepted"` // of these, by waivers
	BySeverity     map[string]int `json:"bySeverity"`
	ByRule         map[string]int `json:"byRule"`
	Currency       string         `json:"currency,omitempty"`
	Exposure       string         `json:"exposure,omitempty"`
	Unused         string         `json:"unusedValue,omitempty"`
	WaivedAmount   string         `json:"waivedAmount,omitempty"`
	Unpriced       int            `json:"findingsWithoutPrice,omitempty"`
}

// TotalsOf are a report's control totals.
func TotalsOf(r *report.Report) Totals {
	t := r.Totals
	out := Totals{
		Customers: t.Customers, SIPConnections: t.SIPConnections, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		Findings: t.Findings, Waived: t.Waived, NotEvaluable: t.NotEvaluable, Accepted: t.Accepted,
		BySeverity: SeverityNames(t.BySeverity), ByRule: t.ByRule,
	}
	if r.Currency != "" {
		out.Currency = r.Currency
		out.Exposure = t.Money.Exposure.StringFixed(2)
		out.Unused = t.Money.Unused.StringFixed(2)
		out.WaivedAmount = t.Money.Waived.StringFixed(2)
		out.Unpriced = t.Money.Unpriced
	}
	return out
}

// Figure is one total as a mail lists it.
type Figure struct {
	Name, Text string
	Part       bool // of the one before it
}

// Figures are the totals for people, those of severities without findings
// left out.
func (t Totals) Figures() []Figure {
	figure := func(name string, n int64) Figure { return Figure{Name: name, Text: plain.Number(n)} }
	list := []Figure{figure("Open findings", int64(t.Findings))}
	for _, s := range rules.Severities {
		if n := t.BySeverity[s.String()]; n > 0 {
			list = append(list, Figure{s.String(), plain.Number(n), true})
		}
	}
	list = append(list, figure("Waived", int64(t.Waived)), figure("Not evaluable", int64(t.NotEvaluable)))
	if t.Accepted > 0 {
		list = append(list, Figure{"accepted", plain.Number(t.Accepted), true})
	}
	list = append(list, figure("Acquired licenses", t.Acquired), figure("Active users", t.ActiveUsers))
	if t.Currency != "" {
		list = append(list, Figure{Name: HeadExposure, Text: plain.Group(t.Exposure) + " " + t.Currency + " a month"},
			Figure{Name: HeadUnused, Text: plain.Group(t.Unused) + " " + t.Currency + " a month"})
	}
	return list
}

// LeftOut says what the amounts cannot have; "" if nothing.
func (t Totals) LeftOut() string {
	if t.Currency == "" || t.Unpriced == 0 {
		return ""
	}
	return plain.Counted(t.Unpriced, "finding has", "findings have") + " no known amount and " + plain.Noun(t.Unpriced, "is", "are") + " not in these sums."
}

// SeverityNames counts by the severities' names; zero is said too.
func SeverityNames(counts map[rules.Severity]int) map[string]int {
	names := map[string]int{}
	for _, s := range rules.Severities {
		names[s.String()] = counts[s]
	}
	return names
}

// Changes counts what differs from the earlier report, which is judged by
// today's rules, in the form that the JSON report, the manifest and the mails
// share.
type Changes struct {
	Baseline        string    `json:"baseline"` // day of the earlier report
	BaselineHash    string    `json:"baselineHash"`
	Since           time.Time `json:"since"` // its as-of
	New             int       `json:"new"`
	Reopened        int       `json:"reopened"`
	Resolved        int       `json:"resolved"`
	Persisting      int       `json:"persisting"`
	CustomersAdded  int       `json:"customersAdded"`
	CustomersGone   int       `json:"customersGone"`
	CustomersBefore int       `json:"customersBefore"`
	FindingsBefore  int       `json:"findingsBefore"`
	Lists           []List    `json:"lists,omitempty"` // of the book only
}

// List compares how many customers one instance listed.
type List struct {
	Instance string `json:"instance"`
	Before   int    `json:"before"`
	Now      int    `json:"now"`
}

// ChangesOf are a report's changes; nil if there is nothing to compare with.
func ChangesOf(r *report.Report) *Changes {
	if r.Changes == nil {
		return nil
	}
	out := changesOf(r.Changes)
	if r.Manager == "" {
		for _, l := range r.Changes.Lists {
			out.Lists = append(out.Lists, List(l))
		}
	}
	return &out
}

func changesOf(c *report.Changes) Changes {
	return Changes{Baseline: Day(c.Baseline), BaselineHash: c.BaselineHash, Since: c.Baseline,
		New: c.New, Reopened: c.Reopened, Resolved: len(c.Resolved), Persisting: c.Persisting,
		CustomersAdded: c.CustomersAdded, CustomersGone: c.CustomersGone,
		CustomersBefore: c.CustomersBefore, FindingsBefore: c.FindingsBefore}
}

// MovedFindings counts how the findings moved since the earlier report.
func (c Changes) MovedFindings() string {
	return plain.Number(c.New) + " new, " + plain.Number(c.Reopened) + " reopened, " + plain.Number(c.Resolved) + " resolved, " +
		plain.Number(c.Persisting) + " persisting"
}

// MovedCustomers counts the customers that came and went.
func (c Changes) MovedCustomers() string {
	return plain.Counted(c.CustomersAdded, "customer") + " added, " + plain.Number(c.CustomersGone) + " gone"
}

// Sums are all numbers that the packs and the book must agree on, by their
// names in the manifest. An amount that is no number counts as one that
// nothing adds up to. c may be nil.
func Sums(t Totals, c *Changes) map[string]decimal.Decimal {
	sums := map[string]decimal.Decimal{}
	add := func(name string, count int) { sums[name] = decimal.NewFromInt(int64(count)) }
	add("customers", t.Customers)
	add("sipConnections", t.SIPConnections)
	add("acquiredLicenses", int(t.Acquired))
	add("activeUsers", int(t.ActiveUsers))
	add("findings", t.Findings)
	add("waived", t.Waived)
	add("notEvaluable", t.NotEvaluable)
	add("notEvaluableAccepted", t.Accepted)
	add("findingsWithoutPrice", t.Unpriced)
	for name, count := range t.BySeverity {
		add("bySeverity."+name, count)
	}
	for name, count := range t.ByRule {
		add("byRule."+name, count)
	}
	for name, text := range map[string]string{"exposure": t.Exposure, "unusedValue": t.Unused, "waivedAmount": t.WaivedAmount} {
		if text == "" {
			continue
		}
		amount, err := decimal.NewFromString(text)
		if err != nil {
			add(name+" that is a number", 1)
		}
		sums[name] = amount
	}
	if c != nil {
		add("changes.new", c.New)
		add("changes.reopened", c.Reopened)
		add("changes.resolved", c.Resolved)
		add("changes.persisting", c.Persisting)
	}
	return sums
}
