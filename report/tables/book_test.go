package tables

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

const bookRules = `
rules:
  - {id: over, title: Over, severity: high, each: customer, needs: [ActiveUserCount], applies: CountedByUser, when: ActiveUserCount > LicensedUsersCount,
     quantity: ActiveUserCount - LicensedUsersCount, message: "{{ActiveUserCount}} on {{LicensedUsersCount}}"}
  - {id: unused, title: Unused, severity: low, money: unused, each: customer, applies: LicensedUsersCount != nil, when: LicensedUsersCount - ActiveUserCount > 10,
     quantity: LicensedUsersCount - ActiveUserCount, message: "{{ActiveUserCount}} of {{LicensedUsersCount}}"}
  - {id: sbc, title: Not deployed, severity: medium, each: sipConnection, when: sbcDeploymentState != "Deployed", message: "{{name}} is {{sbcDeploymentState}}"}
  - {id: steep, title: Far over, severity: medium, each: customer, applies: CountedByUser, when: ActiveUserCount * 4 > LicensedUsersCount * 5,
     quantity: ActiveUserCount - LicensedUsersCount, message: "far over", remediation: Call them.}
  - {id: sites, title: Connections, severity: info, each: customer, needs: [SiteLocation], when: len(SiteLocation) > 4, message: "{{len(SiteLocation)}} connections"}
  - {id: quiet, title: Nothing, severity: info, each: customer, when: "false", message: m}
`

// The customers of two months, one a line: instance, name, license type, acquired,
// used and the states of the connections.
const (
	bookOctober = `
emea gill 0 9 3 -
emea acme 1 10 11 Pending,Deployed
emea bolt 1 100 10 Deployed
apac cora 1 10 10 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 5 7
emea iris 1 40 45
emea jade 1 null 9
emea lime 1 10 12
emea mint 1 10 12
emea nina 3 null 2`
	bookNovember = `
emea gill 0 6 3 -
emea acme 1 11 13 Pending,Deployed
emea bolt 1 100 10 Deployed
apac cora 1 10 13 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 null 7
apac hush 1 25 20 Pending,Pending,Pending,Pending,Pending,Deployed
emea jade 1 5 9
emea kiwi 1 10 14
emea lime 1 10 10
emea mint 1 10 15
emea nina 3 null 2
apac olive 4 null 3`
)

const bookWaivers = `waivers:
  - {id: W1, rule: over, customer: dune, owner: Ana, reason: agreed, ticket: T-1, expires: 2026-12-01}
  - {id: W2, rule: over, customer: acme, owner: Ben, reason: old, expires: 2026-11-01}
  - {id: W3, rule: sbc, customer: hush, sipConnection: hush-1, owner: Ben, reason: test, expires: 2027-11-01}
  - {id: W4, rule: unused, customer: 'no-*', owner: Ben, reason: none, expires: 2027-11-02}
`

// bookInput is what the report of a day is made from.
func bookInput(t *testing.T, day, customers string, prices report.Prices) report.Input {
	t.Helper()
	asOf, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Portfolio{AsOf: asOf, Sources: []fetch.Source{{Name: "emea"}, {Name: "apac", URL: "https://apac.example.com"}}}
	for line := range strings.Lines(strings.TrimSpace(customers)) {
		f := strings.Fields(line)
		c := fetch.Customer{Instance: f[0], UmpCustomerGuid: "guid-" + f[1], CustomerShortName: fetch.TextOf(f[1]),
			LicenseType: bookCount(f[2]), LicensedUsersCount: bookCount(f[3]), ActiveUserCount: bookCount(f[4]), Sites: fetch.Known}
		if len(f) > 5 && f[5] == "-" {
			c.Sites = fetch.Absent
		} else if len(f) > 5 {
			for i, state := range strings.Split(f[5], ",") {
				c.SiteLocation = append(c.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(f[1], "-", i)), Name: fetch.TextOf(fmt.Sprint("line ", i)),
					SbcID: fetch.CountOf(7), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("Byoc")})
			}
		}
		p.Customers = append(p.Customers, c)
		s := &p.Sources[map[string]int{"emea": 0, "apac": 1}[f[0]]]
		s.Listed, s.Customers = s.Listed+1, s.Customers+1
	}
	set, err := rules.Load(rules.Options{Files: []rules.File{{Name: "book.yaml", Text: []byte(bookRules)}}})
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := rules.ParseWaivers("w.yaml", []byte(bookWaivers), set)
	if err != nil {
		t.Fatal(err)
	}
	e, err := set.Evaluate(t.Context(), p.Customers)
	if err != nil {
		t.Fatal(err)
	}
	managers := map[string]string{"acme": "Ana", "bolt": "Ana", "cora": "Ben", "dune": "Ben", "iris": "Ben", "kiwi": "Cleo"}
	return report.Input{Title: "Book", AsOf: asOf, Portfolio: p, Evaluation: e, Register: e.Waive(p.Customers, waivers, asOf), Prices: prices,
		Manager: func(c *fetch.Customer) (string, string) {
			if name := managers[c.CustomerShortName.S]; name != "" {
				return name, name + "@example.com"
			}
			return report.Unassigned, ""
		}}
}

func bookCount(s string) fetch.Count {
	var n int64
	if _, err := fmt.Sscan(s, &n); err != nil {
		return fetch.Count{State: fetch.Null}
	}
	return fetch.CountOf(n)
}

// bookPrices have three decimals, an instance of its own, and none of one type.
func bookPrices(plus string) report.Prices {
	return report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: eur(plus), 2: eur("3.333")},
		ByInstance: map[string]map[int64]decimal.Decimal{"apac": {1: eur("5.5")}}}
}

// bookInputs are November's, to be compared with October.
func bookInputs(t *testing.T, then, now report.Prices) report.Input {
	t.Helper()
	before := report.Build(bookInput(t, "2026-10-23", bookOctober, then))
	past, issued := report.PastOf(before, now), report.IssuedOf(before)
	past.Issued = &issued
	in := bookInput(t, "2026-11-23", bookNovember, now)
	in.History = report.Remember(past)
	return in
}

func book(t *testing.T) *report.Report {
	t.Helper()
	return report.Build(bookInputs(t, bookPrices("3.5"), bookPrices("4")))
}

// completeBook is a first report in which everything is known and nobody manages.
func completeBook(t *testing.T) *report.Report {
	t.Helper()
	in := bookInput(t, "2026-11-23", "emea acme 1 10 12 Deployed\nemea bolt 1 100 10 Deployed\nemea lime 1 10 10", bookPrices("4"))
	in.Manager, in.Portfolio.Sources = nil, []fetch.Source{{URL: "https://emea.example.com", Listed: 3, Customers: 3}}
	return report.Build(in)
}

// lines writes a table as people read it, a line a row.
func lines(t Table) string {
	if len(t.Rows) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n== %s\n", t.Title)
	for i, h := range t.Heads {
		if i > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(h.Text)
	}
	b.WriteString("\n")
	for _, row := range t.Rows {
		for i, c := range row.Cells {
			words := c.Written(t.Heads[i].Kind)
			for _, below := range append(c.Lines, c.Small...) {
				words += " / " + below
			}
			if c.Mark != "" {
				words += " ! " + c.Mark
			}
			if c.Bold {
				words = "*" + words
			}
			if c.To.OK {
				words += fmt.Sprintf(" > %s %d", c.To.Sheet, c.To.Row)
			}
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(words)
		}
		if row.Stands > 1 {
			fmt.Fprintf(&b, " (stands for %d)", row.Stands)
		}
		b.WriteString("\n")
	}
	for _, remark := range t.Remarks() {
		b.WriteString(remark + "\n")
	}
	return b.String()
}

// shown is all that a report's tables, tiles and sentences say.
func shown(r *report.Report) string {
	var b strings.Builder
	complete, words := Completeness(r)
	fmt.Fprintf(&b, "%s\n%s\n%s\n%v: %s\n%s\n", Letterhead(r), Headline(r), Short(r), complete, words, Portfolio(r))
	figure, worse := HeadlineFigure(r)
	fmt.Fprintf(&b, "%s, worse %v; %s\n", figure, worse, strings.Join([]string{Compared(r), Scope(r), SourceNames(r), VerdictCounts(r), Severities(r), Unpriced(r), QualityLine(r)}, "; "))
	for _, s := range r.Sources {
		b.WriteString(SourceLine(s) + "\n")
	}
	for i := range r.Rules {
		b.WriteString(strings.Join(RuleFacts(r, &r.Rules[i]), ", ") + "\n")
	}
	briefing := BriefingOf(r)
	for _, todo := range briefing.Largest {
		fmt.Fprintf(&b, "%+v\n", todo)
	}
	for _, found := range briefing.Found {
		fmt.Fprintf(&b, "%+v\n", found)
	}
	order, brief := RulesByAmount(r), SheetNamed(SheetFindings)
	fmt.Fprintf(&b, "%s\n%s\n", RulesShown(r, order, 1), RulesShown(r, order, len(order)))
	for _, tile := range Tiles(r) {
		fmt.Fprintf(&b, "%s %s; %s; worse %v, better %v\n", tile.Name, tile.Written(tile.Kind), tile.Line(), tile.Worse, tile.Better)
	}
	for _, c := range Controls(r) {
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Want.Written(c.Kind))
	}
	for _, f := range TotalsOf(r).Figures() {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Text)
	}
	for _, c := range []Chart{SeverityChart(r), RuleChart(r), RuleChart(r).First(1), UtilizationChart(r)} {
		fmt.Fprintf(&b, "%s (%s)\n", c.Title, c.Remark+c.Nothing)
		for _, bar := range c.Bars {
			fmt.Fprintf(&b, "  %s: %d\n", bar.Name, bar.Count)
		}
	}
	for _, m := range []Months{ExposureMonths(r), UnusedMonths(r)} {
		for _, bar := range m.Bars {
			fmt.Fprintf(&b, "%s (%s): %s: %s\n", m.Title, m.Unit, bar.Name, bar.Label)
		}
	}
	for _, t := range []Table{Act(r), ActFirst(r, 0), ActFirst(r, 2).InBook(r), Act(r).Printed(0), brief.Brief(r, 2), TenLargest(r), Bridge(r), FromPosition(r), WaterfallOf(r).Figures(r), Positions(r), PriceList(r), BySeverity(r), ByRule(r), Sources(r), MonthTable(r), WaiversOnPaper(r, 3), Quality(r, 5)} {
		b.WriteString(lines(t))
	}
	for _, list := range [][]Table{ChangesOnPaper(r, 2), CustomersOnPaper(r, 2), FindingsOnPaper(r, order, 2, 1)} {
		for _, t := range list {
			b.WriteString(lines(t))
		}
	}
	return b.String()
}

// sheetsOf is all that its sheets and sections say.
func sheetsOf(r *report.Report) string {
	var b strings.Builder
	for _, s := range Sheets() {
		t := Table{Title: "Sheet " + s.Name}
		columns := s.Filled(r)
		for _, c := range columns {
			t.Heads = append(t.Heads, Head{Text: c.Heading, Kind: c.Kind})
		}
		for row := range s.Rows(r) {
			var cells []Cell
			for _, c := range columns {
				cells = append(cells, c.Cell(r, row))
			}
			t.Rows = append(t.Rows, Row{Cells: cells})
		}
		b.WriteString(lines(t))
	}
	sections := Sections(r)
	fmt.Fprintf(&b, "\n%s\n%s\n", SectionsLine(r, sections, 2), SectionsLine(r, sections, len(sections)))
	for _, i := range sections {
		s := SectionOf(r, i, 5)
		fmt.Fprintf(&b, "\n%s %s %v %v %s\n%s%s", s.Name, s.Utilization.Format(cell.KindPercent), s.Facts, s.Counts, s.Note, lines(s.Findings), lines(s.Connections))
	}
	return b.String()
}

// A small book whose figures can be added up by hand: compared with October at
// other prices; without prices and without an instance; and a first report in which
// all is known.
func TestBook(t *testing.T) {
	gap := bookInputs(t, report.Prices{}, report.Prices{})
	gap.Portfolio.Sources[1].Failed = "no answer"
	compared := book(t)
	for name, got := range map[string]string{"compared": shown(compared), "sheets": sheetsOf(compared), "unpriced": shown(report.Build(gap)), "first": shown(completeBook(t))} {
		path := "testdata/book-" + name + ".txt"
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Fatalf("%s, line %d:\n%s\nwant\n%s", name, i+1, a[i], b[i])
				}
			}
			t.Errorf("%s: %d lines, want %d", name, len(a), len(b))
		}
	}
}

// What the sheets hold comes to the control totals.
func TestControlsAddUp(t *testing.T) {
	for _, r := range []*report.Report{book(t), completeBook(t), report.Build(bookInputs(t, report.Prices{}, report.Prices{}))} {
		for _, c := range Controls(r) {
			s := SheetNamed(c.Sheet)
			sum, atLeast := decimal.Zero, c.Want.AtLeast && c.Column == ""
			if c.Column == "" {
				sum = decimal.NewFromInt(int64(s.Rows(r)))
			}
			for _, column := range s.Columns {
				if column.Heading != c.Column || c.Column == "" {
					continue
				}
				for row := range s.Rows(r) {
					v := column.Cell(r, row)
					if n, ok := v.Int(); ok {
						sum = sum.Add(decimal.NewFromInt(n))
					} else if d, ok := v.Money(); ok {
						sum = sum.Add(d)
					}
					atLeast = atLeast || v.AtLeast || v.IsUnknown()
				}
			}
			want, isMoney := c.Want.Money()
			if n, ok := c.Want.Int(); ok && !isMoney {
				want = decimal.NewFromInt(n)
			}
			if !sum.Equal(want) || atLeast != c.Want.AtLeast && c.Sheet != SheetRules { // rules have no rows for counts that are missing
				t.Errorf("%s: %s, at least: %v; want %s", c.What, sum, atLeast, c.Want.Written(c.Kind))
			}
		}
	}
}
