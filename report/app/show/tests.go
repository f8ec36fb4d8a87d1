package show

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"trueup/fetch/plain"
	"trueup/rules"
)

// Failed counts the tests that did not pass.
func Failed(results []rules.TestResult) int {
	n := 0
	for _, r := range results {
		if r.Failed != "" {
			n++
		}
	}
	return n
}

// Tests writes one line a test, and for each failure what was read.
func Tests(w io.Writer, results []rules.TestResult) error {
	var b strings.Builder
	for _, r := range results {
		if r.Failed == "" {
			fmt.Fprintf(&b, "ok    %s: %s: %s\n", r.Rule.ID, r.Test.Name, r.Got)
			continue
		}
		fmt.Fprintf(&b, "FAIL  %s: %s: %s\n", r.Rule.ID, r.Test.Name, r.Failed)
		fmt.Fprintf(&b, "      at %s\n", r.Test.Pos)
		for _, line := range details(r) {
			fmt.Fprintf(&b, "      %s\n", line)
		}
	}
	fmt.Fprintf(&b, "%s, %d failed\n", plain.Counted(len(results), "test"), Failed(results))
	_, err := io.WriteString(w, plain.Visible(b.String()))
	return err
}

func details(r rules.TestResult) []string {
	var lines []string
	if r.Reason != "" {
		lines = append(lines, "reason: "+r.Reason)
	}
	for _, v := range r.Read {
		lines = append(lines, "read "+v.Name+" = "+v.Text)
	}
	return lines
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	File     string      `xml:"file,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// TestsJUnit writes a JUnit file with one suite a rule.
func TestsJUnit(w io.Writer, results []rules.TestResult) error {
	doc := junitSuites{Name: "trueup rules", Tests: len(results), Failures: Failed(results)}
	for _, r := range results {
		if n := len(doc.Suites); n == 0 || doc.Suites[n-1].Name != r.Rule.ID {
			doc.Suites = append(doc.Suites, junitSuite{Name: r.Rule.ID, File: r.Rule.Pos.File})
		}
		suite := &doc.Suites[len(doc.Suites)-1]
		c := junitCase{Class: r.Rule.ID, Name: r.Test.Name}
		if r.Failed != "" {
			suite.Failures++
			text := strings.Join(append([]string{r.Test.Pos.String()}, details(r)...), "\n")
			c.Failure = &junitFailure{r.Failed, text}
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, c)
	}
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}
