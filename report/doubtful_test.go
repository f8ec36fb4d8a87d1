package report

import (
	"testing"

	"trueup/fetch"
)

// A customer that is listed twice with other values is shown and billed twice,
// and nobody overlooks it.
func TestDoubtful(t *testing.T) {
	twice := func(in Input, guid string, again ...int) Input {
		in.Portfolio.Customers = append([]fetch.Customer(nil), in.Portfolio.Customers...)
		for _, i := range again {
			in.Portfolio.Customers[i].UmpCustomerGuid = guid
		}
		return in
	}
	unpriced := priced(fixture())
	unpriced.Prices.ByType = nil
	elsewhere := twice(priced(fixture()), "a", 1)
	elsewhere.Portfolio.Customers[1].Instance = "apac"
	for name, x := range map[string]struct {
		in   Input
		want string
	}{
		"each once":               {priced(fixture()), ""},
		"on two instances":        {elsewhere, ""},
		"with and without":        {twice(priced(fixture()), "a", 3), "EUR 4.21 of the exposure is doubtful: the list has 1 customer twice with other values"},
		"of either kind":          {twice(priced(fixture()), "a", 1), "EUR 4.21 of the exposure and EUR 189.45 of the unused value are doubtful: the list has 1 customer twice with other values"},
		"three times":             {twice(priced(fixture()), "b", 2, 3), "EUR 189.45 of the unused value is doubtful: the list has 1 customer more than once with other values"},
		"without any finding":     {twice(priced(fixture()), "c", 3), "the list has 1 customer twice with other values"},
		"of an unknown amount":    {twice(unpriced, "a", 3), "an unknown part of the exposure is doubtful: the list has 1 customer twice with other values"},
		"without prices":          {twice(fixture(), "a", 1), "2 findings are doubtful: the list has 1 customer twice with other values"},
		"nothing without prices":  {twice(fixture(), "c", 3), "the list has 1 customer twice with other values"},
		"two customers, each":     {twice(twice(priced(fixture()), "a", 3), "b", 2), "EUR 4.21 of the exposure and EUR 189.45 of the unused value are doubtful: the list has 2 customers twice with other values"},
		"two, and without prices": {twice(twice(fixture(), "a", 3), "c", 1, 2), "2 findings are doubtful: the list has 2 customers twice with other values"},
	} {
		r := Build(x.in)
		got := ""
		for _, p := range r.Problems {
			if p.Kind == KindDoubtful {
				got += p.Text
			}
		}
		if got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
		entries := map[[2]string]int{}
		for i := range r.Customers {
			entries[customerKey(&r.Customers[i])]++
		}
		for i := range r.Customers {
			if c := &r.Customers[i]; c.Doubtful != (entries[customerKey(c)] > 1) {
				t.Errorf("%s: customer %d is doubtful: %v", name, i, c.Doubtful)
			}
		}
	}
}
