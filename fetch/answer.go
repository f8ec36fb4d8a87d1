package fetch

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// receive decodes an answer while it comes in.
func (c *client) receive(resp *http.Response) (Portfolio, error) {
	if err := c.answered(resp); err != nil {
		return Portfolio{}, err
	}
	meter := &meter{body: resp.Body, total: resp.ContentLength, tell: c.event}
	p, err := Decode(meter, DecodeOptions{
		Instance: c.instance.Name,
		Source:   c.name(),
		URL:      c.base.String(),
		Limits:   c.opt.Limits,
		Progress: func(n int) { meter.customers = n },
		secrets:  c.scrub,
	})
	var data *DataError
	if errors.As(err, &data) && data.Why == whyPage {
		data.Advice = "it is probably a sign-in page: check the URL (" + adviceURL + ") and the credentials"
	}
	return p, err
}

// answered is an error unless the answer is of the kind that was asked for.
func (c *client) answered(resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return c.statusError(resp)
	}
	switch packing := resp.Header.Get("Content-Encoding"); packing {
	case "", "identity", "gzip", "x-gzip":
		return nil
	default:
		return &DataError{Offset: -1, Why: "the answer has an encoding that was not asked for: " + clean(packing, 40)}
	}
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// statusError keeps the beginning of what the instance said.
func (c *client) statusError(resp *http.Response) error {
	e := &StatusError{
		Status:     resp.StatusCode,
		URL:        cmp.Or(c.history, c.listURL()),
		History:    c.history != "",
		RetryAfter: c.asked(resp),
		Ready:      c.creds.token.reveal() != "",
	}
	in, err := open(resp.Body, 0)
	if err != nil {
		return e
	}
	head, _ := io.ReadAll(io.LimitReader(in, 16<<10)) // whatever came is enough
	text := strings.Trim(strings.TrimSpace(string(head)), `"`)
	if title := pageTitle.FindStringSubmatch(text); title != nil {
		text = title[1]
	}
	e.Body = c.scrub.clean(text, 200)
	return e
}
