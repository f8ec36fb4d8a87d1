package app

import (
	"context"
	"fmt"
)

var versionCommand = Command{Name: "version", Short: "print the version", Run: version}

func version(_ context.Context, c *Call) error {
	_, err := fmt.Fprintln(c.Stdout, "trueup", c.Version)
	return Fail(NotWritten, err)
}
