package steps

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/formats/pdf"
	"trueup/report/record"
	"trueup/rules"
)

// Output is what is to be written of a report. Some of it changes what is
// computed: a PDF lacks characters, pseudonyms stand for names.
type Output struct {
	Formats   []string // names as --format takes them
	ByManager bool     // also a pack for each account manager; needs contacts
	Redact    bool     // pseudonyms for names, and neither snapshot nor record
}

// Reports are computed and ready to be written.
type Reports struct {
	Output
	Book     *report.Report
	Packs    []*report.Report    // of the account managers; they add up to Book
	Key      report.RedactionKey // whose pseudonym is whose, where redacted
	snapshot fetch.Packed
	record   func() (fetch.Packed, error) // nil where redacted
}

// Compute applies the rules and the waivers to the customers and computes what
// is reported about them. The error is about a font, or the packed snapshot.
func Compute(plan *Plan, f Fetched, h *report.History, out Output) (Reports, error) {
	in := plan.input(f.Portfolio, f.AsOf)
	packed, err := f.snapshot()
	if err != nil {
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	in.Hashes.Snapshot = packed.Hash
	in.DataAsOf, in.History, in.Notes = f.dataAsOf(), h, plan.Notes
	if slices.Contains(out.Formats, "pdf") {
		in.Inspect = func(r *report.Report) []fetch.Problem {
			problems, missing := pdf.Missing(r, plan.PDF)
			err = errors.Join(err, missing)
			return problems
		}
	}
	r := Reports{Output: out, snapshot: packed}
	if out.Redact {
		in, r.Key = report.Redact(in)
	}
	r.Book = report.Build(in)
	if out.ByManager {
		r.Packs = report.Packs(in, plan.Set.TallyGroups)
	}
	if !out.Redact {
		r.record = packRecord(plan.recordOf(r.Book, h, out))
	}
	return r, err
}

// packRecord packs a record once, when it is asked for: while the reports are
// written.
func packRecord(rec record.Record) func() (fetch.Packed, error) {
	return sync.OnceValues(func() (fetch.Packed, error) {
		var b bytes.Buffer
		err := record.Write(&b, &rec)
		return fetch.Packed{Bytes: b.Bytes(), Hash: rec.Hash}, err
	})
}

// recordOf is the record of a report.
func (p *Plan) recordOf(book *report.Report, h *report.History, out Output) record.Record {
	rec := record.Record{AsOf: book.AsOf, Version: p.Version, Sample: book.Sample, Hashes: book.Hashes, Issued: report.IssuedOf(book),
		Prices: p.Prices, Waivers: p.Waivers, Contacts: p.Contacts,
		Making: record.Making{Title: p.Title, Organization: p.Organization, Branding: p.Branding, SbcNames: p.SbcNames,
			Formats: slices.Sorted(slices.Values(out.Formats)), ByManager: out.ByManager,
			PDF:   record.PDF{MaxCustomers: p.PDF.MaxCustomers, SystemFonts: p.PDF.System != nil},
			Rules: rules.Options{Files: p.Set.Files, Overrides: p.Set.Overrides}, Notes: p.Notes, History: h}}
	switch {
	case p.fonts != nil:
		rec.PDF.Fonts = p.fonts
	case slices.Contains(out.Formats, "pdf"):
		rec.PDF.Fonts = fontsOf(p.PDF)
	}
	return rec
}

// fontsOf are the fonts that a PDF may have drawn with and that only the
// settings or the machine have.
func fontsOf(o pdf.Options) (list []record.Font) {
	for _, f := range o.Fonts {
		list = append(list, record.Font{Name: filepath.Base(f.Name), Hash: fetch.HashOf(f.Data)})
	}
	if o.System != nil {
		for _, f := range o.System.Used() {
			list = append(list, record.Font{Name: filepath.Base(f.Name), Hash: fetch.HashOf(f.Data), System: true})
		}
	}
	return list
}

// Past is what later reports compare with: the customers of an earlier month
// under today's rules, with the waivers, prices and contacts of its record;
// with today's if there is none, or if there were no contacts. Its instances get their names of today.
func (p *Plan) Past(customers fetch.Portfolio, rec *record.Record, formerly map[string]string) report.Past {
	then := *p
	if rec != nil {
		rec.Rename(formerly)
		then.Waivers, then.Prices = rec.Waivers, rec.Prices
		if rec.Contacts != nil {
			then.Contacts = rec.Contacts
		}
	}
	hash := customers.Hash()
	in := then.input(record.Renamed(customers, formerly), customers.AsOf)
	in.Hashes.Snapshot = hash
	past := report.PastOf(report.Build(in), p.Prices)
	if rec != nil {
		past.Issued = &rec.Issued
	}
	return past
}

// input judges customers as of a time, and is what a report on them is built
// from.
func (p *Plan) input(customers fetch.Portfolio, asOf time.Time) report.Input {
	evaluation := p.Set.Evaluate(customers.Customers)
	register := evaluation.Waive(customers.Customers, p.Waivers, asOf)
	in := report.Input{
		Title: p.Title, Organization: p.Organization, Branding: p.Branding, Version: p.Version, AsOf: asOf,
		Hashes: p.Hashes, Portfolio: customers, Evaluation: evaluation, Register: register,
		Prices: p.Prices, SbcNames: p.SbcNames,
	}
	if p.Contacts != nil {
		in.Manager = p.Contacts.Manager
	}
	return in
}

// Diff is the report on one snapshot with another as the only earlier one.
func Diff(plan *Plan, older, newer string) (*report.Report, error) {
	before, err := readSnapshot(older)
	if err != nil {
		return nil, err
	}
	after, err := readSnapshot(newer)
	if err != nil {
		return nil, err
	}
	if after.AsOf.Before(before.AsOf) {
		return nil, settings.Usage{Text: fmt.Sprintf("%s is of %s, before %s of %s", newer, after.AsOf.Format(time.RFC3339), older, before.AsOf.Format(time.RFC3339)),
			HintText: fmt.Sprintf("name the older one first: trueup diff %s %s", newer, older)}
	}
	alone := *plan
	alone.Notes = nil // it compares the snapshots, not what people wrote since
	r, err := Compute(&alone, received(after), report.Remember(plan.Past(before, nil, nil)), Output{})
	return r.Book, err
}
