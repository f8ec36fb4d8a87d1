// Package steps gathers what one run is made of, step by step: rules and
// waivers, customers, verdicts, the report and its files. Commands differ in
// how many of the steps they take.
package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/formats/pdf"
	"trueup/report/notes"
	"trueup/rules"
	"trueup/rules/strict"
)

// World is what a job needs from outside.
type World struct {
	Stdin   io.Reader
	Env     func(string) (string, bool)
	Now     func() time.Time
	Version string
	// Progress hears how far the fetching is, Log of retries and warnings;
	// both may be nil.
	Progress func(fetch.Event)
	Log      *slog.Logger
}

// Job is one run. Its fields are filled by its steps, in their order.
type Job struct {
	World
	Settings *settings.Settings

	Set      *rules.Set // Prepare
	Waivers  []rules.Waiver
	Contacts *report.Contacts
	hashes   report.Hashes

	fonts pdf.Options
	notes notes.Notes // what people wrote into returned workbooks

	Portfolio fetch.Portfolio // Fetch
	AsOf      time.Time
	pack      func() (fetch.Packed, error) // the snapshot, made once
	key       report.RedactionKey          // whose pseudonym is whose, with --redact
	Partial   error                        // what failed, if the report is made without it
}

// Prepare reads everything that people wrote: rules, waivers and contacts. An
// error means that nothing was fetched or written.
func (j *Job) Prepare() (err error) {
	if j.Set, err = rules.Load(j.Settings.Rules); err != nil {
		return err
	}
	if !slices.ContainsFunc(j.Set.Rules, func(r *rules.Rule) bool { return r.Enabled }) {
		return settings.Usage{Text: "there is no rule to apply", HintText: "give rules with --rules PATH, or leave out --no-builtin-rules"}
	}
	j.hashes.Rules = j.Set.Hash
	if j.Waivers, err = j.waivers(); err != nil {
		return err
	}
	if j.Contacts, err = j.contacts(); err != nil {
		return err
	}
	if j.Settings.SplitBy != "" && j.Contacts == nil {
		return settings.Usage{Text: "--split-by manager without contacts", HintText: "say who manages which customer with --contacts FILE"}
	}
	if err := j.redactedFolder(); err != nil {
		return err
	}
	if err := j.readNotes(); err != nil {
		return err
	}
	return j.readFonts()
}

// maxFont bounds the file of one font; those of CJK take some 20 MiB.
const maxFont = 64 << 20

// readFonts settles which fonts the PDF may use. Those of the machine are
// only read when a name needs them.
func (j *Job) readFonts() error {
	s := j.Settings.PDF
	j.fonts = pdf.Options{MaxCustomers: s.MaxCustomers}
	if s.SystemFonts {
		j.fonts.System = pdf.SystemFonts()
	}
	for _, path := range s.Fonts {
		data, err := plain.ReadFile(path, maxFont)
		if err != nil {
			return fmt.Errorf("read font: %w", err)
		}
		j.fonts.Fonts = append(j.fonts.Fonts, pdf.Font{Name: path, Data: data})
	}
	return nil
}

func (j *Job) waivers() ([]rules.Waiver, error) {
	if j.Settings.Waivers == "" {
		return nil, nil
	}
	data, err := plain.ReadFile(j.Settings.Waivers, strict.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("read waivers: %w", err)
	}
	j.hashes.Waivers = fetch.HashOf(data)
	return rules.ParseWaivers(j.Settings.Waivers, data, j.Set)
}

func (j *Job) contacts() (*report.Contacts, error) {
	if j.Settings.Contacts == "" {
		return nil, nil
	}
	data, err := plain.ReadFile(j.Settings.Contacts, report.MaxContactsBytes)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	contacts, err := report.LoadContacts(j.Settings.Contacts, data)
	if err == nil {
		j.hashes.Contacts = contacts.Hash
	}
	return contacts, err
}

// Fetch brings the customers in and settles the as-of time: the flag, else
// the source's own, else now.
func (j *Job) Fetch(ctx context.Context) error {
	p, err := j.customers(ctx)
	if err != nil {
		return err
	}
	if len(p.Customers) == 0 && !j.Settings.AllowEmpty {
		return fetch.ErrEmpty
	}
	switch {
	case !j.Settings.AsOf.IsZero():
		p.AsOf = j.Settings.AsOf
	case p.AsOf.IsZero():
		p.AsOf = j.Now().UTC().Truncate(time.Second)
	}
	j.take(p)
	return nil
}

// take settles the customers and begins to pack them, which goes on while the
// rules are applied.
func (j *Job) take(p fetch.Portfolio) {
	j.Portfolio, j.AsOf = p, p.AsOf
	j.pack = sync.OnceValues(func() (fetch.Packed, error) { return fetch.Pack(p) })
	go j.pack()
}

func (j *Job) customers(ctx context.Context) (fetch.Portfolio, error) {
	s := j.Settings
	switch {
	case s.Sample:
		return fetch.Sample(), nil
	case s.Input != "":
		return fetch.Read(s.Input, j.Stdin, s.Live.MaxBytes)
	}
	return j.live(ctx)
}

// live asks the instances. With --allow-partial the others' customers are
// used although one failed; the gap is in the portfolio's problems.
func (j *Job) live(ctx context.Context) (fetch.Portfolio, error) {
	s := j.Settings
	p, err := fetch.FetchAll(ctx, s.Live.Instances, fetch.Options{
		Lookup: j.Env, Version: j.Version, Timeouts: s.Live.Timeouts, Retry: s.Live.Retry, MaxBytes: s.Live.MaxBytes,
		AllowEmpty: s.AllowEmpty, Progress: j.Progress, Log: j.Log, Now: j.Now,
	})
	if failed := (*fetch.FetchError)(nil); errors.As(err, &failed) && s.AllowPartial && len(p.Customers) > 0 {
		j.Partial = failed
		return p, nil
	}
	return p, err
}

// Reports are what one run computes: the book, and with --split-by manager
// the packs of the account managers, which add up to it.
type Reports struct {
	Book  *report.Report
	Packs []*report.Report
}

// Reports applies the rules and the waivers and computes the reports.
func (j *Job) Reports() (Reports, error) {
	in := j.input(j.Portfolio)
	packed, err := j.pack()
	if err != nil {
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	in.Hashes.Snapshot = packed.Hash
	if in.History, in.Compared, err = j.history(); err != nil {
		return Reports{}, err
	}
	var missing error
	if slices.Contains(j.Settings.Formats, "pdf") {
		in.Inspect = func(r *report.Report) []fetch.Problem {
			problems, err := pdf.Missing(r, j.fonts)
			missing = errors.Join(missing, err)
			return problems
		}
	}
	in.Notes = j.notes
	if j.Settings.Redact != "" {
		in, j.key = report.Redact(in)
	}
	out := Reports{Book: report.Build(in)}
	if j.Settings.SplitBy == "manager" {
		out.Packs = report.Packs(in, j.Set.TallyGroups)
	}
	return out, missing
}

// input is what a report of some portfolio is built from.
func (j *Job) input(p fetch.Portfolio) report.Input {
	s := j.Settings
	evaluation := j.Set.Evaluate(p.Customers)
	register := evaluation.Waive(p.Customers, j.Waivers, p.AsOf)
	in := report.Input{
		Title: s.Title, Organization: s.Organization, Branding: s.Branding, Version: j.Version, AsOf: p.AsOf,
		Hashes: j.hashes, Portfolio: p, Evaluation: evaluation, Register: register,
		Prices: s.Prices, SbcNames: s.SbcNames,
	}
	if j.Contacts != nil {
		in.Manager = j.Contacts.Manager
	}
	return in
}
