package deliver

import (
	"strings"
	"testing"

	"trueup/report/tables"
)

func twoPacks() Manifest {
	pack := func(manager string, customers, high int, exposure string) Pack {
		return Pack{Manager: manager, Totals: tables.Totals{Customers: customers, Findings: high, BySeverity: map[string]int{"high": high},
			ByRule: map[string]int{"over": high}, Currency: "EUR", Exposure: exposure, Unused: "0.00", WaivedAmount: "0.00"},
			Changes: &tables.Changes{New: high}}
	}
	book := pack("", 5, 3, "10.30")
	return Manifest{Totals: book.Totals, Changes: book.Changes, Packs: []Pack{pack("a", 2, 1, "0.10"), pack("b", 3, 2, "10.20")}}
}

func TestReconcile(t *testing.T) {
	if err := twoPacks().Reconcile(); err != nil {
		t.Error(err)
	}
	if err := (Manifest{Totals: tables.Totals{Customers: 3}}).Reconcile(); err != nil {
		t.Errorf("without packs: %v", err)
	}
	for name, spoil := range map[string]func(m *Manifest){
		"customers 4, not 5":           func(m *Manifest) { m.Packs[0].Totals.Customers-- },
		"exposure 10.31, not 10.3":     func(m *Manifest) { m.Packs[1].Totals.Exposure = "10.21" },
		"bySeverity.high 4, not 3":     func(m *Manifest) { m.Packs[1].Totals.BySeverity["high"]++ },
		"byRule.extra 1, not 0":        func(m *Manifest) { m.Packs[1].Totals.ByRule["extra"] = 1 },
		"byRule.lost 0, not 1":         func(m *Manifest) { m.Totals.ByRule["lost"] = 1 },
		"changes.new 2, not 3":         func(m *Manifest) { m.Packs[0].Changes = nil },
		"exposure that is a number 1,": func(m *Manifest) { m.Packs[0].Totals.Exposure = "much" },
	} {
		m := twoPacks()
		spoil(&m)
		if err := m.Reconcile(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPackFolder(t *testing.T) {
	for manager, want := range map[string]string{"Ana Silva": "managers/ana-silva/", "../x": "managers/x-"} {
		if got := PackFolder(manager); !strings.HasPrefix(got, want) || strings.Count(got, "/") != 2 {
			t.Errorf("PackFolder(%q) = %q", manager, got)
		}
	}
}
