package steps

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/formats"
)

// Write writes the reports in all their formats, the snapshot they were made
// from and, last of all, the manifest: all files or none. What an earlier run
// of the day wrote and this one does not, as the pack of a manager who is
// gone, goes with the files that are replaced.
func (j *Job) Write(ctx context.Context, r Reports) (deliver.Manifest, error) {
	list, manifest := j.list(r)
	if err := manifest.Reconcile(); err != nil {
		return manifest, err
	}
	folder, err := j.openFolder(j.Settings.Out)
	if err != nil {
		return manifest, err
	}
	defer folder.Close()
	earlier, err := deliver.ReadManifest(j.Settings.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		j.Log.Warn("files of an earlier run may stay in the folder", "reason", err)
	}
	batch, err := folder.Prepare(ctx, list)
	if err != nil {
		return manifest, err
	}
	manifest.Files = batch.Entries
	if err := batch.Add(ctx, deliver.File{Name: deliver.ManifestName, Write: manifest.Write}); err != nil {
		return manifest, err
	}
	return manifest, batch.Commit(earlier.Outdated(j.AsOf.Format(time.DateOnly))...)
}

// openFolder opens a folder to write into, and says what became of a run that
// was killed there.
func (j *Job) openFolder(dir string) (*deliver.Folder, error) {
	folder, err := deliver.OpenFolder(dir, 0)
	if err == nil && folder.Repaired != "" {
		j.Log.Warn(folder.Repaired, "folder", dir)
	}
	return folder, err
}

// mend brings a folder that is only read to one set of files.
func (j *Job) mend(dir string) error {
	repaired, err := deliver.Recover(dir)
	if repaired != "" {
		j.Log.Warn(repaired, "folder", dir)
	}
	return err
}

// redactedFolder refuses to put redacted reports beside others: whoever
// attaches the folder would give the names away.
func (j *Job) redactedFolder() error {
	if j.Settings.Redact == "" {
		return nil
	}
	if err := j.mend(j.Settings.Out); err != nil {
		return err
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
	list := formats.Files(r.Book, j.Settings.Formats, "", options)
	if j.Settings.Redact == "" { // a snapshot has the names
		list = append(list, deliver.File{Name: snapshotName(j.AsOf), Write: j.writeSnapshot})
	}
	for _, pack := range r.Packs {
		part := formats.Files(pack, packFormats(j.Settings.Formats), deliver.PackFolder(pack.Manager), options)
		manifest.Packs = append(manifest.Packs, deliver.NewPack(pack, j.Contacts.ContactOf(pack.Manager), names(part)))
		list = append(list, part...)
	}
	return list, manifest
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
