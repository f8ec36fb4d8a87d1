package rules

import (
	"fmt"
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
	Failed string  // what is not as expected; "" if the test passed
}

// RunTests runs the tests of all rules, those switched off included, in the
// order of the rules and of their files.
func (s *Set) RunTests() []TestResult {
	var results []TestResult
	for _, r := range s.Rules {
		for i := range r.Tests {
			results = append(results, s.runTest(r, &r.Tests[i]))
		}
	}
	return results
}

func (s *Set) runTest(r *Rule, t *Test) TestResult {
	portfolio := append([]fetch.Customer{t.Customer}, t.Others...)
	m := engine.NewMachine(engine.CountTenants(portfolio))
	m.Load(&portfolio[0])
	o, read := r.test(m, t.Connection)
	return TestResult{Rule: r, Test: t, Got: o.verdict, Reason: o.reason, Read: read, Failed: t.compare(o)}
}

// test judges the customer loaded, or one of its SIP connections, as Evaluate
// would, and lists what the rule read, each field once. A rule for connections
// is given -1 if the customer has none to judge.
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

// compare says what of an outcome is not as the test expects.
func (t *Test) compare(o outcome) string {
	var wrong []string
	if o.verdict != t.Expect {
		wrong = append(wrong, fmt.Sprintf("expected %s, got %s", t.Expect, o.verdict))
	}
	if t.Message != nil && o.verdict == Finding && o.message != *t.Message {
		wrong = append(wrong, fmt.Sprintf("expected message %q, got %q", *t.Message, o.message))
	}
	if t.Quantity != nil && o.verdict == Finding && (o.quantity == nil || *o.quantity != *t.Quantity) {
		wrong = append(wrong, fmt.Sprintf("expected quantity %d, got %s", *t.Quantity, quantityText(o.quantity)))
	}
	return strings.Join(wrong, "; ")
}

func quantityText(q *int64) string {
	if q == nil {
		return "none"
	}
	return fmt.Sprint(*q)
}
