package app

import (
	"context"
	"fmt"
	"strings"

	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

// meanings are what the codes of a run that failed mean.
var meanings = map[int]string{
	Incomplete: "customer data could not be had or read whole",
	NotWritten: "reports could not be written, or some mail was not delivered",
}

// tell mails what standard error says of a run that failed to those who are to
// hear of it. Of wrong settings, and of being stopped, whoever started the run
// knows.
func (c *Call) tell(ctx context.Context, w steps.World, s *settings.Settings, failure error) {
	code := codeOf(failure)
	if s == nil || len(s.Mail.OnFailure) == 0 || meanings[code] == "" || c.Flags.DryRun || ctx.Err() != nil {
		return
	}
	var text strings.Builder
	printError(&text, failure)
	meaning := fmt.Sprintf("%s (exit code %d)", meanings[code], code)
	if err := steps.Tell(ctx, w, s, meaning, text.String()); err != nil {
		w.Log.Error("not everybody was told that the run failed", "reason", err)
	}
}
