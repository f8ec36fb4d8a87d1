// Trueup makes license compliance reports for AudioCodes Live Platform:
// customers in, rules, findings, reports out.
package main

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"trueup/report/app"
)

// What make release has the linker put here. Without it the toolchain's own
// stamp counts.
var version, commit string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program := app.Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.LookupEnv, Variables: variables(os.Environ()), Now: time.Now}
	program.Version, program.Commit = stamps()
	os.Exit(program.Main(ctx, os.Args[1:]))
}

// stamps are the version of the program and the commit it was built from; an
// unknown commit is "".
func stamps() (ofVersion, ofCommit string) {
	ofVersion, ofCommit = version, commit
	if info, ok := debug.ReadBuildInfo(); ok {
		ofVersion = cmp.Or(ofVersion, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				ofCommit = cmp.Or(ofCommit, s.Value)
			}
		}
	}
	return cmp.Or(ofVersion, "(devel)"), ofCommit
}

// variables are the names of an environment.
func variables(environ []string) (names []string) {
	for _, one := range environ {
		name, _, _ := strings.Cut(one, "=")
		names = append(names, name)
	}
	return names
}
