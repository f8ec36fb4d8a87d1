package tables

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// Totals are the control totals in the form that the JSON report and the
// manifest share: keys are only ever added. Amounts are texts, so that no
// reader turns them into floats. What a sum leaves out, for it is not known, is
// counted: customers without the number, findings without the amount.
type Totals struct {
	Customers      int            `json:"customers"`
	SIPConnections *int           `json:"sipConnections"` // null if no customer came with them
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
	Unpriced       int            `json:"findingsWithoutPrice,omitempty"` // open ones, in neither exposure nor unused value
	NoConnections  int            `json:"connectionsUnknown,omitempty"`
	NoAcquired     int            `json:"acquiredUnknown,omitempty"`
	NoActive       int            `json:"activeUsersUnknown,omitempty"`
	NoExposure     int            `json:"exposureUnknown,omitempty"`
	NoUnused       int            `json:"unusedValueUnknown,omitempty"`
	NoWaivedAmount int            `json:"waivedAmountUnknown,omitempty"`
}

// TotalsOf are a report's control totals.
func TotalsOf(r *report.Report) Totals {
	t, m := &r.Totals, &r.Totals.Money
	out := Totals{
		Customers: t.Customers, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		Findings: t.Findings, Waived: t.Waived, NotEvaluable: t.NotEvaluable, Accepted: t.Accepted,
		BySeverity: SeverityNames(t.BySeverity), ByRule: t.ByRule,
		NoConnections: t.NoConnections, NoAcquired: t.NoAcquired, NoActive: t.NoActive,
	}
	if !ConnectionTotal(r).IsUnknown() {
		out.SIPConnections = &t.SIPConnections
	}
	if r.Currency != "" {
		out.Currency = r.Currency
		out.Exposure = m.Exposure.StringFixed(2)
		out.Unused = m.Unused.StringFixed(2)
		out.WaivedAmount = m.Waived.StringFixed(2)
		out.Unpriced, out.NoExposure, out.NoUnused, out.NoWaivedAmount = m.Unpriced, m.UnpricedExposure, m.UnpricedUnused, m.UnpricedWaived
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
	sum := func(name string, v cell.Value, kind cell.Kind, unknown int, unit string) {
		list = append(list, Figure{Name: name, Text: Cell{Value: v, AtLeast: unknown > 0}.Written(kind) + unit})
	}
	list = append(list, figure("Waived", int64(t.Waived)), figure("Not evaluable", int64(t.NotEvaluable)))
	if t.Accepted > 0 {
		list = append(list, Figure{"accepted", plain.Number(t.Accepted), true})
	}
	sum("Acquired licenses", cell.Int(t.Acquired), cell.KindCount, t.NoAcquired, "")
	sum("Active users", cell.Int(t.ActiveUsers), cell.KindCount, t.NoActive, "")
	if t.Currency != "" {
		unit := " " + t.Currency + " a month"
		sum(HeadExposure, amountOf(t.Exposure), cell.KindMoney, t.NoExposure, unit)
		sum(HeadUnused, amountOf(t.Unused), cell.KindMoney, t.NoUnused, unit)
	}
	return list
}

// amountOf reads an amount; one that is no number is unknown.
func amountOf(text string) cell.Value {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return cell.Unknown()
	}
	return cell.Money(d)
}

// LeftOut says what the amounts cannot have; "" if nothing.
func (t Totals) LeftOut() string {
	if t.Currency == "" {
		return ""
	}
	var words []string
	if t.Unpriced > 0 {
		words = append(words, plain.Counted(t.Unpriced, "open finding has an amount that is", "open findings have an amount that is")+" unknown, and not in these sums.")
	}
	if t.NoExposure+t.NoUnused > t.Unpriced {
		words = append(words, "≥: without customers whose counts are unknown.")
	}
	return strings.Join(words, " ")
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
	add("sipConnections", 0)
	if n := t.SIPConnections; n != nil {
		add("sipConnections", *n)
	}
	add("acquiredLicenses", int(t.Acquired))
	add("activeUsers", int(t.ActiveUsers))
	add("findings", t.Findings)
	add("waived", t.Waived)
	add("notEvaluable", t.NotEvaluable)
	add("notEvaluableAccepted", t.Accepted)
	add("findingsWithoutPrice", t.Unpriced)
	add("connectionsUnknown", t.NoConnections)
	add("acquiredUnknown", t.NoAcquired)
	add("activeUsersUnknown", t.NoActive)
	add("exposureUnknown", t.NoExposure)
	add("unusedValueUnknown", t.NoUnused)
	add("waivedAmountUnknown", t.NoWaivedAmount)
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
