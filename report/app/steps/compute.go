package steps

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf"
	"trueup/report/notes"
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
	Idle     []rules.Idle        // waivers and contacts that do nothing
	Notes    []fetch.Problem     // with what came back in workbooks
	snapshot fetch.Packed
}

// Compute applies the rules and the waivers to the customers and computes what
// is reported about them. The error is about a font, or the packed snapshot.
func Compute(plan *Plan, f Fetched, h History, out Output) (Reports, error) {
	in := plan.input(f.Portfolio)
	packed, err := f.snapshot()
	if err != nil {
		return Reports{}, fmt.Errorf("pack snapshot: %w", err)
	}
	in.Hashes.Snapshot = packed.Hash
	in.History, in.Compared, in.Notes = h.Past, h.Compared, plan.Notes
	r := Reports{Output: out, Idle: plan.idle(f.Portfolio), snapshot: packed}
	withPDF := slices.Contains(out.Formats, "pdf")
	in.Inspect = func(part *report.Report) (problems []fetch.Problem) {
		if !out.Redact { // there are no notes then
			problems = plan.Returned.ProblemsOf(part)
		}
		if part.Manager == "" {
			r.Notes = problems
		}
		if withPDF {
			glyphs, missing := pdf.Missing(part, plan.PDF)
			problems, err = append(problems, glyphs...), errors.Join(err, missing)
		}
		return problems
	}
	if out.Redact {
		in, r.Key = report.Redact(in)
		for i := range r.Idle {
			r.Idle[i].Text = r.Idle[i].Bare
		}
	}
	book := in // a pack does not tell of lines that name nobody of its own
	book.Portfolio.Problems = slices.Concat(in.Portfolio.Problems, r.idleProblems())
	r.Book = report.Build(book)
	if out.ByManager {
		r.Packs = report.Packs(in, plan.Set.TallyGroups)
	}
	return r, err
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

// Warn logs what people wrote that does nothing.
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
}

// Past is what later reports compare with: the customers of an earlier month
// under today's rules, with the waivers as they stood that day.
func (p *Plan) Past(customers fetch.Portfolio) report.Past {
	in := p.input(customers)
	in.Hashes.Snapshot = customers.Hash()
	return report.PastOf(report.Build(in))
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
	alone := *plan
	alone.Notes, alone.Returned = nil, notes.Returned{} // it compares the snapshots, not what people wrote since
	r, err := Compute(&alone, received(after), History{Past: []report.Past{plan.Past(before)}}, Output{})
	return r.Book, err
}
