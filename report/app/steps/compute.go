package steps

import (
	"errors"
	"fmt"
	"slices"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf"
)

// Output is what is to be written of a report. Some of it changes what is
// computed: a PDF lacks characters, pseudonyms stand for names.
type Output struct {
	Formats   []string // names as --format takes them
	ByManager bool     // also a pack for each account manager; needs contacts
	Redact    bool     // pseudonyms for names, and no snapshot
}

// Reports are computed and ready to be written.
type Reports struct {
	Output
	Book     *report.Report
	Packs    []*report.Report    // of the account managers; they add up to Book
	Key      report.RedactionKey // whose pseudonym is whose, where redacted
	snapshot fetch.Packed
}

// Compute applies the rules and the waivers to the customers and computes what
// is reported about them. The error is about a font, or the packed snapshot.
func Compute(plan *Plan, f Fetched, h *report.History, out Output) (Reports, error) {
	in := plan.input(f.Portfolio)
	packed, err := f.snapshot()
	if err != nil {
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	in.Hashes.Snapshot = packed.Hash
	in.History, in.Notes = h, plan.Notes
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
	return r, err
}

// Past is what later reports compare with: the customers of an earlier month
// under today's rules, with the waivers as they stood that day.
func (p *Plan) Past(customers fetch.Portfolio) report.Past {
	in := p.input(customers)
	in.Hashes.Snapshot = customers.Hash()
	return report.PastOf(report.Build(in), in.Prices)
}

// input judges customers, and is what a report on them is built from.
func (p *Plan) input(customers fetch.Portfolio) report.Input {
	evaluation := p.Set.Evaluate(customers.Customers)
	register := evaluation.Waive(customers.Customers, p.Waivers, customers.AsOf)
	in := report.Input{
		Title: p.Title, Organization: p.Organization, Branding: p.Branding, Version: p.Version, AsOf: customers.AsOf,
		Hashes: p.Hashes, Portfolio: customers, Evaluation: evaluation, Register: register,
		Prices: p.Prices, SbcNames: p.SbcNames,
	}
	if p.Contacts != nil {
		in.Manager = p.Contacts.ManagerIn(customers.Customers)
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
	alone := *plan
	alone.Notes = nil // it compares the snapshots, not what people wrote since
	r, err := Compute(&alone, received(after), report.Remember(plan.Past(before)), Output{})
	return r.Book, err
}
