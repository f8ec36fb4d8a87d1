package mail

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/deliver"
	"trueup/report/tables"
	"trueup/rules"
)

// The guards, by the names under which --allow lets them pass.
const (
	GuardCustomers  = "customers-fell"
	GuardFindings   = "findings-rose"
	GuardList       = "list-empty"
	GuardPacks      = "packs-differ"
	GuardFiles      = "files-changed"
	GuardRecipients = "recipients-differ"
	GuardAge        = "too-old"
)

// GuardNames are all of them, as a user may write them.
func GuardNames() []string {
	return []string{GuardCustomers, GuardFindings, GuardList, GuardPacks, GuardFiles, GuardRecipients, GuardAge}
}

// Guards say which changes stop the mail.
type Guards struct {
	CustomersFallPercent int      // more than this stops; 100 never does
	FindingsRisePercent  int      // more than this stops
	MaxAgeDays           int      // a report that is older stops, but for a sample; 0 never does
	Allow                []string // names of guards that do not stop, since somebody looked
}

// DefaultGuards apply where the settings say nothing.
func DefaultGuards() Guards {
	return Guards{CustomersFallPercent: 20, FindingsRisePercent: 200, MaxAgeDays: 10}
}

// GuardError is one thing that somebody must look at before mail is sent.
type GuardError struct {
	Guard string
	Text  string
}

func (e *GuardError) Error() string { return "not sent: " + e.Text }

// Hint says how to go on.
func (e *GuardError) Hint() string {
	switch e.Guard {
	case GuardFiles:
		return "move away what is not of the report, or run it again; if it is meant to be so, send with --allow " + e.Guard
	case GuardRecipients, GuardAge:
		return "run the report again, or, if it is meant to be so, send with --allow " + e.Guard
	}
	return "look at the reports; if they are right, send with --allow " + e.Guard
}

// GuardErrors are all guards that stop the mail.
type GuardErrors []*GuardError

func (e GuardErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the errors one by one, for printing.
func (e GuardErrors) Unwrap() []error {
	list := make([]error, len(e))
	for i, one := range e {
		list[i] = one
	}
	return list
}

// alarm collects what the guards say that nobody has looked at.
type alarm struct {
	allow []string
	errs  GuardErrors
	count map[string]int // by guard
}

// maxErrors is how many errors of one guard are told.
const maxErrors = 10

func (a *alarm) raise(guard, format string, args ...any) {
	if slices.Contains(a.allow, guard) {
		return
	}
	if a.count[guard]++; a.count[guard] <= maxErrors {
		a.errs = append(a.errs, &GuardError{guard, fmt.Sprintf(format, args...)})
	}
}

func (a *alarm) err() error {
	for _, guard := range GuardNames() {
		if more := a.count[guard] - maxErrors; more > 0 {
			a.errs = append(a.errs, &GuardError{guard, fmt.Sprintf("%s, %d times more", guard, more)})
		}
	}
	if len(a.errs) == 0 {
		return nil
	}
	return a.errs
}

// Check runs the guards alone: it needs no mail settings and sends nothing. The
// error is a GuardErrors or, of a manifest that somebody else has written into
// or a folder that cannot be read, another.
func (j Job) Check() error {
	m := j.Manifest
	err := m.Trust()
	var files []deliver.FileState
	if err == nil {
		files, err = m.Look(j.Dir, j.besides()...)
	}
	if err != nil {
		return fmt.Errorf("not sent: %w", err)
	}
	a := &alarm{allow: j.Guards.Allow, count: map[string]int{}}
	if m.Changes != nil {
		checkChange(m, j.Guards, a)
	}
	if m.Totals.Customers == 0 {
		a.raise(GuardList, "the report has no customers at all")
	}
	now := j.Now()
	if days := rules.DateOf(m.AsOf.In(now.Location())).DaysUntil(rules.DateOf(now)); j.Guards.MaxAgeDays > 0 && days > j.Guards.MaxAgeDays && !m.Sample {
		a.raise(GuardAge, "the report is of %s, %s ago; the settings allow %d (guards.maxAgeDays)", tables.Day(m.AsOf), plain.Counted(days, "day"), j.Guards.MaxAgeDays)
	}
	if err := m.Reconcile(); err != nil {
		a.raise(GuardPacks, "%v", err)
	}
	for _, text := range m.Strays() {
		a.raise(GuardPacks, "%s", text)
	}
	checkFiles(files, a)
	j.checkRecipients(a)
	return a.err()
}

// besides are what may lie in the report folder beside the reports.
func (j Job) besides() []string {
	names := []string{LedgerName, Outbox}
	if history, err := filepath.Rel(j.Dir, j.Ledger); err == nil && j.Ledger != "" {
		names = append(names, filepath.ToSlash(history))
	}
	return names
}

func checkFiles(files []deliver.FileState, a *alarm) {
	for _, f := range files {
		switch f.State {
		case deliver.FileChanged:
			a.raise(GuardFiles, "%s is not the file that the manifest lists", f.Name)
		case deliver.FileMissing:
			a.raise(GuardFiles, "%s, which the manifest lists, is not there", f.Name)
		case deliver.FileUnlisted:
			a.raise(GuardFiles, "%s is in the folder, and the manifest does not list it", f.Name)
		}
	}
}

// checkRecipients compares the addresses in the manifest with the contacts.
func (j Job) checkRecipients(a *alarm) {
	if j.Contacts == nil {
		return
	}
	for _, p := range j.Manifest.Packs {
		contact := j.Contacts.ContactOf(p.Manager)
		in, want := addressesOf(p.Email, p.Cc), addressesOf(contact.Email, contact.Cc)
		if !strings.EqualFold(in, want) {
			a.raise(GuardRecipients, "the manifest has the pack of %s go to %s, the contacts to %s", plain.Text(p.Manager), plain.Text(in), plain.Text(want))
		}
	}
}

func addressesOf(email string, cc []string) string {
	text := cmp.Or(email, "nobody")
	if len(cc) > 0 {
		text += ", with a copy to " + strings.Join(slices.Sorted(slices.Values(cc)), ", ")
	}
	return text
}

// checkChange compares with the newest earlier snapshot. Findings that rise
// from none are compared with one, so that a first finding stops nothing.
func checkChange(m deliver.Manifest, g Guards, a *alarm) {
	c := m.Changes
	since := tables.Day(c.Since)
	before, now := c.CustomersBefore, m.Totals.Customers
	if fell := before - now; fell*100 > before*g.CustomersFallPercent {
		a.raise(GuardCustomers, "customers fell from %d on %s to %d, more than the %d %% that the settings allow", before, since, now, g.CustomersFallPercent)
	}
	base := max(c.FindingsBefore, 1)
	if rose := m.Totals.Findings - base; rose*100 > base*g.FindingsRisePercent {
		a.raise(GuardFindings, "findings rose from %d on %s to %d, more than the %d %% that the settings allow", c.FindingsBefore, since, m.Totals.Findings, g.FindingsRisePercent)
	}
	for _, l := range c.Lists {
		if l.Before > 0 && l.Now == 0 && now > 0 {
			a.raise(GuardList, "instance %q lists no customers; on %s it listed %d", l.Instance, since, l.Before)
		}
	}
}

// asTheyAre replaces the entries of files that were changed on purpose. One whose
// file is gone stays as it is, and fails when it is attached.
func asTheyAre(root *os.Root, entries []deliver.Entry) []deliver.Entry {
	list := slices.Clone(entries)
	for i, e := range list {
		if now, err := deliver.EntryOf(root, e.Name); err == nil {
			list[i] = now
		}
	}
	return list
}
