package job

import (
	"context"
	"io"
	"path/filepath"
	"slices"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/files"
	"trueup/report/output"
	"trueup/report/pdf"
)

// Write writes the report in all its formats, the snapshot it was made from
// and, last of all, the manifest: all files or none.
func (j *Job) Write(ctx context.Context, r *report.Report) (files.Manifest, error) {
	list, manifest, err := j.list(r)
	if err != nil {
		return manifest, err
	}
	batch, err := files.Prepare(ctx, j.Settings.Out, list)
	if err != nil {
		return manifest, err
	}
	manifest.Files = batch.Entries
	if err := batch.Commit(); err != nil {
		return manifest, err
	}
	err = files.WriteOne(ctx, filepath.Join(j.Settings.Out, files.ManifestName), 0, manifest.Write)
	return manifest, err
}

// list is all files of the run but the manifest, which describes them.
func (j *Job) list(r *report.Report) ([]files.File, files.Manifest, error) {
	options := output.Options{PDF: pdf.Options{MaxCustomers: j.Settings.PDF.MaxCustomers}}
	list := output.Files(r, j.Settings.Formats, "", options)
	list = append(list, files.File{Name: snapshotName(j.AsOf), Mode: 0o600, Write: func(w io.Writer) error {
		return fetch.WriteSnapshot(w, j.Portfolio)
	}})
	return list, files.NewManifest(r, slices.Sorted(slices.Values(j.Settings.Formats))), nil
}
