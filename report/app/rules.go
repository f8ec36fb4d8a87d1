package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/rules"
	"trueup/rules/strict"
)

const rulesArgs = "list | show ID | fields | check PATH... | test [PATH...] | replay PATH..."

var rulesCommand = Command{
	Name: "rules", Args: rulesArgs, MinArgs: 1, MaxArgs: -1, Short: "list, show, check, test and replay rules; fields prints the names that expressions may use",
	Flags: settings.RuleFlags | settings.WaiverFlags | settings.HistoryFlag | settings.RuleFormatFlag | settings.LogFlags, Run: ruleWork,
	About: "check loads rule files as a run would and adds warnings. test runs the tests that the files\n" +
		"hold, or those of the built-in rules; exit 1 if one fails. replay judges the snapshots of\n" +
		"--history by the effective rules and again with those of PATH, which come in the place of rules\n" +
		"of the same id, and says which findings and how much money that would have meant; it writes\n" +
		"nothing.",
	Examples: []string{
		"trueup rules list",
		"trueup rules show over-license-usage",
		"trueup rules check my-rules/",
		"trueup rules test my-rules/ --format junit",
		"trueup rules replay my-rules/over.yaml --history history --format md",
	},
}

// ruleWork does what needs rules and no customers.
func ruleWork(ctx context.Context, c *Call) error {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return err
	}
	switch action, args := c.Args[0], c.Args[1:]; {
	case action == "list" && len(args) == 0:
		set, err := rules.Load(s.Rules)
		if err != nil {
			return err
		}
		return pick(c, set, forms[*rules.Set]{"text": show.List, "json": show.ListJSON})
	case action == "show" && len(args) == 1:
		return showRule(c, s, args[0])
	case action == "fields" && len(args) == 0:
		return pick(c, rules.Fields(), forms[[]rules.Field]{"text": show.Fields, "json": show.JSON[[]rules.Field]})
	case action == "check" && len(args) > 0:
		return checkRules(c, s, args)
	case action == "test":
		return testRules(c, args)
	case action == "replay" && len(args) > 0:
		return replayRules(ctx, c, s, args)
	default:
		return wrongAction(action, len(args))
	}
}

// wrongAction says that there is no such action, and which may be meant; or
// what the action wants.
func wrongAction(action string, args int) error {
	var names []string
	for _, usage := range strings.Split(rulesArgs, " | ") {
		name, _, _ := strings.Cut(usage, " ")
		if names = append(names, name); name == action {
			return settings.Usage{Text: fmt.Sprintf("rules %s with %s", action, plain.Counted(args, "argument")), HintText: "usage: trueup rules " + usage}
		}
	}
	return settings.Usage{Text: fmt.Sprintf("rules: no action %q", action), HintText: cmp.Or(plain.DidYouMean(action, names), "usage: trueup rules "+rulesArgs)}
}

func showRule(c *Call, s *settings.Settings, id string) error {
	set, err := rules.Load(s.Rules)
	if err != nil {
		return err
	}
	at := set.Find(id)
	if at < 0 {
		return settings.Usage{Text: fmt.Sprintf("no rule %q", id),
			HintText: cmp.Or(plain.DidYouMean(id, set.IDs()), "trueup rules list names them all")}
	}
	return pick(c, set.Rules[at], forms[*rules.Rule]{"text": show.Rule, "json": show.RuleJSON})
}

// checkRules loads rule files as a run would, together with the built-in ones.
func checkRules(c *Call, s *settings.Settings, paths []string) error {
	options := s.Rules
	options.Paths = paths
	set, warnings, err := rules.Check(options)
	if err != nil && c.Flags.Format == "json" {
		return cmp.Or(Fail(NotWritten, show.CheckJSON(c.Stdout, 0, shown(problemsOf(err)), nil)), error(&Exit{Code: Wrong}))
	}
	if err != nil {
		return err
	}
	own := 0
	for _, r := range set.Rules {
		if !r.Builtin {
			own++
		}
	}
	return pick(c, warnings, forms[strict.Errors]{
		"json": func(w io.Writer, warnings strict.Errors) error {
			return show.CheckJSON(w, own, nil, shown(problemsOf(warnings)))
		},
		"text": func(w io.Writer, warnings strict.Errors) error {
			c.warn(problemsOf(warnings))
			_, err := fmt.Fprintf(w, "%s, %s\n", plain.Counted(own, "rule"), plain.Counted(len(warnings), "warning"))
			return err
		},
	})
}

// warn writes warnings on standard error, as the log is to be.
func (c *Call) warn(list []problem) {
	for _, one := range list {
		switch {
		case c.Flags.Quiet:
		case c.Flags.LogFormat == "json":
			one.log(logger(c.Stderr, c.Flags), slog.LevelWarn)
		default:
			one.print(c.Stderr, "warning")
		}
	}
}

// testRules runs the tests of the files given, else of the built-in rules.
func testRules(c *Call, paths []string) error {
	set, err := rules.Load(rules.Options{Builtin: len(paths) == 0, Paths: paths})
	if err != nil {
		return err
	}
	results := set.RunTests()
	err = pick(c, results, forms[[]rules.TestResult]{"text": show.Tests, "junit": show.TestsJUnit})
	if err == nil && show.Failed(results) > 0 {
		return &Exit{Code: Findings}
	}
	return err
}

// replayRules says what the rules given would have found in earlier months.
func replayRules(ctx context.Context, c *Call, s *settings.Settings, paths []string) error {
	if s.History == "" {
		return settings.Usage{Text: "rules replay needs the history", HintText: "name its folder with --history DIR"}
	}
	w, err := c.world()
	if err != nil {
		return err
	}
	replay, err := steps.ReplayRules(ctx, w, s, paths)
	if err != nil {
		return err
	}
	return pick(c, replay, forms[*steps.Replay]{"table": show.Replay, "text": show.Replay, "json": show.JSON[*steps.Replay], "md": show.ReplayMarkdown})
}
