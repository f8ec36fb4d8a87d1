package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestDecodeVendorsAnswers(t *testing.T) {
	for _, test := range []struct {
		file        string
		sites       State
		connections int
	}{
		{"customers.json", Known, 23},
		{"customers-brief.json", Absent, 0},
	} {
		t.Run(test.file, func(t *testing.T) {
			p := mustRead(t, filepath.Join("..", "testdata", test.file))
			if len(p.Customers) != 10 || p.Sources[0] != (Source{Name: test.file, Listed: 10, Customers: 10}) {
				t.Errorf("%d customers from %+v", len(p.Customers), p.Sources)
			}
			connections := 0
			for _, c := range p.Customers {
				connections += len(c.SiteLocation)
				if c.Sites != test.sites {
					t.Errorf("%s: SiteLocation is %v", c.CustomerShortName.S, c.Sites)
				}
			}
			if connections != test.connections || len(p.Problems) != 0 || !p.AsOf.IsZero() || p.Sample {
				t.Errorf("%d connections, problems %v, as of %v", connections, p.Problems, p.AsOf)
			}
		})
	}
}

func TestDecodeKeepsWhatTheAPISays(t *testing.T) {
	p := mustRead(t, "../testdata/customers.json")
	c := p.Customers[0]
	if c.CustomerShortName.S != "auto_serv_ess" {
		t.Fatalf("first by short name is %q", c.CustomerShortName.S)
	}
	if c.LicensedUsersCount.State != Null || c.MsTenantId.State != Null || c.ActiveUserCount != CountOf(0) || c.LicenseType != CountOf(0) {
		t.Errorf("null and zero mixed: %+v", c)
	}
	want := SIPConnection{TextOf("0c8e0080-8bf3-4ae4-8b96-259977ae568f"), TextOf("auto_serv_ess"), CountOf(1), TextOf("Deployed"), TextOf("SipTrunk")}
	if c.SiteLocation[0] != want {
		t.Errorf("connection %+v", c.SiteLocation[0])
	}
}

func TestDecodeCounts(t *testing.T) {
	unreadable := Count{State: Unreadable}
	for json, want := range map[string]Count{
		`10`: CountOf(10), `"10"`: CountOf(10), `10.0`: CountOf(10), `1e2`: CountOf(100), `1.5E1`: CountOf(15),
		`0`: CountOf(0), `-0`: CountOf(0), `0e99`: CountOf(0), `100e-2`: CountOf(1), `1000000000`: CountOf(MaxCount),
		`null`: {State: Null},
		`-5`:   unreadable, `1.5`: unreadable, `1000000001`: unreadable, `1e10`: unreadable, `1e99999999999`: unreadable,
		`1e-1`: unreadable, `99999999999999999999`: unreadable, `0.000000000000000000001`: unreadable,
		`" 10 "`: unreadable, `"10.0"`: unreadable, `"-1"`: unreadable, `"007"`: unreadable, `""`: unreadable,
		`"ten"`: unreadable, `"1000000001"`: unreadable, `true`: unreadable, `[1]`: unreadable, `{"n":1}`: unreadable,
	} {
		p, err := decodeString(`[{"UmpCustomerGuid":"g","ActiveUserCount":` + json + `}]`)
		if err != nil {
			t.Errorf("%s: %v", json, err)
			continue
		}
		c := p.Customers[0]
		if c.ActiveUserCount != want {
			t.Errorf("%s is %+v, want %+v", json, c.ActiveUserCount, want)
		}
		if (want.State == Unreadable) != (c.Raw["ActiveUserCount"] == json && len(p.Problems) == 1) {
			t.Errorf("%s: raw %q, problems %v", json, c.Raw, p.Problems)
		}
	}
}

// A license type is a code: one that the vendor does not name is kept.
func TestDecodeLicenseTypes(t *testing.T) {
	for json, name := range map[string]string{
		`1`: "Hosted Essentials Plus", `"5"`: "OC Pro", `99`: "Unknown (99)", `-1`: "Unknown (-1)", `"-2"`: "Unknown (-2)", `-0`: "Hosted Essentials",
		`null`: "Unknown", `"x"`: "Unknown", `1.5`: "Unknown", `-1.5`: "Unknown", `"--1"`: "Unknown", `-1000000001`: "Unknown",
	} {
		p, err := decodeString(`[{"UmpCustomerGuid":"g","LicenseType":` + json + `}]`)
		if err != nil {
			t.Errorf("%s: %v", json, err)
			continue
		}
		if got := LicenseName(p.Customers[0].LicenseType); got != name {
			t.Errorf("%s is %s, want %s", json, got, name)
		}
		p.AsOf = someTime
		sameAfterSnapshot(t, p)
	}
}

func TestDecodeTexts(t *testing.T) {
	for json, want := range map[string]Text{
		`"Deployed"`: TextOf("Deployed"), `3`: {State: Known, S: "3", Number: true}, `3.0`: {State: Known, S: "3.0", Number: true},
		`""`: TextOf(""), `null`: {State: Null}, `"a\u0041\n"`: TextOf("aA\n"),
		`false`: {State: Unreadable}, `[]`: {State: Unreadable}, `{}`: {State: Unreadable},
	} {
		p, err := decodeString(`[{"UmpCustomerGuid":"g","CustomerFullName":` + json + `,"SiteLocation":[{},{"sbcDeploymentState":` + json + `}]}]`)
		if err != nil {
			t.Errorf("%s: %v", json, err)
			continue
		}
		c := p.Customers[0]
		if c.CustomerFullName != want || c.SiteLocation[1].SbcDeploymentState != want {
			t.Errorf("%s is %+v and %+v, want %+v", json, c.CustomerFullName, c.SiteLocation[1].SbcDeploymentState, want)
		}
		if want.State == Unreadable && (c.Raw["CustomerFullName"] != json || c.Raw["SiteLocation[1].sbcDeploymentState"] != json || len(p.Problems) != 2) {
			t.Errorf("%s: raw %q, problems %v", json, c.Raw, p.Problems)
		}
	}
}

func TestDecodeSiteLocation(t *testing.T) {
	for _, test := range []struct {
		json  string
		state State
		count int
		raw   string
	}{
		{``, Absent, 0, ""},
		{`,"SiteLocation":null`, Null, 0, ""},
		{`,"SiteLocation":[]`, Known, 0, ""},
		{`,"siteLocation":[{"ID":"x"},{}]`, Known, 2, ""},
		{`,"SiteLocation":"none"`, Unreadable, 0, "SiteLocation"},
		{`,"SiteLocation":{"id":"x"}`, Unreadable, 0, "SiteLocation"},
		{`,"SiteLocation":[{"id":"x"},null]`, Known, 2, "SiteLocation[1]"},
	} {
		p, err := decodeString(`[{"umpcustomerGUID":"g"` + test.json + `}]`)
		if err != nil {
			t.Errorf("%s: %v", test.json, err)
			continue
		}
		c := p.Customers[0]
		if c.Sites != test.state || len(c.SiteLocation) != test.count || (c.Raw[test.raw] != "") != (test.raw != "") {
			t.Errorf("%s: %+v", test.json, c)
		}
		if test.raw == "SiteLocation[1]" && c.SiteLocation[1].SbcDeploymentState.State != Unreadable {
			t.Errorf("%s: %+v", test.json, c.SiteLocation[1])
		}
	}
}

func TestDecodeProblems(t *testing.T) {
	for _, test := range []struct{ name, json, kind, text string }{
		{"bytes that are no characters", "[{\"UmpCustomerGuid\":\"g\",\"CustomerShortName\":\"caf\xe9\"}]",
			"replaced-characters", "customer caf\uFFFD (g): CustomerShortName held bytes"},
		{"lone surrogate", `[{"UmpCustomerGuid":"g","SiteLocation":[{"name":"\ud800"}]}]`,
			"replaced-characters", "customer g: SiteLocation held bytes"},
		{"unreadable", `[{"UmpCustomerGuid":"g","LicensedUsersCount":-1,"CustomerShortName":"acme"}]`,
			"unreadable-value", "customer acme (g): LicensedUsersCount is -1, which is not"},
		{"identical", `[{"UmpCustomerGuid":"g"},{"UmpCustomerGuid":"g","Other":1},{"UmpCustomerGuid":"g"}]`,
			"duplicate-identical", "customer g is listed more than once"},
		{"differing", `[{"UmpCustomerGuid":"g"},{"UmpCustomerGuid":"g","LicenseType":1}]`,
			"duplicate-guid", "customer g is listed 2 times with differing values"},
		{"connections", `[{"UmpCustomerGuid":"g","SiteLocation":[{"id":"x"},{"id":"x","name":"n"}]}]`,
			"duplicate-connection", "customer g: two SIP connections have the id x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := decodeString(test.json)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Problems) != 1 || p.Problems[0].Kind != test.kind || !strings.HasPrefix(p.Problems[0].Text, test.text) {
				t.Errorf("problems %q", p.Problems)
			}
		})
	}
}

func TestDecodeDoubleEntries(t *testing.T) {
	p, err := decodeString(`[{"UmpCustomerGuid":"g","LicenseType":1},{"UmpCustomerGuid":"h"},{"UmpCustomerGuid":"g","LicenseType":2},{"UmpCustomerGuid":"g","LicenseType":1}]`)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Sources[0]; s.Listed != 4 || s.Customers != 3 || len(p.Customers) != 3 || len(p.Problems) != 2 {
		t.Errorf("%+v, %d kept, problems %v", s, len(p.Customers), p.Problems)
	}
}

func TestDecodeOrderIsCanonical(t *testing.T) {
	entries := []string{`{"UmpCustomerGuid":"2","CustomerShortName":"b"}`, `{"UmpCustomerGuid":"1","CustomerShortName":"b"}`,
		`{"UmpCustomerGuid":"9","CustomerShortName":"a"}`, `{"UmpCustomerGuid":"1","CustomerShortName":"b","LicenseType":-1}`}
	first, err := decodeString("[" + strings.Join(entries, ",") + "]")
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		turned := append(entries[i:len(entries):len(entries)], entries[:i]...)
		p, err := decodeString("[" + strings.Join(turned, ",") + "]")
		if err != nil || p.Hash() != first.Hash() {
			t.Errorf("turned by %d: another result (%v)", i, err)
		}
	}
	if first.Customers[0].UmpCustomerGuid != "9" {
		t.Errorf("first is %+v", first.Customers[0])
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct{ name, in, want, hint string }{
		{"nothing", "", "at byte 0: there is no content", "GET {base}/api"},
		{"white space", " \n ", "at byte 0: there is no content", ""},
		{"envelope", `{"currentPage":1,"totalPages":3,"data":[{"UmpCustomerGuid":"g"}]}`, "paged envelope (an object with \"currentpage\")", "never taken for the whole"},
		{"object", `{"error":{"code":"x"}}`, "one JSON object, not a customer list", ""},
		{"page", "<!DOCTYPE html><html>", "a web page (HTML), not a customer list", ""},
		{"text", `"Invalid change for License Type!"`, `the answer is a text, not a customer list: "Invalid change for License Type!"`, ""},
		{"number", `17`, `begins with "17"`, ""},
		{"workbook", "PK\x03\x04....", "zip file or a workbook", ""},
		{"UTF-16", "\xff\xfe[\x00]\x00", "UTF-16", "save the file as UTF-8"},
		{"open array", `[`, "cut off", "fetch it again"},
		{"after a comma", `[{"UmpCustomerGuid":"g"},`, "in customer 2 of the list: the list is cut off", ""},
		{"in a text", `[{"UmpCustomerGuid":"g"},{"UmpCus`, "in customer 2 of the list: the list is cut off", ""},
		{"after the list", `[] x`, "at byte 3: this is not JSON", ""},
		{"two lists", `[][]`, "something follows the end", ""},
		{"comma at the end", `[{"UmpCustomerGuid":"g"},]`, "not JSON", ""},
		{"NaN", `[{"UmpCustomerGuid":"g","LicenseType":NaN}]`, "in customer 1 of the list: this is not JSON", ""},
		{"null entry", `[null]`, "in customer 1 of the list: the entry is not an object", ""},
		{"text entry", `[{"UmpCustomerGuid":"g"},"x"]`, "in customer 2 of the list: the entry is not an object", ""},
		{"no GUID", `[{"UmpCustomerGuid":"g"},{"LicenseType":1}]`, "in customer 2 of the list: the customer has no UmpCustomerGuid", ""},
		{"null GUID", `[{"UmpCustomerGuid":null}]`, "has no UmpCustomerGuid", ""},
		{"blank GUID", `[{"UmpCustomerGuid":" \t"}]`, "has no UmpCustomerGuid", ""},
		{"GUID of a wrong kind", `[{"UmpCustomerGuid":[1]}]`, "neither text nor number: [1]", ""},
		{"field twice", `[{"UmpCustomerGuid":"g","LicenseType":1,"licensetype":2}]`, "at byte 53, in customer 1 of the list: LicenseType appears twice", ""},
		{"escaped field twice", `[{"UmpCustomerGuid":"g","LicenseType":1,"Lic\u0065nseType":2}]`, "LicenseType appears twice", ""},
		{"connection field twice", `[{"UmpCustomerGuid":"g","SiteLocation":[{"id":"a","Id":"b"}]}]`, "id appears twice", ""},
		{"nesting", `[{"UmpCustomerGuid":"g","x":` + strings.Repeat("[", 20000), "exceeded max depth", ""},
		{"nested value", `[{"UmpCustomerGuid":"g","LicenseType":` + strings.Repeat("[", 20000), "exceeded max depth", ""},
		{"cut gzip", string(packed("[]")[:20]), "cut off", ""},
		{"gzip head only", "\x1f\x8b\x08", "read gzip", ""},
		{"newer snapshot to Decode", `{"schema":"trueup.snapshot/1"}`, "one JSON object", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := decodeString(test.in)
			var data *DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) || !strings.Contains(data.Hint(), test.hint) {
				t.Errorf("error %v, hint %v\nwant %s", err, data, test.want)
			}
			if len(p.Customers) > 0 || len(p.Sources) > 0 {
				t.Errorf("refused, and yet %+v", p)
			}
		})
	}
}

func TestDecodeBadGzipSum(t *testing.T) {
	whole := packed(`[{"UmpCustomerGuid":"g"}]`)
	whole[len(whole)-6] ^= 1
	if _, err := Decode(bytes.NewReader(whole), DecodeOptions{}); err == nil {
		t.Error("a wrong gzip sum is accepted")
	}
}

func TestDecodeLimits(t *testing.T) {
	list := `[{"UmpCustomerGuid":"g","x":"` + strings.Repeat("x", 1<<20) + `"}]`
	_, err := Decode(bytes.NewReader(packed(list)), DecodeOptions{Limits: Limits{MaxBytes: 1 << 16}})
	if err == nil || !strings.Contains(err.Error(), "larger than the limit of 64 KiB") {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := Decode(strings.NewReader(list), DecodeOptions{Limits: Limits{MaxBytes: int64(len(list))}}); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	endless := io.MultiReader(strings.NewReader(`[{"UmpCustomerGuid":"`), endlessReader{})
	_, err = Decode(endless, DecodeOptions{})
	if err == nil || !strings.Contains(err.Error(), "in customer 1 of the list: the customer is larger than 64 MiB") {
		t.Errorf("endless text: %v", err)
	}
}

func TestDecodeAcceptsAnySource(t *testing.T) {
	want := mustRead(t, "../testdata/customers.json").Hash()
	whole, err := os.ReadFile("../testdata/customers.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{
		"byte by byte": iotest.OneByteReader(bytes.NewReader(whole)),
		"gzip":         bytes.NewReader(packed(string(whole))),
		"with a mark":  strings.NewReader("\ufeff" + string(whole)),
		"late error":   iotest.DataErrReader(bytes.NewReader(whole)),
		"upper case":   strings.NewReader(strings.NewReplacer("UmpCustomerGuid", "UMPCUSTOMERGUID", "sbcId", "SBCID").Replace(string(whole))),
	} {
		if p, err := Decode(r, DecodeOptions{Source: "customers.json"}); err != nil || p.Hash() != want {
			t.Errorf("%s: %v, or another content", name, err)
		}
	}
}

func TestDecodeReadErrors(t *testing.T) {
	broken := errors.New("reset by peer")
	_, err := Decode(io.MultiReader(strings.NewReader(`[{"UmpCustomerGuid":"g"},`), iotest.ErrReader(broken)), DecodeOptions{})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "in customer 2 of the list: read: reset by peer") {
		t.Errorf("error %v", err)
	}
	_, err = Decode(iotest.ErrReader(broken), DecodeOptions{})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestDecodeStampsAndCounts(t *testing.T) {
	var seen []int
	p, err := Decode(strings.NewReader(`[{"UmpCustomerGuid":1},{"UmpCustomerGuid":"h"}]`), DecodeOptions{
		Instance: "emea", URL: "https://emea.example.com", Progress: func(n int) { seen = append(seen, n) }})
	if err != nil || seen[len(seen)-1] != 2 {
		t.Fatalf("%v, progress %v", err, seen)
	}
	if p.Customers[0].Instance != "emea" || p.Customers[0].UmpCustomerGuid != "1" || p.Sources[0].Name != "emea" || p.Sources[0].URL != "https://emea.example.com" {
		t.Errorf("%+v", p)
	}
}

func TestMessagesAreBoundedAndClean(t *testing.T) {
	raw := `"` + strings.Repeat("\u202e\x9bä\x7f", 5000) + `"`
	p, err := decodeString(`[{"UmpCustomerGuid":"g\u0007","CustomerShortName":` + raw + `,"LicenseType":` + raw + `}]`)
	if err != nil {
		t.Fatal(err)
	}
	if text := p.Problems[len(p.Problems)-1].Text; len(text) > 600 || strings.ContainsAny(text, "\x07\x7f\u202e") {
		t.Errorf("%d bytes: %q", len(text), text)
	}
	if n := len(p.Customers[0].Raw["LicenseType"]); n > maxRaw {
		t.Errorf("raw value of %d bytes", n)
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := os.ReadFile("../testdata/customers.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(packed("[]"))
	for _, seed := range []string{"", "[", `[{"UmpCustomerGuid":1e9,"SiteLocation":[null,{"sbcId":"7"}],"LicenseType":-1.50e+3}]`,
		"[{\"umpCustomerGuid\":\"\xff\",\"CustomerShortName\":\"\\ud800\"},{\"UmpCustomerGuid\":\"a\"}]", `{"data":[]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := Decode(bytes.NewReader(in), DecodeOptions{Limits: Limits{MaxBytes: 1 << 20}})
		if err != nil {
			if len(p.Customers) > 0 {
				t.Error("customers together with an error")
			}
			return
		}
		if s := p.Sources[0]; s.Customers != len(p.Customers) || s.Listed < s.Customers {
			t.Errorf("counts do not agree: %+v, %d customers", s, len(p.Customers))
		}
		p.AsOf = someTime
		sameAfterSnapshot(t, p)
	})
}

func decodeString(s string) (Portfolio, error) {
	return Decode(strings.NewReader(s), DecodeOptions{})
}

func mustRead(t testing.TB, path string) Portfolio {
	t.Helper()
	p, err := Read(path, nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func packed(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.Bytes()
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// A small file that unpacks to a great many entries is refused before they
// fill the memory, in a list as in a snapshot.
func TestCountsAreLimited(t *testing.T) {
	list := "[" + strings.Repeat(`{"UmpCustomerGuid":"1"},`, 99) + `{"UmpCustomerGuid":"1","SiteLocation":[` + strings.Repeat(`{"id":"s"},`, 49) + `{"id":"s"}]}]`
	whole, err := Decode(strings.NewReader(list), DecodeOptions{Limits: Limits{MaxCustomers: 100, MaxConnections: 50}})
	if err != nil {
		t.Fatal(err)
	}
	whole.AsOf = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	snapshot, err := Pack(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		data   string
		limits Limits
		want   string
	}{
		{list, Limits{MaxCustomers: 99}, "more than 99 customers"},
		{list, Limits{MaxConnections: 49}, "more than 49 SIP connections"},
		{string(snapshot.Bytes), Limits{MaxConnections: 49}, "more than 49 SIP connections"},
	} {
		if _, err := ReadFrom(strings.NewReader(test.data), "x", test.limits); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.limits, err, test.want)
		}
	}
}

// A long list is decoded in parts. Where its text is cut shows nowhere.
func TestDecodeInParts(t *testing.T) {
	const entry = `{"UmpCustomerGuid":"%d","CustomerFullName":"\\\"[{,","SiteLocation":[{"id":"]}"},null]}`
	whole := make([]string, 3*partSize/len(entry))
	for i := range whole {
		whole[i] = fmt.Sprintf(entry, i)
	}
	p, err := decodeString("[" + strings.Join(whole, ",") + "]")
	if err != nil || len(p.Customers) != len(whole) || p.Customers[0].CustomerFullName.S != `\"[{,` {
		t.Fatalf("%v, %d customers of %d", err, len(p.Customers), len(whole))
	}
	p.AsOf = someTime
	sameAfterSnapshot(t, p)
	first, size := 0, 0
	for size <= partSize {
		size += len(whole[first]) + 1
		first++
	}
	for at := first - 1; at <= first+1; at++ { // entries around the first cut
		before := int64(1 + len(strings.Join(whole[:at], ",")))
		for _, test := range []struct {
			with, behind string
			offset       int64
			entry        int
			want         string
		}{
			{",,", strings.Join(whole[at:], ","), before + 1, at + 1, "this is not JSON"},
			{",]", "", before, at + 1, "this is not JSON"},
			{" ", strings.Join(whole[at:], ",") + "]", before + 1, at + 1, "this is not JSON"},
			{",7,", strings.Join(whole[at:], ",") + "]", before, at + 1, "the entry is not an object"},
			{",{\"UmpCustomerGuid\":]}", "]", before + 20, at + 1, "this is not JSON"},
			{"] 7", "", before + 3, 0, "something follows"},
			{"", "", before, at + 1, "cut off"},
		} {
			_, err := decodeString("[" + strings.Join(whole[:at], ",") + test.with + test.behind)
			var data *DataError
			if !errors.As(err, &data) || data.Offset != test.offset || data.Entry != test.entry || !strings.Contains(data.Why, test.want) {
				t.Fatalf("%q after %d entries: %v, want %s at byte %d in %d", test.with, at, err, test.want, test.offset, test.entry)
			}
		}
	}
}
