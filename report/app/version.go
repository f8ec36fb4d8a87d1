package app

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"trueup/report/app/settings"
	"trueup/report/app/show"
)

var versionCommand = Command{
	Name: "version", Short: "print version, commit, Go version and platform",
	Flags: settings.TextFlags, Run: version,
}

// build says which program this is. Commit is empty if nothing has stamped it.
type build struct {
	Version   string `json:"version"`
	Commit    string `json:"commit"`
	GoVersion string `json:"goVersion"`
	Platform  string `json:"platform"`
}

func version(_ context.Context, c *Call) error {
	b := build{Version: c.Version, Commit: c.Commit, GoVersion: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	return pick(c, b, forms[build]{
		"text": func(w io.Writer, b build) error {
			commit := ""
			if b.Commit != "" {
				commit = "commit " + b.Commit + ", "
			}
			_, err := fmt.Fprintf(w, "trueup %s (%s%s, %s)\n", b.Version, commit, b.GoVersion, b.Platform)
			return err
		},
		"json": show.JSON[build],
	})
}
