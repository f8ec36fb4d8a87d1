package rules

import (
	"context"
	"fmt"
	"slices"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules/engine"
)

// Explanation says why each rule gave the verdict it gave for one customer.
type Explanation struct {
	Customer ExplainedCustomer `json:"customer"`
	AsOf     time.Time         `json:"asOf"`
	Rules    []RuleExplanation `json:"rules"` // one for each rule and SIP connection judged
}

// ExplainedCustomer names the customer explained.
type ExplainedCustomer struct {
	Instance  string          `json:"instance,omitempty"`
	GUID      string          `json:"guid"`
	ShortName string          `json:"shortName"`
	FullName  string          `json:"fullName"`
	Fields    []Value         `json:"fields"`          // all that rules for customers may read
	Usage     *ExplainedUsage `json:"usage,omitempty"` // nil without a license history
}

// ExplainedUsage is the month that a peak or an average is taken of, day by day.
type ExplainedUsage struct {
	Month    string     `json:"month"`
	Days     []UsageDay `json:"days"`    // all of the month
	Counted  int        `json:"counted"` // of Days: with data
	InMonth  int        `json:"daysInMonth"`
	Peak     *int64     `json:"peak"`
	PeakDay  string     `json:"peakDay,omitempty"`
	Average  float64    `json:"average"`
	Forecast string     `json:"forecast"` // the month in which the licenses are reached, or why there is none
}

// UsageDay is one day of a license history.
type UsageDay struct {
	Day      string `json:"day"`
	Licensed *int64 `json:"currentlyLicensed"`
	Acquired *int64 `json:"acquiredLicenses"`
}

func explainUsage(c *fetch.Customer) *ExplainedUsage {
	u := c.Usage
	if !u.Known() {
		return nil
	}
	m := u.Month(u.Measured())
	e := &ExplainedUsage{Month: m.Name(), Counted: m.Days, InMonth: m.DaysInMonth, Peak: m.Peak.Ptr()}
	if m.Peak.Known() {
		e.PeakDay = m.PeakDay.String()
		e.Average, _ = m.Average()
	}
	e.Days = make([]UsageDay, m.DaysInMonth)
	for i := range e.Days {
		d := m.First + fetch.Day(i)
		licensed, acquired := u.Count(fetch.Licensed, d), u.Count(fetch.Acquired, d)
		e.Days[i] = UsageDay{d.String(), licensed.Ptr(), acquired.Ptr()}
	}
	f := u.Forecast(c.LicensedUsersCount)
	if e.Forecast = f.Reason; f.Month != 0 {
		e.Forecast = f.Month.MonthName()
	}
	return e
}

// RuleExplanation is one verdict and how it came about.
type RuleExplanation struct {
	Rule       string         `json:"rule"`
	Title      string         `json:"title"`
	Severity   string         `json:"severity"`
	Enabled    bool           `json:"enabled"` // a rule that is off has no verdict
	Connection *Value         `json:"sipConnection"`
	Verdict    string         `json:"verdict,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	Message    string         `json:"message,omitempty"`
	Quantity   *int64         `json:"quantity"`
	Unknown    string         `json:"unknownQuantity,omitempty"` // why the rule's quantity is null
	Read       []Value        `json:"read"`
	Steps      []Step         `json:"steps"`
	Waivers    []WaiverReason `json:"waivers,omitempty"`
}

// Step is one expression of a rule as it was run.
type Step = engine.Step

// Value is a field that a rule read, as people see it.
type Value struct {
	Name string `json:"name"`
	Text string `json:"value"` // JSON-like: 12, "Deployed", null, absent, [2 SIP connections]
}

// WaiverReason is why a waiver of the rule did or did not apply.
type WaiverReason struct {
	ID      string `json:"id"`
	Applied bool   `json:"applied"`
	Why     string `json:"why"`
}

// Explain tells how every rule judges one of the customers, with the waivers
// as they stand at asOf. The other customers are needed for fields that compare
// them.
func (s *Set) Explain(customers []fetch.Customer, index int, waivers []Waiver, asOf time.Time) *Explanation {
	c := &customers[index]
	x := &explainer{engine.NewMachine(context.Background(), engine.CountTenants(customers)), c, waivers, asOf}
	x.machine.Load(c)
	e := &Explanation{AsOf: asOf, Customer: ExplainedCustomer{
		Instance: c.Instance, GUID: c.UmpCustomerGuid,
		ShortName: c.CustomerShortName.S, FullName: c.CustomerFullName.S, Usage: explainUsage(c),
	}}
	for _, f := range Fields() {
		if field, wrong := (engine.Scope{}).Field(f.Name); wrong == nil {
			e.Customer.Fields = append(e.Customer.Fields, Value{f.Name, x.machine.Customer().Text(field)})
		}
	}
	for _, r := range s.Rules {
		e.Rules = append(e.Rules, x.rule(r)...)
	}
	return e
}

type explainer struct {
	machine  *engine.Machine
	customer *fetch.Customer
	waivers  []Waiver
	asOf     time.Time
}

// rule explains a rule once, or once for each SIP connection.
func (x *explainer) rule(r *Rule) []RuleExplanation {
	head := RuleExplanation{Rule: r.ID, Title: r.Title, Severity: r.Severity.String(), Enabled: r.Enabled}
	if !r.Enabled {
		return []RuleExplanation{head}
	}
	if r.Each == EachCustomer || x.customer.Sites != fetch.Known {
		return []RuleExplanation{x.judged(head, r, -1)}
	}
	if len(x.customer.SiteLocation) == 0 {
		head.Verdict, head.Reason = NotApplicable.String(), "the customer has no SIP connection to judge"
		return []RuleExplanation{head}
	}
	var all []RuleExplanation
	for i := range x.customer.SiteLocation {
		all = append(all, x.judged(head, r, i))
	}
	return all
}

func (x *explainer) judged(e RuleExplanation, r *Rule, connection int) RuleExplanation {
	o, read := r.test(x.machine, connection)
	e.Verdict, e.Reason, e.Message, e.Quantity, e.Unknown, e.Read = o.verdict.String(), o.reason, o.message, o.quantity, o.unknown, read
	switch {
	case connection >= 0:
		s := &x.customer.SiteLocation[connection]
		e.Connection = &Value{s.Name.S, s.ID.S}
		e.Steps = r.steps(x.machine.Connection(connection))
	case r.Each == EachCustomer:
		e.Steps = r.steps(x.machine.Customer())
	}
	for i := range x.waivers {
		if x.waivers[i].Rule == r.ID {
			x.waiver(&e, &x.waivers[i], o.verdict, connection)
		}
	}
	return e
}

// steps runs a rule's expressions one by one up to the one that decided.
func (r *Rule) steps(env engine.Env) []Step {
	var steps []Step
	for _, field := range r.program.needs {
		steps = append(steps, env.TraceNeed(field))
		if env.Missing(field) != nil {
			return steps
		}
	}
	for _, e := range []struct {
		key string
		*engine.Expression
	}{{"applies", r.program.applies}, {"when", r.program.when}, {"quantity", r.program.quantity}} {
		if e.Expression == nil {
			continue
		}
		step := env.Trace(e.key, e.Expression)
		if steps = append(steps, step); step.Result != "true" {
			break
		}
	}
	return steps
}

// waiver says what a waiver of the rule does to a verdict.
func (x *explainer) waiver(e *RuleExplanation, w *Waiver, judged Verdict, connection int) {
	days := DateOf(x.asOf).DaysUntil(w.Expires)
	reason := WaiverReason{ID: w.ID}
	switch {
	case !MatchCustomer(w.Customer, x.customer):
		reason.Why = fmt.Sprintf("it is for customer %s", w.Customer)
	case !w.covers(x.customer, connection):
		reason.Why = fmt.Sprintf("it is for SIP connection %s", w.SIPConnection)
	case judged != Finding && judged != NotEvaluable:
		reason.Why = fmt.Sprintf("there is no finding to waive: the verdict is %s", judged)
	case !w.begun(DateOf(x.asOf)):
		reason.Why = fmt.Sprintf("it counts from %s on", w.From)
	case days < 0:
		reason.Why = fmt.Sprintf("it expired: its last day was %s", w.Expires)
	case slices.ContainsFunc(e.Waivers, func(earlier WaiverReason) bool { return earlier.Applied }):
		reason.Why = "an earlier waiver in the file applies"
	case judged == NotEvaluable:
		reason.Applied = true
		reason.Why = fmt.Sprintf("it accepts until %s, %s left, that there is no verdict: %s", w.Expires, plain.Counted(days, "day"), w.Reason)
	default:
		e.Verdict, reason.Applied = Waived.String(), true
		reason.Why = fmt.Sprintf("it covers this until %s, %s left: %s", w.Expires, plain.Counted(days, "day"), w.Reason)
	}
	e.Waivers = append(e.Waivers, reason)
}
