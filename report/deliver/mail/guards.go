package mail

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/deliver"
	"trueup/report/tables"
)

// The guards, by the names under which --allow lets them pass.
const (
	GuardCustomers = "customers-fell"
	GuardFindings  = "findings-rose"
	GuardList      = "list-empty"
	GuardPacks     = "packs-differ"
	GuardFiles     = "files-changed"
)

// GuardNames are all of them, as a user may write them.
func GuardNames() []string {
	return []string{GuardCustomers, GuardFindings, GuardList, GuardPacks, GuardFiles}
}

// Guards say which changes stop the mail.
type Guards struct {
	CustomersFallPercent int      // more than this stops; 100 never does
	FindingsRisePercent  int      // more than this stops
	Allow                []string // names of guards that do not stop, since somebody looked
}

// DefaultGuards apply where the settings say nothing.
func DefaultGuards() Guards { return Guards{CustomersFallPercent: 20, FindingsRisePercent: 200} }

// GuardError is one thing that somebody must look at before mail is sent.
type GuardError struct {
	Guard string
	Text  string
}

func (e *GuardError) Error() string { return "not sent: " + e.Text }

// Hint says how to go on.
func (e *GuardError) Hint() string {
	if e.Guard == GuardFiles {
		return "run the report again, or, if the change is meant, send with --allow " + e.Guard
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

// checkGuards looks at a finished run in dir. The error is a GuardErrors.
func checkGuards(dir string, m deliver.Manifest, g Guards) error {
	var errs GuardErrors
	fail := func(guard, format string, args ...any) {
		if !slices.Contains(g.Allow, guard) {
			errs = append(errs, &GuardError{guard, fmt.Sprintf(format, args...)})
		}
	}
	if c := m.Changes; c != nil {
		checkChange(m, g, c, fail)
	}
	if m.Totals.Customers == 0 {
		fail(GuardList, "the report has no customers at all")
	}
	if err := m.Reconcile(); err != nil {
		fail(GuardPacks, "%v", err)
	}
	for _, text := range changedFiles(dir, m.Files) {
		fail(GuardFiles, "%s", text)
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// checkChange compares with the newest earlier snapshot. Findings that rise
// from none are compared with one, so that a first finding stops nothing.
func checkChange(m deliver.Manifest, g Guards, c *tables.Changes, fail func(guard, format string, args ...any)) {
	since := tables.Day(c.Since)
	before, now := c.CustomersBefore, m.Totals.Customers
	if fell := before - now; fell*100 > before*g.CustomersFallPercent {
		fail(GuardCustomers, "customers fell from %d on %s to %d, more than the %d %% that the settings allow", before, since, now, g.CustomersFallPercent)
	}
	base := max(c.FindingsBefore, 1)
	if rose := m.Totals.Findings - base; rose*100 > base*g.FindingsRisePercent {
		fail(GuardFindings, "findings rose from %d on %s to %d, more than the %d %% that the settings allow", c.FindingsBefore, since, m.Totals.Findings, g.FindingsRisePercent)
	}
	for _, l := range c.Lists {
		if l.Before > 0 && l.Now == 0 && now > 0 {
			fail(GuardList, "instance %q lists no customers; on %s it listed %d", l.Instance, since, l.Before)
		}
	}
}

// changedFiles names each file that is not what the manifest lists.
func changedFiles(dir string, entries []deliver.Entry) (wrong []string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return []string{fmt.Sprintf("open reports: %v", err)}
	}
	defer root.Close()
	for _, e := range entries {
		switch now, err := entryOf(root, e.Name); {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("read %s: %v", e.Name, err))
		case now != e:
			wrong = append(wrong, fmt.Sprintf("%s is not the file that the manifest lists", e.Name))
		}
	}
	return wrong
}

// entryOf describes a file of the folder as it is now.
func entryOf(root *os.Root, name string) (e deliver.Entry, err error) {
	f, err := plain.OpenIn(root, filepath.FromSlash(name))
	if err != nil {
		return e, err
	}
	defer f.Close()
	e.Name = name
	e.SHA256, e.Size, err = deliver.Sum(f)
	return e, err
}

// asTheyAre replaces the entries of files that were changed on purpose. One whose
// file is gone stays as it is, and fails when it is attached.
func asTheyAre(root *os.Root, entries []deliver.Entry) []deliver.Entry {
	list := slices.Clone(entries)
	for i, e := range list {
		if now, err := entryOf(root, e.Name); err == nil {
			list[i] = now
		}
	}
	return list
}
