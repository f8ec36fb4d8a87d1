package steps

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
)

// Fetched is the customers that a report is made from.
type Fetched struct {
	Portfolio fetch.Portfolio // AsOf is the time of the data, and settled
	AsOf      time.Time       // that they are judged as of
	Partial   error           // what failed, if the report is made without it
	snapshot  func() (fetch.Packed, error)
	journal   string // to be removed when all is written; "" if there is none
}

// JournalOf is where the journal of a fetch lies: beside what is written.
func JournalOf(out string) string { return filepath.Clean(out) + ".usage-journal" }

// received begins to pack the customers, which goes on while they are judged.
func received(p fetch.Portfolio) Fetched {
	f := Fetched{Portfolio: p, AsOf: p.AsOf, snapshot: sync.OnceValues(func() (fetch.Packed, error) { return fetch.Pack(p) })}
	go f.snapshot()
	return f
}

// dataAsOf is the time of the data if it is not the report's.
func (f Fetched) dataAsOf() time.Time {
	if f.Portfolio.AsOf.Equal(f.AsOf) {
		return time.Time{}
	}
	return f.Portfolio.AsOf
}

// Fetch brings the customers in and settles the as-of time: the flag, else
// the source's own, else now. With --allow-partial the other instances'
// customers are used although one failed; the portfolio's problems name the gap.
func Fetch(ctx context.Context, w World, s *settings.Settings) (Fetched, error) {
	var p fetch.Portfolio
	var err, partial error
	var journal string
	switch {
	case s.Sample:
		p = fetch.Sample()
	case s.Input != "":
		p, err = fetch.ReadTelling(s.Input, w.Stdin, s.Live.Limits, w.Progress)
	default:
		if journal, err = prepareJournal(w, s); err != nil {
			return Fetched{}, err
		}
		p, err = fetch.FetchAll(ctx, s.Live.Instances, fetch.Options{
			Lookup: w.Env, Version: w.Version, Timeouts: s.Live.Timeouts, Retry: s.Live.Retry, Limits: s.Live.Limits,
			AllowEmpty: s.AllowEmpty, Progress: w.Progress, Log: w.Log, Now: w.Now,
			UsageConcurrency: s.Live.UsageConcurrency, UsageRate: s.Live.UsageRate, Zone: s.Zone,
			Journal: journal, Resume: s.Resume,
		})
		if at := slices.IndexFunc(p.Problems, func(p fetch.Problem) bool { return p.Kind == fetch.KindUsageUnknown && p.GUID == "" }); at >= 0 {
			partial = errors.New(p.Problems[at].Text)
		}
		if failed := (*fetch.FetchError)(nil); errors.As(err, &failed) && s.AllowPartial && len(p.Customers) > 0 {
			partial, err = errors.New(failed.Error()), nil // without its hint, which is --allow-partial
		}
	}
	switch {
	case err != nil:
		return Fetched{}, err
	case len(p.Customers) == 0 && !s.AllowEmpty:
		return Fetched{}, fetch.ErrEmpty
	}
	p.AsOf = timeOf(p, s, w.Now().Truncate(time.Second)).In(s.Zone)
	f := received(p)
	f.journal = journal
	if !s.AsOf.IsZero() {
		f.AsOf = s.AsOf
	}
	f.Partial = partial
	return f, nil
}

// prepareJournal makes the folder that the journal of the license histories lies
// in, and is where it lies; "" if none are fetched.
func prepareJournal(w World, s *settings.Settings) (string, error) {
	wanted := func(in fetch.Instance) bool { return in.UsageMonths > 0 }
	if w.Journal == "" || !slices.ContainsFunc(s.Live.Instances, wanted) {
		return "", nil
	}
	return w.Journal, os.MkdirAll(filepath.Dir(w.Journal), 0o700)
}

// Finished removes the journal: what was fetched is written.
func (f Fetched) Finished() error {
	if f.journal == "" {
		return nil
	}
	return os.Remove(f.journal)
}

// timeOf is the time that customers are of: a snapshot's own; for a live answer
// now, if the flag means another day; else the flag's, else now.
func timeOf(p fetch.Portfolio, s *settings.Settings, now time.Time) time.Time {
	live := s.Input == "" && !s.Sample
	switch {
	case s.Sample && !s.AsOf.IsZero(): // invented customers are of any time
		return s.AsOf
	case !p.AsOf.IsZero():
		return p.AsOf
	case s.AsOf.IsZero(), live && !dayOf(s.AsOf).Equal(dayOf(now.In(s.Zone))):
		return now
	}
	return s.AsOf
}

// DatedAnew are the customers as if they were of the time that they are judged
// as of.
func (f Fetched) DatedAnew() Fetched {
	if f.dataAsOf().IsZero() {
		return f
	}
	p := f.Portfolio
	p.AsOf = f.AsOf
	anew := received(p)
	anew.Partial, anew.journal = f.Partial, f.journal
	return anew
}

// OpenSnapshot opens the place of a snapshot, before anything is fetched.
func OpenSnapshot(path string, mode fs.FileMode) (*deliver.Place, error) {
	return deliver.OpenPlace(path, mode)
}

// Save writes the snapshot of the customers to its place.
func (f Fetched) Save(ctx context.Context, to *deliver.Place) error {
	packed, err := f.snapshot()
	if err != nil {
		return err
	}
	return to.Write(ctx, writer(packed.Bytes))
}

// writer writes bytes that are there already.
func writer(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}
