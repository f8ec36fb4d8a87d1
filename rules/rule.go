// Package rules turns customers into findings. Rules are YAML files that
// licensing people write; the built-in ones are such files, embedded, with no
// privileges. The package is pure: no network, no clock, no environment.
package rules

import (
	"fmt"

	"trueup/fetch"
	"trueup/rules/strict"
)

// Severity says how much a finding matters. Higher is worse.
type Severity uint8

// The severities of rule files, from the least to the worst.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

// Severities lists all of them, worst first: the order of every report.
var Severities = [...]Severity{Critical, High, Medium, Low, Info}

func (s Severity) String() string {
	return [...]string{"info", "low", "medium", "high", "critical"}[s]
}

// ParseSeverity reads the word that String writes.
func ParseSeverity(word string) (Severity, error) {
	for _, s := range Severities {
		if s.String() == word {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: want critical, high, medium, low or info", word)
}

// Each says what a rule judges: every customer, or every SIP connection.
type Each uint8

// What a rule can judge.
const (
	EachCustomer Each = iota
	EachConnection
)

func (e Each) String() string { return [...]string{"customer", "sipConnection"}[e] }

// Verdict is what a rule says of one customer or one SIP connection.
type Verdict uint8

// The verdicts. NotEvaluable never counts as Pass.
const (
	Pass Verdict = iota
	Finding
	Waived
	NotApplicable
	NotEvaluable
)

func (v Verdict) String() string {
	return [...]string{"pass", "finding", "waived", "not-applicable", "not-evaluable"}[v]
}

// Money says what the amount of a rule's findings is about.
type Money uint8

const (
	// TrueUp: licenses used and not acquired, to be billed.
	TrueUp Money = iota
	// Unused: licenses acquired and not used. Key `money: unused` in a rule.
	Unused
)

func (m Money) String() string { return [...]string{"trueUp", "unused"}[m] }

// Position is a place in a rule, waiver or settings file, for messages.
type Position = strict.Position

// Rule is one rule as it takes effect, with the overrides of the settings.
type Rule struct {
	ID, Title   string
	Severity    Severity
	Each        Each
	Params      map[string]any // int, float64, string or bool
	Needs       []string       // API fields that must not be absent
	Applies     string         // expression, "" if the rule applies to all
	When        string
	Quantity    string // expression, "" if the finding is not about a number of licenses
	Message     string // with {{ expression }}
	Money       Money
	Adds        bool // its findings count beside those of other rules about the same licenses
	Why         string
	Remediation string
	Reference   string
	Tags        []string
	Tests       []Test
	Enabled     bool // false if the settings switch it off: listed, never evaluated

	Pos     Position // where the file defines it
	Source  string   // what reports call the file: "built-in", or its path below what was given
	Builtin bool
	// Overridden holds what the settings changed, by its name: "severity",
	// "enabled", "params.NAME".
	Overridden map[string]Overridden

	program program
}

// Overridden is what the settings replaced.
type Overridden struct {
	Own  any      // what the rule's file says
	From Position // of the replacement in the settings
}

// Result is a verdict that a reader must see: Finding, Waived or NotEvaluable.
// The others are only counted.
type Result struct {
	Rule       int // index into Set.Rules
	Customer   int // index into the customers evaluated
	Connection int // index into the customer's SiteLocation; -1 if the result is about the customer
	Verdict    Verdict
	Message    string // of Finding and Waived
	Quantity   *int64 // licenses the finding is about; nil if the rule has none or it is unknown
	// UnknownQuantity is why the rule's quantity is nil: "2.5 is not a whole
	// number"; "" if it is not, or the rule has none.
	UnknownQuantity string
	Reason          string // of NotEvaluable: what was null, absent or wrong
	Waiver          int    // index into the waivers given, of a NotEvaluable too; -1 if none applies
}

// Tally counts the verdicts of one rule, indexed by Verdict.
type Tally [NotEvaluable + 1]int

// Evaluation is the outcome of all rules for all customers. Results are in
// the order of the customers, then of the rules, then of the connections.
// Every object judged is in Tallies exactly once.
type Evaluation struct {
	Set     *Set
	Results []Result
	Tallies []Tally // one for each rule, in the order of Set.Rules
}

// Set is the rules of one run in order of id, checked and compiled. It is
// read-only and safe for concurrent use.
type Set struct {
	Rules []*Rule
	Hash  string // "sha256:…" of what the rules do and say, overrides included
	// Files and Overrides are what the rules were loaded from: Options with
	// them give the same Set again.
	Files     []File
	Overrides map[string]Override
}

// File is the text of a rule file. Name is what reports call it.
type File struct {
	Name    string
	Text    []byte
	Builtin bool
}

// Options say which rules make up a Set.
type Options struct {
	Builtin   bool                // with the embedded rules
	Paths     []string            // files and folders of rule files, in order
	Files     []File              // of an earlier Set
	Overrides map[string]Override // by rule id
}

// Override changes a rule without a copy of it. What is nil stays as it is.
type Override struct {
	Severity *Severity
	Params   map[string]any
	Enabled  *bool
	Pos      Position            // of the override in the settings file, for messages
	ParamPos map[string]Position // of each param
}

// Waiver accepts the findings of one rule for some customers until a day, and
// that the rule cannot be judged for them.
type Waiver struct {
	ID, Rule, Customer string
	SIPConnection      string // its id; "" covers the customer with all its connections
	Owner, Reason      string
	Ticket             string // optional
	From               Date   // the first day on which it counts; zero if the file gives none
	Expires            Date   // the last day on which it counts
	Pos                Position
}

// Test is one test of a rule, from its file.
type Test struct {
	Name     string
	Customer fetch.Customer
	// Connection is the index of the SIP connection that the test is about; -1
	// if it is about the customer.
	Connection int
	Expect     Verdict
	// Others are further customers of the portfolio, for rules that compare
	// customers; nil if the customer is alone.
	Others   []fetch.Customer
	Message  *string // expected message of a finding; nil if the test does not say
	Quantity *int64  // expected quantity; nil likewise
	Pos      Position
}

// WaiverStatus is one line of the register that Waive gives.
type WaiverStatus struct {
	Waiver
	State    WaiverState
	DaysLeft int   // until Expires; 0 on that day, negative after it
	Results  []int // into Evaluation.Results: what it waives or accepts; for an expired one, what it no longer does
}
