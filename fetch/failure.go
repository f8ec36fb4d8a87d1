package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// StatusError is an answer with a status other than 200.
type StatusError struct {
	Status     int
	URL        string        // as asked
	Body       string        // the beginning of the answer, without secrets and control characters
	RetryAfter time.Duration // what the server asked for; 0 if nothing
	Ready      bool          // a ready token was used, which cannot be renewed
	History    bool          // it is about one customer's license history, not the list
}

func (e *StatusError) Error() string {
	why := fmt.Sprintf("the instance answered with status %d", e.Status)
	switch e.Status {
	case http.StatusUnauthorized:
		why = "the token was not accepted (401)"
	case http.StatusForbidden:
		why = "the app registration lacks the permission (403)"
	case http.StatusNotFound:
		why = fmt.Sprintf("there is no customer list at %s (404)", e.URL)
		if e.History {
			why = "there is no license history of it (404)"
		}
	case http.StatusTooManyRequests:
		why = "the instance asks for fewer requests (429)"
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		why = fmt.Sprintf("the instance is not available (%d)", e.Status)
	}
	if e.RetryAfter > 0 {
		why += fmt.Sprintf("; it asks to wait %v", e.RetryAfter.Round(time.Second))
	}
	if e.Body != "" {
		why += fmt.Sprintf("; it says %q", e.Body)
	}
	return why
}

// Hint says what the reader of the message can do.
func (e *StatusError) Hint() string {
	switch {
	case e.Status == http.StatusUnauthorized && e.Ready:
		return "get a new token: a ready token ends after about an hour"
	case e.Status == http.StatusUnauthorized:
		return "check that the scope is that of this instance's application, and that the tenant is the service provider's"
	case e.Status == http.StatusForbidden:
		return "have the app registration's permission on the Live Platform API granted, with admin consent"
	case e.Status == http.StatusNotFound:
		return "check host and path of the URL: it is https://<service provider host>/tenantui"
	case retriable(e.Status, nil), e.Status >= 500:
		return "try again later"
	}
	return "check the URL: " + adviceURL
}

// ErrEmpty is a list without any customer where some are expected.
var ErrEmpty error = emptyError{}

type emptyError struct{}

func (emptyError) Error() string { return "the instance listed no customers" }
func (emptyError) Hint() string {
	return "if the instance really has no customers, allow it with --allow-empty"
}

// InstanceError says why nothing came from one instance.
type InstanceError struct {
	Instance string // "" if there is only one, unnamed
	URL      string
	Tries    int
	Why      string // one line, without secrets
	Advice   string
	Err      error
}

func (e *InstanceError) Error() string {
	name := e.URL
	if e.Instance != "" {
		name = fmt.Sprintf("%s (%s)", clean(e.Instance, 80), e.URL)
	}
	if e.Tries > 1 {
		return fmt.Sprintf("%s: %s (tried %d times)", name, e.Why, e.Tries)
	}
	return name + ": " + e.Why
}

func (e *InstanceError) Unwrap() error { return e.Err }

// Hint says what the reader of the message can do.
func (e *InstanceError) Hint() string { return e.Advice }

// FetchError lists the instances that failed.
type FetchError struct {
	Failed []*InstanceError // by name
	Of     int              // how many instances were asked
}

func (e *FetchError) Error() string {
	if e.Of == 1 {
		return "fetch " + e.Failed[0].Error()
	}
	texts := make([]string, len(e.Failed))
	for i, f := range e.Failed {
		texts[i] = f.Error()
	}
	return fmt.Sprintf("fetch: %d of %d instances failed: %s", len(e.Failed), e.Of, strings.Join(texts, "; "))
}

func (e *FetchError) Unwrap() []error {
	errs := make([]error, len(e.Failed))
	for i, f := range e.Failed {
		errs[i] = f
	}
	return errs
}

// Hint says what the reader of the message can do.
func (e *FetchError) Hint() string {
	if e.Of == 1 {
		return e.Failed[0].Advice
	}
	var hints []string
	for _, f := range e.Failed {
		if f.Advice != "" {
			hints = append(hints, fmt.Sprintf("%s: %s", clean(f.Instance, 80), f.Advice))
		}
	}
	if len(e.Failed) < e.Of {
		hints = append(hints, "to report on the other instances, with the gap named, use --allow-partial")
	}
	return strings.Join(hints, "; ")
}

// errTotal ends all tries together.
var errTotal = errors.New("total time is over")

// describe says what went wrong and what to do about it; "" if it does not know
// the error.
func describe(err error, scrub *scrubber) (why, advice string) {
	var data *DataError
	if errors.As(err, &data) && data.Err != nil && !data.Cut {
		if why, advice := describeLine(data.Err, scrub); why != "" {
			return fmt.Sprintf("%s, after %d bytes of the list", why, max(0, data.Offset)), advice
		}
	}
	var (
		hinted interface{ Hint() string }
		unsure x509.UnknownAuthorityError
		name   x509.HostnameError
		date   x509.CertificateInvalidError
		record tls.RecordHeaderError
		dns    *net.DNSError
	)
	switch {
	case errors.Is(err, errTotal):
		return "the time for all tries together is over", "try again later, or raise the total time (fetch.totalTimeout in the settings)"
	case errors.Is(err, context.Canceled):
		return "interrupted", ""
	case errors.As(err, &hinted):
		return scrub.clean(hinted.(error).Error(), 600), scrub.clean(hinted.Hint(), 600)
	case errors.As(err, &unsure):
		return "the server's certificate is signed by an authority that is not trusted here", "if the authority is your own, name its PEM file in the settings (fetch.caFile)"
	case errors.As(err, &name):
		return "the server's certificate is for another host: " + scrub.clean(name.Error(), 200), "check the URL's host"
	case errors.As(err, &date):
		return "the server's certificate is not valid: " + scrub.clean(date.Error(), 200), "check this machine's clock; else have the certificate renewed"
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return "the server does not speak TLS at this address", "check the URL's port"
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("the host %s is not known", scrub.clean(dns.Name, 120)), "check the URL's host"
	}
	return describeLine(err, scrub)
}

// describeLine is describe for failures of the connection.
func describeLine(err error, scrub *scrubber) (why, advice string) {
	var network net.Error
	text := err.Error()
	switch {
	case strings.Contains(text, "proxyconnect"), strings.Contains(text, "Proxy Authentication Required"):
		return "the proxy does not let the request through", "check HTTPS_PROXY, and the credentials in it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing answers at the host's port", "check the URL, and whether a proxy is needed (HTTPS_PROXY)"
	case strings.Contains(text, "TLS handshake timeout"):
		return "the TLS handshake took too long", adviceSlow
	case strings.Contains(text, "awaiting response headers"):
		return "the instance did not begin to answer in time", adviceSlow
	case errors.As(err, &network) && network.Timeout() && strings.Contains(text, "dial"):
		return "no connection in time", "check the URL's host, and whether a proxy is needed (HTTPS_PROXY)"
	case errors.As(err, &network) && network.Timeout():
		return "the whole answer did not come in time", adviceSlow
	case strings.Contains(text, "REFUSED_STREAM"):
		return "the server takes no request at the moment (HTTP/2 REFUSED_STREAM)", "try again later"
	case strings.Contains(text, "GOAWAY"):
		return "the server ends its connections at the moment (HTTP/2 GOAWAY)", "try again later"
	case broken(err):
		return "the connection broke off", "try again later"
	case strings.Contains(text, "protocol version"):
		return "the server does not speak TLS 1.2 or newer", "have TLS 1.2 enabled there"
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return scrub.clean(wrapped.Err.Error(), 200), ""
	}
	return "", ""
}

const adviceSlow = "try again later, or raise the time-outs (under fetch in the settings)"
