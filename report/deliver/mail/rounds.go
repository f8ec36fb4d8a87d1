package mail

import (
	"bytes"
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
	"trueup/report/deliver"
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
	message   func() ([]byte, error)
	left      []string
	last      map[string]verdict // of each of left
	uncertain map[string]bool    // whose mail may have arrived already: a try was cut off
}

func newPending(l *Letter) *pending {
	return &pending{Letter: l, last: map[string]verdict{}, uncertain: map[string]bool{}}
}

func newRun(j Job) *run {
	r := &run{Job: j, scrub: &plain.Scrubber{}}
	r.scrub.Add(j.Settings.Password)
	return r
}

// prepare reads and checks everything that can be before the first mail.
func (j Job) prepare() (*run, error) {
	if err := j.Check(); err != nil {
		return nil, err
	}
	j.Settings = j.Settings.withDefaults()
	root, err := os.OpenRoot(j.Dir)
	if err != nil {
		return nil, fmt.Errorf("open reports: %w", err)
	}
	r := newRun(j)
	r.root = root
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
	list, noAddress := letters(r.Manifest, r.Dir, r.Settings)
	r.noAddress = noAddress
	if len(list) == 0 {
		return ErrNobody
	}
	var err error
	if r.composer, err = newComposer(r.Settings); err != nil {
		return err
	}
	for _, l := range list {
		if _, err := r.composer.write(l); err != nil { // a broken template sends nothing
			return err
		}
		p := newPending(l)
		p.message = func() ([]byte, error) { return r.composer.message(l, r.root) }
		r.letters = append(r.letters, p)
	}
	return nil
}

// recall gives the letters the Message-IDs of earlier versions, which took them
// from the bytes of the manifest: as it is here, and as it lies in the folder.
func (r *run) recall() error {
	var here bytes.Buffer
	if err := r.Manifest.Write(&here); err != nil {
		return err
	}
	manifests := [][]byte{here.Bytes()}
	if there, err := r.root.ReadFile(deliver.ManifestName); err == nil && !bytes.Equal(there, here.Bytes()) {
		manifests = append(manifests, there)
	}
	for _, l := range r.letters {
		l.formerly = l.formerIDs(manifests...)
	}
	return nil
}

// run sends letters in rounds: what failed and may pass is tried again after a
// pause.
func (r *run) run(ctx context.Context, open []*pending) error {
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

// round tries every open letter once and gives those to try again. An error
// is one of the ledger: then nothing more may be sent.
func (r *run) round(ctx context.Context, s *server, open []*pending) (again []*pending, err error) {
	for i, l := range open {
		if err := s.connect(ctx); err != nil {
			return r.unreachable(open[i:], again, err)
		}
		message, err := l.message()
		if err != nil {
			if err := r.refuse(l, err); err != nil {
				return append(again, open[i+1:]...), err
			}
			continue
		}
		verdicts, err := s.send(ctx, message, l.left, func(taken []string) error { return r.intend(l, taken) })
		if err == nil {
			err = r.settle(l, verdicts)
		}
		if err != nil {
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

// intend notes that a letter is about to be handed over for some recipients:
// should the run end before the answer is in the ledger, the next one knows.
func (r *run) intend(l *pending, taken []string) error {
	var records []Record
	for _, to := range taken {
		records = append(records, r.recordOf(l, to, Intent, ""))
	}
	return r.ledger.add(records...)
}

// settle records what came of a letter and keeps who may try again.
func (r *run) settle(l *pending, verdicts map[string]verdict) error {
	var left []string
	var records []Record
	for _, to := range l.left {
		v := verdicts[to]
		l.uncertain[to] = l.uncertain[to] || v.cut
		switch {
		case v.err == nil || !v.again:
			records = append(records, r.end(l, to, v))
			continue
		case v.tried && !v.cut: // so that the intent is not the last that is known
			records = append(records, r.recordOf(l, to, Failed, r.scrub.Clean(v.err.Error(), 500)))
		}
		l.last[to] = v
		left = append(left, to)
	}
	l.left = left
	return r.ledger.add(records...)
}

// giveUp records what is still open after the last round.
func (r *run) giveUp(open []*pending) error {
	var records []Record
	for _, l := range open {
		for _, to := range l.left {
			v := l.last[to]
			if v.err == nil {
				v.err = errors.New("not tried: the run was stopped")
			}
			records = append(records, r.end(l, to, v))
		}
	}
	return r.ledger.add(records...)
}

// end is the record of what came of a letter in the end, for the result too.
func (r *run) end(l *pending, to string, v verdict) Record {
	if v.err != nil {
		return r.note(l, to, Failed, r.scrub.Clean(v.err.Error(), 500))
	}
	return r.note(l, to, Sent, r.scrub.Clean(v.answer, 200))
}

// note puts a delivery into the result.
func (r *run) note(l *pending, to string, status Status, answer string) Record {
	record := r.recordOf(l, to, status, answer)
	r.deliveries = append(r.deliveries, Delivery{Manager: l.Manager, Record: record})
	r.log("mail to %s: %s %s", to, status, answer)
	return record
}

func (r *run) recordOf(l *pending, to string, status Status, answer string) Record {
	return Record{Time: r.Now().UTC(), Recipient: to, MessageID: l.id, Pack: l.pack, Sample: l.Sample, Day: l.Period, Figures: l.figures,
		Corrects: l.Corrects, Uncertain: l.uncertain[to], Status: status, Answer: answer}
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
		order[l.pack] = i
	}
	slices.SortStableFunc(r.deliveries, func(a, b Delivery) int { return order[a.Pack] - order[b.Pack] })
	return Result{Deliveries: r.deliveries, NoAddress: r.noAddress}
}

func bare(address string) string {
	a, err := mail.ParseAddress(address)
	if err != nil {
		return address
	}
	return a.Address
}
