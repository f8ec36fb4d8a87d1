package steps

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/formats/pdf"
	"trueup/report/notes"
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
	Idle     []rules.Idle        // waivers and contacts that do nothing
	Notes    []fetch.Problem     // with what came back in workbooks
	snapshot fetch.Packed
	record   func() (fetch.Packed, error) // nil where redacted
}

// Compute applies the rules and the waivers to the customers and computes what
// is reported about them. The error is about a font or the packed snapshot, or
// it is that of a context that ends before.
func Compute(ctx context.Context, plan *Plan, f Fetched, h *report.History, out Output) (Reports, error) {
	in, err := plan.input(ctx, f.Portfolio, f.AsOf)
	if err != nil {
		return Reports{}, err
	}
	in.DataAsOf, in.History, in.Notes = f.dataAsOf(), h, plan.Notes
	r := Reports{Output: out, Idle: plan.idle(f.Portfolio)}
	var fonts error
	var noted []fetch.Problem
	withPDF := slices.Contains(out.Formats, "pdf")
	in.Inspect = func(part *report.Report) (problems []fetch.Problem) {
		if !out.Redact { // there are no notes then
			all := plan.Returned.ProblemsOf(part)
			problems = report.Bounded(all)
			if part.Manager == "" {
				noted, r.Notes = all, problems
			}
		}
		if withPDF {
			glyphs, missing := pdf.Missing(part, plan.PDF)
			problems, fonts = append(problems, glyphs...), errors.Join(fonts, missing)
		}
		return problems
	}
	if out.Redact {
		if in, r.Key, err = report.Redact(ctx, in); err != nil {
			return Reports{}, err
		}
		for i := range r.Idle {
			r.Idle[i].Text = r.Idle[i].Bare
		}
	}
	book := in // a pack does not tell of lines that name nobody of its own
	book.Portfolio.Problems = slices.Concat(in.Portfolio.Problems, r.idleProblems())
	r.Book = report.Build(book)
	if out.ByManager {
		var stopped error
		r.Packs = report.Packs(in, func(customers []fetch.Customer, groupOf []int, groups int) (tallies [][]rules.Tally) {
			tallies, stopped = plan.Set.TallyGroups(ctx, customers, groupOf, groups)
			return tallies
		})
		if stopped != nil {
			return Reports{}, stopped
		}
	}
	if r.snapshot, err = f.snapshot(); err != nil { // which was packed meanwhile
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	for _, x := range append([]*report.Report{r.Book}, r.Packs...) {
		x.Hashes.Snapshot = r.snapshot.Hash
	}
	if !out.Redact {
		r.record = packRecord(plan.recordOf(r.Book, h, out, noted))
	}
	return r, fonts
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

// recordOf is the record of a report; noted are the problems with what came
// back in workbooks.
func (p *Plan) recordOf(book *report.Report, h *report.History, out Output, noted []fetch.Problem) record.Record {
	rec := record.Record{AsOf: book.AsOf, Version: p.Version, Sample: book.Sample, Hashes: book.Hashes, Issued: report.IssuedOf(book),
		Prices: p.Prices, Waivers: p.Waivers, Contacts: p.Contacts,
		Making: record.Making{Timezone: p.timezone(), Title: p.Title, Organization: p.Organization, Branding: p.Branding, SbcNames: p.SbcNames, Values: p.Values,
			Formats: slices.Sorted(slices.Values(out.Formats)), ByManager: out.ByManager,
			PDF:   record.PDF{MaxCustomers: p.PDF.MaxCustomers, Cover: p.PDF.Cover, SystemFonts: p.PDF.System != nil},
			Rules: rules.Options{Files: p.Set.Files, Overrides: p.Set.Overrides}, Notes: p.Notes, NoteProblems: noted, History: h}}
	switch {
	case p.fonts != nil:
		rec.PDF.Fonts = p.fonts
	case slices.Contains(out.Formats, "pdf"):
		rec.PDF.Fonts = fontsOf(p.PDF)
	}
	return rec
}

// timezone is the name of the plan's zone, "" if it is UTC.
func (p *Plan) timezone() string {
	if p.Zone == nil || p.Zone == time.UTC {
		return ""
	}
	return p.Zone.String()
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

// idle are the lines of waivers and contacts that do nothing. Without the
// customers of an instance nobody can tell.
func (p *Plan) idle(customers fetch.Portfolio) []rules.Idle {
	if lacksInstance(customers) {
		return nil
	}
	return slices.Concat(rules.IdleWaivers(p.Waivers, customers.Customers), p.Contacts.Idle(customers.Customers))
}

// idleProblems tells of idle lines in the report. Their places are of the
// machine, and only for the log.
func (r *Reports) idleProblems() (problems []fetch.Problem) {
	for _, line := range r.Idle {
		problems = append(problems, fetch.Problem{Kind: line.Kind, Text: line.Text})
	}
	return report.Bounded(problems)
}

// maxWarnings is how many lines of a kind the log gets.
const maxWarnings = 50

// Warn logs what people wrote that does nothing, and instances that look renamed.
func (r *Reports) Warn(log *slog.Logger) {
	count := map[string]int{}
	for _, line := range r.Idle {
		if count[line.Kind]++; count[line.Kind] <= maxWarnings {
			log.Warn(line.Text, "line", line.Where)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		if more := count[kind] - maxWarnings; more > 0 {
			log.Warn("more such lines", "kind", kind, "lines", more)
		}
	}
	for _, problem := range r.Notes {
		log.Warn(problem.Text, "kind", problem.Kind)
	}
	for _, problem := range r.Book.Problems {
		if problem.Kind == report.KindRenamed {
			log.Warn(problem.Text, "kind", problem.Kind)
		}
	}
}

// Past is what later reports compare with: the customers of an earlier month
// under today's rules, with the waivers, prices and contacts of its record;
// with today's if there is none, or if there were no contacts. Its instances get
// their names of today. The hash is that of its snapshot; whole is as in
// report.PastOfInput.
func (p *Plan) Past(ctx context.Context, customers fetch.Portfolio, hash string, whole bool, rec *record.Record, formerly map[string]string) (report.Past, error) {
	then := p.asOfRecord(rec, formerly)
	in, err := then.input(ctx, record.Renamed(customers, formerly), customers.AsOf)
	if err != nil {
		return report.Past{}, err
	}
	in.Hashes.Snapshot = hash
	past := report.PastOfInput(in, p.Prices, whole)
	if rec != nil {
		past.Issued = &rec.Issued
	}
	return past, nil
}

// asOfRecord is the plan with the waivers, prices and contacts of a record, if
// there is one, whose instances get their names of today.
func (p *Plan) asOfRecord(rec *record.Record, formerly map[string]string) Plan {
	then := *p
	if rec != nil {
		rec.Rename(formerly)
		then.Waivers, then.Prices = rec.Waivers, rec.Prices
		if rec.Contacts != nil {
			then.Contacts = rec.Contacts
		}
	}
	return then
}

// Judgeable are customers whose raw values have the meanings of the settings and
// whose usage is that as of a time.
func (p *Plan) Judgeable(customers fetch.Portfolio, asOf time.Time) fetch.Portfolio {
	return p.Values.Explain(customers).JudgedAsOf(fetch.DayOf(asOf, cmp.Or(p.Zone, time.UTC)))
}

// input judges customers as of a time, and is what a report on them is built
// from.
func (p *Plan) input(ctx context.Context, customers fetch.Portfolio, asOf time.Time) (report.Input, error) {
	asOf = asOf.In(cmp.Or(p.Zone, time.UTC))
	customers = p.Judgeable(customers, asOf)
	evaluation, err := p.Set.Evaluate(ctx, customers.Customers)
	if err != nil {
		return report.Input{}, err
	}
	register := evaluation.Waive(customers.Customers, p.Waivers, asOf)
	in := report.Input{
		Title: p.Title, Organization: p.Organization, Branding: p.Branding, Version: p.Version, AsOf: asOf,
		Hashes: p.Hashes, Portfolio: customers, Evaluation: evaluation, Register: register,
		Prices: p.Prices, SbcNames: p.SbcNames,
	}
	if p.Contacts != nil {
		in.Manager = p.Contacts.ManagerIn(customers.Customers)
	}
	return in, nil
}

// Diff is the report on one snapshot with another as the only earlier one.
func Diff(ctx context.Context, plan *Plan, older, newer string) (*report.Report, error) {
	before, hash, err := readSnapshot(older)
	if err != nil {
		return nil, err
	}
	after, _, err := readSnapshot(newer)
	if err != nil {
		return nil, err
	}
	if after.AsOf.Before(before.AsOf) {
		return nil, settings.Usage{Text: fmt.Sprintf("%s is of %s, before %s of %s", newer, after.AsOf.Format(time.RFC3339), older, before.AsOf.Format(time.RFC3339)),
			HintText: fmt.Sprintf("name the older one first: trueup diff %s %s", newer, older)}
	}
	past, err := plan.Past(ctx, before, hash, true, nil, nil)
	if err != nil {
		return nil, err
	}
	alone := *plan
	alone.Notes, alone.Returned = nil, notes.Returned{} // it compares the snapshots, not what people wrote since
	r, err := Compute(ctx, &alone, received(after), report.Remember(past), Output{})
	return r.Book, err
}
