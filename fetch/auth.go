package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// AuthError says why there is no token.
type AuthError struct {
	Why    string
	Advice string
	Err    error
}

func (e *AuthError) Error() string { return e.Why }
func (e *AuthError) Unwrap() error { return e.Err }

// Hint says what the reader of the message can do.
func (e *AuthError) Hint() string { return e.Advice }

// tokens hands out the token of one instance: a ready one, or one that is
// reused until it expires and renewed once if the instance rejects it.
type tokens struct {
	mu      sync.Mutex
	source  oauth2.TokenSource
	fresh   func() oauth2.TokenSource // nil for a ready token
	renewed bool
	last    string // the token handed out last
	scrub   *scrubber
}

// newTokens prepares the token source. Its requests go through client and end with ctx.
func newTokens(ctx context.Context, auth Auth, c credentials, client *http.Client, scrub *scrubber) *tokens {
	if token := c.token.reveal(); token != "" {
		scrub.add(c.token)
		return &tokens{source: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), scrub: scrub}
	}
	scrub.add(c.clientSecret)
	config := &clientcredentials.Config{
		ClientID:     auth.ClientID,
		ClientSecret: c.clientSecret.reveal(),
		TokenURL:     auth.tokenURL(),
		Scopes:       []string{auth.Scope},
		AuthStyle:    oauth2.AuthStyleInParams, // as Microsoft documents it; guessing would send the secret twice
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	fresh := func() oauth2.TokenSource { return config.TokenSource(ctx) }
	return &tokens{source: fresh(), fresh: fresh, scrub: scrub}
}

// tokenURL is Microsoft's endpoint of the tenant unless another one is set.
// Source: Microsoft identity platform, client credentials flow.
func (a Auth) tokenURL() string {
	if a.TokenURL != "" {
		return a.TokenURL
	}
	return "https://login.microsoftonline.com/" + a.TenantID + "/oauth2/v2.0/token"
}

func (t *tokens) get() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	token, err := t.source.Token()
	if err != nil {
		return "", tokenError(err, t.scrub)
	}
	t.scrub.add(newSecret(token.AccessToken))
	t.last = token.AccessToken
	return token.AccessToken, nil
}

// renew drops a token that the instance rejected; false if there is no other.
// Of requests side by side the first one renews it for all.
func (t *tokens) renew(rejected string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last != rejected {
		return true
	}
	if t.fresh == nil || t.renewed {
		return false
	}
	t.renewed, t.last = true, ""
	t.source = t.fresh()
	return true
}

// bearer adds the token to every request to its host.
type bearer struct {
	host   string
	tokens *tokens
	next   http.RoundTripper
}

func (b *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	token, resp, err := b.send(r)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || !b.tokens.renew(token) {
		return resp, err
	}
	io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10)) // so that the connection can be reused
	resp.Body.Close()
	_, resp, err = b.send(r)
	return resp, err
}

// send also says which token it sent.
func (b *bearer) send(r *http.Request) (token string, resp *http.Response, err error) {
	if r.URL.Host != b.host {
		return "", nil, &RedirectError{r.URL.Host, "the token is for " + b.host}
	}
	if token, err = b.tokens.get(); err != nil {
		return "", nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err = b.next.RoundTrip(r)
	return token, resp, err
}

var entraCode = regexp.MustCompile(`AADSTS(\d+)`)

// entraMeaning is what the codes mean for whoever set up the app
// registration. Source: Microsoft Entra authentication error codes.
var entraMeaning = map[string]string{
	"53003":   "a Conditional Access policy blocks the app: ask the Entra administrator",
	"70011":   "the scope is not valid: it is api://<application id>/.default",
	"90002":   "the tenant does not exist: check the tenant id",
	"500011":  "the scope names an application that the tenant does not have: check the scope's application id",
	"501051":  "the app registration has no role on the application: have its permission granted",
	"700016":  "the tenant does not know the app registration: check client id and tenant id",
	"900023":  "the tenant id is not valid: it is a GUID or a domain name",
	"1002012": "the scope must end in /.default",
	"7000112": "the app registration is disabled: ask the Entra administrator",
	"7000215": "the client secret is wrong: use the secret's value, not its id",
	"7000218": "the client secret did not arrive: check that it is set",
	"7000222": "the client secret has expired: make a new one in the app registration",
}

// tokenError says in one line why there is no token.
func tokenError(err error, scrub *scrubber) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return refusedToken(answer, scrub)
	}
	if why, advice := describe(err, scrub); why != "" {
		return &AuthError{Why: "get a token: " + why, Advice: advice, Err: err}
	}
	return &AuthError{Why: "the token endpoint gave no token: " + scrub.clean(err.Error(), 200),
		Advice: "check the tenant id, or the token URL if it is not Microsoft's"}
}

func refusedToken(answer *oauth2.RetrieveError, scrub *scrubber) error {
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	text := cmp.Or(answer.ErrorDescription, answer.ErrorCode, string(answer.Body))
	e := &AuthError{
		Why:    fmt.Sprintf("the token endpoint refused the credentials (%d): %s", status, scrub.clean(text, 300)),
		Advice: "check client id, client secret, tenant id and scope of the app registration",
	}
	if status >= 500 || status == http.StatusTooManyRequests {
		e.Why = fmt.Sprintf("the token endpoint is not available (%d): %s", status, scrub.clean(text, 300))
		e.Advice = "try again later"
	}
	if code := entraCode.FindStringSubmatch(text); code != nil && entraMeaning[code[1]] != "" {
		e.Advice = "AADSTS" + code[1] + ": " + entraMeaning[code[1]]
	}
	return e
}
