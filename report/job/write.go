package job

import (
	"context"
	"slices"

	"trueup/report/files"
	"trueup/report/output"
)

// Write writes the reports in all their formats, the snapshot they were made
// from and, last of all, the manifest: all files or none.
func (j *Job) Write(ctx context.Context, r Reports) (files.Manifest, error) {
	list, manifest := j.list(r)
	if err := manifest.Reconcile(); err != nil {
		return manifest, err
	}
	batch, err := files.Prepare(ctx, j.Settings.Out, list)
	if err != nil {
		return manifest, err
	}
	manifest.Files = batch.Entries
	if err := batch.Add(ctx, files.File{Name: files.ManifestName, Write: manifest.Write}); err != nil {
		return manifest, err
	}
	return manifest, batch.Commit()
}

// WriteKey writes the file that undoes the redaction, if one is wanted.
func (j *Job) WriteKey(ctx context.Context) error {
	if j.Settings.RedactKey == "" {
		return nil
	}
	return files.WriteOne(ctx, j.Settings.RedactKey, 0o600, j.key.Write)
}

// list is all files of the run but the manifest, which describes them.
func (j *Job) list(r Reports) ([]files.File, files.Manifest) {
	options := output.Options{PDF: j.fonts}
	manifest := files.NewManifest(r.Book, slices.Sorted(slices.Values(j.Settings.Formats)))
	list := output.Files(r.Book, j.Settings.Formats, "", options)
	if j.Settings.Redact == "" { // a snapshot has the names
		list = append(list, files.File{Name: snapshotName(j.AsOf), Mode: 0o600, Write: j.writeSnapshot})
	}
	for _, pack := range r.Packs {
		part := output.Files(pack, packFormats(j.Settings.Formats), files.PackFolder(pack.Manager), options)
		manifest.Packs = append(manifest.Packs, files.NewPack(pack, j.Contacts.ContactOf(pack.Manager), names(part)))
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

func names(list []files.File) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Name
	}
	return out
}
