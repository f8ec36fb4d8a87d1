package steps

import (
	"cmp"
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

// Rebuild computes the reports of a finished run again, from the snapshot
// beside them: what they were written as, the manifest says.
func Rebuild(plan *Plan, s *settings.Settings, run Written) (Reports, error) {
	m := run.Manifest
	name := snapshotName(m.AsOf)
	if !slices.ContainsFunc(m.Files, func(e deliver.Entry) bool { return e.Name == name }) {
		return Reports{}, fmt.Errorf("the manifest lists no %s", name)
	}
	p, err := fetch.Read(filepath.Join(run.Dir, name), nil, fetch.Limits{})
	if err != nil {
		return Reports{}, err
	}
	if len(m.Packs) > 0 && plan.Contacts == nil {
		return Reports{}, settings.Usage{Text: "the run was split by manager", HintText: "give its contacts with --contacts FILE"}
	}
	h, err := ReadHistory(plan, p, s.History, s.Baseline)
	if err != nil {
		return Reports{}, err
	}
	return Compute(plan, received(p), h, Output{Formats: m.Formats, ByManager: len(m.Packs) > 0, Redact: m.Redacted})
}

// Verify sets the files of a finished run against the disk and against what
// its rebuilt reports would be written as, byte for byte.
func Verify(ctx context.Context, plan *Plan, run Written, rebuilt Reports) (Verification, error) {
	list, manifest := files(plan, rebuilt)
	entries, err := deliver.Digest(ctx, list)
	if err != nil {
		return Verification{}, err
	}
	v := Verification{Reasons: reasons(run.Manifest, manifest)}
	for _, want := range run.Manifest.Files {
		sum, _, err := deliver.HashFile(filepath.Join(run.Dir, filepath.FromSlash(want.Name)))
		state := "same"
		switch {
		case errors.Is(err, fs.ErrNotExist):
			state = "missing"
		case err != nil:
			return Verification{}, fmt.Errorf("read %s: %w", want.Name, err)
		case sum != want.SHA256:
			state = "changed"
		case !slices.Contains(entries, want):
			state = "differs"
		}
		v.Checks = append(v.Checks, Check{want.Name, state})
	}
	return v, nil
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
			list = append(list, fmt.Sprintf("%s: was %s, is %s", x.what, cmp.Or(x.was, "none"), cmp.Or(x.is, "none")))
		}
	}
	return list
}
