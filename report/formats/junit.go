package formats

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/tables"
	"trueup/rules"
)

const (
	// junitCases bounds the test cases of one suite: CI systems refuse or
	// crawl on larger files. The rest is counted in a last case.
	junitCases = 5000
	// junitText bounds one text, in UTF-16 units.
	junitText = 2000
)

// WriteJUnit writes one suite a rule: a finding is a failure, a waived one is
// skipped, what could not be evaluated is an error, and the passes are one
// test case that counts them. Rules that are switched off have no suite.
func WriteJUnit(w io.Writer, r *report.Report) error {
	doc := junitSuites{Name: junitName(r)}
	cases := casesByRule(r)
	for at := range r.Rules {
		if r.Rules[at].Enabled {
			doc.add(junitSuiteOf(r, at, cases[at]))
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitDetail `xml:"failure"`
	Error   *junitDetail `xml:"error"`
	Skipped *junitDetail `xml:"skipped"`
}

type junitDetail struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (d *junitSuites) add(s junitSuite) {
	d.Tests += s.Tests
	d.Failures += s.Failures
	d.Errors += s.Errors
	d.Skipped += s.Skipped
	d.Suites = append(d.Suites, s)
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	c.Time = "0"
	s.Cases = append(s.Cases, c)
}

// junitRefs are what a rule's suite lists: indexes into the report's lists.
type junitRefs struct{ findings, notEvaluable []int }

func casesByRule(r *report.Report) []junitRefs {
	refs := make([]junitRefs, len(r.Rules))
	for i := range r.Findings {
		rule := &refs[r.Findings[i].Rule]
		rule.findings = append(rule.findings, i)
	}
	for i := range r.NotEvaluable {
		rule := &refs[r.NotEvaluable[i].Rule]
		rule.notEvaluable = append(rule.notEvaluable, i)
	}
	return refs
}

func junitSuiteOf(r *report.Report, at int, refs junitRefs) junitSuite {
	rule := &r.Rules[at]
	s := junitSuite{Name: rule.ID, Time: "0", Timestamp: r.AsOf.Format("2006-01-02T15:04:05"),
		Properties: junitProperties(r, rule)}
	errors := min(len(refs.notEvaluable), junitCases) // the fewer, and the worse to overlook
	findings := min(len(refs.findings), junitCases-errors)
	for _, i := range refs.findings[:findings] {
		s.add(findingCase(r, &r.Findings[i]))
	}
	for _, i := range refs.notEvaluable[:errors] {
		s.add(errorCase(r, &r.NotEvaluable[i]))
	}
	if c, left := junitRest(r, rule, refs.findings[findings:], refs.notEvaluable[errors:]); left {
		s.add(c)
	}
	if n := rule.Tally[rules.Pass]; n > 0 {
		s.add(junitCase{Name: fmt.Sprintf("%d passed", n), Class: rule.ID})
	}
	return s
}

// junitRest counts, as the worst of them, what a suite has no room to list;
// false if it lists all.
func junitRest(r *report.Report, rule *report.Rule, findings, notEvaluable []int) (c junitCase, left bool) {
	text := fmt.Sprintf("%d more results of this rule are in the other reports", len(findings)+len(notEvaluable))
	c = junitCase{Name: text, Class: rule.ID}
	open := func(i int) bool { return r.Findings[i].Verdict == rules.Finding }
	switch {
	case slices.ContainsFunc(findings, open):
		c.Failure = &junitDetail{Message: text, Type: rule.Severity.String()}
	case slices.ContainsFunc(notEvaluable, func(i int) bool { return r.NotEvaluable[i].Waiver < 0 }):
		c.Error = &junitDetail{Message: text, Type: rules.NotEvaluable.String()}
	default:
		c.Skipped = &junitDetail{Message: text}
	}
	return c, len(findings)+len(notEvaluable) > 0
}

// junitProperties carry the rule's true tallies, whatever the suite lists.
func junitProperties(r *report.Report, rule *report.Rule) []junitProperty {
	p := []junitProperty{
		{"title", junitClean(rule.Title)}, {"severity", rule.Severity.String()}, {"each", rule.Each.String()},
	}
	for v := rules.Pass; v <= rules.NotEvaluable; v++ {
		p = append(p, junitProperty{v.String(), strconv.Itoa(rule.Tally[v])})
	}
	if mark := r.Mark(); mark != "" {
		p = append(p, junitProperty{strings.ToLower(r.MarkWord()), junitClean(mark)})
	}
	return p
}

func findingCase(r *report.Report, f *report.Finding) junitCase {
	rule := &r.Rules[f.Rule]
	c := junitCase{Name: junitSubject(r, f.Customer, f.Connection), Class: rule.ID}
	if f.Verdict == rules.Waived {
		c.Skipped = &junitDetail{Message: junitClean(tables.WaivedBy(r, f)), Text: junitClean(f.Message)}
		return c
	}
	c.Failure = &junitDetail{Message: junitClean(f.Message), Type: rule.Severity.String(), Text: failureText(r, f)}
	return c
}

func errorCase(r *report.Report, n *report.NotEvaluable) junitCase {
	c := junitCase{Name: junitSubject(r, n.Customer, n.Connection), Class: r.Rules[n.Rule].ID}
	if n.Waiver >= 0 {
		c.Skipped = &junitDetail{Message: junitClean("Accepted by " + r.Waivers[n.Waiver].Until()), Text: junitClean(n.Reason)}
		return c
	}
	c.Error = &junitDetail{Message: junitClean(n.Reason), Type: rules.NotEvaluable.String()}
	return c
}

// failureText is what a person who opens the failure in CI needs to act.
func failureText(r *report.Report, f *report.Finding) string {
	rule, customer := &r.Rules[f.Rule], &r.Customers[f.Customer]
	lines := []string{junitClean(rule.Title), junitClean(f.Message)}
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+junitClean(value))
		}
	}
	add("why", rule.Why)
	add("remediation", rule.Remediation)
	if f.Amount != nil {
		add("amount", f.Amount.StringFixed(2)+" "+r.Currency)
	}
	add("customer", customer.UmpCustomerGuid)
	add("manager", customer.Manager)
	add("change", string(f.Change))
	add("open since", tables.Day(f.Since))
	return strings.Join(lines, "\n")
}

// junitSubject names a test case: CI systems match cases of two runs by name,
// so the customer's identity is part of it.
func junitSubject(r *report.Report, customer, connection int) string {
	c := &r.Customers[customer]
	subject := c.Name()
	if subject != c.UmpCustomerGuid {
		subject += " (" + c.UmpCustomerGuid + ")"
	}
	if c.Instance != "" {
		subject = c.Instance + ": " + subject
	}
	if connection >= 0 {
		s := &r.Connections[connection]
		subject += ", connection " + s.Name.S + " (" + s.ID.S + ")"
	}
	return junitClean(subject)
}

func junitName(r *report.Report) string {
	name := r.Title
	if r.Manager != "" {
		name += ", " + r.Manager
	}
	if mark := r.MarkWord(); mark != "" {
		name = mark + ": " + name
	}
	name += " " + tables.Day(r.AsOf)
	if !r.DataAsOf.IsZero() {
		name += ", data of " + tables.Day(r.DataAsOf)
	}
	return junitClean(name)
}

func junitClean(s string) string { return plain.TextMax(s, junitText) }
