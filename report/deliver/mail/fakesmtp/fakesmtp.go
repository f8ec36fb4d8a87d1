// Package fakesmtp is an SMTP server for tests, with a certificate of its own
// and the faults that real servers have.
package fakesmtp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Script says how the server behaves. The zero Script offers STARTTLS and
// takes everything from everybody.
type Script struct {
	Implicit       bool // TLS from the first byte
	NoTLS          bool // offers none
	OtherName      bool // its certificate is another host's
	User, Password string
	Echo           string // stands in its answers to wrong credentials and to mails
	GreetingDelay  time.Duration
	Greetings      int // connections after these are taken without delay
	// Rcpt and Data answer the nth command of their kind, from 1; nil takes all.
	Rcpt          func(to string, n int) error
	Data          func(n int) error
	DropAfterData int // so many mails are taken, and the connection closed before the answer
	PerConnection int // mails after which it closes with 421; 0 for no limit
}

// Message is one mail taken.
type Message struct {
	From string
	To   []string
	Data []byte
}

// Server is a running server.
type Server struct {
	Port    int
	Roots   *x509.CertPool // that trust its certificate
	CertPEM []byte

	script      Script
	listener    net.Listener
	smtp        *smtp.Server
	end         chan struct{} // closed by Close
	once        sync.Once
	mu          sync.Mutex
	messages    []Message
	rcpts       int
	datas       int
	connections int
}

// Start starts a server at a listener until Close.
func Start(listener net.Listener, script Script) (*Server, error) {
	s := &Server{script: script, listener: listener, end: make(chan struct{})}
	certificate, err := s.certificate()
	if err != nil {
		return nil, err
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain, s.smtp.ErrorLog = "localhost", quiet{}
	s.smtp.AllowInsecureAuth = script.NoTLS
	s.smtp.MaxLineLength = 4000
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	var in net.Listener = &slow{Listener: listener, server: s}
	switch {
	case script.Implicit:
		in = tls.NewListener(in, config)
	case !script.NoTLS:
		s.smtp.TLSConfig = config
	}
	go s.smtp.Serve(in)
	return s, nil
}

// Close stops the server. It may be called twice.
func (s *Server) Close() {
	s.once.Do(func() { close(s.end) })
	s.listener.Close() // the server may not know it yet
	s.smtp.Close()
}

// Messages are the mails taken so far.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Connections is how many were made.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// slow delays the greeting, the first thing a server writes.
type slow struct {
	net.Listener
	server *Server
}

func (l *slow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s := l.server
	s.mu.Lock()
	s.connections++
	n := s.connections
	s.mu.Unlock()
	if s.script.Greetings == 0 || n <= s.script.Greetings {
		return &slowConn{Conn: conn, server: s}, nil
	}
	return conn, nil
}

type slowConn struct {
	net.Conn
	server *Server
	once   sync.Once
}

func (c *slowConn) Write(p []byte) (int, error) {
	c.once.Do(func() {
		select {
		case <-time.After(c.server.script.GreetingDelay):
		case <-c.server.end:
		}
	})
	return c.Conn.Write(p)
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c, authenticated: s.script.User == ""}, nil
}

// session is one connection after its greeting.
type session struct {
	server        *Server
	conn          *smtp.Conn
	authenticated bool
	mails         int
	current       Message
}

func (x *session) AuthMechanisms() []string {
	if x.server.script.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != x.server.script.User || password != x.server.script.Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "authentication credentials invalid " + x.server.script.Echo}
		}
		x.authenticated = true
		return nil
	}), nil
}

func (x *session) Reset()        { x.current = Message{} }
func (x *session) Logout() error { return nil }

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if !x.authenticated {
		return &smtp.SMTPError{Code: 530, Message: "authentication required"}
	}
	if limit := x.server.script.PerConnection; limit > 0 && x.mails >= limit {
		defer x.conn.Conn().Close()
		return &smtp.SMTPError{Code: 421, Message: "too many mails in one connection"}
	}
	x.current = Message{From: from}
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s := x.server
	s.mu.Lock()
	s.rcpts++
	n := s.rcpts
	s.mu.Unlock()
	if s.script.Rcpt != nil {
		if err := s.script.Rcpt(to, n); err != nil {
			return err
		}
	}
	x.current.To = append(x.current.To, to)
	return nil
}

var errDropped = errors.New("dropped")

func (x *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s := x.server
	s.mu.Lock()
	s.datas++
	n := s.datas
	s.mu.Unlock()
	if s.script.Data != nil {
		if err := s.script.Data(n); err != nil {
			return err
		}
	}
	x.mails++
	x.current.Data = data
	s.mu.Lock()
	s.messages = append(s.messages, x.current)
	s.mu.Unlock()
	if n <= s.script.DropAfterData {
		x.conn.Conn().Close()
		return errDropped
	}
	if s.script.Echo != "" {
		return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "OK: queued " + s.script.Echo}
	}
	return nil
}

// Refuse is an answer of the server.
func Refuse(code int, text string) error { return &smtp.SMTPError{Code: code, Message: text} }

// certificate makes one that signs itself, valid in any year that a clock may show.
func (s *Server) certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	if s.script.OtherName {
		t.DNSNames, t.IPAddresses = []string{"elsewhere.example"}, nil
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	s.CertPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.Roots = x509.NewCertPool()
	s.Roots.AppendCertsFromPEM(s.CertPEM)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
