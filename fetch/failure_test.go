package fetch

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestDescribe(t *testing.T) {
	get := func(err error) error { return &url.Error{Op: "Get", URL: "https://x.example.com", Err: err} }
	for _, test := range []struct {
		name       string
		err        error
		why, hints string
	}{
		{"unknown host", get(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.example.com", IsNotFound: true}}), "the host x.example.com is not known", "URL"},
		{"no connection", get(&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}), "no connection in time", "proxy"},
		{"handshake", get(errors.New("net/http: TLS handshake timeout")), "the TLS handshake took too long", "time-outs"},
		{"reset", get(syscall.ECONNRESET), "the connection broke off", "later"},
		{"reset in the body", &DataError{Offset: 7, Why: "read", Err: syscall.ECONNRESET}, "the connection broke off, after 7 bytes of the list", "later"},
		{"expired certificate", get(x509.CertificateInvalidError{Reason: x509.Expired}), "the server's certificate is not valid", "clock"},
		{"proxy", get(errors.New("Proxy Authentication Required")), "the proxy does not let the request through", "HTTPS_PROXY"},
		{"other", get(errors.New("some\nthing")), "some thing", ""},
		{"unknown", errors.New("x"), "", ""},
	} {
		why, hint := describe(test.err, &scrubber{})
		if !strings.HasPrefix(why, test.why) || (why == "") != (test.why == "") || !strings.Contains(hint, test.hints) {
			t.Errorf("%s: %q, hint %q", test.name, why, hint)
		}
	}
}

func TestFailuresOfSeveralAreHinted(t *testing.T) {
	e := &FetchError{Of: 2, Failed: []*InstanceError{{Instance: "a", URL: "u", Why: "w", Advice: "do this"}, {Instance: "b", URL: "v", Why: "w", Advice: "do that"}}}
	if got := e.Hint(); got != "a: do this; b: do that" {
		t.Errorf("hint %q", got)
	}
	if got := e.Error(); got != "fetch: 2 of 2 instances failed: a (u): w; b (v): w" {
		t.Errorf("error %q", got)
	}
}

func TestTokenGoesToItsHostOnly(t *testing.T) {
	b := &bearer{host: "a.example.com"}
	r, err := http.NewRequest(http.MethodGet, "https://b.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	var refused *RedirectError
	if _, err := b.RoundTrip(r); !errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
}

func TestTokenURL(t *testing.T) {
	if got := (Auth{TenantID: "t"}).tokenURL(); got != "https://login.microsoftonline.com/t/oauth2/v2.0/token" {
		t.Error(got)
	}
}
