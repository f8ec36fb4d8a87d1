// Package steps holds the steps of a run, each a function from values to
// values, so that none can be called before its input exists:
//
//	Prepare -> Fetch -> Compute -> Write -> Deliver
//
// Commands differ in which steps they take and what they give them. A history
// is read between Fetch and Compute, and added to when all is done.
package steps

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"trueup/fetch"
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
	Log      *slog.Logger      // of retries and warnings; never nil
}

// Plan is all that people wrote, read and checked. With it any list of
// customers can be judged and reported on: today's, or one of an earlier month.
type Plan struct {
	Set      *rules.Set
	Waivers  []rules.Waiver
	Contacts *report.Contacts // nil if there are none
	Notes    notes.Notes      // what returned workbooks say about findings
	Hashes   report.Hashes    // of rules, waivers and contacts

	Title, Organization, Version string
	Branding                     report.Branding
	Prices                       report.Prices
	SbcNames                     map[string]map[int64]string // by instance and sbcId
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
		Branding: s.Branding, Prices: s.Prices, SbcNames: s.SbcNames,
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
	if p.Notes, err = readNotes(s.History, s.Annotations, s.Live.Formerly); err != nil {
		return nil, err
	}
	p.PDF, err = pdfOptions(s.PDF)
	return p, err
}

func (p *Plan) readWaivers(path string) error {
	if path == "" {
		return nil
	}
	data, err := strict.ReadFile(path, strict.MaxBytes)
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
	data, err := strict.ReadFile(path, report.MaxContactsBytes)
	if err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	if p.Contacts, err = report.LoadContacts(path, data); err != nil {
		return err
	}
	p.Hashes.Contacts = p.Contacts.Hash
	return nil
}

// readNotes brings back what people wrote: what the history keeps, and what
// the workbook or CSV file says that is returned now. Either may be "".
func readNotes(history, returned string, formerly map[string]string) (kept notes.Notes, err error) {
	if history != "" {
		if kept, err = notes.Load(history); err != nil {
			return nil, err
		}
	}
	if returned == "" {
		return kept.Renamed(formerly), nil
	}
	back, err := notes.Read(returned)
	if err != nil {
		return nil, err
	}
	return notes.Merge(kept, back).Renamed(formerly), nil
}

// maxFont bounds the file of one font; those of CJK take some 20 MB.
const maxFont = 64 << 20

// pdfOptions reads the fonts that the PDF may use. Those of the machine are
// only read when a name needs them.
func pdfOptions(s settings.PDF) (pdf.Options, error) {
	o := pdf.Options{MaxCustomers: s.MaxCustomers}
	if s.SystemFonts {
		o.System = pdf.SystemFonts()
	}
	for _, path := range s.Fonts {
		data, err := strict.ReadFile(path, maxFont)
		if err != nil {
			return o, fmt.Errorf("read font: %w", err)
		}
		if len(data) > maxFont {
			return o, fmt.Errorf("read font: %s is larger than %d MB", path, maxFont>>20)
		}
		o.Fonts = append(o.Fonts, pdf.Font{Name: path, Data: data})
	}
	return o, nil
}
