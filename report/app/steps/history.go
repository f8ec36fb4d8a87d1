package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver"
	"trueup/report/notes"
)

// maxHistory is how many earlier snapshots are compared with: two years of
// months.
const maxHistory = 24

// history computes the earlier reports under today's rules, oldest first, and
// how many of them changes look at: up to the baseline, which is the last of
// all without --baseline. A sample is never compared with customers, nor the
// other way.
func (j *Job) history() (past []report.Past, compared int, err error) {
	paths, err := j.earlier()
	if err != nil {
		return nil, 0, err
	}
	for _, path := range paths {
		p, err := readSnapshot(path)
		if err != nil {
			return nil, 0, fmt.Errorf("read history: %w", err)
		}
		if p.AsOf.Before(dayOf(j.AsOf)) && p.Sample == j.Portfolio.Sample && !partial(p) {
			past = append(past, j.past(p))
		}
	}
	slices.SortStableFunc(past, func(a, b report.Past) int { return a.AsOf.Compare(b.AsOf) })
	past = past[max(0, len(past)-maxHistory):]
	if j.Settings.Baseline == "" {
		return past, len(past), nil
	}
	return j.withBaseline(past)
}

// withBaseline puts the baseline among the history, where it may be already.
func (j *Job) withBaseline(past []report.Past) ([]report.Past, int, error) {
	path := j.Settings.Baseline
	p, err := readSnapshot(path)
	if err == nil {
		err = j.usable(p)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read baseline %s: %w", path, err)
	}
	baseline := j.past(p)
	at, found := slices.BinarySearchFunc(past, baseline.AsOf, func(p report.Past, t time.Time) int { return p.AsOf.Compare(t) })
	if found {
		past[at] = baseline
		return past, at + 1, nil
	}
	return slices.Insert(past, at, baseline), at + 1, nil
}

// usable says why a portfolio cannot be this run's baseline, if it cannot.
func (j *Job) usable(p fetch.Portfolio) error {
	switch {
	case !p.AsOf.Before(j.AsOf):
		return fmt.Errorf("it is as of %s, which is not before this report's %s", p.AsOf.Format(time.RFC3339), j.AsOf.Format(time.RFC3339))
	case p.Sample != j.Portfolio.Sample:
		return errors.New("a sample cannot be compared with customers")
	case partial(p):
		return errors.New("it lacks an instance")
	}
	return nil
}

// earlier lists the files of the history. Those whose name has a day that is
// not before this run's are left out unread: a second run of a day must see
// what the first one saw.
func (j *Job) earlier() ([]string, error) {
	dir := j.Settings.History
	if dir == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(globEscape(dir), "snapshot-*.json.gz"))
	slices.Sort(paths)
	var dated, others []string
	for _, path := range paths {
		day, err := time.Parse("snapshot-"+time.DateOnly+".json.gz", filepath.Base(path))
		switch {
		case err != nil:
			others = append(others, path)
		case day.Before(dayOf(j.AsOf)):
			dated = append(dated, path)
		}
	}
	return slices.Concat(others, dated[max(0, len(dated)-maxHistory):]), err
}

// dayOf is the first moment of a day in UTC.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// globEscape keeps a folder's name literal in a pattern.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// snapshotName is a snapshot's file name among the reports.
func snapshotName(asOf time.Time) string {
	return "snapshot-" + asOf.Format(time.DateOnly) + ".json.gz"
}

// Remember adds this run's snapshot to the history, and what people wrote in
// returned workbooks. A snapshot of the same day is replaced: the later run of
// a day is the one that counts.
func (j *Job) Remember(ctx context.Context) error {
	if j.Settings.History == "" || partial(j.Portfolio) {
		return nil
	}
	folder, err := j.openFolder(j.Settings.History)
	if err != nil {
		return err
	}
	defer folder.Close()
	name := snapshotName(j.AsOf)
	if j.Portfolio.Sample { // it must not replace what was real
		name = strings.Replace(name, "snapshot-", "snapshot-sample-", 1)
	}
	list := []deliver.File{{Name: name, Write: j.writeSnapshot}}
	if j.Settings.Annotations != "" {
		list = append(list, deliver.File{Name: notes.FileName, Write: j.notes.Write})
	}
	batch, err := folder.Prepare(ctx, list)
	if err != nil {
		return err
	}
	return batch.Commit()
}

// readNotes brings back what people wrote: kept in the history, and in the
// workbook or CSV file that is given now.
func (j *Job) readNotes() (err error) {
	if dir := j.Settings.History; dir != "" {
		if err := j.mend(dir); err != nil {
			return err
		}
		if j.notes, err = notes.Load(dir); err != nil {
			return err
		}
	}
	if j.Settings.Annotations == "" {
		return nil
	}
	back, err := notes.Read(j.Settings.Annotations)
	if err != nil {
		return err
	}
	j.notes = notes.Merge(j.notes, back)
	return nil
}

// Save writes the snapshot of the customers, for its owner's eyes only.
func (j *Job) Save(ctx context.Context, path string) error {
	return deliver.WriteOne(ctx, path, 0o600, j.writeSnapshot)
}

func (j *Job) writeSnapshot(w io.Writer) error {
	packed, err := j.pack()
	if err == nil {
		_, err = w.Write(packed.Bytes)
	}
	return err
}

// Compare builds the report of one snapshot with another as the only earlier
// one, both under today's rules and each under the waivers of its own day.
func (j *Job) Compare(old, new string) (*report.Report, error) {
	before, err := readSnapshot(old)
	if err != nil {
		return nil, err
	}
	after, err := readSnapshot(new)
	if err != nil {
		return nil, err
	}
	in := j.input(after)
	in.Hashes.Snapshot = after.Hash()
	in.History = []report.Past{j.past(before)}
	return report.Build(in), nil
}

// past is what later reports compare with, under today's rules.
func (j *Job) past(p fetch.Portfolio) report.Past {
	in := j.input(p)
	in.Hashes.Snapshot = p.Hash()
	return report.PastOf(report.Build(in))
}

// readSnapshot reads a file that must say when it was taken.
func readSnapshot(path string) (fetch.Portfolio, error) {
	p, err := fetch.Read(path, nil, 0)
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

// partial tells that an instance is missing: such a list is never a baseline.
func partial(p fetch.Portfolio) bool {
	return slices.ContainsFunc(p.Sources, func(s fetch.Source) bool { return s.Failed != "" })
}
