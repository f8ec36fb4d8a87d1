package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync/atomic"

	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/formats"
	"trueup/report/formats/xlsx"
)

// Written is a finished run on the disk.
type Written struct {
	Dir      string
	Manifest deliver.Manifest
}

// Open finds the run that was written to a folder, and finishes one that was
// killed while it put its files in place.
func Open(log *slog.Logger, dir string) (Written, error) {
	if err := mend(log, dir); err != nil {
		return Written{}, err
	}
	m, err := deliver.ReadManifest(dir)
	return Written{dir, m}, err
}

// Write writes the reports in all their formats, the snapshot they were made
// from and, last of all, the manifest: all files or none. What an earlier run
// of the day wrote and this one does not, as the pack of a manager who is gone,
// goes with the files that are replaced. The step summary of a CI and the key of
// a redaction follow where they are wanted.
func Write(ctx context.Context, w World, to *Places, s *settings.Settings, plan *Plan, r Reports) (Written, error) {
	list, manifest := files(plan, r)
	if err := manifest.Reconcile(); err != nil {
		return Written{}, err
	}
	outdated, err := outdated(s.Out, manifest.Day())
	if err != nil {
		w.Log.Warn("files of an earlier run may stay in the folder", "reason", err)
	}
	defer w.Doing("", 0, 0)
	batch, err := to.out.Prepare(ctx, w.watched(list))
	if err != nil {
		return Written{}, err
	}
	manifest.Files, manifest.Hashes.Record = batch.Entries, r.recordHash()
	if err := batch.Add(ctx, deliver.File{Name: deliver.ManifestName, Write: manifest.Write}); err != nil {
		return Written{}, err
	}
	if err := batch.Commit(outdated...); err != nil {
		return Written{}, err
	}
	err = stepSummary(w, r)
	if s.RedactKey != "" {
		err = errors.Join(err, deliver.WriteOne(ctx, s.RedactKey, s.FileMode, r.Key.Write))
	}
	return Written{s.Out, manifest}, err
}

// outdated are the files of a day that runs wrote to a folder: those that the
// manifest lists and, since it is of the latest run alone, those that have the
// names of reports. A folder without a manifest is not known to be ours.
func outdated(dir, day string) ([]string, error) {
	latest, err := deliver.ReadManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names := append(latest.Outdated(day), formats.Names(day, "")...)
	packs, err := os.ReadDir(filepath.Join(dir, deliver.PackFolders))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	for _, pack := range packs {
		for _, name := range formats.Names(day, pack.Name()) {
			names = append(names, path.Join(deliver.PackFolders, pack.Name(), name))
		}
	}
	return names, err
}

// watched are the same files, each of which tells when its writing begins.
func (w World) watched(list []deliver.File) []deliver.File {
	var done atomic.Int64 // they are written side by side
	watched := slices.Clone(list)
	for i, f := range list {
		watched[i].Write = func(out io.Writer) error {
			w.Doing("writing "+path.Base(f.Name), int(done.Load()), len(list))
			defer done.Add(1)
			return f.Write(out)
		}
	}
	return watched
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

// files are all files of a run but the manifest, which describes them.
func files(plan *Plan, r Reports) ([]deliver.File, deliver.Manifest) {
	options := formats.Options{PDF: plan.PDF, Books: new(xlsx.Books)}
	manifest := deliver.NewManifest(r.Book, slices.Sorted(slices.Values(r.Formats)))
	manifest.Redacted = r.Redact
	list := onDisk(formats.Files(r.Book, r.Formats, "", options))
	if !r.Redact { // both have the names
		day := manifest.Day()
		list = append(list, deliver.File{Name: snapshotName(day), Write: writer(r.snapshot.Bytes)},
			deliver.File{Name: recordName(day), Write: func(w io.Writer) error {
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
		part := onDisk(formats.Files(pack, forManagers, deliver.PackFolder(pack.Manager), options))
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

// onDisk are the files of formats as they are put on the disk.
func onDisk(files []formats.File) []deliver.File {
	list := make([]deliver.File, len(files))
	for i, f := range files {
		list[i] = deliver.File{Name: f.Name, Write: f.Write}
	}
	return list
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
