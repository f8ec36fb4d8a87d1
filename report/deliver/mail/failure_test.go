package mail

import (
	"strings"
	"testing"
	"testing/synctest"

	"trueup/report/deliver/mail/fakesmtp"
)

var failure = Failure{Title: "License compliance", Meaning: "customer data could not be had (exit code 3)",
	Text: "trueup: error: emea: 401 of token t0ps3cret\nBcc: eve@example.com\ntrueup: hint: ask\x1b[31m for one", Where: "settings: trueup.yaml\n", Secrets: []string{"t0ps3cret"}}

func TestTell(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	job.Settings.OnFailure = []string{"Desk <desk@example.com>", "boss@example.com"}
	if err := job.Tell(t.Context(), failure); err != nil {
		t.Fatal(err)
	}
	if len(server.Messages()) != 1 {
		t.Fatalf("%d mails", len(server.Messages()))
	}
	m := server.Messages()[0]
	h, parts := read(t, m.Data)
	for name, want := range map[string]string{"Subject": "FAILED: License compliance 2026-11-23: customer data could not be had (exit code 3)",
		"To": `"Desk" <desk@example.com>, <boss@example.com>`, "Bcc": "", "Auto-Submitted": "auto-generated", "Date": "Mon, 23 Nov 2026 07:00:00 +0000"} {
		if got := header(t, h, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	want := "The run of 2026-11-23 07:00 UTC failed: customer data could not be had (exit code 3).\n\n" +
		"trueup: error: emea: 401 of token [secret]\nBcc: eve@example.com\ntrueup: hint: ask\uFFFD[31m for one\nsettings: trueup.yaml\n"
	if len(parts) != 1 || parts[0].kind != "text/plain" || unfold(parts[0].body) != want || strings.Join(m.To, " ") != "desk@example.com boss@example.com" {
		t.Errorf("to %s: %+v", m.To, parts)
	}
	if len(readLedger(t, job.Dir, Intent, Sent, Failed)) > 0 {
		t.Error("it is in the ledger")
	}
}

func TestTellIsTriedTwice(t *testing.T) {
	for _, test := range []struct {
		script fakesmtp.Script
		mails  int
		err    string
	}{
		{fakesmtp.Script{Data: failFirst(1, 452)}, 1, ""},
		{fakesmtp.Script{Data: failFirst(2, 452)}, 0, "2 of 2 mails not delivered: to desk@example.com, boss@example.com: mail refused: 452"},
		{fakesmtp.Script{Rcpt: refuse("boss@example.com", 550, 1)}, 1, "1 of 2 mails not delivered: to boss@example.com: recipient refused: 550"},
		{fakesmtp.Script{User: "u", Password: "right", Echo: "t0ps3cret hunter2"}, 0, "invalid [secret] [secret]"},
	} {
		synctest.Test(t, func(t *testing.T) {
			server, job, _ := setup(t, test.script)
			job.Settings.OnFailure = []string{"desk@example.com", "boss@example.com"}
			if test.script.User != "" {
				job.Settings.Username, job.Settings.Password = "u", "hunter2"
			}
			err := job.Tell(t.Context(), failure)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || len(server.Messages()) != test.mails {
				t.Errorf("%v, %d mails; want %s, %d", err, len(server.Messages()), test.err, test.mails)
			}
		})
	}
}

func TestTellIsBrief(t *testing.T) {
	text := lines(strings.Repeat("x\n", 500) + "\n\n")
	if strings.Count(text, "\n") != 101 || !strings.HasSuffix(text, "\n… and 400 lines more\n") {
		t.Errorf("%d lines: %s", strings.Count(text, "\n"), text[len(text)-60:])
	}
}
