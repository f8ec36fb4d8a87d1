package rules

import (
	"fmt"
	"strings"

	"trueup/fetch"
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
	w := newWorker(s, countTenants(portfolio))
	w.loader.load(&portfolio[0])
	o := w.test(r, t.Connection)
	return TestResult{
		Rule: r, Test: t, Got: o.verdict, Reason: reason(o.err),
		Read: w.values(r, t.Connection, o.verdict), Failed: t.compare(o),
	}
}

// test judges as Evaluate would, the customer as a whole included if a rule
// for connections has none to look at.
func (w *worker) test(r *Rule, connection int) outcome {
	if r.Each == EachConnection && connection < 0 {
		err := strictRead.fail("SiteLocation", w.loader.sites.State)
		if err == nil {
			return outcome{verdict: NotApplicable}
		}
		return outcome{verdict: NotEvaluable, err: err}
	}
	return w.judge(r, connection)
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
