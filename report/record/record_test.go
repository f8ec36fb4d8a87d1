package record

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

func at(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// built is a report and its record on customers of every kind, with an earlier
// month in which some were others.
func built(t testing.TB) Record {
	t.Helper()
	half, off := 0.5, false
	critical := rules.Critical
	set, err := rules.Load(rules.Options{Builtin: true, Files: []rules.File{{Name: "own.yaml",
		Text: []byte("rules:\n  - {id: own, title: Own, severity: low, each: sipConnection, params: {share: 1.5, n: 2}, when: 'true', message: '{{name}} \"<é>\"'}\n")}},
		Overrides: map[string]rules.Override{"own": {Params: map[string]any{"share": half}, Severity: &critical}, "unused-licenses": {Enabled: &off}}})
	if err != nil {
		t.Fatal(err)
	}
	list := `[
	{"UmpCustomerGuid": "a", "CustomerShortName": "acme", "CustomerFullName": "Acme & Sons \u2028", "LicenseType": 1, "LicensedUsersCount": 10, "MsTenantId": "t", "ActiveUserCount": 15,
	 "SiteLocation": [{"id": "s", "name": "s"}, {"id": "s", "name": 7}]},
	{"UmpCustomerGuid": "b", "CustomerShortName": 12, "CustomerFullName": null, "LicenseType": 5, "LicensedUsersCount": null, "MsTenantId": "t", "ActiveUserCount": 3, "SiteLocation": []},
	{"UmpCustomerGuid": "c", "LicenseType": 2, "LicensedUsersCount": "x", "ActiveUserCount": 3}]`
	p, err := fetch.ReadFrom(strings.NewReader(list), "list", fetch.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	contacts := report.NewContacts("sha256:c", []report.Contact{{Customer: "acme", Manager: "Ana", Email: "a@example.com", Cc: []string{"b@example.com"}}, {Customer: "*", Manager: "Ben"}})
	prices := report.Prices{Currency: "EUR", ByType: map[int64]decimal.Decimal{1: dec("2.10")}, ByInstance: map[string]map[int64]decimal.Decimal{"x": {5: dec("0.333")}}}
	waivers := []rules.Waiver{{ID: "W", Rule: "own", Customer: "acme", SIPConnection: "s", Owner: "o", Reason: "r", Ticket: "t", From: rules.DateOf(at("2026-01-01")), Expires: rules.DateOf(at("2027-01-01"))}}
	make := func(day string, h *report.History) *report.Report {
		e, err := set.Evaluate(t.Context(), p.Customers)
		if err != nil {
			t.Fatal(err)
		}
		in := report.Input{Title: "T", Version: "v", AsOf: at(day), Portfolio: p, Evaluation: e, Register: e.Waive(p.Customers, waivers, at(day)),
			Prices: prices, Manager: contacts.Manager, History: h, Hashes: report.Hashes{Snapshot: "sha256:" + day, Rules: set.Hash, Contacts: "sha256:c"}}
		return report.Build(in)
	}
	first := report.PastOf(make("2026-09-01", nil), prices)
	issued := report.IssuedOf(make("2026-09-01", nil))
	first.Issued = &issued
	first.Findings[report.Key{GUID: "gone", Rule: "own"}] = report.PastFinding{Title: "Own", Severity: rules.Critical, Counted: true}
	partial := report.Past{Month: report.Month{AsOf: at("2026-09-15"), OnlyIssued: true, Missing: []string{"x"}, Issued: &report.Issued{Missing: []string{"x"}}}}
	h := report.Remember(first, partial, report.PastOf(make("2026-10-01", nil), prices))
	book := make("2026-11-01", h)
	return Record{AsOf: book.AsOf, Version: "v", Hashes: book.Hashes, Issued: report.IssuedOf(book), Prices: prices, Waivers: waivers, Contacts: contacts,
		Making: Making{Title: "T", Organization: "O", Branding: report.Branding{Logo: []byte{0, 255}, Accent: "112233", Confidentiality: "c"},
			SbcNames: map[string]map[int64]string{"": {1: "fra"}}, Formats: []string{"json", "pdf"}, ByManager: true,
			PDF:   PDF{MaxCustomers: 3, SystemFonts: true, Fonts: []Font{{"f.ttf", "sha256:f", true}}},
			Rules: rules.Options{Files: set.Files, Overrides: set.Overrides},
			Notes: map[report.Key]report.Note{{GUID: "a", Rule: "own", Connection: "s", Occurrence: 1}: {Owner: "o", Due: "d", Comment: "<c>"}}, History: h}}
}

func written(t testing.TB, r *Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is written is read again, and written again the same.
func TestRoundTrip(t *testing.T) {
	r := built(t)
	file := written(t, &r)
	got, err := Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got.Hash != r.Hash || !strings.HasPrefix(r.Hash, "sha256:") {
		t.Errorf("hash %s, want %s", got.Hash, r.Hash)
	}
	again := got
	if !bytes.Equal(file, written(t, &again)) {
		t.Error("written again it has other bytes")
	}
	set, err := rules.Load(got.Rules)
	if err != nil || set.Hash != r.Hashes.Rules {
		t.Errorf("other rules: %v", err)
	}
	h, was := got.History, r.History
	if !reflect.DeepEqual(h.Since, was.Since) || !reflect.DeepEqual(h.Ever, was.Ever) || !reflect.DeepEqual(h.Last.Unjudged, was.Last.Unjudged) {
		t.Errorf("since %v, ever %v, unjudged %v", h.Since, h.Ever, h.Last.Unjudged)
	}
	if len(h.Ever) < 8 || len(h.Last.Unjudged) == 0 || len(h.Trend) != 3 || !h.Trend[1].OnlyIssued {
		t.Errorf("the history says too little: %+v", h)
	}
	if len(h.Last.Customers) != 3 || len(h.Last.Findings) != len(was.Last.Findings) || !h.Last.AsOf.Equal(at("2026-10-01")) {
		t.Errorf("last %+v", h.Last)
	}
	for key, want := range was.Last.Customers {
		if got := h.Last.Customers[key]; got.Name != want.Name || got.ShortName != want.ShortName || got.FullName != want.FullName || got.Manager != want.Manager ||
			got.LicenseName != want.LicenseName || got.Acquired != want.Acquired || got.Used != want.Used || !got.Exposure.Equal(want.Exposure) {
			t.Errorf("%v: %+v, want %+v", key, got, want)
		}
	}
	for key, want := range was.Last.Findings {
		got := h.Last.Findings[key]
		if (got.Price == nil) != (want.Price == nil) || got.Price != nil && !got.Price.Equal(*want.Price) {
			t.Errorf("%v: price %v, want %v", key, got.Price, want.Price)
		}
		if got.Price = want.Price; !reflect.DeepEqual(got, want) {
			t.Errorf("%v: %+v, want %+v", key, got, want)
		}
	}
}

// The first part is all that a later month needs.
func TestReadHead(t *testing.T) {
	r := built(t)
	file := written(t, &r)
	check := func(file []byte) {
		t.Helper()
		got, err := ReadHead(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Waivers, r.Waivers) || !reflect.DeepEqual(got.Contacts, r.Contacts) || got.Hashes != r.Hashes || !got.AsOf.Equal(r.AsOf) ||
			!got.Prices.ByInstance["x"][5].Equal(dec("0.333")) || got.Issued.Totals.Findings != r.Issued.Totals.Findings || len(got.Issued.Groups) != 2 || got.Title != "" {
			t.Errorf("%+v", got)
		}
	}
	check(file)
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	check(zipped(t, string(text))) // as another program packs it
	for _, cut := range []int{1, 20, len(file) / 2} {
		if _, err := ReadHead(bytes.NewReader(file[:len(file)-cut])); err == nil {
			t.Errorf("%d bytes are missing, and nobody says so", cut)
		}
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNoContacts(t *testing.T) {
	r := Record{AsOf: at("2026-11-01")}
	got, err := Read(bytes.NewReader(written(t, &r)))
	if err != nil || got.Contacts != nil || got.History != nil || got.Notes != nil || got.Prices.Currency != "" {
		t.Errorf("%+v, %v", got, err)
	}
	r.Contacts = report.NewContacts("", nil)
	if got, err = Read(bytes.NewReader(written(t, &r))); err != nil || got.Contacts == nil {
		t.Errorf("a contacts file without contacts: %v, %v", got.Contacts, err)
	}
}

func TestRefused(t *testing.T) {
	r := built(t)
	file := written(t, &r)
	const head = `{"schema":"trueup.record/1","asOf":"2026-11-01T00:00:00Z",`
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"cut off":          {file[:len(file)-20], "damaged"},
		"no gzip":          {[]byte(head), "damaged"},
		"another schema":   {zipped(t, `{"schema":"trueup.snapshot/1"}`), `schema "trueup.snapshot/1" is not trueup.record/1`},
		"newer":            {zipped(t, `{"schema":"trueup.record/2","issued":7}`), "another version of trueup"},
		"no time":          {zipped(t, `{"schema":"trueup.record/1"}`), "no as-of time"},
		"a list":           {zipped(t, `[]`), "damaged"},
		"a broken waiver":  {zipped(t, head+`"waivers":[{"id":"W","expires":"soon"}]}`), "waiver W"},
		"a broken price":   {zipped(t, head+`"prices":{"byLicenseType":{"x":"1"}}}`), "damaged"},
		"unknown severity": {zipped(t, head+`"issued":{"totals":{"bySeverity":{"worst":1}}}}`), "unknown severity"},
		"a huge amount":    {zipped(t, head+`"prices":{"byLicenseType":{"1":"1e999999999"}}}`), "not a plain decimal number"},
		"no such month":    {zipped(t, head+`"history":{"last":0}}`), "none of the months"},
		"no such rule":     {zipped(t, head+`"history":{"last":0,"months":[{}],"customers":[{"verdicts":[{"rule":3}]}]}}`), "a rule that is not there"},
		"nothing issued":   {zipped(t, head+`"history":{"last":-1,"months":[{"onlyIssued":true}]}}`), "nothing was issued"},
	} {
		if _, err := Read(bytes.NewReader(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

func TestRename(t *testing.T) {
	r := built(t)
	r.Issued.Missing = []string{"x"}
	r.Rename(map[string]string{"": "emea", "x": "apac"})
	if r.Issued.Groups[0].Instance != "emea" || r.Issued.Missing[0] != "apac" || r.Prices.ByInstance["apac"] == nil || r.Prices.ByInstance["x"] != nil {
		t.Errorf("%+v, %+v", r.Issued, r.Prices)
	}
	p := fetch.Sample()
	renamed := Renamed(p, map[string]string{"": "emea", "sample": "emea"})
	if p.Customers[0].Instance != "" || renamed.Customers[0].Instance != "emea" || renamed.Sources[0].Name != "emea" || p.Sources[0].Name != "sample" {
		t.Error("not renamed, or what was given changed")
	}
}

func FuzzRead(f *testing.F) {
	r := built(f)
	f.Add(written(f, &r))
	f.Add(zipped(f, `{"schema":"trueup.record/1","asOf":"2026-11-01T00:00:00Z","history":{"last":0,"months":[{"issued":{}}],"customers":[{"acquired":1.5,"shortName":[]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, &rec); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}

// BenchmarkWrite has 100,000 customers with findings, most of them every month.
func BenchmarkWrite(b *testing.B) {
	r := built(b)
	past := report.Past{Month: report.Month{AsOf: at("2026-10-01")}, Findings: map[report.Key]report.PastFinding{}, Unjudged: map[report.Key]bool{}, Customers: map[[2]string]report.PastCustomer{}}
	price := dec("2.10")
	for i := range 100_000 {
		guid := fmt.Sprintf("27aa5123-9b59-4374-bc89-%012d", i*7919%1_000_000)
		past.Customers[[2]string{"", guid}] = report.PastCustomer{Manager: "Ana", Name: guid, ShortName: fetch.TextOf("cust " + guid[30:]), LicenseName: "OC Pro",
			Acquired: fetch.CountOf(10), Used: fetch.CountOf(12), Exposure: dec("4.20")}
		quantity := int64(i % 50)
		past.Findings[report.Key{GUID: guid, Rule: "over-license-usage"}] = report.PastFinding{Title: "More active users than acquired licenses", Message: "12 active users on 10 licenses, 2 too many",
			Severity: rules.High, Counted: true, Licenses: true, Quantity: &quantity, Price: &price}
		past.Unjudged[report.Key{GUID: guid, Rule: "own", Connection: "s"}] = i%2 == 0
	}
	r.History = report.Remember(past)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, &r); err != nil {
			b.Fatal(err)
		}
	}
}
