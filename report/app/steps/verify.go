package steps

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/app/settings/zone"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
	"trueup/report/formats/pdf"
	"trueup/report/notes"
	"trueup/report/record"
	"trueup/rules"
)

// Finished is a run as it lies in its folder. Nothing in it is trusted.
type Finished struct {
	Manifest deliver.Manifest
	// Record is what the reports were made from; nil if the run was redacted,
	// or made by a version that kept none, or if the record is not whole.
	Record *record.Record

	folder   *os.Root
	manifest []byte
	checks   []deliver.FileState // of the files as they lie there
}

// Verification is the outcome of rebuilding a finished run.
type Verification struct {
	// Checks are of each file, with a state that Look gives, or one of those below.
	Checks  []deliver.FileState
	Reasons []string // what is lacking or differs, and may explain it
}

// Further states of files.
const (
	differs = "differs" // rebuilding gives other bytes
	listed  = "listed"  // it is what the manifest lists, and nothing could be rebuilt
)

// Same tells whether every byte is.
func (v Verification) Same() bool {
	return !slices.ContainsFunc(v.Checks, func(c deliver.FileState) bool { return c.State != deliver.FileSame })
}

// OpenFinished reads the manifest and the record of a run and looks which of
// its files are as the manifest lists them. It must be closed.
func OpenFinished(log *slog.Logger, dir string) (_ *Finished, err error) {
	if err := mend(log, dir); err != nil {
		return nil, err
	}
	f := &Finished{}
	if f.Manifest, err = deliver.ReadManifest(dir); err != nil {
		return nil, err
	}
	if f.folder, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	if f.manifest, err = f.folder.ReadFile(deliver.ManifestName); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if f.checks, err = f.Manifest.Look(dir, mail.Outbox, mail.LedgerName); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(f.checks, func(c deliver.FileState) bool { return c.Name == f.recordName() && c.State == deliver.FileSame }) {
		file, err := f.folder.Open(f.recordName())
		if err != nil {
			return nil, err
		}
		defer file.Close()
		rec, err := record.Read(file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.recordName(), err)
		}
		f.Record = &rec
	}
	return f, nil
}

// Close ends the reading.
func (f *Finished) Close() { f.folder.Close() }

func (f *Finished) snapshotName() string { return snapshotName(f.Manifest.Day()) }
func (f *Finished) recordName() string   { return recordName(f.Manifest.Day()) }

// HasRecord tells whether the manifest lists a record, be it whole or not.
func (f *Finished) HasRecord() bool { return f.lists(f.recordName()) }

func (f *Finished) lists(name string) bool {
	return slices.ContainsFunc(f.Manifest.Files, func(e deliver.Entry) bool { return e.Name == name })
}

// Plan is the plan of the run that has a record. The settings' plan, which may
// be nil, has the fonts of a PDF that was drawn with some.
func (f *Finished) Plan(given *Plan) (*Plan, error) {
	rec := f.Record
	set, err := rules.Load(rec.Rules)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.recordName(), err)
	}
	in, err := zone.Load(cmp.Or(rec.Timezone, "UTC"))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.recordName(), err)
	}
	p := &Plan{Zone: in, Set: set, Waivers: rec.Waivers, Contacts: rec.Contacts, Notes: rec.Notes, Returned: notes.Returned{Problems: rec.NoteProblems},
		Hashes: report.Hashes{Rules: set.Hash, Waivers: rec.Hashes.Waivers, Contacts: rec.Hashes.Contacts},
		Title:  rec.Title, Organization: rec.Organization, Version: rec.Version, Branding: rec.Branding,
		Prices: rec.Prices, SbcNames: rec.SbcNames, Values: rec.Values, PDF: pdf.Options{MaxCustomers: rec.PDF.MaxCustomers, Cover: rec.PDF.Cover}, fonts: rec.PDF.Fonts}
	if rec.PDF.SystemFonts {
		p.PDF.System = pdf.SystemFonts()
	}
	var fonts []pdf.Font
	if given != nil {
		fonts = given.PDF.Fonts
	}
	for _, font := range rec.PDF.Fonts {
		if at := slices.IndexFunc(fonts, func(given pdf.Font) bool { return fetch.HashOf(given.Data) == font.Hash }); at >= 0 && !font.System {
			p.PDF.Fonts = append(p.PDF.Fonts, fonts[at])
		}
	}
	return p, nil
}

// NeedsFonts tells whether the PDF was drawn with fonts that the settings name.
func (f *Finished) NeedsFonts() bool {
	return f.Record != nil && slices.ContainsFunc(f.Record.PDF.Fonts, func(font record.Font) bool { return !font.System })
}

// Rebuild computes the reports of a finished run again: from its snapshot and
// its record, and then s may be nil; from its snapshot and the plan and
// history of the settings; or, redacted, from the customers of --input too.
func (f *Finished) Rebuild(ctx context.Context, w World, plan *Plan, s *settings.Settings) (Reports, error) {
	m := f.Manifest
	customers, err := f.customers(w, s)
	if err != nil {
		return Reports{}, err
	}
	fetched := received(customers)
	if rec := f.Record; rec != nil {
		fetched.AsOf = rec.AsOf.In(plan.Zone)
		return Compute(ctx, plan, fetched, rec.History, Output{Formats: rec.Formats, ByManager: rec.ByManager})
	}
	fetched.AsOf = m.AsOf
	out := Output{Formats: m.Formats, ByManager: len(m.Packs) > 0, Redact: m.Redacted}
	as := *plan
	as.Version, plan = m.Version, &as // the reports name it: what else differs tells more
	if out.ByManager && plan.Contacts == nil {
		return Reports{}, settings.Usage{Text: "the run was split by manager", HintText: "give its contacts with --contacts FILE"}
	}
	h, err := ReadHistory(ctx, plan, fetched, s)
	if err != nil {
		return Reports{}, err
	}
	return Compute(ctx, plan, fetched, h, out)
}

func (f *Finished) customers(w World, s *settings.Settings) (p fetch.Portfolio, err error) {
	m := f.Manifest
	switch {
	case m.Redacted && m.Sample:
		p = fetch.Sample()
		p.AsOf = m.AsOf
	case m.Redacted:
		p, err = fetch.Read(s.Input, w.Stdin, s.Live.Limits)
	case !f.lists(f.snapshotName()):
		return p, fmt.Errorf("the manifest lists no %s", f.snapshotName())
	default:
		var file *os.File
		if file, err = f.folder.Open(f.snapshotName()); err == nil {
			defer file.Close()
			p, err = fetch.ReadFrom(file, f.snapshotName(), fetch.Limits{})
		}
	}
	if err == nil && p.AsOf.IsZero() {
		p.AsOf = m.AsOf
		if !m.DataAsOf.IsZero() {
			p.AsOf = m.DataAsOf
		}
	}
	return p, err
}

// CannotRebuild is the verification of a run of which nothing can be made
// again because its record or its snapshot is not whole; false if it can be.
func (f *Finished) CannotRebuild() (v Verification, cannot bool) {
	var broken []string
	for _, c := range f.checks {
		if (c.Name == f.recordName() || c.Name == f.snapshotName()) && (c.State == deliver.FileChanged || c.State == deliver.FileMissing) {
			broken = append(broken, c.Name+" is "+c.State)
		}
	}
	if len(broken) == 0 {
		return v, false
	}
	v.Checks = slices.Clone(f.checks)
	for i, c := range v.Checks {
		if c.State == deliver.FileSame {
			v.Checks[i].State = listed
		}
	}
	v.Reasons = []string{strings.Join(broken, ", ") + ": nothing could be rebuilt"}
	return v, true
}

// Verify sets the files of a finished run against what its rebuilt reports
// would be written as, byte for byte, and so the manifest.
func (f *Finished) Verify(ctx context.Context, w World, plan *Plan, rebuilt Reports) (Verification, error) {
	list, manifest := files(plan, rebuilt)
	entries, err := deliver.Digest(ctx, list)
	if err != nil {
		return Verification{}, err
	}
	manifest.Files, manifest.Hashes.Record = entries, rebuilt.recordHash()
	var text bytes.Buffer
	if err := manifest.Write(&text); err != nil {
		return Verification{}, err
	}
	is := map[string]deliver.Entry{}
	for _, e := range entries {
		is[e.Name] = e
	}
	v := Verification{Checks: slices.Clone(f.checks)}
	for i, e := range f.Manifest.Files {
		if v.Checks[i].State == deliver.FileSame && is[e.Name] != e {
			v.Checks[i].State = differs
		}
		delete(is, e.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		v.Checks = append(v.Checks, deliver.FileState{Name: name, State: deliver.FileMissing}) // from the manifest too
	}
	manifestState := deliver.FileSame
	if !bytes.Equal(text.Bytes(), f.manifest) {
		manifestState = differs
	}
	v.Checks = append(v.Checks, deliver.FileState{Name: deliver.ManifestName, State: manifestState})
	v.Reasons = f.reasons(w, plan, manifest, !v.Same())
	return v, nil
}

// reasons are what is not as it was, and what the run lacks.
func (f *Finished) reasons(w World, plan *Plan, is deliver.Manifest, differs bool) (list []string) {
	was := f.Manifest
	if f.Record == nil && !was.Redacted {
		list = append(list, "it has no record: it was made by an earlier version of trueup, whose files may have other bytes; the settings given stand for those of the run, and what was issued in earlier months is not known")
	}
	if !differs {
		return list
	}
	if was.Version != w.Version {
		list = append(list, fmt.Sprintf("it was made by trueup %s and this is %s: a file that differs may be as that version writes it", was.Version, w.Version))
	}
	for _, x := range []struct{ what, was, is string }{
		{"snapshot", was.Hashes.Snapshot, is.Hashes.Snapshot},
		{"rules", was.Hashes.Rules, is.Hashes.Rules},
		{"waivers", was.Hashes.Waivers, is.Hashes.Waivers},
		{"contacts", was.Hashes.Contacts, is.Hashes.Contacts},
	} {
		if x.was != x.is {
			list = append(list, fmt.Sprintf("%s: was %s, is %s", x.what, cmp.Or(x.was, "none"), cmp.Or(x.is, "none")))
		}
	}
	if f.Record != nil {
		has := fontsOf(plan.PDF)
		for _, font := range f.Record.PDF.Fonts {
			if slices.Contains(has, font) {
				continue
			}
			where := "give the settings that name it with --config"
			if font.System {
				where = "this machine does not have it"
			}
			list = append(list, fmt.Sprintf("the PDF was drawn with the font %s (%s), which no record holds: %s", font.Name, font.Hash, where))
		}
	}
	return list
}
