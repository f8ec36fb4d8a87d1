package app

import (
	"context"

	"trueup/report/app/settings"
	"trueup/report/app/show"
)

var configCommand = Command{
	Name: "config", Short: "print the effective settings and where each comes from",
	Flags: runFlags | settings.TextFlags, Run: config,
	Examples: []string{"trueup config", "trueup config --format json"},
}

func config(_ context.Context, c *Call) error {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return err
	}
	w, err := c.world()
	if err != nil {
		return err
	}
	c.tellSettings(w.Log, s)
	return pick(c, s, forms[*settings.Settings]{"text": show.Origins, "json": show.OriginsJSON})
}
