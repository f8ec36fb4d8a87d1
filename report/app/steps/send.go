package steps

import (
	"context"
	"crypto/x509"
	"fmt"
	"strings"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
	"trueup/rules/strict"
)

// Mailing is what a command wants of the mail.
type Mailing struct {
	DryRun, Resend, CheckOnly bool
}

// ReadyToSend checks the mail settings and the password before anything is
// fetched or written. A dry run needs neither.
func (j *Job) ReadyToSend(m Mailing) error {
	if m.DryRun {
		return nil
	}
	s, err := j.mailSettings()
	if err != nil {
		return err
	}
	if s.Host == "" {
		return settings.Usage{Text: "no mail server to send with", HintText: "name it under mail: in the settings, or try --dry-run"}
	}
	return s.Check()
}

// Recipients tells whether the run's mail can reach anybody.
func (j *Job) Recipients() error {
	if len(j.Settings.Mail.To) == 0 && j.Settings.SplitBy == "" {
		return mail.ErrNobody
	}
	return nil
}

// Send mails the finished run in dir, or only looks whether it could.
func (j *Job) Send(ctx context.Context, dir string, m Mailing) (mail.Result, error) {
	if err := j.mend(dir); err != nil {
		return mail.Result{}, err
	}
	manifest, err := deliver.ReadManifest(dir)
	if err != nil {
		return mail.Result{}, err
	}
	s, err := j.mailSettings()
	if err != nil && !m.DryRun {
		return mail.Result{}, err
	}
	sender := mail.Job{Settings: s, Guards: j.Settings.Mail.Guards, Dir: dir, Manifest: manifest, Resend: m.Resend, Now: j.Now,
		Log: func(text string) { j.Log.Info(text) }}
	switch {
	case m.CheckOnly:
		return mail.Result{}, sender.Check()
	case m.DryRun:
		return sender.DryRun(ctx)
	}
	return sender.Send(ctx)
}

// mailSettings are the settings with their secret.
func (j *Job) mailSettings() (mail.Settings, error) {
	m := j.Settings.Mail
	s := m.Settings
	var err error
	if m.CAFile != "" {
		if s.RootCAs, err = roots(m.CAFile); err != nil {
			return s, err
		}
	}
	s.Password, err = j.password(m)
	return s, err
}

func (j *Job) password(m settings.Mail) (string, error) {
	switch {
	case m.PasswordEnv != "":
		password, _ := j.Env(m.PasswordEnv)
		return password, nil
	case m.PasswordFile != "":
		data, mode, err := fetch.ReadSecretFile(m.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("read mail password: %w", err)
		}
		fetch.WarnIfOpen(j.Log, m.PasswordFile, mode)
		return strings.TrimSpace(string(data)), nil
	}
	return "", nil
}

// maxAuthorities bounds a file of certificates.
const maxAuthorities = 16 << 20

func roots(path string) (*x509.CertPool, error) {
	pem, err := strict.ReadFile(path, maxAuthorities)
	if err != nil {
		return nil, fmt.Errorf("read authorities: %w", err)
	}
	if len(pem) > maxAuthorities {
		return nil, fmt.Errorf("read authorities: %s is larger than %d MB", path, maxAuthorities>>20)
	}
	pool, ok := fetch.Authorities(pem)
	if !ok {
		return nil, fmt.Errorf("read authorities: %s has no certificate", path)
	}
	return pool, nil
}
