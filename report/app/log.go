package app

import (
	"io"
	"log/slog"
	"time"

	"trueup/fetch/progress"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

// world is what the steps need from the program's surroundings. Progress and log
// share standard error until the command ends.
func (c *Call) world() (steps.World, error) {
	now, fixed, err := c.clock()
	if err != nil {
		return steps.World{}, err
	}
	f := c.Flags
	report := progress.New
	if f.LogFormat == "json" {
		report = progress.NewJSON
	}
	bar := report(c.Stderr, progress.Choose(f.Progress, f.Quiet, c.Stderr), c.Now)
	c.atEnd = bar.Close
	w := steps.World{Stdin: c.Stdin, Env: c.Env, Now: now, Version: c.Version, Progress: bar.Event, Step: bar.Step, Log: logger(bar, f)}
	if fixed {
		w.Log.Info(sourceDateEpoch+" stands in for the clock", "now", now().Format(time.RFC3339))
	}
	return w, nil
}

// logger writes the log as text or JSON, or not at all with --quiet.
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
