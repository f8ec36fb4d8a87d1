package steps

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/formats"
)

// Write writes the reports in all their formats, the snapshot they were made
// from and, last of all, the manifest: all files or none.
func (j *Job) Write(ctx context.Context, r Reports) (deliver.Manifest, error) {
	list, manifest := j.list(r)
	if err := manifest.Reconcile(); err != nil {
		return manifest, err
	}
	j.warnOfOldFiles(names(list))
	batch, err := deliver.Prepare(ctx, j.Settings.Out, list)
	if err != nil {
		return manifest, err
	}
	manifest.Files = batch.Entries
	if err := batch.Add(ctx, deliver.File{Name: deliver.ManifestName, Write: manifest.Write}); err != nil {
		return manifest, err
	}
	return manifest, batch.Commit()
}

// redactedFolder refuses to put redacted reports beside others: whoever
// attaches the folder would give the names away.
func (j *Job) redactedFolder() error {
	if j.Settings.Redact == "" {
		return nil
	}
	earlier, err := deliver.ReadManifest(j.Settings.Out)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && earlier.Redacted:
		return nil
	case err != nil:
		return err // what lies there may have the names
	}
	return settings.Usage{Text: j.Settings.Out + " holds the reports of an earlier run with all names",
		HintText: "give redacted reports a folder of their own with --out DIR"}
}

// warnOfOldFiles tells of files that an earlier run of the same day left and
// this one does not replace, as the pack of a manager who is gone.
func (j *Job) warnOfOldFiles(list []string) {
	earlier, err := deliver.ReadManifest(j.Settings.Out)
	if err != nil {
		return
	}
	day := j.AsOf.Format(time.DateOnly)
	stay := slices.DeleteFunc(earlier.Files, func(e deliver.Entry) bool {
		return slices.Contains(list, e.Name) || !strings.Contains(e.Name, day)
	})
	if len(stay) > 0 {
		j.Log.Warn("files of an earlier run stay in the folder; the new manifest does not list them", "files", len(stay), "first", stay[0].Name)
	}
}

// WriteKey writes the file that undoes the redaction, if one is wanted.
func (j *Job) WriteKey(ctx context.Context) error {
	if j.Settings.RedactKey == "" {
		return nil
	}
	return deliver.WriteOne(ctx, j.Settings.RedactKey, 0o600, j.key.Write)
}

// list is all files of the run but the manifest, which describes them.
func (j *Job) list(r Reports) ([]deliver.File, deliver.Manifest) {
	options := formats.Options{PDF: j.fonts}
	manifest := deliver.NewManifest(r.Book, slices.Sorted(slices.Values(j.Settings.Formats)))
	manifest.Redacted = j.Settings.Redact != ""
	list := onDisk(formats.Files(r.Book, j.Settings.Formats, "", options))
	if j.Settings.Redact == "" { // a snapshot has the names
		list = append(list, deliver.File{Name: snapshotName(j.AsOf), Mode: 0o600, Write: j.writeSnapshot})
	}
	for _, pack := range r.Packs {
		part := onDisk(formats.Files(pack, packFormats(j.Settings.Formats), deliver.PackFolder(pack.Manager), options))
		manifest.Packs = append(manifest.Packs, deliver.NewPack(pack, j.Contacts.ContactOf(pack.Manager), names(part)))
		list = append(list, part...)
	}
	return list, manifest
}

func onDisk(files []formats.File) []deliver.File {
	list := make([]deliver.File, len(files))
	for i, f := range files {
		list[i] = deliver.File{Name: f.Name, Write: f.Write}
	}
	return list
}

// packFormats are the formats of the run that account managers are given.
func packFormats(formats []string) []string {
	return slices.DeleteFunc(slices.Clone(formats), func(name string) bool {
		return name != "xlsx" && name != "pdf" && name != "json"
	})
}

func names(list []deliver.File) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Name
	}
	return out
}
