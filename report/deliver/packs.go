package deliver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/tables"
)

// PackFolders is the folder that has those of all packs.
const PackFolders = "managers"

// PackFolder is the folder of a manager's files, with a slash at its end.
func PackFolder(manager string) string { return PackFolders + "/" + report.Slug(manager) + "/" }

// NewPack describes an account manager's report; names are its files.
func NewPack(r *report.Report, contact report.Contact, names []string) Pack {
	return Pack{Manager: r.Manager, Email: contact.Email, Cc: contact.Cc, Slug: report.Slug(r.Manager),
		Files: names, Briefing: tables.BriefingOf(r), Totals: tables.TotalsOf(r), Changes: tables.ChangesOf(r)}
}

// Reconcile checks that the packs add up to the book in every control total and
// in what changed; no packs are no error.
func (m Manifest) Reconcile() error {
	if len(m.Packs) == 0 {
		return nil
	}
	book := tables.Sums(m.Totals, m.Changes)
	sum := map[string]decimal.Decimal{}
	for _, p := range m.Packs {
		for name, n := range tables.Sums(p.Totals, p.Changes) {
			sum[name] = sum[name].Add(n)
		}
	}
	for name := range sum {
		if _, ok := book[name]; !ok {
			book[name] = decimal.Zero
		}
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(book)) {
		if !sum[name].Equal(book[name]) {
			wrong = append(wrong, fmt.Sprintf("%s %s, not %s", name, sum[name], book[name]))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the packs do not add up to the book: %s", strings.Join(wrong, "; "))
	}
	return nil
}
