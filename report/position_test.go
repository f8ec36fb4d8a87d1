package report

import (
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
)

// What the position comes to is at least so much where it or the exposure leaves
// something out.
func TestFromPosition(t *testing.T) {
	for _, x := range []struct {
		noTrueUp, unpriced int
		want               bool
	}{{0, 0, false}, {1, 0, true}, {0, 1, true}} {
		r := &Report{Positions: []Position{{TrueUp: &decimal.Decimal{}, NoTrueUp: x.noTrueUp}}, Totals: Totals{Money: MoneyTotals{UnpricedExposure: x.unpriced}}}
		if got := r.FromPosition().AtLeast; got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
}

// The other measure is summed of those customers of whom it is known, and only of
// those that are compared.
func TestBeside(t *testing.T) {
	var p Position
	for _, beside := range []fetch.Count{fetch.CountOf(12), {}, fetch.CountOf(5)} {
		c := &Customer{Customer: &fetch.Customer{LicenseType: fetch.CountOf(1), LicensedUsersCount: fetch.CountOf(10)}, Used: fetch.CountOf(11), Beside: beside}
		c.usage()
		p.add(c, Prices{})
	}
	p.add(&Customer{Customer: &fetch.Customer{LicenseType: fetch.CountOf(1)}, Beside: fetch.CountOf(99)}, Prices{})
	if p.Beside != 17 || p.BesideOf != 2 || p.Compared != 3 || p.Customers != 4 || p.Over != 3 {
		t.Errorf("%+v", p)
	}
}

// A verdict about a connection is known by its id, be it the first of all.
func TestUnjudgedKey(t *testing.T) {
	r := Build(fixture())
	for connection, want := range map[int]string{-1: "*", 0: "s-a", 2: "s-c"} {
		if got := r.unjudged(&NotEvaluable{Connection: connection}).Connection; got != want {
			t.Errorf("connection %d: %q, want %q", connection, got, want)
		}
	}
}

// A pack says how many customers each instance sent for it, and which sent none.
func TestPackSources(t *testing.T) {
	customers := []fetch.Customer{{Instance: "emea"}, {Instance: "emea"}}
	for name, x := range map[string]struct {
		sources []fetch.Source
		want    []fetch.Source
	}{
		"two instances": {[]fetch.Source{{Name: "emea", Customers: 9, Listed: 9}, {Name: "apac", Customers: 4}}, []fetch.Source{{Name: "emea", Customers: 2, Listed: 2}}},
		"one failed":    {[]fetch.Source{{Name: "emea", Customers: 9}, {Name: "apac", Failed: "500"}}, []fetch.Source{{Name: "emea", Customers: 2, Listed: 2}, {Name: "apac", Failed: "500"}}},
		"a single one":  {[]fetch.Source{{Name: "", Customers: 9}}, []fetch.Source{{Customers: 2, Listed: 2}}},
	} {
		s := &splitter{in: Input{Portfolio: fetch.Portfolio{Sources: x.sources}}}
		got := s.sources(customers)
		if len(got) != len(x.want) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i := range got {
			if got[i].Name != x.want[i].Name || got[i].Customers != x.want[i].Customers || got[i].Listed != x.want[i].Listed || got[i].Failed != x.want[i].Failed {
				t.Errorf("%s: %+v, want %+v", name, got[i], x.want[i])
			}
		}
	}
}
