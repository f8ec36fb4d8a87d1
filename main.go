// Trueup makes license compliance reports for AudioCodes Live Platform:
// customers in, rules, findings, reports out.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"trueup/report"
	"trueup/report/cli"
	"trueup/report/job"
	"trueup/report/settings"
	"trueup/rules"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program := &cli.Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.LookupEnv, Now: time.Now, Version: version(), Commands: commands(),
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

func commands() []cli.Command {
	const sourceToReport = settings.SourceFlags | settings.FetchFlags | settings.RuleFlags | settings.WaiverFlags
	return []cli.Command{
		{Name: "run", Short: "read the customers, apply the rules, write the reports (the default command)",
			Flags: sourceToReport | settings.ReportFlags | settings.OutFlags, Run: run,
			Examples: []string{
				"trueup run --sample",
				"trueup run --input customers.json",
				"trueup run --input customers.json --rules rules/ --waivers waivers.yaml --fail-on high",
			}},
		{Name: "version", Short: "print the version", Run: printVersion},
	}
}

// run is the whole story: what people wrote, customers, findings, reports.
func run(ctx context.Context, c *cli.Call) error {
	s, err := settings.Load(c.Flags)
	if err != nil {
		return cli.Fail(cli.Wrong, err)
	}
	if err := s.Source(); err != nil {
		return cli.Fail(cli.Wrong, err)
	}
	j, err := job.Prepare(world(c), s)
	if err != nil {
		return cli.Fail(cli.Wrong, err)
	}
	if err := j.Fetch(ctx); err != nil {
		return cli.Fail(cli.Incomplete, err)
	}
	r, err := j.Report()
	if err != nil {
		return cli.Fail(cli.Incomplete, err)
	}
	manifest, err := j.Write(ctx, r)
	if err != nil {
		return cli.Fail(cli.NotWritten, err)
	}
	if err := j.Remember(ctx); err != nil {
		return cli.Fail(cli.NotWritten, err)
	}
	cli.PrintSummary(c.Stdout, r, s.Out, manifest)
	return verdict(r, s.FailOn)
}

// verdict is the exit code that the report leads to.
func verdict(r *report.Report, failOn *rules.Severity) error {
	if r.Totals.NotEvaluable > 0 {
		return cli.Fail(cli.Incomplete, fmt.Errorf("%d verdicts could not be given: the reports say which and why", r.Totals.NotEvaluable))
	}
	if failOn == nil {
		return nil
	}
	for severity, n := range r.Totals.BySeverity {
		if severity >= *failOn && n > 0 {
			return &cli.Exit{Code: cli.Findings}
		}
	}
	return nil
}

func world(c *cli.Call) job.World {
	return job.World{Stdin: c.Stdin, Env: c.Env, Now: c.Now, Version: c.Version,
		Warn: func(text string) { c.Warn(c.Flags.Quiet, text) }}
}

func printVersion(_ context.Context, c *cli.Call) error {
	_, err := fmt.Fprintln(c.Stdout, "trueup", c.Version)
	return err
}
