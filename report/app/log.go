package app

import (
	"io"
	"log/slog"

	"trueup/fetch/progress"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

// world is what the steps need of the program's surroundings. Progress and log
// share standard error until the command ends.
func (c *Call) world() steps.World {
	f := c.Flags
	bar := progress.New(c.Stderr, progress.Choose(f.Progress, f.Quiet, c.Stderr), c.Now)
	c.atEnd = bar.Close
	return steps.World{Stdin: c.Stdin, Env: c.Env, Now: c.Now, Version: c.Version, Progress: bar.Event, Step: bar.Step, Log: logger(bar, f)}
}

// logger writes the log as text or JSON; not at all with --quiet.
func logger(w io.Writer, f *settings.Flags) *slog.Logger {
	if f.Quiet {
		w = io.Discard
	}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	withoutTime := func(groups []string, a slog.Attr) slog.Attr { // whoever collects the log adds it
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
}
