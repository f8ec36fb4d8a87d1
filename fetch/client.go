package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// client asks one instance for its customers.
type client struct {
	instance Instance
	base     *url.URL
	creds    credentials
	opt      *Options
	wire     *wire
	scrub    *scrubber
	tries    int    // of the request that is under way
	last     string // why its last try failed
	history  string // URL of the license history that is asked for; "" if it is the list
	gate     *gate  // that requests for histories pass; nil for the list
}

// newClient checks everything that can be known without the network.
func newClient(instance Instance, opt *Options) (*client, error) {
	base, err := baseURL(instance.URL)
	if err != nil {
		return nil, err
	}
	creds, err := instance.Auth.read(opt)
	if err != nil {
		return nil, err
	}
	if creds.token.reveal() == "" {
		if err := checkTokenURL(instance.Auth.tokenURL()); err != nil {
			return nil, err
		}
	}
	roots, err := Authorities(instance.CAFile)
	if err != nil {
		return nil, &ConfigError{Why: fmt.Sprintf("read the CA file: %v", err), Advice: "name a PEM file of certificates"}
	}
	return &client{
		instance: instance, base: base, creds: creds, opt: opt, scrub: &scrubber{},
		wire: newWire(newTransport(opt, roots)),
	}, nil
}

func checkTokenURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return &ConfigError{Why: "the token URL cannot be read", Advice: "it is https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token"}
	}
	return safeScheme(u)
}

// listURL is the URL of the first request to the instance.
func (c *client) listURL() string {
	return c.base.String() + listPath + "?allDetails=true"
}

// fetch brings the whole list, or says why it does not come, and then the license
// histories, if they are wanted.
func (c *client) fetch(ctx context.Context, j *journal) (Portfolio, *InstanceError) {
	defer c.wire.CloseIdleConnections()
	c.hideProxyPassword()
	c.event(Event{Stage: Asking})
	p, failure := c.wholeList(ctx)
	if failure != nil {
		c.event(Event{Stage: Failed, Err: failure})
		return Portfolio{}, failure
	}
	if c.instance.UsageMonths > 0 {
		c.histories(ctx, &p, j)
	}
	c.event(Event{Stage: Done, Customers: len(p.Customers)})
	return p, nil
}

func (c *client) wholeList(ctx context.Context) (Portfolio, *InstanceError) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.opt.Retry.Total, errTotal)
	defer cancel()
	p, err := c.list(ctx)
	if err == nil && len(p.Customers) == 0 && !c.opt.AllowEmpty {
		err = ErrEmpty
	}
	if err != nil {
		return Portfolio{}, c.failure(ctx, err)
	}
	return p, nil
}

// list sends the request, tries again where that may help, and decodes the answer
// while it comes in.
func (c *client) list(ctx context.Context) (Portfolio, error) {
	keys, err := c.keys(ctx)
	if err != nil {
		return Portfolio{}, err
	}
	var p Portfolio
	err = c.ask(ctx, keys, c.listURL(), func(resp *http.Response) (err error) {
		p, err = c.receive(resp)
		return err
	})
	if err != nil {
		return Portfolio{}, err
	}
	return p, nil
}

// keys are tokens to ask with, one of which is there already. What is asked for
// them ends with ctx.
func (c *client) keys(ctx context.Context) (*tokens, error) {
	own := *c // with tries of its own: of requests side by side one may ask for a new token
	sender := own.retrying(own.wire)
	sender.ErrorHandler = func(resp *http.Response, err error, _ int) (*http.Response, error) {
		if err != nil {
			return nil, err
		}
		return resp, nil // the token library reads what the endpoint says
	}
	keys := newTokens(ctx, c.instance.Auth, c.creds, sender.StandardClient(), c.scrub)
	_, err := keys.get()
	if err != nil {
		c.tries = own.tries
	}
	return keys, err
}

// ask sends one request and gives the answer to receive, again where that may help.
func (c *client) ask(ctx context.Context, keys *tokens, url string, receive func(*http.Response) error) error {
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("User-Agent", "trueup/"+c.opt.Version)
	request.SetResponseHandler(receive)
	resp, err := c.retrying(&bearer{c.base.Host, keys, c.wire}).Do(request)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// retrying is the retry library with trueup's decisions and without its log.
func (c *client) retrying(next http.RoundTripper) *retryablehttp.Client {
	limits := c.opt.Retry
	return &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: next, CheckRedirect: checkRedirect, Timeout: c.opt.Timeouts.Whole},
		RetryMax:     limits.Attempts - 1,
		RetryWaitMin: limits.WaitMin,
		RetryWaitMax: limits.WaitMax,
		CheckRetry:   c.checkRetry,
		Backoff:      c.pause,
		ErrorHandler: c.gaveUp,
		RequestLogHook: func(_ retryablehttp.Logger, r *http.Request, _ int) {
			c.tries++
			c.gate.pass(r.Context())
		},
	}
}

func (c *client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	c.last = "the connection broke off"
	status := 0
	if err != nil {
		if why, _ := describe(err, c.scrub); why != "" {
			c.last = why
		}
	} else {
		status = resp.StatusCode
		c.last = c.scrub.clean(resp.Status, 80)
		if deadline, ok := ctx.Deadline(); ok && c.asked(resp) > time.Until(deadline) {
			return false, nil // the wait would outlast the total time: fail now
		}
	}
	return retriable(status, err), nil
}

// pause says how long to wait before the next try, and tells the log and the progress.
func (c *client) pause(min, max time.Duration, failed int, resp *http.Response) time.Duration {
	wait := backoff(min, max, failed, c.asked(resp), c.opt.Jitter())
	c.opt.Log.Warn("try again", "instance", c.name(), "try", failed+2, "wait", wait.Round(time.Millisecond).String(), "reason", c.last)
	c.event(Event{Stage: Waiting, Wait: wait})
	if resp != nil && resp.StatusCode == http.StatusTooManyRequests {
		c.gate.close(wait)
	}
	return wait
}

// asked is how long the instance wants trueup to wait.
func (c *client) asked(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	return retryAfter(resp.Header.Get("Retry-After"), c.opt.Now())
}

// gaveUp turns the last answer into an error.
func (c *client) gaveUp(resp *http.Response, err error, _ int) (*http.Response, error) {
	if resp != nil {
		defer resp.Body.Close()
	}
	if err == nil {
		err = c.statusError(resp)
	}
	return nil, err
}

// failure says what went wrong, in one line and without secrets.
func (c *client) failure(ctx context.Context, err error) *InstanceError {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	why, advice := describe(err, c.scrub)
	if why == "" {
		why = c.scrub.clean(err.Error(), 300)
	}
	return &InstanceError{Instance: c.instance.Name, URL: c.base.String(), Tries: c.tries, Why: why, Advice: advice, Err: err}
}

func (c *client) name() string {
	if c.instance.Name != "" {
		return c.instance.Name
	}
	return c.base.Host
}

func (c *client) event(e Event) {
	if c.opt.Progress == nil {
		return
	}
	e.Instance, e.Try = c.name(), max(1, c.tries)
	c.opt.Progress(e)
}

// hideProxyPassword keeps the proxy's password out of all messages.
func (c *client) hideProxyPassword() {
	r, err := http.NewRequest(http.MethodGet, c.listURL(), nil)
	if err != nil {
		return
	}
	if proxy, err := c.opt.Proxy(r); err == nil && proxy != nil {
		if password, ok := proxy.User.Password(); ok {
			c.scrub.add(newSecret(password))
		}
	}
}
