package deliver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/report"
)

// PackFolder is the folder of a pack's files, with its final slash, for the
// names of files.
func PackFolder(manager string) string { return "managers/" + report.Slug(manager) + "/" }

// NewPack describes an account manager's report; names are its files.
func NewPack(r *report.Report, contact report.Contact, names []string) Pack {
	return Pack{Manager: r.Manager, Email: contact.Email, Cc: contact.Cc, Slug: report.Slug(r.Manager),
		Files: names, Totals: TotalsOf(r), Changes: changesOf(r)}
}

// Reconcile proves that the packs add up to the book in every control total
// and in what changed. It is nil too if there are no packs.
func (m Manifest) Reconcile() error {
	if len(m.Packs) == 0 {
		return nil
	}
	book := m.Totals.numbers(m.Changes)
	sum := map[string]decimal.Decimal{}
	for _, p := range m.Packs {
		for name, n := range p.Totals.numbers(p.Changes) {
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

// numbers are all that must add up, by the names of the manifest. An amount
// that is no number counts as one that nothing adds up to.
func (t Totals) numbers(c *Changes) map[string]decimal.Decimal {
	n := map[string]decimal.Decimal{}
	add := func(name string, count int) { n[name] = decimal.NewFromInt(int64(count)) }
	add("customers", t.Customers)
	add("sipConnections", t.SIPConnections)
	add("acquiredLicenses", int(t.Acquired))
	add("activeUsers", int(t.ActiveUsers))
	add("findings", t.Findings)
	add("waived", t.Waived)
	add("notEvaluable", t.NotEvaluable)
	add("findingsWithoutPrice", t.Unpriced)
	for name, count := range t.BySeverity {
		add("bySeverity."+name, count)
	}
	for name, count := range t.ByRule {
		add("byRule."+name, count)
	}
	for name, text := range map[string]string{"exposure": t.Exposure, "unusedValue": t.Unused, "waivedAmount": t.WaivedAmount} {
		if text == "" {
			continue
		}
		amount, err := decimal.NewFromString(text)
		if err != nil {
			add(name+" that is a number", 1)
		}
		n[name] = amount
	}
	if c != nil {
		add("changes.new", c.New)
		add("changes.reopened", c.Reopened)
		add("changes.resolved", c.Resolved)
		add("changes.persisting", c.Persisting)
	}
	return n
}
