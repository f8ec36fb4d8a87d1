package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"trueup/fetch/plain"
)

// run is one sending under way.
type run struct {
	Job
	scrub      *plain.Scrubber // of what the server knows
	root       *os.Root
	composer   *composer
	letters    []*pending
	ledger     *ledger
	deliveries []Delivery
	noAddress  []string
}

// pending is a letter with those who have not got it yet.
type pending struct {
	*Letter
	left []string
	last map[string]verdict // of each of left
}

// prepare reads and checks everything that can be before the first mail.
func (j Job) prepare() (*run, error) {
	if err := checkGuards(j.Dir, j.Manifest, j.Guards); err != nil {
		return nil, err
	}
	j.Settings = j.Settings.withDefaults()
	root, err := os.OpenRoot(j.Dir)
	if err != nil {
		return nil, fmt.Errorf("open reports: %w", err)
	}
	r := &run{Job: j, root: root, scrub: &plain.Scrubber{}}
	r.scrub.Add(j.Settings.Password)
	if err := r.compose(); err != nil {
		root.Close()
		return nil, err
	}
	return r, nil
}

func (r *run) compose() error {
	if slices.Contains(r.Guards.Allow, GuardFiles) {
		r.Manifest.Files = asTheyAre(r.root, r.Manifest.Files)
	}
	list, noAddress, err := letters(r.Manifest, r.Dir, r.Settings)
	if err != nil {
		return err
	}
	r.noAddress = noAddress
	if len(list) == 0 {
		return ErrNobody
	}
	if r.composer, err = newComposer(r.Settings); err != nil {
		return err
	}
	for _, l := range list {
		if _, err := r.composer.write(l); err != nil { // a broken template sends nothing
			return err
		}
		r.letters = append(r.letters, &pending{Letter: l, last: map[string]verdict{}})
	}
	return nil
}

// run sends in rounds: what failed and may pass is tried again after a pause.
func (r *run) run(ctx context.Context) error {
	open := r.open()
	s := &server{settings: r.Settings, scrub: r.scrub, from: bare(r.Settings.From), dialer: r.Dial}
	if s.dialer == nil {
		s.dialer = new(net.Dialer).DialContext
	}
	defer s.close()
	wait := r.Settings.Backoff
	for round := 1; len(open) > 0; round++ {
		var err error
		if open, err = r.round(ctx, s, open); err != nil {
			r.giveUp(open) // for the result: err says that the ledger cannot be written
			return err
		}
		if len(open) == 0 || round >= r.Settings.Attempts {
			break
		}
		s.close()
		r.log("%d mails wait %s for another try", len(open), wait)
		if err := sleep(ctx, wait); err != nil {
			break
		}
		wait = min(2*wait, maxBackoff)
	}
	return r.giveUp(open)
}

// open are the letters with the recipients that the ledger does not have.
func (r *run) open() (open []*pending) {
	for _, l := range r.letters {
		for _, to := range l.recipients() {
			if !r.Resend && r.ledger.has(l.id, to) {
				r.note(l, to, Already, "")
				continue
			}
			l.left = append(l.left, to)
		}
		if len(l.left) > 0 {
			open = append(open, l)
		}
	}
	return open
}

// round tries every open letter once and gives those to try again. An error
// is one of the ledger: then nothing more may be sent.
func (r *run) round(ctx context.Context, s *server, open []*pending) (again []*pending, err error) {
	for i, l := range open {
		if err := s.connect(ctx); err != nil {
			return r.unreachable(open[i:], again, err)
		}
		message, err := r.composer.message(l.Letter, r.root)
		if err != nil {
			if err := r.refuse(l, err); err != nil {
				return append(again, open[i+1:]...), err
			}
			continue
		}
		if err := r.settle(l, s.send(ctx, message, l.left)); err != nil {
			return append(again, open[i:]...), err
		}
		if len(l.left) > 0 {
			again = append(again, l)
		}
	}
	return again, nil
}

// unreachable notes that the rest of a round found no server: for another
// round, or for good.
func (r *run) unreachable(rest, again []*pending, cause error) ([]*pending, error) {
	var never fatal
	if !errors.As(cause, &never) {
		for _, l := range rest {
			for _, to := range l.left {
				l.last[to] = verdict{err: cause, again: true}
			}
		}
		return append(again, rest...), nil
	}
	for _, l := range append(again, rest...) {
		if err := r.refuse(l, cause); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// refuse ends a letter for all who have not got it.
func (r *run) refuse(l *pending, cause error) error {
	verdicts := map[string]verdict{}
	for _, to := range l.left {
		verdicts[to] = verdict{err: cause}
	}
	return r.settle(l, verdicts)
}

// settle records what came of a letter and keeps who may try again.
func (r *run) settle(l *pending, verdicts map[string]verdict) error {
	var left []string
	for i, to := range l.left {
		v := verdicts[to]
		if v.err != nil && v.again {
			l.last[to] = v
			left = append(left, to)
			continue
		}
		if err := r.record(l, to, v); err != nil {
			l.left = append(left, l.left[i+1:]...)
			return err
		}
	}
	l.left = left
	return nil
}

// giveUp records what is still open after the last round.
func (r *run) giveUp(open []*pending) error {
	var errs []error
	for _, l := range open {
		for _, to := range l.left {
			v := l.last[to]
			if v.err == nil {
				v.err = errors.New("not tried: the run was stopped")
			}
			errs = append(errs, r.record(l, to, v))
		}
	}
	return errors.Join(errs...)
}

// record writes the ledger first: what is not in it will be sent again.
func (r *run) record(l *pending, to string, v verdict) error {
	status, answer := Sent, r.scrub.Clean(v.answer, 200)
	if v.err != nil {
		status, answer = Failed, r.scrub.Clean(v.err.Error(), 500)
	}
	r.note(l, to, status, answer)
	return r.ledger.add(r.deliveries[len(r.deliveries)-1].Record)
}

func (r *run) note(l *pending, to string, status Status, answer string) {
	r.deliveries = append(r.deliveries, Delivery{Manager: l.Manager,
		Record: Record{Time: r.Now().UTC(), Recipient: to, MessageID: l.id, Pack: l.pack, Status: status, Answer: answer}})
	r.log("mail to %s: %s %s", to, status, answer)
}

func (r *run) log(format string, args ...any) {
	if r.Log != nil {
		r.Log(strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// result lists the deliveries in the order of the letters.
func (r *run) result() Result {
	order := map[string]int{}
	for i, l := range r.letters {
		order[l.id] = i
	}
	slices.SortStableFunc(r.deliveries, func(a, b Delivery) int { return order[a.MessageID] - order[b.MessageID] })
	return Result{Deliveries: r.deliveries, NoAddress: r.noAddress}
}

func bare(address string) string {
	a, err := mail.ParseAddress(address)
	if err != nil {
		return address
	}
	return a.Address
}
