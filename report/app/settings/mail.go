package settings

import (
	"strings"
	"time"

	"trueup/report/deliver/mail"
	"trueup/rules/strict"
)

// Mail is how mail is sent. The password is only named.
type Mail struct {
	mail.Settings // without Password and RootCAs
	PasswordEnv   string
	PasswordFile  string
	CAFile        string // PEM file of further trusted authorities
	Guards        mail.Guards
}

// mail puts the mail settings together; mail.Settings.Check judges them where
// mail is to be sent.
func (m *merger) mail() {
	f := m.file.Mail
	m.s.Mail = Mail{
		Settings: mail.Settings{
			Host: m.plain("mail.host", f.Host), TLS: m.plain("mail.tls", f.TLS), Username: m.plain("mail.username", f.Username),
			From: m.plain("mail.from", f.From), To: m.list("mail.to", f.To), Cc: m.list("mail.cc", f.Cc),
			Attach:    m.list("mail.attach", f.Attach),
			Templates: m.path("mail.templates", "", "", f.Templates, ""),
		},
		PasswordEnv:  m.secretEnv("mail.passwordEnv", f.PasswordEnv),
		PasswordFile: m.path("mail.passwordFile", "", "", f.PasswordFile, ""),
		CAFile:       m.path("mail.caFile", "", "", f.CAFile, ""),
	}
	s := &m.s.Mail.Settings
	if f.Port.Given() {
		s.Port = m.atLeastOne("mail.port", f.Port, 0)
	}
	m.noteDefault("mail.port", f.Port.Given(), "587; 465 with tls: implicit")
	m.noteDefault("mail.attach", len(f.Attach) > 0, ".xlsx, .pdf")
	s.MaxAttachment = m.mebibytes("mail.maxAttachmentMB", f.MaxAttachmentMB, 15<<20)
	s.Timeout = m.duration("mail.timeout", f.Timeout, 30*time.Second)
	s.Attempts = m.atLeastOne("mail.attempts", f.Attempts, 4)
	s.Backoff = m.duration("mail.retryWait", f.RetryWait, 15*time.Second)
	m.guards()
}

// guards are the limits beyond which nothing is sent before somebody looked.
func (m *merger) guards() {
	g := mail.DefaultGuards()
	f := m.file.Guards
	g.CustomersFallPercent = m.percent("guards.customersFallPercent", f.CustomersFallPercent, g.CustomersFallPercent)
	g.FindingsRisePercent = m.percent("guards.findingsRisePercent", f.FindingsRisePercent, g.FindingsRisePercent)
	g.Allow = m.flags.Allow
	m.s.Mail.Guards = g
}

// plain is a setting that no flag has and that is empty by default.
func (m *merger) plain(name string, file strict.Located[string]) string {
	return m.text(name, "", "", file, "")
}

func (m *merger) list(name string, file []strict.Located[string]) []string {
	var values []string
	for _, v := range file {
		values = append(values, v.V)
	}
	if len(file) > 0 {
		m.note(name, strings.Join(values, ", "), file[0].Pos.String())
	}
	return values
}
