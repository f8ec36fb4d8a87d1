package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
)

var verifyCommand = Command{
	Name: "verify", Args: "DIR", MinArgs: 1, MaxArgs: 1, Short: "rebuild everything in DIR, the manifest too, from DIR alone; say whether every byte is the same",
	Flags: settings.VerifyFlags | settings.TextFlags | settings.LogFlags, Run: verify,
	About: "The record in DIR says what the reports were made from. Redacted reports have none: give the\n" +
		"customers with --input and the settings of the run; for reports of a version that kept no\n" +
		"record, give its rules, waivers, contacts, history and settings. Exit 1 if a byte differs or\n" +
		"a file is missing or not listed.",
	Examples: []string{"trueup verify reports", "trueup verify redacted --input customers.json --config trueup.yaml"},
}

func verify(ctx context.Context, c *Call) error {
	w, err := c.world()
	if err != nil {
		return err
	}
	run, err := steps.OpenFinished(w.Log, c.Args[0])
	if err != nil {
		return Fail(Incomplete, err)
	}
	defer run.Close()
	v, err := verified(ctx, c, w, run)
	if err != nil {
		return err
	}
	if err := pick(c, v, forms[steps.Verification]{"text": show.Verification, "json": show.VerificationJSON}); err != nil {
		return err
	}
	if !v.Same() {
		return &Exit{Code: Findings}
	}
	return nil
}

// verified rebuilds a run from what its kind needs.
func verified(ctx context.Context, c *Call, w steps.World, run *steps.Finished) (v steps.Verification, err error) {
	if err := verifyUsage(c, run); err != nil {
		return v, err
	}
	if v, cannot := run.CannotRebuild(); cannot {
		return v, nil
	}
	var s *settings.Settings
	var plan *steps.Plan
	if run.Record == nil || c.Flags.Config != "" {
		if s, err = settings.Load(c.Flags, c.Env); err != nil {
			return v, err
		}
		c.tellSettings(w.Log, s)
		if plan, err = steps.Prepare(w, s); err != nil {
			return v, err
		}
	}
	if run.Record != nil {
		plan, err = run.Plan(plan)
	}
	if err != nil {
		return v, err
	}
	rebuilt, err := run.Rebuild(ctx, w, plan, s)
	if usage := (settings.Usage{}); errors.As(err, &usage) {
		return v, err
	}
	if err != nil {
		return v, Fail(Incomplete, err)
	}
	v, err = run.Verify(ctx, w, plan, rebuilt)
	return v, Fail(Incomplete, err)
}

// verifyUsage refuses flags that verifying such a run would ignore, and asks
// for the one that it cannot do without.
func verifyUsage(c *Call, run *steps.Finished) error {
	ignored := slices.DeleteFunc(slices.Clone(c.Given), func(name string) bool {
		switch name {
		case "progress", "quiet", "log-format", "format":
			return true
		case "input":
			return run.Manifest.Redacted && !run.Manifest.Sample
		case "config":
			return !run.HasRecord() || run.NeedsFonts()
		}
		return !run.HasRecord()
	})
	switch {
	case len(ignored) > 0 && run.HasRecord():
		return settings.Usage{Text: c.Args[0] + " has its record: --" + strings.Join(ignored, ", --") + " would be ignored",
			HintText: "trueup verify " + c.Args[0] + " needs nothing else"}
	case len(ignored) > 0:
		return settings.Usage{Text: "--input would be ignored: " + c.Args[0] + " has the customers that its reports are about", HintText: "leave it out"}
	case run.Manifest.Redacted && !run.Manifest.Sample && !slices.Contains(c.Given, "input"):
		return settings.Usage{Text: c.Args[0] + " is redacted and has neither snapshot nor record",
			HintText: "give the run's customers with --input FILE, and its settings, rules, waivers, contacts and history as the run had them"}
	}
	return nil
}
