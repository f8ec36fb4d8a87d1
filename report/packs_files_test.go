package report_test

import (
	"strings"
	"testing"

	"trueup/report"
)

// Every file of every pack is searched for the customers of the others.
func TestPackFilesLeakNothing(t *testing.T) {
	in := real(t)
	book := report.Build(in)
	packs := report.Packs(in, tally(t, in))
	if len(packs) != 3 {
		t.Fatalf("%d packs", len(packs))
	}
	for _, pack := range packs {
		text := everything(t, pack)
		for i := range book.Customers {
			c := &book.Customers[i]
			words := []string{c.UmpCustomerGuid, c.CustomerFullName.S}
			for _, s := range c.SiteLocation {
				words = append(words, s.ID.S)
			}
			for _, w := range words {
				if has := strings.Contains(text, strings.ToLower(w)); has && c.Manager != pack.Manager {
					t.Errorf("pack of %s mentions %q of %s", pack.Manager, w, c.Manager)
				}
			}
			if own := strings.Contains(text, c.UmpCustomerGuid); own != (c.Manager == pack.Manager) {
				t.Errorf("customer %s of %s in the pack of %s: %v", c.UmpCustomerGuid, c.Manager, pack.Manager, own)
			}
		}
	}
}
