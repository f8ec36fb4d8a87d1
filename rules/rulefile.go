package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"trueup/rules/engine"
	"trueup/rules/strict"
)

// ruleFile is a rule file as its author writes it.
type ruleFile struct {
	Rules []ruleEntry `yaml:"rules,required"`
}

type ruleEntry struct {
	ID          strict.Located[string]         `yaml:"id,required"`
	Title       strict.Located[string]         `yaml:"title,required"`
	Severity    Severity                       `yaml:"severity,required"`
	Each        Each                           `yaml:"each"`
	Params      map[string]strict.Located[any] `yaml:"params"`
	Needs       []strict.Located[string]       `yaml:"needs"`
	Applies     strict.Text                    `yaml:"applies"`
	When        strict.Text                    `yaml:"when,required"`
	Quantity    strict.Text                    `yaml:"quantity"`
	Message     strict.Text                    `yaml:"message,required"`
	Money       strict.Located[Money]          `yaml:"money"`
	Why         string                         `yaml:"why"`
	Remediation string                         `yaml:"remediation"`
	Reference   strict.Located[string]         `yaml:"reference"`
	Tags        []string                       `yaml:"tags"`
	Tests       []testEntry                    `yaml:"tests"`
}

// UnmarshalText reads the word that a rule file has for it.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// UnmarshalText reads the word that a rule file has for it.
func (e *Each) UnmarshalText(text []byte) error {
	return readWord(e, "each", string(text), EachCustomer, EachConnection)
}

// UnmarshalText reads the word that a rule file has for it.
func (m *Money) UnmarshalText(text []byte) error {
	return readWord(m, "money", string(text), TrueUp, Unused)
}

// UnmarshalText reads the word that a rule file has for it.
func (v *Verdict) UnmarshalText(text []byte) error {
	return readWord(v, "expect", string(text), Finding, Pass, NotApplicable, NotEvaluable)
}

// readWord finds the value whose String is the word.
func readWord[T fmt.Stringer](into *T, key, word string, values ...T) error {
	words := make([]string, len(values))
	for i, v := range values {
		if words[i] = v.String(); words[i] == word {
			*into = v
			return nil
		}
	}
	last := len(words) - 1
	return fmt.Errorf("unknown %s %q: want %s or %s", key, word, strings.Join(words[:last], ", "), words[last])
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// fileReader checks the entries of one file and collects the errors.
type fileReader struct {
	errs  strict.Errors
	wrong map[Position]bool // places of values that have an error already
}

func newFileReader(known strict.Errors) *fileReader {
	r := &fileReader{errs: known, wrong: map[Position]bool{}}
	for _, e := range known {
		r.wrong[e.Pos] = true
	}
	return r
}

func (r *fileReader) fail(pos Position, hint, format string, args ...any) {
	r.errs = append(r.errs, strict.Error{Pos: pos, Text: fmt.Sprintf(format, args...), HintText: hint})
}

// readFile reads the rules of one file. Expressions are compiled later, when
// the overrides are known.
func readFile(name string, data []byte, builtin bool) ([]*draft, strict.Errors) {
	var doc ruleFile
	errs := strict.Decode(name, data, &doc)
	r := newFileReader(errs)
	drafts := make([]*draft, len(doc.Rules))
	for i := range doc.Rules {
		drafts[i] = r.rule(&doc.Rules[i], builtin)
	}
	if len(drafts) == 0 && len(errs) == 0 {
		r.fail(Position{File: name, Line: 1, Column: 1}, "", "no rules in this file")
	}
	return drafts, r.errs
}

// draft is a rule that is read but not compiled.
type draft struct {
	rule  *Rule
	entry *ruleEntry
}

func (r *fileReader) rule(e *ruleEntry, builtin bool) *draft {
	r.texts(e)
	rule := &Rule{
		ID: e.ID.V, Title: strings.TrimSpace(e.Title.V), Severity: e.Severity, Each: e.Each,
		Params:  r.params(e),
		Applies: strings.TrimSpace(e.Applies.S), When: strings.TrimSpace(e.When.S),
		Quantity: strings.TrimSpace(e.Quantity.S), Message: strings.TrimSpace(e.Message.S),
		Money: e.Money.V, Why: strings.TrimSpace(e.Why), Remediation: strings.TrimSpace(e.Remediation),
		Reference: e.Reference.V, Tags: e.Tags, Enabled: true,
		Pos: e.ID.Pos, Builtin: builtin, Overridden: map[string]Overridden{},
	}
	for _, n := range e.Needs {
		rule.Needs = append(rule.Needs, n.V)
	}
	rule.Tests = r.tests(e)
	return &draft{rule, e}
}

// texts checks what the types of the entry do not.
func (r *fileReader) texts(e *ruleEntry) {
	if e.ID.Given() && !r.wrong[e.ID.Pos] && !kebab.MatchString(e.ID.V) {
		r.fail(e.ID.Pos, "small letters, digits and single hyphens, as in over-license-usage", "malformed id %q", e.ID.V)
	}
	if e.Title.Given() && !r.wrong[e.Title.Pos] && strings.TrimSpace(e.Title.V) == "" {
		r.fail(e.Title.Pos, "", "the title is empty")
	}
	if e.Message.Given() && !r.wrong[e.Message.Pos] && strings.TrimSpace(e.Message.S) == "" {
		r.fail(e.Message.Pos, "", "the message is empty")
	}
	if ref := e.Reference; ref.Given() && !r.wrong[ref.Pos] && !strings.HasPrefix(ref.V, "https://") && !strings.HasPrefix(ref.V, "http://") {
		r.fail(ref.Pos, "", "want a reference that begins with https://, got %q", ref.V)
	}
	if e.Money.Given() && !e.Quantity.Given() {
		r.fail(e.Money.Key, "add quantity: the number of licenses", "money needs a quantity")
	}
}

func (r *fileReader) params(e *ruleEntry) map[string]any {
	params := make(map[string]any, len(e.Params))
	for _, name := range slices.Sorted(maps.Keys(e.Params)) {
		p := e.Params[name]
		if err := engine.CheckParam(p.V); err != nil {
			r.fail(p.Pos, "", "params.%s: %v", name, err)
		}
		if params[name] = p.V; p.V == nil {
			params[name] = 0 // its error is known; the expressions that use it have none
		}
	}
	return params
}
