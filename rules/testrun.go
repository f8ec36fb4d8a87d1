package rules

import (
	"fmt"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/rules/engine"
)

// TestResult is the outcome of one test of one rule.
type TestResult struct {
	Rule   *Rule
	Test   *Test
	Got    Verdict
	Reason string  // why Got is NotEvaluable
	Read   []Value // what the rule's expressions read
	Failed string  // what is not as the test expects; "" if it passed
}

// RunTests runs the tests of all rules in order, also of those switched off.
func (s *Set) RunTests() []TestResult {
	var results []TestResult
	for _, r := range s.Rules {
		for i := range r.Tests {
			t := &r.Tests[i]
			portfolio := append([]fetch.Customer{t.Customer}, t.Others...)
			m := engine.NewMachine(engine.CountTenants(portfolio))
			m.Load(&portfolio[0])
			o, read := r.test(m, t.Connection)
			results = append(results, TestResult{Rule: r, Test: t, Got: o.verdict, Reason: o.reason, Read: read, Failed: t.compare(o)})
		}
	}
	return results
}

// test judges the customer loaded, or one of its SIP connections, as Evaluate
// does, and lists the fields that the rule read. Connection -1 in a rule for
// connections stands for a customer that has none to judge.
func (r *Rule) test(m *engine.Machine, connection int) (o outcome, read []Value) {
	env := m.Customer()
	if r.Each == EachConnection {
		if connection < 0 {
			o.verdict = NotApplicable
			if _, err := m.Connections(); err != nil {
				o = outcome{verdict: NotEvaluable, reason: err.Error()}
			}
			sites, _ := engine.Scope{}.Field("SiteLocation")
			return o, []Value{{sites.Name, env.Text(sites)}}
		}
		env = m.Connection(connection)
	}
	o = r.judge(env)
	seen := map[string]bool{}
	for _, f := range r.fieldsRead(o.verdict == Finding) {
		if !seen[f.Name] {
			seen[f.Name] = true
			read = append(read, Value{f.Name, env.Text(f)})
		}
	}
	return o, read
}

// compare says what is not as the test expects, "" if all is.
func (t *Test) compare(o outcome) string {
	var wrong []string
	if o.verdict != t.Expect {
		wrong = append(wrong, fmt.Sprintf("expected %s, got %s", t.Expect, o.verdict))
	}
	if t.Message != nil && o.verdict == Finding && o.message != *t.Message {
		wrong = append(wrong, fmt.Sprintf("expected message %q, got %q", *t.Message, o.message))
	}
	if t.Quantity != nil && o.verdict == Finding && (o.quantity == nil || *o.quantity != *t.Quantity) {
		got := "none"
		if o.quantity != nil {
			got = strconv.FormatInt(*o.quantity, 10)
		}
		wrong = append(wrong, fmt.Sprintf("expected quantity %d, got %s", *t.Quantity, got))
	}
	return strings.Join(wrong, "; ")
}
