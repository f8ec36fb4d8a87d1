package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Instance is one Live Platform instance to ask for its customers.
type Instance struct {
	Name   string // as reports call it; needed and unique if there are several
	URL    string // base URL, with or without /tenantui; https, or http to loopback
	Auth   Auth
	CAFile string // PEM file of further trusted authorities; "" for the system's alone
	// UsageMonths is how many months of license history to ask for of each customer; 0 asks for none.
	UsageMonths int
}

// Auth says where an instance's credentials are: a ready token, or Entra client
// credentials. It names secrets and never holds one.
type Auth struct {
	TokenEnv  string // environment variable with a ready Bearer token
	TokenFile string // or file with one

	TenantID         string // Entra tenant of the service provider
	ClientID         string // app registration
	ClientSecretEnv  string // environment variable with its secret
	ClientSecretFile string // or file with it
	Scope            string // api://<application id>/.default
	TokenURL         string // "" for Microsoft's endpoint of the tenant
}

// AuthFromEnv names the credentials in the TRUEUP_ variables. A ready token
// takes precedence over client credentials.
func AuthFromEnv(lookup func(string) (string, bool)) Auth {
	get := func(name string) string {
		value, _ := lookup(name)
		return strings.TrimSpace(value)
	}
	if get("TRUEUP_TOKEN") != "" {
		return Auth{TokenEnv: "TRUEUP_TOKEN"}
	}
	auth := Auth{
		TenantID: get("TRUEUP_TENANT_ID"),
		ClientID: get("TRUEUP_CLIENT_ID"),
		Scope:    get("TRUEUP_SCOPE"),
		TokenURL: get("TRUEUP_TOKEN_URL"),
	}
	if get("TRUEUP_CLIENT_SECRET") != "" {
		auth.ClientSecretEnv = "TRUEUP_CLIENT_SECRET"
	}
	return auth
}

// Timeouts bound the waiting. Zero takes the default of DefaultTimeouts.
type Timeouts struct {
	Connect time.Duration // TCP connection
	TLS     time.Duration // TLS handshake
	Header  time.Duration // from the request to the answer's header: the instance makes the whole list first
	Whole   time.Duration // one try, from the connection to the last byte
}

// DefaultTimeouts suit an instance of some thousand customers on a slow line.
var DefaultTimeouts = Timeouts{Connect: 15 * time.Second, TLS: 15 * time.Second, Header: 2 * time.Minute, Whole: 10 * time.Minute}

// Retry bounds how often a passing failure is tried again. Zero takes the
// default of DefaultRetry.
type Retry struct {
	Attempts int           // tries in all, the first included
	WaitMin  time.Duration // pause after the first failure; it doubles from one to the next
	WaitMax  time.Duration // longest pause of trueup's own; Retry-After may ask for a longer one
	Total    time.Duration // one instance in all: tries, pauses, token
}

// DefaultRetry gives a service some minutes to restart.
var DefaultRetry = Retry{Attempts: 5, WaitMin: time.Second, WaitMax: time.Minute, Total: 30 * time.Minute}

// Options are what FetchAll needs besides the instances. Only Lookup is required.
type Options struct {
	Lookup     func(name string) (string, bool) // environment
	Version    string                           // for User-Agent
	Timeouts   Timeouts
	Retry      Retry
	Limits     Limits                                                               // of each answer
	AllowEmpty bool                                                                 // an empty list is an answer, not a failure
	Progress   func(Event)                                                          // may be nil; called from several goroutines
	Log        *slog.Logger                                                         // retries and warnings; nil for none
	Proxy      func(*http.Request) (proxy *url.URL, err error)                      // http.ProxyFromEnvironment if nil
	Dial       func(ctx context.Context, network, address string) (net.Conn, error) // net.Dialer's if nil
	Jitter     func() float64                                                       // in [0,1); math/rand's if nil
	Now        func() time.Time                                                     // for Retry-After with a date; time.Now if nil

	UsageConcurrency int            // license histories asked for side by side, of one instance; DefaultUsageConcurrency if 0
	UsageRate        int            // requests for them a second, of one instance; 0 for no limit
	Zone             *time.Location // whose days the histories have; UTC if nil
	Journal          string         // file that remembers the histories that came, until JournalDone; "" for none
	Resume           bool           // take up the journal that an interrupted fetch left
}

// DefaultUsageConcurrency is gentle to an instance that says nothing of its limits.
const DefaultUsageConcurrency = 8

// ConfigError is a wrong instance setting, found before anything is sent.
type ConfigError struct {
	Instance string
	Why      string
	Advice   string
}

func (e *ConfigError) Error() string {
	if e.Instance == "" {
		return e.Why
	}
	return fmt.Sprintf("instance %s: %s", clean(e.Instance, 80), e.Why)
}

// Hint says what the reader of the message can do.
func (e *ConfigError) Hint() string { return e.Advice }

// listPath is the path of the customer list. Source: the vendor's API page.
const listPath = "/api/v3/customer"

// baseURL brings an instance's URL into the form https://host/tenantui.
func baseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil: // its text would quote the URL, and with it a password
		return nil, &ConfigError{Why: "the URL cannot be read", Advice: adviceURL}
	case u.User != nil:
		return nil, &ConfigError{Why: "the URL holds credentials", Advice: "take them out; " + adviceCredentials}
	case u.Host == "":
		return nil, &ConfigError{Why: fmt.Sprintf("the URL %q names no host", clean(text, 120)), Advice: adviceURL}
	case u.RawQuery != "" || u.Fragment != "":
		return nil, &ConfigError{Why: "the URL has a query or a fragment", Advice: adviceURL}
	}
	if err := safeScheme(u); err != nil {
		return nil, err
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimRight(strings.TrimSuffix(path, listPath), "/")
	if !strings.HasSuffix(strings.ToLower(path), "/tenantui") {
		path += "/tenantui"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, nil
}

const adviceURL = "the URL is https://<service provider host>/tenantui"

// safeScheme refuses to send a secret in the clear to another machine.
func safeScheme(u *url.URL) error {
	switch {
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip.IsLoopback() {
			return nil
		}
		return &ConfigError{Why: fmt.Sprintf("plain http to %s would show the token to the network", clean(u.Host, 80)), Advice: "use https"}
	}
	return &ConfigError{Why: fmt.Sprintf("the URL has the scheme %q", clean(u.Scheme, 20)), Advice: adviceURL}
}
