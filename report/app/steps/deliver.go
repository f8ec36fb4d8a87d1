package steps

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/deliver/mail"
)

// Ask is what a command wants of the mails.
type Ask struct {
	DryRun    bool // they are written to files
	CheckOnly bool // only the guards are asked whether they could go
	Resend    bool // also to those who have theirs
	Fresh     bool // the run has just been made: nobody forgot it in its folder
}

// Mailing is how a finished run is mailed, checked and with its secret.
type Mailing struct {
	ask Ask
	job mail.Job // without the run
}

// PrepareMail reads the mail password and checks the settings, before anything
// is fetched or written. A dry run needs neither. Contacts are those that the
// recipients must be of; nil if there are none.
func PrepareMail(w World, s *settings.Settings, contacts *report.Contacts, ask Ask) (Mailing, error) {
	m := s.Mail
	job := mail.Job{Settings: m.Settings, Guards: m.Guards, Ledger: s.History, Contacts: contacts, Mode: s.FileMode,
		Resend: ask.Resend, Now: w.Now, Log: func(text string) { w.Log.Info(text) }}
	if ask.Fresh || ask.DryRun { // it cannot be old, or does not go
		job.Guards.MaxAgeDays = 0
	}
	if ask.DryRun {
		return Mailing{ask, job}, nil
	}
	var err error
	if job.Settings.RootCAs, err = fetch.Authorities(m.CAFile); err != nil {
		return Mailing{}, fmt.Errorf("read authorities: %w", err)
	}
	if job.Settings.Password, err = password(w, m); err != nil {
		return Mailing{}, err
	}
	if m.Host == "" {
		return Mailing{}, settings.Usage{Text: "no mail server to send with", HintText: "name it under mail: in the settings, or try --dry-run"}
	}
	return Mailing{ask, job}, job.Settings.Check()
}

// Tell mails a run that failed to those who are to hear of it: what failed, as
// text has it, and where.
func Tell(ctx context.Context, w World, s *settings.Settings, meaning, text string) error {
	mailing, err := PrepareMail(w, s, nil, Ask{})
	if err != nil {
		return err
	}
	where := fmt.Sprintf("settings: %s\nreports: %s\ntrueup %s\n", cmp.Or(s.Path, "none"), s.Out, w.Version)
	if url := jobURL(w.Env); url != "" {
		where += "job: " + url + "\n"
	}
	return mailing.job.Tell(ctx, mail.Failure{Title: s.Title, Meaning: meaning, Text: text, Where: where, Secrets: fetch.Secrets(s.Live.Instances, w.Env)})
}

// jobURL is where the CI system shows the job, if it is one of those that the
// starter set has schedules for.
func jobURL(env func(string) (string, bool)) string {
	for _, form := range []string{
		"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID",
		"$CI_JOB_URL",
		"$SYSTEM_TEAMFOUNDATIONCOLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results?buildId=$BUILD_BUILDID",
	} {
		whole := true
		url := os.Expand(form, func(name string) string {
			value, _ := env(name)
			whole = whole && value != ""
			return value
		})
		if whole {
			return url
		}
	}
	return ""
}

// ReadContacts reads the contacts alone; nil if path is "".
func ReadContacts(path string) (*report.Contacts, error) {
	plan := &Plan{}
	err := plan.readContacts(path)
	return plan.Contacts, err
}

func password(w World, m settings.Mail) (string, error) {
	switch {
	case m.PasswordEnv != "":
		password, _ := w.Env(m.PasswordEnv)
		return password, nil
	case m.PasswordFile != "":
		data, err := fetch.ReadSecretFile(m.PasswordFile, w.Log)
		if err != nil {
			return "", fmt.Errorf("read mail password: %w", err)
		}
		return strings.TrimSpace(string(data)), nil
	}
	return "", nil
}

// Guard says why a finished run must not be mailed before somebody has looked.
func (m Mailing) Guard(run Written) error {
	return m.of(run).Check()
}

func (m Mailing) of(run Written) mail.Job {
	job := m.job
	job.Dir, job.Manifest = run.Dir, run.Manifest
	return job
}

// Deliver mails a finished run. Its error is about the whole run; the result
// tells what single recipients did not get.
func Deliver(ctx context.Context, m Mailing, run Written) (mail.Result, error) {
	switch {
	case m.ask.CheckOnly:
		return mail.Result{}, m.Guard(run)
	case m.ask.DryRun:
		return m.of(run).DryRun(ctx)
	}
	return m.of(run).Send(ctx)
}
