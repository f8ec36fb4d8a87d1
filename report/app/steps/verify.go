package steps

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
)

// Check is what verifying says of one file.
type Check struct {
	Name string
	// State is "same", or what is wrong: "changed" if the file is not what
	// the manifest says, "missing", or "differs" if rebuilding gives other bytes.
	State string
}

// Verification is the outcome of rebuilding a finished run.
type Verification struct {
	Checks  []Check
	Reasons []string // what else differs and may explain it: rules, version, ...
}

// Same tells whether every byte is.
func (v Verification) Same() bool {
	return !slices.ContainsFunc(v.Checks, func(c Check) bool { return c.State != "same" })
}

// snapshotIn is the name of the snapshot among a run's files.
func snapshotIn(m deliver.Manifest) (string, error) {
	name := snapshotName(m.AsOf)
	if slices.ContainsFunc(m.Files, func(e deliver.Entry) bool { return e.Name == name }) {
		return name, nil
	}
	return "", fmt.Errorf("the manifest lists no %s", name)
}

// Verify rebuilds the reports in dir from the snapshot beside them, under
// today's rules and settings, and compares every byte.
func (j *Job) Verify(ctx context.Context, dir string) (Verification, error) {
	var v Verification
	if err := j.mend(dir); err != nil {
		return v, err
	}
	m, err := deliver.ReadManifest(dir)
	if err != nil {
		return v, err
	}
	name, err := snapshotIn(m)
	if err != nil {
		return v, err
	}
	p, err := fetch.Read(filepath.Join(dir, name), nil, 0)
	if err != nil {
		return v, err
	}
	j.take(p)
	j.Settings.Formats = m.Formats
	j.Settings.SplitBy = ""
	if len(m.Packs) > 0 {
		if j.Contacts == nil {
			return v, settings.Usage{Text: "the run was split by manager", HintText: "give its contacts with --contacts FILE"}
		}
		j.Settings.SplitBy = "manager"
	}
	r, err := j.Reports()
	if err != nil {
		return v, err
	}
	list, manifest := j.list(r)
	entries, err := deliver.Digest(ctx, list)
	if err != nil {
		return v, err
	}
	v.Checks, err = compare(dir, m, entries)
	v.Reasons = reasons(m, manifest)
	return v, err
}

// compare sets each listed file against the disk and the rebuilt bytes.
func compare(dir string, m deliver.Manifest, rebuilt []deliver.Entry) ([]Check, error) {
	var checks []Check
	for _, want := range m.Files {
		sum, _, err := deliver.HashFile(filepath.Join(dir, filepath.FromSlash(want.Name)))
		state := "same"
		switch {
		case errors.Is(err, fs.ErrNotExist):
			state = "missing"
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", want.Name, err)
		case sum != want.SHA256:
			state = "changed"
		case !slices.Contains(rebuilt, want):
			state = "differs"
		}
		checks = append(checks, Check{want.Name, state})
	}
	return checks, nil
}

// reasons are the inputs that are not what they were.
func reasons(was, is deliver.Manifest) []string {
	var list []string
	for _, x := range []struct{ what, was, is string }{
		{"version", was.Version, is.Version},
		{"snapshot", was.Hashes.Snapshot, is.Hashes.Snapshot},
		{"rules", was.Hashes.Rules, is.Hashes.Rules},
		{"waivers", was.Hashes.Waivers, is.Hashes.Waivers},
		{"contacts", was.Hashes.Contacts, is.Hashes.Contacts},
	} {
		if x.was != x.is {
			list = append(list, fmt.Sprintf("%s: was %s, is %s", x.what, orNone(x.was), orNone(x.is)))
		}
	}
	return list
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
