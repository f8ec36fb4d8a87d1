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
  - {id: sites, title: Connections, severity: info, each: customer, needs: [SiteLocation], when: len(SiteLocation) > 4, message: "{{len(SiteLocation)}} connections"}
`

// bookCustomers are of two months, one a line; the first number is the license type.
var bookCustomers = map[string]string{
	"2026-10-23": `
emea acme 1 10 11 Deployed,Pending
emea bolt 1 100 10 Deployed
apac cora 1 10 10 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 5 7
emea gill 0 null 3
emea iris 1 40 45`,
	"2026-11-23": `
emea acme 1 10 12 Deployed,Pending
emea bolt 1 100 10 Deployed
apac cora 1 10 13 Deployed
emea dune 2 30 33
apac echo 4 5 6
emea fern 1 null 7
emea gill 0 null 3
apac hush 1 25 20 Pending,Pending,Pending,Pending,Deployed`,
}

const bookWaivers = `waivers:
  - {id: W1, rule: over, customer: dune, owner: Ana, reason: agreed, ticket: T-1, expires: 2026-12-01}
  - {id: W2, rule: over, customer: acme, owner: Ben, reason: old, expires: 2026-11-01}
  - {id: W3, rule: sbc, customer: hush, sipConnection: hush-1, owner: Ben, reason: test, expires: 2027-11-01}
`

// bookInput is what a month's report is made from. Prices have three decimals, and
// a type has none.
func bookInput(t *testing.T, day string, prices report.Prices) report.Input {
	t.Helper()
	asOf, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Portfolio{AsOf: asOf, Sources: []fetch.Source{{Name: "emea"}, {Name: "apac", URL: "https://apac.example.com"}}}
	for line := range strings.Lines(strings.TrimSpace(bookCustomers[day])) {
		f := strings.Fields(line)
		c := fetch.Customer{Instance: f[0], UmpCustomerGuid: "guid-" + f[1], CustomerShortName: fetch.TextOf(f[1]),
			LicenseType: bookCount(f[2]), LicensedUsersCount: bookCount(f[3]), ActiveUserCount: bookCount(f[4]), Sites: fetch.Known}
		if len(f) > 5 {
			for i, state := range strings.Split(f[5], ",") {
				c.SiteLocation = append(c.SiteLocation, fetch.SIPConnection{ID: fetch.TextOf(fmt.Sprint(f[1], "-", i)), Name: fetch.TextOf(fmt.Sprint("line ", i)),
					SbcID: fetch.CountOf(7), SbcDeploymentState: fetch.TextOf(state), SbcConfigurationType: fetch.TextOf("Byoc")})
			}
		}
		if f[1] == "gill" {
			c.Sites = fetch.Absent
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
	managers := map[string]string{"acme": "Ana", "bolt": "Ana", "cora": "Ben", "dune": "Ben", "iris": "Ben"}
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

func bookPrices() report.Prices {
	return report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: eur("4"), 2: eur("3.333")},
		ByInstance: map[string]map[int64]decimal.Decimal{"apac": {1: eur("5.5")}}}
}

// book is the report of November, compared with October's.
func book(t *testing.T, prices report.Prices) *report.Report {
	t.Helper()
	before := report.Build(bookInput(t, "2026-10-23", prices))
	past := report.PastOf(before, prices)
	issued := report.IssuedOf(before)
	past.Issued = &issued
	in := bookInput(t, "2026-11-23", prices)
	in.History = report.Remember(past)
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
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(words)
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
	for _, tile := range Tiles(r) {
		fmt.Fprintf(&b, "%s %s; %s; worse %v, better %v\n", tile.Name, tile.Written(tile.Kind), tile.Line(), tile.Worse, tile.Better)
	}
	for _, c := range Controls(r) {
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Want.Written(c.Kind))
	}
	for _, f := range TotalsOf(r).Figures() {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Text)
	}
	for _, bar := range UtilizationChart(r).Bars {
		fmt.Fprintf(&b, "%s: %d\n", bar.Name, bar.Count)
	}
	for _, bar := range ExposureMonths(r).Bars {
		fmt.Fprintf(&b, "%s: %s\n", bar.Name, bar.Label)
	}
	for _, t := range []Table{Act(r), ActFirst(r, 0), TenLargest(r), Bridge(r), FromPosition(r), WaterfallOf(r).Figures(r), Positions(r), PriceList(r), BySeverity(r), ByRule(r), Sources(r), MonthTable(r), WaiversOnPaper(r, 2), Quality(r, 5)} {
		b.WriteString(lines(t))
	}
	for _, list := range [][]Table{ChangesOnPaper(r, 2), CustomersOnPaper(r, 2), FindingsOnPaper(r, RulesByAmount(r), 2, 1)} {
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
	fmt.Fprintf(&b, "\n%s\n", SectionsLine(r, sections, 2))
	for _, i := range sections {
		s := SectionOf(r, i, 5)
		fmt.Fprintf(&b, "\n%s %s %v %v %s\n%s%s", s.Name, s.Utilization.Format(cell.KindPercent), s.Facts, s.Counts, s.Note, lines(s.Findings), lines(s.Connections))
	}
	return b.String()
}

// A small book whose figures can be added up by hand, with prices and an earlier
// report, without prices, and as a first report that lacks an instance.
func TestBook(t *testing.T) {
	gap := bookInput(t, "2026-11-23", bookPrices())
	gap.Portfolio.Sources[1].Failed = "no answer"
	compared := book(t, bookPrices())
	for name, got := range map[string]string{"compared": shown(compared), "sheets": sheetsOf(compared), "unpriced": shown(book(t, report.Prices{})), "first": shown(report.Build(gap))} {
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
					t.Errorf("%s, line %d:\n%s\nwant\n%s", name, i+1, a[i], b[i])
				}
			}
			if len(a) != len(b) {
				t.Errorf("%s: %d lines, want %d", name, len(a), len(b))
			}
		}
	}
}

// What the sheets hold comes to the control totals.
func TestControlsAddUp(t *testing.T) {
	for _, r := range []*report.Report{book(t, bookPrices()), book(t, report.Prices{})} {
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
