package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats"
	"trueup/report/formats/alltext"
	"trueup/rules"
)

const ownRules = `
rules:
  - id: named
    title: Named so
    severity: low
    each: customer
    applies: CustomerShortName != nil
    when: CustomerShortName startsWith "h"
    message: "{{CustomerFullName}} is called {{upper(CustomerShortName)}} on {{MsTenantId}}"
`

// real is the input of the sample portfolio with rules that speak of names,
// contacts, waivers, a history and problems.
func real(t *testing.T) report.Input {
	t.Helper()
	set, err := rules.Load(rules.Options{Builtin: true, Paths: []string{write(t, "own.yaml", ownRules)}})
	if err != nil {
		t.Fatal(err)
	}
	p := fetch.Sample()
	for i := range p.Customers { // "Office" and the like stand in every workbook
		for s := range p.Customers[i].SiteLocation {
			p.Customers[i].SiteLocation[s].Name.S += " of theirs"
		}
	}
	c := &p.Customers[0]
	c.Raw = map[string]string{"ActiveUserCount": `"` + c.CustomerFullName.S + `"`}
	p.Problems = []fetch.Problem{{Kind: "unreadable-value", Text: "customer " + c.CustomerShortName.S + " has " + c.Raw["ActiveUserCount"], GUID: c.UmpCustomerGuid, Instance: c.Instance}}
	waivers, err := rules.ParseWaivers("w.yaml", []byte(`waivers: [{id: W-1, rule: missing-ms-tenant-id, customer: "`+p.Customers[3].CustomerShortName.S[:3]+
		`*", owner: o, reason: "because of `+p.Customers[3].CustomerFullName.S+`", expires: 2030-01-01}, {id: W-2, rule: undeployed-sbc, customer: "*", owner: o, reason: r, expires: 2030-01-01}]`), set)
	if err != nil {
		t.Fatal(err)
	}
	contacts := report.NewContacts("", []report.Contact{{Customer: "h*", Manager: "Ana", Email: "a@example.com"}, {Customer: "b*", Manager: "Ben", Email: "b@example.com"}})
	evaluation := judged(t, set, p.Customers)
	in := report.Input{Title: "T", AsOf: p.AsOf, Portfolio: p, Evaluation: evaluation, Register: evaluation.Waive(p.Customers, waivers, p.AsOf), Manager: contacts.Manager}
	before := in
	before.AsOf = in.AsOf.AddDate(0, -1, 0)
	before.Evaluation = judged(t, set, p.Customers[1:])
	before.Portfolio.Customers, before.Register = p.Customers[1:], nil
	in.History = report.Remember(report.PastOf(report.Build(before), before.Prices))
	return in
}

// everything is all that the writers make of a report, in every format, with
// what stands in the files' metadata.
func everything(t *testing.T, r *report.Report) string {
	t.Helper()
	var all strings.Builder
	for _, f := range formats.Files(r, formats.Formats(), "", formats.Options{}) {
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		texts, err := alltext.Of(f.Name, b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			all.WriteString(strings.ToLower(text.Text) + "\n")
		}
	}
	return all.String()
}

// secrets are the words that a redacted report must not have.
func secrets(customers []fetch.Customer) (words []string) {
	for _, c := range customers {
		words = append(words, c.CustomerShortName.S, c.CustomerFullName.S, c.MsTenantId.S)
		for _, s := range c.SiteLocation {
			words = append(words, s.Name.S)
		}
	}
	var said []string
	for _, w := range words {
		if w != "" {
			said = append(said, strings.ToLower(w))
		}
	}
	return said
}

func TestRedactedShowsNoName(t *testing.T) {
	in := real(t)
	words := secrets(in.Portfolio.Customers)
	open := everything(t, report.Build(in))
	for _, w := range words[:10] {
		if !strings.Contains(open, w) {
			t.Errorf("the open report lacks %q: the test is blind", w)
		}
	}
	redacted, _ := redact(t, in)
	reports := append(report.Packs(redacted, tally(t, in)), report.Build(redacted))
	for _, r := range reports {
		text := everything(t, r)
		for _, w := range words {
			if strings.Contains(text, w) {
				at := strings.Index(text, w)
				t.Errorf("%q of the report for %q: …%s…", w, r.Manager, text[max(0, at-60):min(len(text), at+60)])
			}
		}
	}
}

func TestRedactedCountsTheSame(t *testing.T) {
	in := real(t)
	redacted, _ := redact(t, in)
	a, b := report.Build(in), report.Build(redacted)
	if a.Totals.Findings != b.Totals.Findings || a.Totals.Waived != b.Totals.Waived || a.Totals.NotEvaluable != b.Totals.NotEvaluable ||
		a.Changes.New != b.Changes.New || len(a.Managers) != len(b.Managers) || a.Managers[0].Findings != b.Managers[0].Findings || a.Totals.Waived == 0 {
		t.Errorf("%+v\n%+v", a.Totals, b.Totals)
	}
	named := 0
	for i := range b.Findings {
		if b.Findings[i].Message == "" || a.Findings[i].Message == b.Findings[i].Message && strings.Contains(a.Findings[i].Message, "tenant") && a.Rules[a.Findings[i].Rule].ID == "shared-ms-tenant-id" {
			t.Errorf("finding %d: %q", i, b.Findings[i].Message)
		}
		if b.Findings[i].Message == "(redacted)" {
			named++
		}
	}
	if named == 0 || named != a.Totals.ByRule["named"] {
		t.Errorf("%d messages are gone, want those of the rule about names: %d", named, a.Totals.ByRule["named"])
	}
}

func TestPseudonymsAreStable(t *testing.T) {
	in := real(t)
	first, key := redact(t, in)
	in.Portfolio.Customers = in.Portfolio.Customers[:10]
	in.Evaluation, in.Register = judged(t, in.Evaluation.Set, in.Portfolio.Customers), nil
	second, _ := redact(t, in)
	seen := map[string]bool{}
	for i, c := range second.Portfolio.Customers {
		if c.CustomerShortName != first.Portfolio.Customers[i].CustomerShortName || c.MsTenantId != first.Portfolio.Customers[i].MsTenantId {
			t.Errorf("%s is %s", first.Portfolio.Customers[i].CustomerShortName.S, c.CustomerShortName.S)
		}
		seen[c.CustomerShortName.S] = true
	}
	if len(seen) != 10 || len(key) != len(first.Portfolio.Customers) {
		t.Errorf("%d names for 10 customers, key of %d", len(seen), len(key))
	}
}

func TestRedactionKey(t *testing.T) {
	in := real(t)
	in.Portfolio.Customers[1].CustomerFullName = fetch.TextOf("=cmd")
	_, key := redact(t, in)
	var b bytes.Buffer
	if err := key.Write(&b); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(records) != len(key)+1 || records[1][0] != key[0].Pseudonym || records[1][4] != in.Portfolio.Customers[0].CustomerShortName.S || records[2][5] != "'=cmd" {
		t.Errorf("%v %v", records[:3], err)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// judged is what the rules say of customers.
func judged(t testing.TB, set *rules.Set, customers []fetch.Customer) *rules.Evaluation {
	t.Helper()
	e, err := set.Evaluate(t.Context(), customers)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// tally counts the verdicts of packs.
func tally(t testing.TB, in report.Input) report.TallyFunc {
	return func(customers []fetch.Customer, groupOf []int, groups int) [][]rules.Tally {
		tallies, err := in.Evaluation.Set.TallyGroups(t.Context(), customers, groupOf, groups)
		if err != nil {
			t.Fatal(err)
		}
		return tallies
	}
}

func redact(t testing.TB, in report.Input) (report.Input, report.RedactionKey) {
	t.Helper()
	out, key, err := report.Redact(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out, key
}

// Of a waiver stay the GUID, or that it is for all; it is called by its place.
func TestRedactedRegister(t *testing.T) {
	in := real(t)
	in.History = nil
	guid := in.Portfolio.Customers[0].UmpCustomerGuid
	in.Register = nil
	for _, customer := range []string{guid, "*", "harrowgate", "har*"} {
		in.Register = append(in.Register, rules.WaiverStatus{Waiver: rules.Waiver{ID: "W-" + customer, Customer: customer, Reason: "because", Ticket: "T-1"}})
	}
	in.Register[0].Ticket = ""
	out, key := redact(t, in)
	for i, want := range []string{guid, "*", "(redacted)", "(redacted)"} {
		w, ticket := out.Register[i], "(redacted)"
		if i == 0 {
			ticket = ""
		}
		if w.Customer != want || w.ID != fmt.Sprint("waiver-", i+1) || w.Reason != "(redacted)" || w.Ticket != ticket {
			t.Errorf("waiver %d: %+v", i, w.Waiver)
		}
	}
	for i := range key {
		tenant := in.Portfolio.Customers[i].MsTenantId.S
		if got := out.Portfolio.Customers[i].MsTenantId.S; strings.HasPrefix(got, "tenant-") != (strings.TrimSpace(tenant) != "") || got != key[i].TenantPseudonym && tenant != "" {
			t.Errorf("tenant %q is %q, in the key %q", tenant, got, key[i].TenantPseudonym)
		}
	}
	in.History = &report.History{}
	if out, _ := redact(t, in); out.History != in.History {
		t.Error("a history without a report is another")
	}
}
