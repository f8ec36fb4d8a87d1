package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"trueup/fetch/plain"
)

// server is the connection to the SMTP server: opened when first needed, used
// for many mails, opened again after it was lost.
type server struct {
	settings Settings
	scrub    *plain.Scrubber
	from     string // bare address
	dialer   func(ctx context.Context, network, address string) (net.Conn, error)
	conn     net.Conn
	client   *smtp.Client
	stop     func() bool // ends the watch over ctx
	mails    int         // taken over this connection
}

// verdict says whether the server took one mail for one recipient.
type verdict struct {
	answer string
	err    error // nil if the server took the mail
	again  bool  // err may pass: another round may help
	tried  bool  // the mail was handed over, or its beginning
	cut    bool  // and no answer came: the server may have it
}

// fatal is an error that meets every further mail of the run.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

// connect opens the connection if there is none.
func (s *server) connect(ctx context.Context) error {
	if s.client != nil {
		return nil
	}
	client, err := s.newClient()
	if err == nil {
		s.client, err = client.DialToSMTPClientWithContext(ctx)
	}
	if err != nil {
		s.close()
		err = fmt.Errorf("connect to %s: %w", s.settings.Host, err)
		if !passes(err) {
			return fatal{err}
		}
		return err
	}
	conn := s.conn
	s.mails = 0
	s.stop = context.AfterFunc(ctx, func() { conn.Close() })
	return nil
}

func (s *server) newClient() (*gomail.Client, error) {
	o := s.settings
	options := []gomail.Option{
		gomail.WithPort(o.Port), gomail.WithTimeout(o.Timeout), gomail.WithDialContextFunc(s.dial),
		gomail.WithTLSConfig(s.tlsConfig()),
	}
	switch o.TLS {
	case STARTTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Implicit:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if o.Username != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{user: o.Username, password: o.Password, scrub: s.scrub}))
	}
	return gomail.NewClient(o.Host, options...)
}

func (s *server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.settings.Host, RootCAs: s.settings.RootCAs, MinVersion: tls.VersionTLS12}
}

// dial keeps the connection, to close it: the library leaves it open if anything
// goes wrong after dialling.
func (s *server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.dialer(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s.conn = conn
	switch s.settings.TLS {
	case NoTLS:
		if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
			return nil, fatal{fmt.Errorf("%s is not this machine: no mail goes there without TLS", conn.RemoteAddr())}
		}
	case Implicit:
		secure := tls.Client(conn, s.tlsConfig())
		return secure, secure.HandshakeContext(ctx)
	}
	return conn, nil
}

// close ends the connection, politely if it still works.
func (s *server) close() {
	if s.stop != nil {
		s.stop()
	}
	if s.client != nil && s.client.UpdateDeadline(s.settings.Timeout) == nil {
		s.client.Quit() // the mails are through: an error changes nothing
	}
	if s.conn != nil {
		s.conn.Close()
	}
	s.client, s.conn, s.stop = nil, nil, nil
}

// drop ends a connection that is lost.
func (s *server) drop() {
	s.client = nil
	s.close()
}

// send hands one mail over for some recipients. One that is refused does not stop
// the others. Intend hears for whom, just before; its error is that of send, and
// then nothing is handed over.
func (s *server) send(ctx context.Context, message []byte, recipients []string, intend func(taken []string) error) (map[string]verdict, error) {
	verdicts := map[string]verdict{}
	others := func(v verdict) map[string]verdict {
		for _, r := range recipients {
			if _, ok := verdicts[r]; !ok {
				verdicts[r] = v
			}
		}
		return verdicts
	}
	if err := s.begin(ctx); err != nil {
		return others(verdict{err: err, again: passes(err)}), nil
	}
	var taken []string
	for _, r := range recipients {
		err := s.client.Rcpt(angled(r))
		if err == nil {
			taken = append(taken, r)
			continue
		}
		verdicts[r] = verdict{err: fmt.Errorf("recipient refused: %w", err), again: passes(err)}
		if !isAnswer(err) {
			s.drop()
			return others(verdict{err: err, again: passes(err)}), nil
		}
	}
	if len(taken) == 0 {
		s.reset()
		return verdicts, nil
	}
	if err := intend(taken); err != nil {
		s.drop()
		return nil, err
	}
	v := s.data(message)
	if v.err != nil {
		s.recover(v.err)
		v.err, v.again = fmt.Errorf("mail refused: %w", v.err), passes(v.err)
		return others(v), nil
	}
	s.mails++
	return others(v), nil
}

// begin starts a mail. Servers close a connection after some mails or some time:
// then it connects again at once.
func (s *server) begin(ctx context.Context) error {
	err := s.mailFrom()
	if err != nil && s.client == nil && s.mails > 0 {
		if err := s.connect(ctx); err != nil {
			return err
		}
		err = s.mailFrom()
	}
	return err
}

// mailFrom names the sender.
func (s *server) mailFrom() error {
	err := s.client.UpdateDeadline(s.settings.Timeout)
	if err == nil {
		err = s.client.Mail(angled(s.from))
	}
	if err != nil {
		s.recover(err)
		return fmt.Errorf("sender refused: %w", err)
	}
	return nil
}

// data hands the mail itself over. If the connection is lost before the answer,
// nobody knows whether the server took it: as SMTP demands, it is sent again,
// under the same Message-ID.
func (s *server) data(message []byte) verdict {
	err := s.client.UpdateDeadline(s.settings.DataTimeout)
	if err != nil {
		return verdict{err: err, tried: true}
	}
	w, err := s.client.Data()
	if err == nil {
		_, err = w.Write(message)
	}
	if err != nil {
		return verdict{err: err, tried: true}
	}
	if err := w.Close(); err != nil {
		return verdict{err: err, tried: true, cut: !errors.As(err, new(*textproto.Error))}
	}
	v := verdict{tried: true}
	if d, ok := w.(*smtp.DataCloser); ok {
		v.answer = d.ServerResponse()
	}
	return v
}

// recover makes the connection ready for the next mail, or drops it.
func (s *server) recover(err error) {
	if isAnswer(err) {
		s.reset()
		return
	}
	s.drop()
}

func (s *server) reset() {
	if s.client.Reset() != nil {
		s.drop()
	}
}

func angled(address string) string { return (&mail.Address{Address: address}).String() }

// isAnswer tells whether the server refused, and the connection still works. After
// 421 the server closes it.
func isAnswer(err error) bool {
	var answer *textproto.Error
	return errors.As(err, &answer) && answer.Code != 421
}

// passes tells whether an error may be gone later: a 4xx answer or a failed
// connection is; bad certificates, missing STARTTLS, refused credentials and 5xx
// answers stay.
func passes(err error) bool {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code >= 400 && answer.Code < 500
	}
	var (
		alert       tls.AlertError
		record      tls.RecordHeaderError
		certificate *tls.CertificateVerificationError
		host        x509.HostnameError
		dns         *net.DNSError
		never       fatal
	)
	switch {
	case errors.As(err, &alert), errors.As(err, &record), errors.As(err, &certificate), errors.As(err, &host), errors.As(err, &never):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	case errors.Is(err, context.Canceled):
		return false
	}
	return !strings.Contains(err.Error(), "does not support STARTTLS") // the library has no value for it
}
