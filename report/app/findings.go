package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/fetch/progress"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/report/formats"
	"trueup/report/tables"
)

var findingsCommand = Command{
	Name: "findings", Short: "the findings as a table in the terminal, filtered; json and csv too",
	Flags: customerFlags | judgeFlags | settings.FindingFlags, Run: findings,
	About: "It takes the sources and rules of run and writes no file. The exit code is that of run, for\n" +
		"what the filters let through: 1 if a finding that is listed is at or above --fail-on, 3 if a\n" +
		"rule could not be evaluated for a customer that is asked for.",
	Examples: []string{
		"trueup findings --sample --severity high",
		"trueup findings --input customers.json --rule over-license-usage --sort amount",
		"trueup findings --input customers.json --contacts contacts.csv --manager 'Ana Silva'",
		"trueup findings --input customers.json --history history --change new --format csv",
	},
}

func findings(ctx context.Context, c *Call) error {
	w, s, plan, err := c.prepare()
	if err == nil {
		err = checkFilter(s, plan)
	}
	if err != nil {
		return err
	}
	fetched, reports, err := judge(ctx, w, s, plan, steps.Output{Redact: s.Redact != ""})
	if err != nil {
		return err
	}
	w.Doing("", 0, 0)
	reports.Warn(w.Log)
	if len(s.Filter.Changes) > 0 && reports.Book.Changes == nil {
		w.Log.Warn("there is no earlier report to compare with: no finding has changed")
	}
	if err := knownCustomer(reports.Book, s.Filter); err != nil {
		return err
	}
	chosen := reports.Book.Select(s.Filter)
	if err := pick(c, chosen, c.findingForms(reports.Book)); err != nil {
		return err
	}
	if fetched.Partial != nil {
		return Fail(Incomplete, fetched.Partial)
	}
	if n := chosen.Totals.Unjudged(); n > 0 {
		return Fail(Incomplete, settings.Usage{Text: plain.Counted(n, "verdict") + " could not be given",
			HintText: "--verdict not-evaluable lists them with their reasons"})
	}
	return verdict(chosen.Totals, s.FailOn)
}

// findingForms are the ways to write the findings that were chosen of a book.
func (c *Call) findingForms(book *report.Report) forms[*report.Report] {
	return forms[*report.Report]{
		"json": visibly(formats.WriteFindings),
		"csv":  func(w io.Writer, r *report.Report) error { return formats.WriteCSV(w, r, tables.SheetFindings) },
		"table": func(w io.Writer, r *report.Report) error {
			return show.Findings(w, r, len(book.Findings), show.Terminal{Width: progress.Columns(w), Color: c.colors(w)})
		},
	}
}

// colors tells whether what is written may have colours.
func (c *Call) colors(w io.Writer) bool {
	set := func(name string) bool { value, ok := c.Env(name); return ok && value != "" }
	switch c.Flags.Color {
	case "always":
		return true
	case "never":
		return false
	}
	terminal, _ := c.Env("TERM")
	obeys := runtime.GOOS != "windows" || set("WT_SESSION") || set("TERM") // an old console would show the codes
	return progress.Terminal(w) && !set("NO_COLOR") && terminal != "dumb" && obeys
}

// checkFilter refuses, before anything is fetched, what can let nothing through.
func checkFilter(s *settings.Settings, plan *steps.Plan) error {
	for _, id := range s.Filter.Rules {
		if plan.Set.Find(id) < 0 {
			return settings.Usage{Text: fmt.Sprintf("--rule: no rule %q", id),
				HintText: cmp.Or(plain.DidYouMean(id, plan.Set.IDs()), "trueup rules list names them all")}
		}
	}
	if len(s.Filter.Changes) > 0 && !s.Sample && s.History == "" && s.Baseline == "" {
		return settings.Usage{Text: "--change without an earlier report to compare with", HintText: "give --history DIR or --baseline FILE"}
	}
	if s.Filter.Manager == "" {
		return nil
	}
	if plan.Contacts == nil {
		return settings.Usage{Text: "--manager without contacts", HintText: "say who manages which customer with --contacts FILE"}
	}
	var names []string
	for _, contact := range plan.Contacts.Managers() {
		names = append(names, contact.Manager)
	}
	if slices.ContainsFunc(names, func(name string) bool { return plain.SameFold(name, s.Filter.Manager) }) {
		return nil
	}
	return settings.Usage{Text: fmt.Sprintf("--manager: no account manager %q", s.Filter.Manager),
		HintText: cmp.Or(plain.DidYouMean(s.Filter.Manager, names), "the contacts name "+strings.Join(names, ", "))}
}

// knownCustomer refuses the name of a customer that there is not. A pattern may
// fit nobody.
func knownCustomer(r *report.Report, f report.Filter) error {
	if f.Customer == "" || strings.Contains(f.Customer, "*") {
		return nil
	}
	var names []string
	for i := range r.Customers {
		c := &r.Customers[i]
		if f.Names(c) {
			return nil
		}
		names = append(names, c.CustomerShortName.S, c.CustomerFullName.S, c.UmpCustomerGuid)
	}
	return settings.Usage{Text: fmt.Sprintf("--customer: no customer %q", f.Customer),
		HintText: cmp.Or(plain.DidYouMean(f.Customer, names), "give a GUID, a short or full name, or a pattern such as 'acme-*'")}
}
