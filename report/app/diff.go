package app

import (
	"context"
	"errors"

	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/report/formats"
)

var diffCommand = Command{
	Name: "diff", Args: "OLD NEW", MinArgs: 2, MaxArgs: 2, Short: "what changed between two snapshots, under today's rules",
	Flags: judgeFlags | settings.TextFlags | settings.LogFlags, Run: diff,
	About:    "Exit 1 if findings are new, reopened or resolved, or customers came or went.",
	Examples: []string{"trueup diff history/snapshot-2026-10-01.json.gz history/snapshot-2026-11-01.json.gz"},
}

func diff(ctx context.Context, c *Call) error {
	_, _, plan, err := c.prepare()
	if err != nil {
		return err
	}
	r, err := steps.Diff(ctx, plan, c.Args[0], c.Args[1])
	if wrong := (settings.Usage{}); errors.As(err, &wrong) {
		return err
	}
	if err != nil {
		return Fail(Incomplete, err)
	}
	err = pick(c, r, forms[*report.Report]{"text": show.Changes, "json": visibly(formats.WriteJSON)})
	if err == nil && r.Changes.Any() {
		return &Exit{Code: Findings}
	}
	return err
}
