// Package mail sends the finished reports of a run: the whole book to the
// settings' recipients and each account manager their pack, each once. It
// works from the manifest alone, so that sending can be done, or done again,
// long after the run.
package mail

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"
)

// The values of Settings.TLS.
const (
	STARTTLS = "starttls" // required: without it nothing is sent
	Implicit = "implicit" // TLS from the first byte, usually port 465
	NoTLS    = "none"     // to loopback only
)

// The values of Settings.Period.
const (
	Month = "month"
	Day   = "day"
)

// Settings say how mail is sent. What is zero has its default of Defaults.
type Settings struct {
	Host     string
	Port     int    // 0 is 587, with Implicit 465, with NoTLS 25
	TLS      string // STARTTLS, Implicit or NoTLS
	Username string // "" sends without authentication
	Password string // resolved; never printed
	From     string // address, with or without a name
	To, Cc   []string
	// OnFailure are the addresses that hear of a run that failed.
	OnFailure []string
	Period    string   // Month or Day, by the report's as-of: each recipient gets one mail in it
	Attach    []string // file endings to attach, best first
	// MaxAttachment bounds the attachments of one mail, in bytes before
	// encoding, which adds 37 %; most servers take 25 MiB in all.
	MaxAttachment int64
	ReplyWithin   string         // in what time a pack's workbook is wanted back, as "5 working days", or NoReply
	Templates     string         // folder of the user's own templates; "" for none
	RootCAs       *x509.CertPool // nil for the system's
	Timeout       time.Duration  // of connecting and of each answer
	DataTimeout   time.Duration  // of handing over one mail
	Attempts      int            // rounds, the first included
	Backoff       time.Duration  // before the second round, doubled for each further one
}

// maxBackoff bounds the wait between two rounds.
const maxBackoff = 5 * time.Minute

// Defaults are the settings where nothing else is said; the port depends on
// TLS.
func Defaults() Settings {
	return Settings{TLS: STARTTLS, Period: Month, Attach: []string{".xlsx", ".pdf"}, MaxAttachment: 15 << 20, ReplyWithin: "5 working days",
		Timeout: 30 * time.Second, DataTimeout: 5 * time.Minute, Attempts: 4, Backoff: 15 * time.Second}
}

// withDefaults fills in what is zero.
func (s Settings) withDefaults() Settings {
	d := Defaults()
	s.TLS = cmp.Or(s.TLS, d.TLS)
	s.Period = cmp.Or(s.Period, d.Period)
	s.Port = cmp.Or(s.Port, map[string]int{STARTTLS: 587, Implicit: 465, NoTLS: 25}[s.TLS])
	s.MaxAttachment = cmp.Or(s.MaxAttachment, d.MaxAttachment)
	s.ReplyWithin = cmp.Or(s.ReplyWithin, d.ReplyWithin)
	s.Timeout = cmp.Or(s.Timeout, d.Timeout)
	s.DataTimeout = cmp.Or(s.DataTimeout, d.DataTimeout)
	s.Attempts = cmp.Or(s.Attempts, d.Attempts)
	s.Backoff = cmp.Or(s.Backoff, d.Backoff)
	if len(s.Attach) == 0 {
		s.Attach = d.Attach
	}
	return s
}

// Check finds every mistake that can be seen without sending anything.
func (s Settings) Check() error {
	var errs []error
	s = s.withDefaults()
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf("mail: "+format, args...)) }
	switch s.TLS {
	case STARTTLS, Implicit:
	case NoTLS:
		if !isLoopback(s.Host) {
			fail("tls: none is allowed to this machine only, not to host %q", s.Host)
		}
	default:
		fail("tls: %q is none of starttls, implicit and none", s.TLS)
	}
	if s.Host == "" || strings.ContainsAny(s.Host, " \r\n/:") && net.ParseIP(s.Host) == nil {
		fail("host: %q is not a host name", s.Host)
	}
	if s.Port < 1 || s.Port > 65535 {
		fail("port: %d is not between 1 and 65535", s.Port)
	}
	if s.Username != "" && s.Password == "" {
		fail("username %q has no password: set the environment variable that passwordEnv names, or the file of passwordFile", s.Username)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		fail("from: %q is not an e-mail address", s.From)
	}
	for _, list := range []struct {
		key       string
		addresses []string
	}{{"to", s.To}, {"cc", s.Cc}, {"onFailure", s.OnFailure}} {
		for _, a := range list.addresses {
			if _, err := mail.ParseAddress(a); err != nil {
				fail("%s: %q is not an e-mail address", list.key, a)
			}
		}
	}
	return errors.Join(errs...)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
