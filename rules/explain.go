package rules

import (
	"fmt"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Explanation is why each rule gave the verdict it gave for one customer.
type Explanation struct {
	Customer ExplainedCustomer `json:"customer"`
	AsOf     time.Time         `json:"asOf"`
	Rules    []RuleExplanation `json:"rules"` // one a rule and SIP connection judged
}

// ExplainedCustomer names the customer explained.
type ExplainedCustomer struct {
	Instance  string  `json:"instance,omitempty"`
	GUID      string  `json:"guid"`
	ShortName string  `json:"shortName"`
	FullName  string  `json:"fullName"`
	Fields    []Value `json:"fields"` // everything that rules may read of it
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
	Read       []Value        `json:"read"`
	Steps      []Step         `json:"steps"`
	Waivers    []WaiverReason `json:"waivers,omitempty"`
}

// Step is one expression of a rule as it was evaluated, or one part of it.
type Step struct {
	Key        string `json:"key"` // needs, applies, when, quantity; "" in parts
	Expression string `json:"expression"`
	Filled     string `json:"filled"` // the expression with the values put in
	Result     string `json:"result"`
	Parts      []Step `json:"parts,omitempty"` // operands of its and, or
}

// WaiverReason is why a waiver of the rule did or did not apply.
type WaiverReason struct {
	ID      string `json:"id"`
	Applied bool   `json:"applied"`
	Why     string `json:"why"`
}

// Explain tells how every rule judges one of the customers, with the waivers
// as they stand at asOf. The others are needed for fields that compare them.
func (s *Set) Explain(customers []fetch.Customer, index int, waivers []Waiver, asOf time.Time) *Explanation {
	w := newWorker(s, countTenants(customers))
	c := &customers[index]
	w.loader.load(c)
	x := &explainer{worker: w, customer: c, waivers: waivers, asOf: asOf}
	e := &Explanation{AsOf: asOf, Customer: ExplainedCustomer{
		Instance: c.Instance, GUID: c.UmpCustomerGuid,
		ShortName: c.CustomerShortName.S, FullName: c.CustomerFullName.S, Fields: x.fields(),
	}}
	for _, r := range s.Rules {
		e.Rules = append(e.Rules, x.rule(r)...)
	}
	return e
}

type explainer struct {
	worker   *worker
	customer *fetch.Customer
	waivers  []Waiver
	asOf     time.Time
}

func (x *explainer) fields() []Value {
	var values []Value
	for _, f := range Fields() {
		if path, ok := cellAt(customerType, f.Name); ok {
			values = append(values, Value{f.Name, fieldText(cell(&x.worker.loader.customer, path))})
		}
	}
	return values
}

// rule explains a rule once, or once a connection.
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
	o := x.worker.test(r, connection)
	e.Verdict, e.Reason, e.Message, e.Quantity = o.verdict.String(), reason(o.err), o.message, o.quantity
	e.Read = x.worker.values(r, connection, o.verdict)
	if connection >= 0 {
		s := &x.customer.SiteLocation[connection]
		e.Connection = &Value{s.ID.S, s.Name.S}
	}
	if r.Each == EachCustomer || connection >= 0 {
		e.Steps = x.steps(r, connection)
	}
	for i := range x.waivers {
		if x.waivers[i].Rule == r.ID {
			x.waiver(&e, &x.waivers[i], o.verdict, connection)
		}
	}
	return e
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
	case judged != Finding:
		reason.Why = fmt.Sprintf("there is no finding to waive: the verdict is %s", judged)
	case !w.begun(DateOf(x.asOf)):
		reason.Why = fmt.Sprintf("it counts from %s on", w.From)
	case days < 0:
		reason.Why = fmt.Sprintf("it expired: its last day was %s", w.Expires)
	case e.Verdict == Waived.String():
		reason.Why = "an earlier waiver in the file applies"
	default:
		e.Verdict, reason.Applied = Waived.String(), true
		reason.Why = fmt.Sprintf("it covers this until %s, %s left: %s", w.Expires, plain.Counted(days, "day"), w.Reason)
	}
	e.Waivers = append(e.Waivers, reason)
}
