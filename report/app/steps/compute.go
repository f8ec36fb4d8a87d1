package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf"
	"trueup/rules"
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
// is reported about them. The error is about a font or the packed snapshot, or
// it is that of a context that ends before.
func Compute(ctx context.Context, plan *Plan, f Fetched, h *report.History, out Output) (Reports, error) {
	in, err := plan.input(ctx, f.Portfolio)
	if err != nil {
		return Reports{}, err
	}
	packed, err := f.snapshot()
	if err != nil {
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	in.Hashes.Snapshot = packed.Hash
	in.History, in.Notes = h, plan.Notes
	var fonts error
	if slices.Contains(out.Formats, "pdf") {
		in.Inspect = func(r *report.Report) []fetch.Problem {
			problems, missing := pdf.Missing(r, plan.PDF)
			fonts = errors.Join(fonts, missing)
			return problems
		}
	}
	r := Reports{Output: out, snapshot: packed}
	if out.Redact {
		if in, r.Key, err = report.Redact(ctx, in); err != nil {
			return Reports{}, err
		}
	}
	r.Book = report.Build(in)
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
	return r, fonts
}

// Past is what later reports compare with: the customers of an earlier month
// under today's rules, with the waivers as they stood that day.
func (p *Plan) Past(ctx context.Context, customers fetch.Portfolio) (report.Past, error) {
	in, err := p.input(ctx, customers)
	if err != nil {
		return report.Past{}, err
	}
	in.Hashes.Snapshot = customers.Hash()
	return report.PastOf(report.Build(in), in.Prices), nil
}

// input judges customers, and is what a report on them is built from.
func (p *Plan) input(ctx context.Context, customers fetch.Portfolio) (report.Input, error) {
	customers = p.Values.Explain(customers)
	evaluation, err := p.Set.Evaluate(ctx, customers.Customers)
	if err != nil {
		return report.Input{}, err
	}
	register := evaluation.Waive(customers.Customers, p.Waivers, customers.AsOf)
	in := report.Input{
		Title: p.Title, Organization: p.Organization, Branding: p.Branding, Version: p.Version, AsOf: customers.AsOf,
		Hashes: p.Hashes, Portfolio: customers, Evaluation: evaluation, Register: register,
		Prices: p.Prices, SbcNames: p.SbcNames,
	}
	if p.Contacts != nil {
		in.Manager = p.Contacts.Manager
	}
	return in, nil
}

// Diff is the report on one snapshot with another as the only earlier one.
func Diff(ctx context.Context, plan *Plan, older, newer string) (*report.Report, error) {
	before, err := readSnapshot(older)
	if err != nil {
		return nil, err
	}
	after, err := readSnapshot(newer)
	if err != nil {
		return nil, err
	}
	past, err := plan.Past(ctx, before)
	if err != nil {
		return nil, err
	}
	alone := *plan
	alone.Notes = nil // it compares the snapshots, not what people wrote since
	r, err := Compute(ctx, &alone, received(after), report.Remember(past), Output{})
	return r.Book, err
}
