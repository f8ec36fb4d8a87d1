// Package steps holds the steps of a run, each a function from values to
// values, so that none can be called before its input exists:
//
//	Prepare -> Fetch -> Compute -> Write -> Deliver
//
// Commands differ in which steps they take and what they give them. A history
// is read between Fetch and Compute, and added to after Write.
package steps

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/formats/pdf"
	"trueup/report/notes"
	"trueup/report/record"
	"trueup/rules"
	"trueup/rules/strict"
)

// World is what the steps need from outside.
type World struct {
	Stdin    io.Reader
	Env      func(string) (string, bool)
	Now      func() time.Time
	Version  string
	Progress func(fetch.Event) // hears how far the fetching is; may be nil
	// Step hears what is done after the fetching: done of total, which is 0 if
	// nobody knows; nothing any more with "". May be nil.
	Step func(what string, done, total int)
	// Journal is the file that remembers the license histories of an unfinished
	// fetch, beside the output; "" for none.
	Journal string
	Log     *slog.Logger // of retries and warnings; never nil
}

// Doing tells what is done now, as Step hears it.
func (w World) Doing(what string, done, total int) {
	if w.Step != nil {
		w.Step(what, done, total)
	}
}

// Plan is all that people wrote, read and checked. With it any list of
// customers can be judged and reported on: today's, or one of an earlier month.
type Plan struct {
	Set      *rules.Set
	Waivers  []rules.Waiver
	Contacts *report.Contacts // nil if there are none
	Notes    notes.Notes      // what people wrote about findings
	Returned notes.Returned   // of it, what came back now
	Hashes   report.Hashes    // of rules, waivers and contacts

	Title, Organization, Version string
	Branding                     report.Branding
	Prices                       report.Prices
	SbcNames                     map[string]map[int64]string // by instance and sbcId
	Values                       fetch.Values                // what raw values mean
	Zone                         *time.Location              // of every day and every time shown; nil is UTC
	PDF                          pdf.Options
	fonts                        []record.Font // as the record says that the plan is from; nil if it is from none
}

// Prepare reads everything that people wrote. An error means that nothing was
// fetched or written.
func Prepare(w World, s *settings.Settings) (*Plan, error) {
	set, err := rules.Load(s.Rules)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(set.Rules, func(r *rules.Rule) bool { return r.Enabled }) {
		return nil, settings.Usage{Text: "there is no rule to apply", HintText: "give rules with --rules PATH, or leave out --no-builtin-rules"}
	}
	p := &Plan{
		Set: set, Hashes: report.Hashes{Rules: set.Hash},
		Title: s.Title, Organization: s.Organization, Version: w.Version,
		Branding: s.Branding, Prices: s.Prices, SbcNames: s.SbcNames, Values: s.Values, Zone: s.Zone,
	}
	if err := p.readWaivers(s.Waivers); err != nil {
		return nil, err
	}
	if err := p.readContacts(s.Contacts); err != nil {
		return nil, err
	}
	if s.SplitBy != "" && p.Contacts == nil {
		return nil, settings.Usage{Text: "--split-by manager without contacts", HintText: "say who manages which customer with --contacts FILE"}
	}
	if err := mend(w.Log, s.History); err != nil {
		return nil, err
	}
	if err := p.readNotes(s.History, s.Annotations, s.Live.Formerly); err != nil {
		return nil, err
	}
	p.PDF, err = pdfOptions(s.PDF)
	return p, err
}

func (p *Plan) readWaivers(path string) error {
	if path == "" {
		return nil
	}
	data, err := plain.ReadFile(path, strict.MaxBytes)
	if err != nil {
		return fmt.Errorf("read waivers: %w", err)
	}
	p.Hashes.Waivers = fetch.HashOf(data)
	p.Waivers, err = rules.ParseWaivers(path, data, p.Set)
	return err
}

func (p *Plan) readContacts(path string) error {
	if path == "" {
		return nil
	}
	data, err := plain.ReadFile(path, notes.MaxContactsBytes)
	if err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	if p.Contacts, err = notes.LoadContacts(path, data); err != nil {
		return err
	}
	p.Hashes.Contacts = p.Contacts.Hash
	return nil
}

// readNotes brings back what people wrote: what the history keeps, if there is
// one, and what the workbooks and CSV files say that are returned now.
func (p *Plan) readNotes(history string, returned []string, formerly map[string]string) (err error) {
	var kept notes.Notes
	if history != "" {
		if kept, err = notes.Load(history); err != nil {
			return err
		}
	}
	back, err := notes.Read(returned, kept)
	if err != nil {
		return err
	}
	p.Returned = back.Renamed(formerly)
	p.Notes = notes.Merge(kept.Renamed(formerly), p.Returned.Notes)
	return nil
}

// maxFont bounds the file of one font; those of CJK take some 20 MiB.
const maxFont = 64 << 20

// pdfOptions reads the fonts that the PDF may use. Those of the machine are
// only read when a name needs them.
func pdfOptions(s settings.PDF) (pdf.Options, error) {
	o := pdf.Options{Cover: s.Cover, MaxCustomers: s.MaxCustomers}
	if s.SystemFonts {
		o.System = pdf.SystemFonts()
	}
	for _, path := range s.Fonts {
		data, err := plain.ReadFile(path, maxFont)
		if err != nil {
			return o, fmt.Errorf("read font: %w", err)
		}
		o.Fonts = append(o.Fonts, pdf.NewFont(path, data))
	}
	return o, nil
}
