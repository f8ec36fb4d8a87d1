package app

import (
	"context"

	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
)

var verifyCommand = Command{
	Name: "verify", Args: "DIR", MinArgs: 1, MaxArgs: 1, Short: "rebuild the reports from the snapshot in DIR; say whether every byte is the same",
	Flags: judgeFlags | settings.ReportFlags | settings.LogFlags, Run: verify,
	About:    "Give it the rules, waivers, contacts, history and settings of the run. Exit 1 if a byte differs.",
	Examples: []string{"trueup verify reports", "trueup verify reports --config trueup.yaml"},
}

func verify(ctx context.Context, c *Call) error {
	w, s, plan, err := c.prepare()
	if err != nil {
		return err
	}
	written, err := steps.Open(w.Log, c.Args[0])
	if err != nil {
		return Fail(Incomplete, err)
	}
	rebuilt, err := steps.Rebuild(ctx, plan, s, written)
	if err != nil {
		return Fail(Incomplete, err)
	}
	v, err := steps.Verify(ctx, plan, written, rebuilt)
	if err != nil {
		return Fail(Incomplete, err)
	}
	if err := show.Verification(c.Stdout, v); err != nil {
		return Fail(NotWritten, err)
	}
	if !v.Same() {
		return &Exit{Code: Findings}
	}
	return nil
}
