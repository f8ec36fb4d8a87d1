package app

import (
	"context"

	"trueup/report/app/settings"
	"trueup/report/app/show"
)

var configCommand = Command{
	Name: "config", Short: "print the effective settings and where each comes from",
	Flags: runFlags, Run: config,
}

func config(_ context.Context, c *Call) error {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return err
	}
	return Fail(NotWritten, show.Origins(c.Stdout, s.Origins))
}
