// Trueup makes license compliance reports for AudioCodes Live Platform:
// customers in, rules, findings, reports out.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"trueup/report/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program := app.Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.LookupEnv, Variables: variables(os.Environ()), Now: time.Now, Version: version(),
	}
	os.Exit(program.Main(ctx, os.Args[1:]))
}

// version is the module's version, as the Go toolchain stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// variables are the names of an environment.
func variables(environ []string) (names []string) {
	for _, one := range environ {
		name, _, _ := strings.Cut(one, "=")
		names = append(names, name)
	}
	return names
}
