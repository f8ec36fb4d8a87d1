package fetch

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxSideBySide bounds how many instances are asked at the same time.
const maxSideBySide = 8

// FetchAll asks all instances side by side and brings their customers into one
// portfolio, without AsOf. The error is
//   - a *ConfigError, or several joined, before anything is sent;
//   - the context's, if it ended;
//   - a *FetchError that lists the instances that failed. The portfolio then holds
//     the others' customers, and each gap as a Source with Failed and a Problem.
func FetchAll(ctx context.Context, instances []Instance, opt Options) (Portfolio, error) {
	opt = opt.withDefaults()
	clients, err := newClients(instances, &opt)
	if err != nil {
		return Portfolio{}, err
	}
	j, err := openJournal(clients, &opt)
	if err != nil {
		return Portfolio{}, err
	}
	defer j.close()
	answers := make([]Portfolio, len(clients))
	failures := make([]*InstanceError, len(clients))
	var running sync.WaitGroup
	seats := make(chan struct{}, maxSideBySide)
	for i, c := range clients {
		running.Go(func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			answers[i], failures[i] = c.fetch(ctx, j)
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return Portfolio{}, within("fetch", context.Cause(ctx))
	}
	return merge(clients, answers, failures)
}

func (opt Options) withDefaults() Options {
	t, r := &opt.Timeouts, &opt.Retry
	t.Connect = cmp.Or(t.Connect, DefaultTimeouts.Connect)
	t.TLS = cmp.Or(t.TLS, DefaultTimeouts.TLS)
	t.Header = cmp.Or(t.Header, DefaultTimeouts.Header)
	t.Whole = cmp.Or(t.Whole, DefaultTimeouts.Whole)
	r.Attempts = cmp.Or(r.Attempts, DefaultRetry.Attempts)
	r.WaitMin = cmp.Or(r.WaitMin, DefaultRetry.WaitMin)
	r.WaitMax = cmp.Or(r.WaitMax, DefaultRetry.WaitMax)
	r.Total = cmp.Or(r.Total, DefaultRetry.Total)
	opt.UsageConcurrency = cmp.Or(opt.UsageConcurrency, DefaultUsageConcurrency)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.Version = cmp.Or(opt.Version, "unknown")
	if opt.Proxy == nil {
		opt.Proxy = http.ProxyFromEnvironment
	}
	if opt.Dial == nil {
		opt.Dial = (&net.Dialer{Timeout: t.Connect, KeepAlive: 30 * time.Second}).DialContext
	}
	if opt.Jitter == nil {
		opt.Jitter = rand.Float64
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return opt
}

// newClients checks all instances and reports every mistake at once.
func newClients(instances []Instance, opt *Options) ([]*client, error) {
	if len(instances) == 0 {
		return nil, &ConfigError{Why: "there is no instance to fetch from", Advice: "give --url, or instances in the settings"}
	}
	var wrong []error
	var clients []*client
	seen := map[string]bool{}
	for _, instance := range instances {
		name := instance.Name
		switch {
		case name == "" && len(instances) > 1:
			wrong = append(wrong, &ConfigError{Why: "one of several instances has no name", Advice: "give each instance a name"})
			continue
		case seen[name]:
			wrong = append(wrong, &ConfigError{Instance: name, Why: "the name is used twice", Advice: "give each instance a name of its own"})
			continue
		}
		seen[name] = true
		c, err := newClient(instance, opt)
		var config *ConfigError
		if errors.As(err, &config) {
			config.Instance = name
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if twin := sameAs(c, clients); twin != "" {
			wrong = append(wrong, &ConfigError{Instance: name, Why: "it is the same instance as " + clean(twin, 80),
				Advice: "remove one of them: its customers would count twice"})
		}
		clients = append(clients, c)
	}
	slices.SortFunc(clients, func(a, b *client) int { return strings.Compare(a.instance.Name, b.instance.Name) })
	return clients, errors.Join(wrong...)
}

// sameAs is the name of another client that would get the same list; "" if none.
func sameAs(c *client, others []*client) string {
	for _, o := range others {
		if strings.EqualFold(o.base.String(), c.base.String()) && o.instance.Auth == c.instance.Auth {
			return o.instance.Name
		}
	}
	return ""
}

// merge makes one portfolio of the answers and names the instances that failed.
func merge(clients []*client, answers []Portfolio, failures []*InstanceError) (Portfolio, error) {
	var p Portfolio
	failed := &FetchError{Of: len(clients)}
	for i, c := range clients {
		if f := failures[i]; f != nil {
			failed.Failed = append(failed.Failed, f)
			p.Sources = append(p.Sources, Source{Name: c.name(), URL: c.base.String(), Failed: f.Why})
			p.Problems = append(p.Problems, Problem{Kind: "instance-failed", Text: "nothing came from instance " + c.name() + ": " + f.Why, Instance: c.instance.Name})
			continue
		}
		p.Sources = append(p.Sources, answers[i].Sources...)
		p.Customers = append(p.Customers, answers[i].Customers...)
		p.Problems = append(p.Problems, answers[i].Problems...)
	}
	p.Problems = sorted(p.Problems)
	if len(failed.Failed) > 0 {
		return p, failed
	}
	return p, nil
}
