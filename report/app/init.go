package app

import (
	"context"
	"fmt"
	"path/filepath"

	"trueup/templates"
)

var initCommand = Command{
	Name: "init", Args: "[DIR]", MaxArgs: 1, Short: "write a commented starter set: config, rule file, waivers, contacts, CI schedules",
	About: "It never overwrites a file.", Run: initialize, Examples: []string{"trueup init licensing"},
}

func initialize(_ context.Context, c *Call) error {
	dir := "."
	if len(c.Args) == 1 {
		dir = c.Args[0]
	}
	written, kept, err := templates.WriteStarter(dir)
	for _, name := range written {
		fmt.Fprintln(c.Stdout, "wrote", filepath.Join(dir, name))
	}
	for _, name := range kept {
		fmt.Fprintln(c.Stdout, "kept ", filepath.Join(dir, name))
	}
	return Fail(NotWritten, err)
}
