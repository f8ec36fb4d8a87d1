// Trueup makes license compliance reports for AudioCodes Live Platform:
// customers in, rules, findings, reports out.
package main

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"syscall"
	"time"

	"trueup/report/app"
)

// What make release has the linker put here. Without it the toolchain's own
// stamp counts.
var version, commit string

// grace is how long a run that was stopped may take to end by itself. What it
// leaves the next run tidies up, as after a kill.
const grace = 900 * time.Millisecond

func main() {
	collectLate()
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup has it so
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the process
		time.Sleep(grace)
		os.Exit(app.NotWritten)
	})
	program := app.Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.LookupEnv, Variables: variables(os.Environ()), Now: time.Now,
	}
	program.Version, program.Commit = stamps()
	os.Exit(program.Main(ctx, os.Args[1:]))
}

// worthCollecting is the memory in bytes below which no garbage is collected. A
// list of 100,000 customers fits in while it is read: its large arrays are not
// read by the collector before they are written, which costs twice the faults.
const worthCollecting = 228 << 20

// collectLate has garbage collected as usual, but not below worthCollecting. Who
// has switched it off by GOGC keeps that.
func collectLate() {
	const least = 4 << 20 // where the runtime collects first, at 100 percent
	usual := debug.SetGCPercent(worthCollecting / least * 100)
	if usual < 0 {
		debug.SetGCPercent(usual)
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var again func(struct{})
	again = func(struct{}) { // after each collection
		metrics.Read(live)
		room := worthCollecting*100/max(least, int64(live[0].Value.Uint64())) - 100
		debug.SetGCPercent(max(usual, int(room)))
		runtime.AddCleanup(new([64]byte), again, struct{}{})
	}
	runtime.AddCleanup(new([64]byte), again, struct{}{})
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
