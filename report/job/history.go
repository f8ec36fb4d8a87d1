package job

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/annotations"
	"trueup/report/files"
)

// maxHistory is how many earlier snapshots are compared with: two years of
// months.
const maxHistory = 24

// history computes the earlier reports under today's rules, oldest first:
// the snapshots of the history that are older than this run's, or the one
// baseline. A sample is never compared with customers, nor the other way.
func (j *Job) history() ([]report.Past, error) {
	paths, err := j.earlier()
	if err != nil {
		return nil, err
	}
	var past []report.Past
	for _, path := range paths {
		p, err := readSnapshot(path)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		if p.AsOf.Before(j.AsOf) && p.Sample == j.Portfolio.Sample && !partial(p) {
			past = append(past, j.past(p))
		}
	}
	slices.SortStableFunc(past, func(a, b report.Past) int { return a.AsOf.Compare(b.AsOf) })
	return past, nil
}

func (j *Job) earlier() ([]string, error) {
	s := j.Settings
	if s.Baseline != "" {
		return []string{s.Baseline}, nil
	}
	if s.History == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(globEscape(s.History), "snapshot-*.json.gz"))
	slices.Sort(paths) // by date
	return paths[max(0, len(paths)-maxHistory):], err
}

// globEscape keeps a folder's name literal in a pattern.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// snapshotName is a snapshot's file name; the history may hold several of a
// day, told apart by the time.
func snapshotName(asOf time.Time) string {
	return "snapshot-" + asOf.Format(time.DateOnly) + ".json.gz"
}

// Remember adds this run's snapshot to the history, and what people wrote in
// returned workbooks. A snapshot of the same day is replaced: the later run of
// a day is the one that counts.
func (j *Job) Remember(ctx context.Context) error {
	dir := j.Settings.History
	if dir == "" || partial(j.Portfolio) {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make history: %w", err)
	}
	if j.Settings.Annotations != "" {
		if err := files.WriteOne(ctx, filepath.Join(dir, annotations.FileName), 0o600, j.notes.Write); err != nil {
			return err
		}
	}
	return j.Save(ctx, filepath.Join(dir, snapshotName(j.AsOf)))
}

// readNotes brings back what people wrote: kept in the history, and in the
// workbook or CSV file that is given now.
func (j *Job) readNotes() (err error) {
	if dir := j.Settings.History; dir != "" {
		if j.notes, err = annotations.Load(dir); err != nil {
			return err
		}
	}
	if j.Settings.Annotations == "" {
		return nil
	}
	back, err := annotations.Read(j.Settings.Annotations)
	if err != nil {
		return err
	}
	j.notes = annotations.Merge(j.notes, back)
	return nil
}

// Save writes the snapshot of the customers, for its owner's eyes only.
func (j *Job) Save(ctx context.Context, path string) error {
	return files.WriteOne(ctx, path, 0o600, j.writeSnapshot)
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
	after, err := readSnapshot(new)
	if err != nil {
		return nil, err
	}
	before, err := readSnapshot(old)
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
