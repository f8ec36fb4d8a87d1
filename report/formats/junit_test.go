package formats

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"trueup/report"
	"trueup/rules"
)

func writeJUnit(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteJUnit(t *testing.T) { golden(t, "report.junit.xml", writeJUnit(t, fixture())) }

func readJUnit(t *testing.T, data []byte) (doc junitSuites) {
	t.Helper()
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return doc
}

func TestJUnitHostileText(t *testing.T) {
	for _, text := range hostile {
		doc := readJUnit(t, writeJUnit(t, withText(text)))
		if doc.Tests != 7 || doc.Failures != 3 || doc.Errors != 2 || doc.Skipped != 1 {
			t.Errorf("%q: %+v", text, doc.junitCounts)
		}
		checkCounts(t, doc)
	}
}

// checkCounts compares each suite's attributes with the cases it lists.
func checkCounts(t *testing.T, doc junitSuites) {
	t.Helper()
	var sum junitCounts
	for _, s := range doc.Suites {
		var c junitCounts
		for _, x := range s.Cases {
			c.Tests++
			c.Failures += present(x.Failure)
			c.Errors += present(x.Error)
			c.Skipped += present(x.Skipped)
		}
		if c != s.junitCounts {
			t.Errorf("suite %s says %+v and lists %+v", s.Name, s.junitCounts, c)
		}
		sum = junitCounts{sum.Tests + c.Tests, sum.Failures + c.Failures, sum.Errors + c.Errors, sum.Skipped + c.Skipped}
	}
	if sum != doc.junitCounts {
		t.Errorf("the file says %+v and lists %+v", doc.junitCounts, sum)
	}
}

func present(d *junitDetail) int {
	if d != nil {
		return 1
	}
	return 0
}

// What a suite has no room for is counted in one case, as the worst of it.
func TestJUnitIsBounded(t *testing.T) {
	for name, test := range map[string]struct {
		last         rules.Verdict
		notEvaluable int
		text         string
		is           func(junitCase) *junitDetail
	}{
		"findings":      {rules.Finding, 1, "8 more results", func(c junitCase) *junitDetail { return c.Failure }},
		"waived":        {rules.Waived, 0, "7 more results", func(c junitCase) *junitDetail { return c.Skipped }},
		"not evaluable": {rules.Waived, junitCases + 1, "5008 more results", func(c junitCase) *junitDetail { return c.Error }},
	} {
		t.Run(name, func(t *testing.T) {
			r := fixture()
			r.Findings, r.NotEvaluable = nil, nil
			for i := range junitCases + 7 {
				r.Findings = append(r.Findings, report.Finding{Customer: i % 3, Connection: -1, Verdict: test.last, Message: fmt.Sprint(i), Waiver: -1})
			}
			for range test.notEvaluable {
				r.NotEvaluable = append(r.NotEvaluable, report.NotEvaluable{Connection: -1, Waiver: -1})
			}
			doc := readJUnit(t, writeJUnit(t, r))
			cases := slices.DeleteFunc(doc.Suites[0].Cases, func(c junitCase) bool { return strings.HasSuffix(c.Name, " passed") })
			if len(cases) != junitCases+1 {
				t.Errorf("%d cases", len(cases))
			}
			if last := cases[len(cases)-1]; test.is(last) == nil || !strings.HasPrefix(last.Name, test.text) {
				t.Errorf("the last case does not count the rest: %+v", last)
			}
			checkCounts(t, doc)
		})
	}
}

func TestJUnitLeavesOutDisabledRules(t *testing.T) {
	if bytes.Contains(writeJUnit(t, fixture()), []byte("unused-licenses")) {
		t.Error("a rule that is switched off has a suite")
	}
}
