package app

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"trueup/fetch/progress"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

// world is what the steps need of the program's surroundings. Progress and log
// share standard error until the command ends.
func (c *Call) world() (w steps.World, err error) {
	f := c.Flags
	bar := progress.New(c.Stderr, progress.Choose(f.Progress, f.Quiet, c.Stderr), c.Now)
	log := logger(bar, f)
	c.atEnd = bar.Close
	now, err := c.clock(log)
	if err != nil {
		return w, err
	}
	return steps.World{Stdin: c.Stdin, Env: c.Env, Now: now, Version: c.Version, Progress: bar.Event, Log: log}, nil
}

// sourceDate stands in for the clock, in seconds since 1970: for tests and
// reports that are made again.
const sourceDate = "SOURCE_DATE_EPOCH"

// clock is the time as the steps see it.
func (c *Call) clock(log *slog.Logger) (func() time.Time, error) {
	text, ok := c.Env(sourceDate)
	if !ok || text == "" {
		return c.Now, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	at := time.Unix(seconds, 0).UTC()
	if err != nil || seconds < 0 || at.Year() > 9999 {
		return nil, settings.Usage{Text: fmt.Sprintf("%s: %q is not a number of seconds since 1970", sourceDate, text), HintText: "write it as date +%s does, or unset it"}
	}
	log.Info("the clock is "+sourceDate, "at", at.Format(time.RFC3339))
	return func() time.Time { return at }, nil
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
