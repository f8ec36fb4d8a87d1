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
		p, err := fetch.Read(path, nil, 0)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		if p.AsOf.IsZero() {
			return nil, fmt.Errorf("read history: %s is no snapshot: it has no as-of time", path)
		}
		if p.AsOf.Before(j.AsOf) && p.Sample == j.Portfolio.Sample {
			past = append(past, report.PastOf(report.Build(j.input(p))))
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

// Remember adds this run's snapshot to the history. A snapshot of the same
// day is replaced: the later run of a day is the one that counts.
func (j *Job) Remember(ctx context.Context) error {
	dir := j.Settings.History
	if dir == "" || j.partial() {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make history: %w", err)
	}
	return files.WriteOne(ctx, filepath.Join(dir, snapshotName(j.AsOf)), 0o600, func(w io.Writer) error {
		return fetch.WriteSnapshot(w, j.Portfolio)
	})
}

// partial tells that an instance is missing: such a list is never a baseline.
func (j *Job) partial() bool {
	return slices.ContainsFunc(j.Portfolio.Sources, func(s fetch.Source) bool { return s.Failed != "" })
}
