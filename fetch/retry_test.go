package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestRetriable(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		err    error
		want   bool
	}{
		{"200", 200, nil, false},
		{"204", 204, nil, false},
		{"302", 302, nil, false},
		{"400", 400, nil, false},
		{"401", 401, nil, false},
		{"403", 403, nil, false},
		{"404", 404, nil, false},
		{"408", 408, nil, false},
		{"429", 429, nil, true},
		{"500", 500, nil, false},
		{"501", 501, nil, false},
		{"502", 502, nil, true},
		{"503", 503, nil, true},
		{"504", 504, nil, true},
		{"reset", 0, &url.Error{Op: "Get", Err: &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}}, true},
		{"reset in the body", 200, &DataError{Why: "read", Err: syscall.ECONNRESET}, true},
		{"broken pipe", 0, syscall.EPIPE, true},
		{"closed before the answer", 0, &url.Error{Op: "Get", Err: io.EOF}, true},
		{"cut body", 200, fmt.Errorf("decode: %w", &DataError{Cut: true}), true},
		{"time-out", 0, &url.Error{Op: "Get", Err: os.ErrDeadlineExceeded}, true},
		{"time-out in the body", 200, &DataError{Why: "read", Err: context.DeadlineExceeded}, true},
		{"http2 stream", 0, errors.New("stream error: stream ID 1; INTERNAL_ERROR"), true},
		{"refused connection", 0, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, false},
		{"unknown host", 0, &net.DNSError{IsNotFound: true}, false},
		{"slow name server", 0, &net.DNSError{IsTimeout: true}, true},
		{"certificate", 0, &url.Error{Op: "Get", Err: x509.UnknownAuthorityError{}}, false},
		{"wrong data", 200, &DataError{Why: "not JSON"}, false},
		{"wrong status", 503, &StatusError{Status: 503}, false},
		{"redirect", 0, &url.Error{Op: "Get", Err: &RedirectError{}}, false},
		{"no token", 0, &AuthError{Err: io.EOF}, false},
	} {
		if got := retriable(test.status, test.err); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		failed int
		asked  time.Duration
		jitter float64
		want   time.Duration
	}{
		{0, 0, 0, s}, {1, 0, 0, 2 * s}, {2, 0, 0, 4 * s}, {3, 0, 0, 8 * s}, {4, 0, 0, 10 * s}, {1000, 0, 0, 10 * s},
		{1, 0, 0.5, 1500 * time.Millisecond}, {0, 0, 0.999999, 500001 * time.Microsecond},
		{0, 30 * s, 0.5, 30 * s}, {3, 2 * s, 0, 8 * s},
	} {
		got := backoff(s, 10*s, test.failed, test.asked, test.jitter)
		if (got - test.want).Abs() > time.Millisecond {
			t.Errorf("%+v: %v", test, got)
		}
	}
	if got := backoff(10*s, s, 0, 0, 0); got != s {
		t.Errorf("min over max: %v", got)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 3 ": 3 * time.Second, "0": 0, "-5": 0, "1.5": 0, "soon": 0, "99999999999999": 0,
		"Mon, 23 Nov 2026 06:00:30 GMT":           30 * time.Second,
		"Monday, 23-Nov-26 06:00:30 GMT":          30 * time.Second,
		"Mon, 23 Nov 2026 05:00:00 GMT":           0,
		now.Add(time.Minute).Format(time.RFC3339): 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestAllowRedirect(t *testing.T) {
	for _, test := range []struct {
		from, to string
		before   int
		allowed  bool
	}{
		{"https://a.example.com/x", "https://a.example.com/y", 1, true},
		{"https://a.example.com/x", "https://A.example.com:443/y", 1, true},
		{"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/y", 1, true},
		{"https://a.example.com/x", "http://a.example.com/x", 1, false},
		{"https://a.example.com/x", "https://b.example.com/x", 1, false},
		{"https://a.example.com/x", "https://a.example.com:8443/x", 1, false},
		{"https://a.example.com/x", "https://a.example.com.evil.example/x", 1, false},
		{"http://127.0.0.1:8080/x", "http://127.0.0.1:8081/x", 1, false},
		{"http://127.0.0.1:8080/x", "https://login.example.com/", 1, false},
		{"https://a.example.com/x", "https://a.example.com/y", 6, false},
	} {
		from, _ := url.Parse(test.from)
		to, _ := url.Parse(test.to)
		if err := allowRedirect(from, to, test.before); (err == nil) != test.allowed {
			t.Errorf("%s to %s: %v", test.from, test.to, err)
		}
	}
}

func TestBaseURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://emea.example.com":                          "https://emea.example.com/tenantui",
		"https://emea.example.com/":                         "https://emea.example.com/tenantui",
		"https://emea.example.com/tenantui":                 "https://emea.example.com/tenantui",
		" https://emea.example.com/tenantui/ ":              "https://emea.example.com/tenantui",
		"https://emea.example.com:8443/tenantui//":          "https://emea.example.com:8443/tenantui",
		"https://emea.example.com/TenantUI":                 "https://emea.example.com/TenantUI",
		"https://emea.example.com/tenantui/api/v3/customer": "https://emea.example.com/tenantui",
		"https://proxy.example.com/emea":                    "https://proxy.example.com/emea/tenantui",
		"http://localhost:8080":                             "http://localhost:8080/tenantui",
		"http://[::1]:8080":                                 "http://[::1]:8080/tenantui",
		"http://emea.example.com":                           "",
		"http://localhost.example.com":                      "",
		"https://user:s3cr3t@emea.example.com":              "",
		"https://emea.example.com/?a=b":                     "",
		"ftp://emea.example.com":                            "",
		"emea.example.com/tenantui":                         "",
		"":                                                  "",
		"https://emea.example.com\x7f":                      "",
		"https://user:s3cr3t@emea.example.com:port/%zz":     "",
	} {
		u, err := baseURL(in)
		if want == "" {
			var config *ConfigError
			if !errors.As(err, &config) || config.Hint() == "" {
				t.Errorf("%q: %v, %v", in, u, err)
			} else if hasSecret(err.Error() + config.Hint()) {
				t.Errorf("%q: %v", in, err)
			}
			continue
		}
		if err != nil || u.String() != want {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
}

func TestStatusErrorsSayWhatToDo(t *testing.T) {
	for _, status := range []int{204, 206, 301, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504} {
		e := &StatusError{Status: status, URL: "https://x.example.com/tenantui"}
		if e.Hint() == "" || e.Error() == "" || http.StatusText(status) == "" {
			t.Errorf("%d: %v", status, e)
		}
	}
}
