package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/report/deliver/mail"
	"trueup/rules"
)

var runCommand = Command{
	Name: "run", Short: "read the customers, apply the rules, write the reports (the default command)",
	Flags: runFlags, Run: run,
	Examples: []string{
		"trueup run --sample",
		"trueup run --input customers.json",
		"trueup run --url https://host.example.com/tenantui --history history",
		"trueup run --input customers.json --rules rules/ --waivers waivers.yaml --fail-on high",
	},
}

// run reads what people wrote and the customers, and writes, mails and remembers
// the reports. If it fails, those hear of it who are to.
func run(ctx context.Context, c *Call) error {
	w, s, plan, err := c.prepare()
	var mailing *steps.Mailing
	var to *steps.Places
	if err == nil {
		mailing, to, err = readyToWrite(c, w, s, plan)
	}
	var totals report.Totals
	if err == nil {
		totals, err = makeReports(ctx, c, w, s, plan, to, mailing)
	}
	if err != nil {
		c.tell(ctx, w, s, err)
		return err
	}
	return verdict(totals, s.FailOn)
}

// makeReports brings the customers in, writes the reports, and mails them if there
// is a mailing; only after that may other runs write there. An instance that is
// missing is an error in the end.
func makeReports(ctx context.Context, c *Call, w steps.World, s *settings.Settings, plan *steps.Plan, to *steps.Places, mailing *steps.Mailing) (t report.Totals, err error) {
	defer to.Close()
	w.Journal = steps.JournalOf(s.Out)
	output := steps.Output{Formats: s.Formats, ByManager: s.SplitBy == "manager", Redact: s.Redact != ""}
	fetched, reports, err := judge(ctx, w, s, plan, output)
	if err != nil {
		return t, err
	}
	reports.Warn(w.Log)
	written, err := steps.Write(ctx, w, to, s, plan, reports)
	if err == nil {
		err = fetched.Finished()
	}
	if err != nil {
		return t, Fail(NotWritten, err)
	}
	var stopped error // then nobody has looked: it must not become the baseline
	if mailing != nil {
		stopped = mailing.Guard(written)
	}
	if stopped == nil {
		if err := steps.Remember(ctx, w, to, s, plan, fetched, reports); err != nil {
			return t, Fail(NotWritten, err)
		}
	}
	if err := cmp.Or(show.Summary(c.Stdout, reports.Book, written), stopped); err != nil {
		return t, Fail(NotWritten, err)
	}
	if mailing != nil {
		if err := deliver(ctx, c, *mailing, written); err != nil {
			return t, err
		}
	}
	return reports.Book.Totals, Fail(Incomplete, fetched.Partial)
}

// judge brings the customers in and computes the reports on them.
func judge(ctx context.Context, w steps.World, s *settings.Settings, plan *steps.Plan, out steps.Output) (fetched steps.Fetched, reports steps.Reports, err error) {
	if fetched, err = steps.Fetch(ctx, w, s); err != nil {
		return fetched, reports, notFetched(err)
	}
	w.Doing("reading the history", 0, 0)
	history, err := steps.ReadHistory(ctx, plan, fetched, s)
	if err != nil {
		return fetched, reports, Fail(Incomplete, err)
	}
	w.Doing("applying the rules", 0, 0)
	reports, err = steps.Compute(ctx, plan, fetched, history, out)
	return fetched, reports, Fail(Incomplete, err)
}

// readyToWrite prepares the mail, nil if none is to be sent, and opens the
// folders, before anything is fetched.
func readyToWrite(c *Call, w steps.World, s *settings.Settings, plan *steps.Plan) (mailing *steps.Mailing, to *steps.Places, err error) {
	if c.Flags.Send || c.Flags.DryRun {
		prepared, err := steps.PrepareMail(w, s, plan.Contacts, steps.Ask{DryRun: c.Flags.DryRun, Resend: c.Flags.Resend, Fresh: true})
		if len(s.Mail.To) == 0 && s.SplitBy == "" {
			err = errors.Join(err, mail.ErrNobody)
		}
		if err != nil {
			return nil, nil, err
		}
		mailing = &prepared
	}
	if to, err = steps.OpenPlaces(w, s); err != nil {
		return nil, nil, Fail(NotWritten, err)
	}
	if err := steps.CheckFolder(s); err != nil {
		to.Close()
		return nil, nil, err
	}
	return mailing, to, nil
}

// verdict is the exit code that finished reports lead to.
func verdict(t report.Totals, failOn *rules.Severity) error {
	switch {
	case t.Unjudged() > 0:
		return Fail(Incomplete, fmt.Errorf("%s could not be given: the reports say which and why", plain.Counted(t.Unjudged(), "verdict")))
	case failOn == nil:
		return nil
	}
	for _, severity := range rules.Severities {
		if severity >= *failOn && t.BySeverity[severity] > 0 {
			return &Exit{Code: Findings}
		}
	}
	return nil
}
