package steps

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/notes"
)

// maxHistory is how many earlier snapshots are compared with: two years of
// months.
const maxHistory = 24

// ReadHistory judges the snapshots in dir that are earlier than now, and the
// baseline, which else is the newest of them. Both dir and baseline may be "".
func ReadHistory(ctx context.Context, plan *Plan, now fetch.Portfolio, dir, baseline string) (*report.History, error) {
	names, err := fs.Glob(os.DirFS(dir), "snapshot-*.json.gz")
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	var past []report.Past
	for _, name := range earlier(names, now.AsOf) {
		p, err := readSnapshot(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		if usable(p, now, dayOf(now.AsOf)) == nil {
			month, err := plan.Past(ctx, p)
			if err != nil {
				return nil, err
			}
			past = append(past, month)
		}
	}
	slices.SortStableFunc(past, func(a, b report.Past) int { return a.AsOf.Compare(b.AsOf) })
	past = past[max(0, len(past)-maxHistory):]
	if baseline == "" {
		return remember(past, len(past)), nil
	}
	p, err := readSnapshot(baseline)
	if err == nil {
		err = usable(p, now, now.AsOf)
	}
	if err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", baseline, err)
	}
	month, err := plan.Past(ctx, p)
	if err != nil {
		return nil, err
	}
	return remember(withBaseline(past, month)), nil
}

// earlier picks the snapshots that are read from the names in a history, those
// whose name has no day first. Days that are not before asOf's are left out: a
// second run of a day must see what the first one saw.
func earlier(names []string, asOf time.Time) []string {
	var dated, others []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		day, err := time.Parse("snapshot-"+time.DateOnly+".json.gz", name)
		switch {
		case err != nil:
			others = append(others, name)
		case day.Before(dayOf(asOf)):
			dated = append(dated, name)
		}
	}
	return slices.Concat(others, dated[max(0, len(dated)-maxHistory):])
}

// dayOf is the first moment of a day in UTC.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// comparable says why now's report cannot be compared with an earlier list of
// customers, if it cannot: it must be older than before, whole, and not a
// sample where now is none, nor the other way.
func usable(p, now fetch.Portfolio, before time.Time) error {
	switch {
	case !p.AsOf.Before(before):
		return fmt.Errorf("it is as of %s, which is not before this report's %s", p.AsOf.Format(time.RFC3339), now.AsOf.Format(time.RFC3339))
	case p.Sample != now.Sample:
		return errors.New("a sample cannot be compared with customers")
	case lacksInstance(p):
		return errors.New("it lacks an instance")
	}
	return nil
}

func lacksInstance(p fetch.Portfolio) bool {
	return slices.ContainsFunc(p.Sources, func(s fetch.Source) bool { return s.Failed != "" })
}

// withBaseline is the months with another baseline, which may be among them
// already, and how many there are up to it.
func withBaseline(months []report.Past, baseline report.Past) ([]report.Past, int) {
	at, found := slices.BinarySearchFunc(months, baseline.AsOf, func(p report.Past, t time.Time) int { return p.AsOf.Compare(t) })
	months = slices.Clone(months)
	if found {
		months[at] = baseline
	} else {
		months = slices.Insert(months, at, baseline)
	}
	return months, at + 1
}

// remember is what the months mean for a report: changes look at the first
// compared ones, the trend has all. It is nil without any.
func remember(months []report.Past, compared int) *report.History {
	if len(months) == 0 {
		return nil
	}
	h := report.Remember(months[:compared]...)
	for _, later := range months[compared:] {
		h.AddPoint(later.Month)
	}
	return h
}

// readSnapshot reads a file of customers that must say when it was taken.
func readSnapshot(path string) (fetch.Portfolio, error) {
	p, err := fetch.Read(path, nil, fetch.Limits{})
	if err == nil && p.AsOf.IsZero() {
		err = noSnapshot(path)
	}
	return p, err
}

// noSnapshot is an answer of the API where a snapshot is needed.
type noSnapshot string

func (path noSnapshot) Error() string { return string(path) + " is no snapshot: it has no as-of time" }

// Hint says how to make one.
func (path noSnapshot) Hint() string {
	return "make one with trueup fetch --input " + string(path) + " --as-of YYYY-MM-DD --out snapshot.json.gz"
}

// Remember adds the run's snapshot to the history, if there is one, and what
// people wrote in the workbook that was returned. The later run of a day is
// the one that counts: it replaces the earlier one's snapshot. A list that
// lacks an instance is never compared with, and not kept.
func Remember(ctx context.Context, w World, s *settings.Settings, plan *Plan, f Fetched) error {
	if s.History == "" || lacksInstance(f.Portfolio) {
		return nil
	}
	folder, err := openFolder(w.Log, s.History)
	if err != nil {
		return err
	}
	defer folder.Close()
	packed, err := f.snapshot()
	if err != nil {
		return err
	}
	name := snapshotName(f.Portfolio.AsOf)
	if f.Portfolio.Sample { // it must not replace what is real
		name = strings.Replace(name, "snapshot-", "snapshot-sample-", 1)
	}
	list := []deliver.File{{Name: name, Write: writer(packed.Bytes)}}
	if len(s.Annotations) > 0 {
		list = append(list, deliver.File{Name: notes.FileName, Write: plan.Notes.Write})
	}
	batch, err := folder.Prepare(ctx, list)
	if err != nil {
		return err
	}
	return batch.Commit()
}

// snapshotName is a snapshot's file name, among the reports and in a history.
func snapshotName(asOf time.Time) string {
	return "snapshot-" + asOf.UTC().Format(time.DateOnly) + ".json.gz"
}
