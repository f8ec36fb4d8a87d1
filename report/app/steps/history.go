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

// History is what a report is compared with.
type History struct {
	Past []report.Past // earlier reports, oldest first
	// Compared is how many of them changes look at, the last being the
	// baseline; 0 means all. The trend has all.
	Compared int
}

// maxHistory is how many earlier snapshots are compared with: two years of
// months.
const maxHistory = 24

// ReadHistory judges the snapshots in dir that are earlier than now, and the
// baseline, which else is the newest of them. Both dir and baseline may be "".
func ReadHistory(plan *Plan, now fetch.Portfolio, dir, baseline string) (History, error) {
	names, err := fs.Glob(os.DirFS(dir), "snapshot-*.json.gz")
	if err != nil {
		return History{}, fmt.Errorf("read history: %w", err)
	}
	var past []report.Past
	for _, name := range earlier(names, now.AsOf) {
		p, err := readSnapshot(filepath.Join(dir, name))
		if err != nil {
			return History{}, fmt.Errorf("read history: %w", err)
		}
		if usable(p, now, dayOf(now.AsOf)) == nil {
			past = append(past, plan.Past(p))
		}
	}
	slices.SortStableFunc(past, func(a, b report.Past) int { return a.AsOf.Compare(b.AsOf) })
	h := History{Past: past[max(0, len(past)-maxHistory):]}
	if baseline == "" {
		return h, nil
	}
	p, err := readSnapshot(baseline)
	if err == nil {
		err = usable(p, now, now.AsOf)
	}
	if err != nil {
		return History{}, fmt.Errorf("read baseline %s: %w", baseline, err)
	}
	return h.withBaseline(plan.Past(p)), nil
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

// withBaseline is the history with another baseline, which may be in it already.
func (h History) withBaseline(baseline report.Past) History {
	at, found := slices.BinarySearchFunc(h.Past, baseline.AsOf, func(p report.Past, t time.Time) int { return p.AsOf.Compare(t) })
	past := slices.Clone(h.Past)
	if found {
		past[at] = baseline
	} else {
		past = slices.Insert(past, at, baseline)
	}
	return History{Past: past, Compared: at + 1}
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
	folder, err := openFolder(w.Log, s.History, s.FileMode)
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
