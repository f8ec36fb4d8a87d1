package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trueup/fetch/plain"
)

// newTransport speaks TLS 1.2 or newer and always verifies. It leaves gzip to
// the decoder, so that the bytes received can be counted.
func newTransport(opt *Options, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:                  opt.Proxy,
		DialContext:            opt.Dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    opt.Timeouts.TLS,
		ResponseHeaderTimeout:  opt.Timeouts.Header,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 1 << 20,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    max(1, opt.UsageConcurrency),
		IdleConnTimeout:        time.Minute,
	}
}

// maxAuthorities bounds a PEM file: those of whole systems have some 200 KiB.
const maxAuthorities = 16 << 20

// Authorities are the system's and those of a PEM file, all of them; without
// a file nil, which means the system's. It is an error if the file has none.
func Authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := plain.ReadFile(file, maxAuthorities)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // no system authorities: the file's alone
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", file)
	}
	return pool, nil
}

// RedirectError is a redirect that is refused: following it would send the
// token to another host, or take a sign-in page for the customer list.
type RedirectError struct {
	To  string // host, or scheme and host
	Why string
}

func (e *RedirectError) Error() string {
	return fmt.Sprintf("the answer redirects to %s, which is refused: %s", clean(e.To, 120), e.Why)
}

// Hint says what the reader of the message can do.
func (e *RedirectError) Hint() string {
	return "check the URL: " + adviceURL + "; a redirect to a sign-in page often means that the path or the credentials are wrong"
}

const maxRedirects = 5

// allowRedirect lets a redirect stay where it is: same host and port, and
// never from https to http.
func allowRedirect(from, to *url.URL, before int) error {
	switch {
	case before > maxRedirects:
		return &RedirectError{to.Host, fmt.Sprintf("after %d redirects", maxRedirects)}
	case to.Scheme != from.Scheme:
		return &RedirectError{to.Scheme + "://" + to.Host, "it is another scheme than " + from.Scheme}
	case !strings.EqualFold(hostPort(to), hostPort(from)):
		return &RedirectError{to.Host, "it is another host than " + from.Host}
	}
	return nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func checkRedirect(to *http.Request, via []*http.Request) error {
	return allowRedirect(via[0].URL, to.URL, len(via))
}
