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

// listURL is the URL of the only request to the instance.
func (c *client) listURL() string {
	return c.base.String() + listPath + "?allDetails=true"
}

// fetch brings the whole list, or says why it does not come.
func (c *client) fetch(ctx context.Context) (Portfolio, *InstanceError) {
	defer c.wire.CloseIdleConnections()
	ctx, cancel := context.WithTimeoutCause(ctx, c.opt.Retry.Total, errTotal)
	defer cancel()
	c.hideProxyPassword()
	c.event(Event{Stage: Asking})
	p, err := c.list(ctx)
	if err == nil && len(p.Customers) == 0 && !c.opt.AllowEmpty {
		err = ErrEmpty
	}
	if err != nil {
		failure := c.failure(ctx, err)
		c.event(Event{Stage: Failed, Err: failure})
		return Portfolio{}, failure
	}
	c.event(Event{Stage: Done, Customers: len(p.Customers)})
	return p, nil
}

// list sends the request, tries again where that may help, and decodes the answer
// while it comes in.
func (c *client) list(ctx context.Context) (Portfolio, error) {
	sender := c.retrying(c.wire)
	sender.ErrorHandler = func(resp *http.Response, err error, _ int) (*http.Response, error) {
		if err != nil {
			return nil, err
		}
		return resp, nil // the token library reads what the endpoint says
	}
	keys := newTokens(ctx, c.instance.Auth, c.creds, sender.StandardClient(), c.scrub)
	if _, err := keys.get(); err != nil {
		return Portfolio{}, err
	}
	c.tries, sender.RequestLogHook = 0, nil // from here on only the list's tries count
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, c.listURL(), nil)
	if err != nil {
		return Portfolio{}, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("User-Agent", "trueup/"+c.opt.Version)
	var p Portfolio
	request.SetResponseHandler(func(resp *http.Response) (err error) {
		p, err = c.receive(resp)
		return err
	})
	resp, err := c.retrying(&bearer{c.base.Host, keys, c.wire}).Do(request)
	if err != nil {
		return Portfolio{}, err
	}
	return p, resp.Body.Close()
}

// retrying is the retry library with trueup's decisions and without its log.
func (c *client) retrying(next http.RoundTripper) *retryablehttp.Client {
	limits := c.opt.Retry
	return &retryablehttp.Client{
		HTTPClient:     &http.Client{Transport: next, CheckRedirect: checkRedirect, Timeout: c.opt.Timeouts.Whole},
		RetryMax:       limits.Attempts - 1,
		RetryWaitMin:   limits.WaitMin,
		RetryWaitMax:   limits.WaitMax,
		CheckRetry:     c.checkRetry,
		Backoff:        c.pause,
		ErrorHandler:   c.gaveUp,
		RequestLogHook: func(retryablehttp.Logger, *http.Request, int) { c.tries++ },
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
