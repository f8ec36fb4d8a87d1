package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

var asOf = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// portfolio is what a report of a test is about: every third customer may be
// over its license, every fifth has connections that are not deployed.
type portfolio struct {
	customers, connections int
	name                   func(i int) string
	priced                 bool
	history                bool // five earlier months; customers came and went, and licenses were bought
	managers               int
	rules, waivers         int    // beyond the built-in ones
	clean                  bool   // nothing to find
	gap                    string // the instance that gave no customers, now
	gapThen                bool   // it gave none three months ago
	usage                  bool   // invented license histories
}

// build makes the report as a run does.
func (m portfolio) build(t testing.TB) *report.Report {
	t.Helper()
	set := m.set(t)
	in := m.input(t, set, 0)
	if m.history {
		in.History = &report.History{}
		for months := 5; months > 0; months-- {
			past := m.input(t, set, months)
			in.History.Add(report.PastOf(report.Build(past), past.Prices))
		}
	}
	r := report.Build(in)
	for i := range r.Rules { // tests change them
		rule := *r.Rules[i].Rule
		r.Rules[i].Rule = &rule
	}
	return r
}

// builtin are the built-in rules, loaded once.
var builtin = sync.OnceValues(func() (*rules.Set, error) { return rules.Load(rules.Options{Builtin: true}) })

func (m portfolio) set(t testing.TB) *rules.Set {
	t.Helper()
	if m.rules == 0 {
		set, err := builtin()
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	var file strings.Builder
	file.WriteString("rules:\n")
	for i := range m.rules {
		fmt.Fprintf(&file, `  - id: made-%03d
    title: Rule no. %d of a provider that has a great many of them and long titles
    severity: low
    each: customer
    when: ActiveUserCount %% %d == 1
    message: "{{ActiveUserCount}} active users"
    why: %s
    remediation: Call the customer.
    tests:
      - {name: one, customer: {ActiveUserCount: 1}, expect: finding}
      - {name: none, customer: {ActiveUserCount: 0}, expect: pass}
`, i, i, i%40+2, strings.Repeat("because it matters ", 12))
	}
	path := filepath.Join(t.TempDir(), "made.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(rules.Options{Builtin: true, Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (m portfolio) input(t testing.TB, set *rules.Set, months int) report.Input {
	t.Helper()
	p := fetch.Portfolio{AsOf: asOf.AddDate(0, -months, 0), Sources: []fetch.Source{{Name: "emea", URL: "https://emea.example.com/tenantui"}}}
	for i := range m.customers {
		if c := m.customer(i, months); c != nil {
			p.Customers = append(p.Customers, *c)
		}
	}
	p.Sources[0].Listed, p.Sources[0].Customers = len(p.Customers), len(p.Customers)
	if m.gap != "" {
		p.Sources = append(p.Sources, fetch.Source{Name: m.gap, URL: "https://" + m.gap + ".example.com"})
		if months == 0 || m.gapThen && months == 3 {
			p.Sources[1].Failed = "no answer in 30 s"
		}
	}
	judged, err := set.Evaluate(t.Context(), p.Customers)
	if err != nil {
		t.Fatal(err)
	}
	in := report.Input{Title: "License compliance", Organization: "Example Telecom", Version: "1.0.0", AsOf: p.AsOf, Portfolio: p, Evaluation: judged,
		Hashes: report.Hashes{Snapshot: "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", Rules: "sha256:aa"}}
	if m.history {
		in.Portfolio.Problems = []fetch.Problem{{Kind: "duplicate-guid", Text: "cust_1 is there twice"}}
		in.Register = in.Evaluation.Waive(p.Customers, m.register(t, set), p.AsOf)
	}
	if m.priced {
		in.Prices = report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{5: decimal.RequireFromString("4.20")}}
	}
	if m.managers > 0 {
		in.Manager = func(c *fetch.Customer) (string, string) {
			i, err := strconv.ParseInt(c.UmpCustomerGuid[:8], 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			n := int(i/3) % (m.managers + 1)
			if n == m.managers {
				return report.Unassigned, ""
			}
			return fmt.Sprintf("Manager %c. Name", 'A'+n), fmt.Sprintf("m%d@example.com", n)
		}
	}
	return in
}

// customer is one customer as it was so many months ago; nil if it was not
// there yet, or is gone now.
func (m portfolio) customer(i, months int) *fetch.Customer {
	if months > 0 && i%29 == 28 || months == 0 && m.history && i%31 == 30 {
		return nil
	}
	used, acquired := int64(60), int64(100)
	if i%3 == 0 && !m.clean {
		used = int64(80 + (i+months*i%7)%40)
	}
	if i%23 == 22 && months > 0 {
		acquired -= 10
	}
	name := fmt.Sprintf("Customer %d", i)
	if m.name != nil {
		name = m.name(i)
	}
	c := &fetch.Customer{UmpCustomerGuid: fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), CustomerFullName: fetch.TextOf(name), MsTenantId: fetch.TextOf(fmt.Sprint("t", i)),
		CustomerShortName: fetch.TextOf(fmt.Sprintf("cust_%d", i)), LicenseType: fetch.CountOf(5), LiveHubActiveUsersCount: fetch.CountOf(0), LiveHubSimpleUsersCount: fetch.CountOf(0),
		LicensedUsersCount: fetch.CountOf(acquired), ActiveUserCount: fetch.CountOf(used), Sites: fetch.Known}
	if m.usage {
		from, _ := fetch.ParseDay("2025-12-20")
		c.Usage, _ = fetch.UsageFrom(from, fmt.Sprintf("%d*200 %d*138", acquired-20, acquired), fmt.Sprintf("%d*130 %d %d*207", used-8, used+5, used))
		c.Usage.AsOf = fetch.DayOf(asOf, time.UTC)
	}
	for k := range max(m.connections, 1) {
		state := "Deployed"
		if i%5 == 0 && !m.clean {
			state = "PendingDelete"
		}
		c.SiteLocation = append(c.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(k)), Name: fetch.TextOf(fmt.Sprintf("site %d", k)),
			SbcID: fetch.CountOf(int64(k)), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("SipTrunk")})
	}
	return c
}

func (m portfolio) register(t testing.TB, set *rules.Set) []rules.Waiver {
	t.Helper()
	var file strings.Builder
	file.WriteString(`waivers:
  - {id: W-014, rule: over-license-usage, customer: "cust_36", owner: j.doe, reason: migration until spring, ticket: LIC-88, expires: 2027-03-31}
  - {id: W-015, rule: unused-licenses, customer: nobody, owner: j.doe, reason: pilot, expires: 2026-11-30}
`)
	for i := range m.waivers {
		fmt.Fprintf(&file, "  - {id: X-%03d, rule: over-license-usage, customer: cust_%d, owner: a.silva, reason: \"%s\", expires: %d-%02d-15}\n",
			i, 3*i, strings.Repeat("as it was agreed with the customer ", 1+i%9), 2025+i%3, 1+i%12)
	}
	waivers, err := rules.ParseWaivers("waivers.yaml", []byte(file.String()), set)
	if err != nil {
		t.Fatal(err)
	}
	return waivers
}

func render(t testing.TB, r *report.Report, o Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
