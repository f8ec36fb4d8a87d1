package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/formats"
)

// Written is a finished run on the disk.
type Written struct {
	Dir      string
	Manifest deliver.Manifest
}

// Open finds the run that was written to a folder.
func Open(dir string) (Written, error) {
	m, err := deliver.ReadManifest(dir)
	return Written{dir, m}, err
}

// Write writes the reports in all their formats, the snapshot they were made
// from and, last of all, the manifest: all files or none. The step summary of
// a CI and the key of a redaction follow where they are wanted.
func Write(ctx context.Context, w World, s *settings.Settings, plan *Plan, r Reports) (Written, error) {
	list, manifest := files(plan, r)
	if err := manifest.Reconcile(); err != nil {
		return Written{}, err
	}
	warnOfOldFiles(w.Log, s.Out, manifest.AsOf, list)
	batch, err := deliver.Prepare(ctx, s.Out, list)
	if err != nil {
		return Written{}, err
	}
	manifest.Files, manifest.Hashes.Record = batch.Entries, r.recordHash()
	if err := batch.Add(ctx, deliver.File{Name: deliver.ManifestName, Write: manifest.Write}); err != nil {
		return Written{}, err
	}
	if err := batch.Commit(); err != nil {
		return Written{}, err
	}
	err = stepSummary(w, r)
	if s.RedactKey != "" {
		err = errors.Join(err, deliver.WriteOne(ctx, s.RedactKey, 0o600, r.Key.Write))
	}
	return Written{s.Out, manifest}, err
}

// CheckFolder refuses to put redacted reports beside others: whoever attaches
// the folder would give the names away.
func CheckFolder(s *settings.Settings) error {
	if s.Redact == "" {
		return nil
	}
	earlier, err := deliver.ReadManifest(s.Out)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && earlier.Redacted:
		return nil
	case err != nil:
		return err // what lies there may have the names
	}
	return settings.Usage{Text: s.Out + " holds the reports of an earlier run with all names",
		HintText: "give redacted reports a folder of their own with --out DIR"}
}

// warnOfOldFiles tells of files that an earlier run of the same day left in
// dir and the new list does not replace, as the pack of a manager who is gone.
func warnOfOldFiles(log *slog.Logger, dir string, asOf time.Time, list []deliver.File) {
	earlier, err := deliver.ReadManifest(dir)
	if err != nil {
		return
	}
	day, new := asOf.Format(time.DateOnly), names(list)
	stay := slices.DeleteFunc(earlier.Files, func(e deliver.Entry) bool {
		return slices.Contains(new, e.Name) || !strings.Contains(e.Name, day)
	})
	if len(stay) > 0 {
		log.Warn("files of an earlier run stay in the folder; the new manifest does not list them", "files", len(stay), "first", stay[0].Name)
	}
}

// files are all files of a run but the manifest, which describes them.
func files(plan *Plan, r Reports) ([]deliver.File, deliver.Manifest) {
	options := formats.Options{PDF: plan.PDF}
	manifest := deliver.NewManifest(r.Book, slices.Sorted(slices.Values(r.Formats)))
	manifest.Redacted = r.Redact
	list := formats.Files(r.Book, r.Formats, "", options)
	if !r.Redact { // both have the names
		day := r.Book.AsOf.Format(time.DateOnly)
		list = append(list, deliver.File{Name: snapshotName(day), Mode: 0o600, Write: writer(r.snapshot.Bytes)},
			deliver.File{Name: recordName(day), Mode: 0o600, Write: func(w io.Writer) error {
				packed, err := r.record()
				if err == nil {
					_, err = w.Write(packed.Bytes)
				}
				return err
			}})
	}
	forManagers := slices.DeleteFunc(slices.Clone(r.Formats), func(name string) bool {
		return name != "xlsx" && name != "pdf" && name != "json"
	})
	for _, pack := range r.Packs {
		part := formats.Files(pack, forManagers, deliver.PackFolder(pack.Manager), options)
		manifest.Packs = append(manifest.Packs, deliver.NewPack(pack, plan.Contacts.ContactOf(pack.Manager), names(part)))
		list = append(list, part...)
	}
	return list, manifest
}

// recordHash is that of the record, once its file is written; "" if it has none.
func (r Reports) recordHash() string {
	if r.record == nil {
		return ""
	}
	packed, _ := r.record() // an error was one of writing the file
	return packed.Hash
}

func names(list []deliver.File) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Name
	}
	return out
}

// stepSummary adds the short report to the file that GitHub Actions shows
// beside a run, if there is one and format md is wanted.
func stepSummary(w World, r Reports) error {
	path, _ := w.Env("GITHUB_STEP_SUMMARY")
	if path == "" || !slices.Contains(r.Formats, "md") {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		err = errors.Join(formats.WriteMarkdown(f, r.Book), f.Close())
	}
	if err != nil {
		return fmt.Errorf("write step summary: %w", err)
	}
	return nil
}
