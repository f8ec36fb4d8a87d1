package app

import (
	"context"
	"io"

	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/report/deliver/mail"
)

var sendCommand = Command{
	Name: "send", Args: "DIR", MinArgs: 1, MaxArgs: 1, Short: "e-mail the reports of a finished run",
	Flags: settings.SendFlags | settings.CheckFlag | settings.TextFlags, Run: send,
	About: "Each recipient gets one mail a period (mail.period): a ledger remembers, in the history or,\n" +
		"without one, in DIR. What changed since is held back, and named, until --resend sends it as\n" +
		"corrected. A run that a guard had stopped enters the history when it is sent.",
	Examples: []string{
		"trueup send reports --dry-run",
		"trueup send reports --check",
		"trueup send reports",
	},
}

func send(ctx context.Context, c *Call) error {
	w, s, err := c.load()
	if err != nil {
		return err
	}
	contacts, err := steps.ReadContacts(s.Contacts)
	if err != nil {
		return err
	}
	mailing, err := steps.PrepareMail(w, s, contacts, steps.Ask{DryRun: c.Flags.DryRun, CheckOnly: c.Flags.Check, Resend: c.Flags.Resend})
	if err != nil {
		return err
	}
	written, err := steps.Open(w.Log, c.Args[0])
	if err != nil {
		return Fail(NotWritten, err)
	}
	if !c.Flags.Check && !c.Flags.DryRun {
		if err := mailing.Guard(written); err != nil {
			return Fail(NotWritten, err)
		}
		if err := steps.Accept(ctx, w, s, written); err != nil {
			return Fail(NotWritten, err)
		}
	}
	return deliver(ctx, c, mailing, written)
}

// deliver mails a finished run and says who got it and who did not.
func deliver(ctx context.Context, c *Call, m steps.Mailing, run steps.Written) error {
	result, err := steps.Deliver(ctx, m, run)
	switch {
	case err != nil:
	case c.Command.Name == "send":
		if err := pick(c, result, forms[mail.Result]{"text": func(w io.Writer, r mail.Result) error { return r.Print(w) }, "json": show.SentJSON}); err != nil {
			return err
		}
	default: // after the summary of the run
		err = result.Print(c.Stdout)
	}
	if err == nil {
		err = result.Err()
	}
	return Fail(NotWritten, err)
}
