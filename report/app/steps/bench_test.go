package steps

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/formats"
	"trueup/rules"
)

// manyCustomers is a list in which every second customer uses too much, with
// two connections each, and some names in other scripts.
func manyCustomers(n int) string {
	var b strings.Builder
	names := []string{"Harbor Logistics", "上海国际物流", "Société & Söhne", "חברת הנמל"}
	for i := range n {
		fmt.Fprintf(&b, `,{"UmpCustomerGuid":"%08x-58f8-4773-a625-0079f1565341","CustomerShortName":"cust_%d","CustomerFullName":"%s %d","LicenseType":%d,`+
			`"LicensedUsersCount":%d,"MsTenantId":"%08x-0371-4402-a8ca-7cd62514dd01","ActiveUserCount":%d,"LiveHubActiveUsersCount":0,"LiveHubSimpleUsersCount":null,"SiteLocation":[`,
			uint32(i)*2654435761, i, names[i%len(names)], i, i%6, i%500, i, i%2*600)
		for j := range 2 {
			fmt.Fprintf(&b, `%.*s{"id":"%08x-da9a-4bbc-8e29-0efb0aaf%04d","name":"GSC%d","sbcId":%d,"sbcDeploymentState":"%s","sbcConfigurationType":"SipTrunk"}`,
				j, ",", i, j, i, j, []string{"Deployed", "Pending"}[i%3/2])
		}
		b.WriteString("]}")
	}
	return "[" + b.String()[1:] + "]"
}

// stage is a stage of a run, and how many allocations a customer may cost.
type stage struct {
	name string
	most float64
	run  func() error
}

// stages are those of a run on n customers with all rules and formats.
func stages(t testing.TB, n int) []stage {
	t.Helper()
	plan, err := Prepare(quiet, &settings.Settings{Rules: rules.Options{Builtin: true}})
	if err != nil {
		t.Fatal(err)
	}
	list := manyCustomers(n)
	portfolio, err := fetch.Decode(strings.NewReader(list), fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	portfolio.AsOf = day("2026-11-01")
	in, err := plan.input(t.Context(), portfolio, portfolio.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	book := report.Build(in)
	all := []stage{
		{"decode", 0.14, func() error {
			_, err := fetch.Decode(strings.NewReader(list), fetch.DecodeOptions{})
			return err
		}},
		{"snapshot", 0.1, func() error {
			_, err := fetch.Pack(portfolio)
			return err
		}},
		{"rules", 62, func() error {
			_, err := plan.Set.Evaluate(t.Context(), portfolio.Customers)
			return err
		}},
		{"model", 9.6, func() error {
			report.Build(in)
			return nil
		}},
		{"past", 9.6, func() error {
			report.PastOfInput(in, plan.Prices, false)
			return nil
		}},
	}
	for name, most := range map[string]float64{"xlsx": 41, "pdf": 85, "csv": 8.2, "json": 18, "junit": 28.5, "md": 1.2} {
		files := formats.Files(book, []string{name}, "", formats.Options{})
		all = append(all, stage{name, most, func() error {
			for _, f := range files {
				if err := f.Write(io.Discard); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	return all
}

// Allocations do not hang on the machine: what costs more of them than it did
// has become slower for everybody. The figures are a tenth above what was
// counted; who makes a stage cheaper lowers its figure.
func TestAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which -short is for, allocates too")
	}
	const customers = 2000
	for _, s := range stages(t, customers) {
		took := testing.AllocsPerRun(1, func() {
			if err := s.run(); err != nil {
				t.Fatal(err)
			}
		}) / customers
		if took > s.most {
			t.Errorf("%s: %.2f allocations a customer, at most %.2f were needed", s.name, took, s.most)
		}
	}
}

// BenchmarkStages gives what each stage takes for 10,000 customers.
func BenchmarkStages(b *testing.B) {
	for _, s := range stages(b, 10_000) {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := s.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
