package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"trueup/fetch/plain"
)

// maxFailedInARow is after how many customers without a history the others are not
// asked for: the instance has none to give, or is down.
const maxFailedInARow = 25

// histories adds the license history of each customer. One that cannot be had does
// not stop the others: its usage has Failed, and a problem says so.
func (c *client) histories(ctx context.Context, p *Portfolio, j *journal) {
	h := c.historian(ctx, p, j)
	var running sync.WaitGroup
	for range min(c.opt.UsageConcurrency, len(h.guids)) {
		running.Go(h.work)
	}
	running.Wait()
	if ctx.Err() != nil {
		return // what was found is in the journal
	}
	failed := 0
	for i := range p.Customers {
		customer := &p.Customers[i]
		found := h.found[h.at[customer.UmpCustomerGuid]]
		customer.Usage = found.usage
		if found.usage.Failed != "" {
			failed++
		}
		for _, n := range found.notes {
			p.Problems = append(p.Problems, problem(n.Kind, customer, "%s", n.Text))
		}
	}
	if failed > 0 {
		p.Problems = append(p.Problems, Problem{Kind: KindUsageUnknown, Instance: c.instance.Name,
			Text: fmt.Sprintf("the usage of %s of %s of %s is unknown: their license histories could not be had", plain.Number(failed), plain.Counted(len(p.Customers), "customer"), c.name())})
	}
	p.Problems = sorted(p.Problems)
}

// KindUsageUnknown is the kind of the problems about customers whose usage could not
// be had; one of them, without a GUID, counts them.
const KindUsageUnknown = "usage-unknown"

// historian asks for the histories of one instance's customers.
type historian struct {
	ctx     context.Context
	client  *client
	keys    *tokens
	journal *journal
	ask     asked

	guids []string // each once
	at    map[string]int
	found []history
	next  atomic.Int64 // of guids
	begun time.Time

	mu      sync.Mutex
	done    int
	skipped int    // of them, from the journal
	failed  int    // in a row
	why     string // the last one failed
}

func (c *client) historian(ctx context.Context, p *Portfolio, j *journal) *historian {
	h := &historian{ctx: ctx, client: c, journal: j, at: map[string]int{}, begun: time.Now()}
	for i := range p.Customers {
		guid := p.Customers[i].UmpCustomerGuid
		if _, twice := h.at[guid]; !twice {
			h.at[guid] = len(h.guids)
			h.guids = append(h.guids, guid)
		}
	}
	h.found = make([]history, len(h.guids))
	today := DayOf(c.opt.Now(), c.opt.Zone)
	h.ask = asked{first: today.AddMonths(-c.instance.UsageMonths - 1), last: today + 1, zone: c.opt.Zone, secrets: c.scrub}
	c.gate = &gate{}
	if c.opt.UsageRate > 0 {
		c.gate.every = time.Second / time.Duration(c.opt.UsageRate)
	}
	keys, err := c.keys(ctx) // of their own, since those of the list end with its time
	if err != nil {
		h.failed, h.why = maxFailedInARow, h.reason(err)
	}
	h.keys = keys
	c.event(Event{Stage: Histories, Of: len(h.guids)})
	return h
}

func (h *historian) work() {
	for h.ctx.Err() == nil {
		i := int(h.next.Add(1)) - 1
		if i >= len(h.guids) {
			return
		}
		h.found[i] = h.one(h.guids[i])
		h.tell()
	}
}

// tell says how many histories are there, and when all will be.
func (h *historian) tell() {
	h.mu.Lock()
	defer h.mu.Unlock() // so that the numbers are told in their order
	h.done++
	e := Event{Stage: Histories, Customers: h.done, Of: len(h.guids)}
	if asked := h.done - h.skipped; asked > 0 {
		e.Left = time.Since(h.begun) / time.Duration(asked) * time.Duration(e.Of-e.Customers)
	}
	h.client.event(e)
}

// one is the history of one customer: the journal's, or the instance's.
func (h *historian) one(guid string) history {
	if kept, ok := h.journal.of(h.client.instance.Name, guid); ok {
		h.mu.Lock()
		h.skipped++
		h.mu.Unlock()
		return kept
	}
	h.mu.Lock()
	stopped, why := h.failed >= maxFailedInARow, h.why
	h.mu.Unlock()
	if stopped {
		return unknownUsage("not asked for, since too many in a row failed: " + why)
	}
	found, err := h.request(guid)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		if concernsAll(err) {
			h.failed, h.why = h.failed+1, h.reason(err)
		}
		return unknownUsage(h.reason(err))
	}
	h.failed = 0
	h.journal.add(h.client.instance.Name, guid, found)
	return found
}

// concernsAll tells of a failure that may be the instance's: not of one that is
// about a single customer, such as one that has no history or a wrong one.
func concernsAll(err error) bool {
	var state *StatusError
	var data *DataError
	if errors.As(err, &state) {
		return state.Status != http.StatusNotFound && state.Status != http.StatusBadRequest
	}
	return !errors.As(err, &data) || data.Cut
}

func unknownUsage(why string) history {
	return history{&Usage{Failed: why}, []note{{KindUsageUnknown, ": its usage is unknown: " + why}}}
}

// request asks for one history, as often as the list may be asked for.
func (h *historian) request(guid string) (found history, err error) {
	if guid == "." || guid == ".." {
		return found, errors.New("its identity cannot stand in a URL")
	}
	ctx, cancel := context.WithTimeoutCause(h.ctx, h.client.opt.Retry.Total, errTotal)
	defer cancel()
	one := *h.client // with tries of its own
	quiet := *h.client.opt
	quiet.Progress = nil // of so many requests only their number is told
	one.opt, one.tries = &quiet, 0
	one.history = fmt.Sprintf("%s%s/%s/licenseinfo?nrOfMonths=%d", one.base, listPath, url.PathEscape(guid), one.instance.UsageMonths)
	ask := h.ask
	ask.guid = guid
	err = one.ask(ctx, h.keys, one.history, func(resp *http.Response) (err error) {
		if err := one.answered(resp); err != nil {
			return err
		}
		found, err = decodeHistory(resp.Body, ask)
		return err
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return found, err
}

// reason is why a history did not come, in one line, without the customer's name.
func (h *historian) reason(err error) string {
	why, _ := describe(err, h.client.scrub)
	if why == "" {
		why = h.client.scrub.clean(err.Error(), 300)
	}
	return why
}

// gate is what all requests of one instance pass: not before it is open again, and
// no more than one in a while. A nil gate is open.
type gate struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

// pass waits until the request may go, or ctx ends.
func (g *gate) pass(ctx context.Context) {
	if g == nil {
		return
	}
	g.mu.Lock()
	now := time.Now()
	if g.next.Before(now) {
		g.next = now
	}
	wait := g.next.Sub(now)
	g.next = g.next.Add(g.every)
	g.mu.Unlock()
	if wait <= 0 {
		return
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// close keeps everybody waiting for a while.
func (g *gate) close(wait time.Duration) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(wait); g.next.Before(until) {
		g.next = until
	}
}
