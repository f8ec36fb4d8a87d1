package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/rules"
)

// RulesArgs are the arguments of the command rules, as usage shows them.
const RulesArgs = "list | show ID | fields | check PATH... | test [PATH...]"

// Rules is the command rules: everything about rules that needs no customers.
func Rules(_ context.Context, c *Call) error {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return Fail(Wrong, err)
	}
	action, args := c.Args[0], c.Args[1:]
	switch {
	case action == "list" && len(args) == 0:
		return c.listRules(s)
	case action == "show" && len(args) == 1:
		return c.showRule(s, args[0])
	case action == "fields" && len(args) == 0:
		return c.pick(map[string]func(io.Writer) error{"text": show.Fields, "json": show.FieldsJSON})
	case action == "check" && len(args) > 0:
		return c.checkRules(s, args)
	case action == "test":
		return c.testRules(s, args)
	}
	return settings.Usage{Text: fmt.Sprintf("rules: cannot %q with %d arguments", action, len(args)),
		HintText: "usage: trueup rules " + RulesArgs}
}

func (c *Call) listRules(s *settings.Settings) error {
	set, err := rules.Load(s.Rules)
	if err != nil {
		return Fail(Wrong, err)
	}
	return c.pick(map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return show.List(w, set) },
		"json": func(w io.Writer) error { return show.ListJSON(w, set) },
	})
}

func (c *Call) showRule(s *settings.Settings, id string) error {
	set, err := rules.Load(s.Rules)
	if err != nil {
		return Fail(Wrong, err)
	}
	at := set.Find(id)
	if at < 0 {
		hint := plain.DidYouMean(id, set.IDs())
		if hint == "" {
			hint = "trueup rules list names them all"
		}
		return settings.Usage{Text: fmt.Sprintf("no rule %q", id), HintText: hint}
	}
	return c.pick(map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return show.Rule(w, set.Rules[at]) },
		"json": func(w io.Writer) error { return show.RuleJSON(w, set.Rules[at]) },
	})
}

// checkRules loads rule files as a run would, together with the built-in ones.
func (c *Call) checkRules(s *settings.Settings, paths []string) error {
	options := s.Rules
	options.Paths = paths
	set, warnings, err := rules.Check(options)
	if err != nil {
		return Fail(Wrong, err)
	}
	for _, w := range warnings {
		printOne(c.Stderr, "warning", w.Error(), w.Snippet(), w.Hint())
	}
	_, err = fmt.Fprintf(c.Stdout, "%s, %s\n", plain.Counted(own(set), "rule"), plain.Counted(len(warnings), "warning"))
	return Fail(NotWritten, err)
}

func own(set *rules.Set) (n int) {
	for _, r := range set.Rules {
		if !r.Builtin {
			n++
		}
	}
	return n
}

// testRules runs the tests of the files given, else of the built-in rules.
func (c *Call) testRules(s *settings.Settings, paths []string) error {
	set, err := rules.Load(rules.Options{Builtin: len(paths) == 0, Paths: paths})
	if err != nil {
		return Fail(Wrong, err)
	}
	results := set.RunTests()
	err = c.pick(map[string]func(io.Writer) error{
		"text":  func(w io.Writer) error { return show.Tests(w, results) },
		"junit": func(w io.Writer) error { return show.TestsJUnit(w, results) },
	})
	if err == nil && show.Failed(results) > 0 {
		return &Exit{Code: Findings}
	}
	return err
}

// pick writes in the form that --format names.
func (c *Call) pick(writers map[string]func(io.Writer) error) error {
	write, ok := writers[c.Flags.Format]
	if !ok {
		var names []string
		for name := range writers {
			names = append(names, name)
		}
		slices.Sort(names)
		return settings.Usage{Text: fmt.Sprintf("--format: unknown format %q", c.Flags.Format), HintText: "choose from " + strings.Join(names, ", ")}
	}
	return Fail(NotWritten, write(c.Stdout))
}

// PickExplanation writes an explanation as text or JSON.
func (c *Call) PickExplanation(e *rules.Explanation) error {
	return c.pick(map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return show.Explanation(w, e) },
		"json": func(w io.Writer) error { return show.ExplanationJSON(w, e) },
	})
}
