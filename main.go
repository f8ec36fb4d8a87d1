// Trueup makes license compliance reports for AudioCodes Live Platform:
// customers in, rules, findings, reports out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
	"trueup/report/deliver/mail"
	"trueup/rules"
	"trueup/templates"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program := &app.Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.LookupEnv, Now: time.Now, Version: version(), Commands: commands(),
	}
	os.Exit(program.Main(ctx, os.Args[1:]))
}

// run is the whole story: what people wrote, customers, findings, reports.
func run(ctx context.Context, c *app.Call) error {
	j, err := prepare(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	mailing := steps.Mailing{DryRun: c.Flags.DryRun, Resend: c.Flags.Resend}
	send := c.Flags.Send || c.Flags.DryRun
	if send {
		if err := errors.Join(j.ReadyToSend(mailing), j.Recipients()); err != nil {
			return app.Fail(app.Wrong, err)
		}
	}
	if err := j.Fetch(ctx); err != nil {
		return notFetched(err)
	}
	r, err := j.Reports()
	if err != nil {
		return app.Fail(app.Incomplete, err)
	}
	manifest, err := j.Write(ctx, r)
	if err != nil {
		return app.Fail(app.NotWritten, err)
	}
	if err := errors.Join(j.StepSummary(r.Book), j.WriteKey(ctx)); err != nil {
		return app.Fail(app.NotWritten, err)
	}
	if err := app.PrintSummary(c.Stdout, r.Book, j.Settings.Out, manifest); err != nil {
		return app.Fail(app.NotWritten, err)
	}
	var mailed error
	if send {
		mailed = deliver(ctx, c, j, j.Settings.Out, mailing)
	}
	if stopped := (mail.GuardErrors)(nil); !errors.As(mailed, &stopped) { // else nobody has looked: it must not become the baseline
		if err := j.Remember(ctx); err != nil {
			return app.Fail(app.NotWritten, err)
		}
	}
	if mailed != nil {
		return mailed
	}
	return verdict(j, r.Book)
}

// deliver mails a finished run and says who got it and who not.
func deliver(ctx context.Context, c *app.Call, j *steps.Job, dir string, m steps.Mailing) error {
	result, err := j.Send(ctx, dir, m)
	if err != nil {
		return app.Fail(app.NotWritten, err)
	}
	if err := result.Print(c.Stdout); err != nil {
		return app.Fail(app.NotWritten, err)
	}
	return app.Fail(app.NotWritten, result.Err())
}

// send mails the reports of a run that is finished.
func send(ctx context.Context, c *app.Call) error {
	j, err := newJob(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	m := steps.Mailing{DryRun: c.Flags.DryRun, Resend: c.Flags.Resend, CheckOnly: c.Flags.Check}
	if err := j.ReadyToSend(m); err != nil {
		return app.Fail(app.Wrong, err)
	}
	return deliver(ctx, c, j, c.Args[0], m)
}

// notFetched tells settings that cannot work from data that could not be had.
func notFetched(err error) error {
	if wrong := (*fetch.ConfigError)(nil); errors.As(err, &wrong) {
		return app.Fail(app.Wrong, err)
	}
	return app.Fail(app.Incomplete, err)
}

// verdict is the exit code that a report leads to.
func verdict(j *steps.Job, r *report.Report) error {
	switch {
	case j.Partial != nil: // without its hint: --allow-partial was given
		return app.Fail(app.Incomplete, errors.New(j.Partial.Error()))
	case r.Totals.NotEvaluable > 0:
		return app.Fail(app.Incomplete, fmt.Errorf("%s could not be given: the reports say which and why", plain.Counted(r.Totals.NotEvaluable, "verdict")))
	case j.Settings.FailOn == nil:
		return nil
	}
	for _, severity := range rules.Severities {
		if severity >= *j.Settings.FailOn && r.Totals.BySeverity[severity] > 0 {
			return &app.Exit{Code: app.Findings}
		}
	}
	return nil
}

// explain says why each rule gave the verdict it gave for one customer.
func explain(ctx context.Context, c *app.Call) error {
	j, err := prepare(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	if err := j.Fetch(ctx); err != nil {
		return notFetched(err)
	}
	at, err := rules.FindCustomer(j.Portfolio.Customers, c.Args[0])
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	return c.PickExplanation(j.Set.Explain(j.Portfolio.Customers, at, j.Waivers, j.AsOf))
}

// fetchOnly saves a snapshot and nothing else.
func fetchOnly(ctx context.Context, c *app.Call) error {
	j, err := newJob(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	if c.Flags.Out == "" {
		return app.Fail(app.Wrong, settings.Usage{Text: "fetch needs --out FILE", HintText: "as trueup fetch --url https://host/tenantui --out snapshot.json.gz"})
	}
	if err := j.Fetch(ctx); err != nil {
		return notFetched(err)
	}
	if err := j.Save(ctx, c.Flags.Out); err != nil {
		return app.Fail(app.NotWritten, err)
	}
	fmt.Fprintf(c.Stdout, "%s: %s as of %s\n", c.Flags.Out, plain.Counted(len(j.Portfolio.Customers), "customer"), j.AsOf.Format(time.RFC3339))
	return app.Fail(app.Incomplete, j.Partial)
}

// diff compares two snapshots under today's rules.
func diff(_ context.Context, c *app.Call) error {
	j, err := prepare(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	r, err := j.Compare(c.Args[0], c.Args[1])
	if err != nil {
		return app.Fail(app.Incomplete, err)
	}
	if err := c.PickChanges(r); err != nil {
		return err
	}
	if r.Changes.Any() {
		return &app.Exit{Code: app.Findings}
	}
	return nil
}

// verify rebuilds the reports of a finished run and compares every byte.
func verify(ctx context.Context, c *app.Call) error {
	j, err := prepare(c)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	v, err := j.Verify(ctx, c.Args[0])
	if err != nil {
		return app.Fail(app.Incomplete, err)
	}
	if err := app.PrintVerification(c.Stdout, v); err != nil {
		return app.Fail(app.NotWritten, err)
	}
	if !v.Same() {
		return &app.Exit{Code: app.Findings}
	}
	return nil
}

// config prints the effective settings with the origin of each.
func config(_ context.Context, c *app.Call) error {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return app.Fail(app.Wrong, err)
	}
	return app.Fail(app.NotWritten, app.PrintOrigins(c.Stdout, s.Origins))
}

// initialize writes the starter set; what is there already stays.
func initialize(_ context.Context, c *app.Call) error {
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
	return app.Fail(app.NotWritten, err)
}

func printVersion(_ context.Context, c *app.Call) error {
	_, err := fmt.Fprintln(c.Stdout, "trueup", c.Version)
	return app.Fail(app.NotWritten, err)
}

// prepare reads the settings and all that people wrote: whatever is wrong
// here is exit 2, before anything is fetched or written.
func prepare(c *app.Call) (*steps.Job, error) {
	j, err := newJob(c)
	if err != nil {
		return nil, err
	}
	return j, j.Prepare()
}

// newJob reads the settings alone. Where the command takes a source of
// customers there must be exactly one.
func newJob(c *app.Call) (*steps.Job, error) {
	s, err := settings.Load(c.Flags, c.Env)
	if err != nil {
		return nil, err
	}
	if c.Command.Flags&settings.SourceFlags != 0 {
		if err := s.Source(); err != nil {
			return nil, err
		}
	}
	w, err := c.World()
	return &steps.Job{World: w, Settings: s}, err
}

// version is the module's version, as the Go toolchain stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func commands() []app.Command {
	const (
		customers = settings.SourceFlags | settings.FetchFlags
		judged    = settings.RuleFlags | settings.WaiverFlags
		// everything is what a run takes.
		everything = customers | judged | settings.ReportFlags | settings.OutFlags | settings.RunSendFlag | settings.SendFlags
	)
	return []app.Command{
		{Name: "run", Short: "read the customers, apply the rules, write the reports (the default command)",
			Flags: everything, Run: run,
			Examples: []string{
				"trueup run --sample",
				"trueup run --input customers.json",
				"trueup run --url https://host.example.com/tenantui --history history",
				"trueup run --input customers.json --rules rules/ --waivers waivers.yaml --fail-on high",
			}},
		{Name: "fetch", Short: "save a snapshot of the customers, nothing else",
			Flags: customers | settings.OutFileFlag | settings.AsOfFlag, Run: fetchOnly,
			Examples: []string{"trueup fetch --url https://host.example.com/tenantui --out snapshot.json.gz"}},
		{Name: "explain", Args: "CUSTOMER", MinArgs: 1, MaxArgs: 1, Short: "why each rule gave the verdict it gave for one customer",
			Flags: customers | judged | settings.TextFlags, Run: explain,
			About: "CUSTOMER is a GUID, a short name, or a part of a name that no other customer has.",
			Examples: []string{
				"trueup explain --sample harrowgate",
				"trueup explain --input customers.json --waivers waivers.yaml 27aa5123-9b59-4374-bc89-838a9e536f24",
			}},
		{Name: "diff", Args: "OLD NEW", MinArgs: 2, MaxArgs: 2, Short: "what changed between two snapshots, under today's rules",
			Flags: judged | settings.TextFlags | settings.LogFlags, Run: diff,
			About:    "Exit 1 if findings are new, reopened or resolved, or customers came or went.",
			Examples: []string{"trueup diff history/snapshot-2026-10-01.json.gz history/snapshot-2026-11-01.json.gz"}},
		{Name: "rules", Args: app.RulesArgs, MinArgs: 1, MaxArgs: -1, Short: "list, show, check and test rules; fields prints the names that expressions may use",
			Flags: settings.RuleFlags | settings.TextFlags, Run: app.Rules,
			About: "check loads rule files as a run would and adds warnings; test runs the tests that the files\nhold, or those of the built-in rules; exit 1 if one fails.",
			Examples: []string{
				"trueup rules list",
				"trueup rules show over-license-usage",
				"trueup rules check my-rules/",
				"trueup rules test my-rules/ --format junit",
			}},
		{Name: "send", Args: "DIR", MinArgs: 1, MaxArgs: 1, Short: "e-mail the reports of a finished run",
			Flags: settings.SendFlags | settings.CheckFlag, Run: send,
			About: "Each message is sent once: what the ledger in DIR records is not sent again without --resend.",
			Examples: []string{
				"trueup send reports --dry-run",
				"trueup send reports --check",
				"trueup send reports",
			}},
		{Name: "verify", Args: "DIR", MinArgs: 1, MaxArgs: 1, Short: "rebuild the reports from the snapshot in DIR; say whether every byte is the same",
			Flags: judged | settings.ReportFlags | settings.LogFlags, Run: verify,
			About:    "Give it the rules, waivers, contacts, history and settings of the run. Exit 1 if a byte differs.",
			Examples: []string{"trueup verify reports", "trueup verify reports --config trueup.yaml"}},
		{Name: "init", Args: "[DIR]", MaxArgs: 1, Short: "write a commented starter set: config, rule file, waivers, contacts, CI schedules",
			About: "It never overwrites a file.", Run: initialize, Examples: []string{"trueup init licensing"}},
		{Name: "config", Short: "print the effective settings and where each comes from",
			Flags: everything, Run: config},
		{Name: "version", Short: "print the version", Run: printVersion},
	}
}
