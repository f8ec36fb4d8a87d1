package fetch

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var someTime = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

const odd = `[
 {"UmpCustomerGuid":"g","CustomerShortName":"b","LicenseType":-1,"LicensedUsersCount":null,"MsTenantId":"",
  "SiteLocation":[{"id":"x","sbcId":{},"sbcDeploymentState":3,"sbcConfigurationType":1.0},null,{},{"id":"x"}]},
 {"UmpCustomerGuid":"g","CustomerShortName":17},
 {"UmpCustomerGuid":"h","CustomerShortName":"\ud800\n\u0000 <&>\"\\ שלום","SiteLocation":7,"CustomerFullName":[]},
 {"UmpCustomerGuid":"i","SiteLocation":null,"ActiveUserCount":"12"},
 {"UmpCustomerGuid":"i","SiteLocation":null,"ActiveUserCount":12}]`

func TestSnapshotKeepsEverything(t *testing.T) {
	p, err := Decode(strings.NewReader(odd), DecodeOptions{Instance: "emea", URL: "https://x.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	p.AsOf = someTime.Add(123456789)
	p.Sources = append(p.Sources, Source{Name: "apac", Failed: "no answer"})
	sameAfterSnapshot(t, p)
	sameAfterSnapshot(t, Portfolio{AsOf: someTime, Sample: true})
	for _, name := range []string{"customers.json", "customers-brief.json"} {
		p := mustRead(t, filepath.Join("..", "testdata", name))
		p.AsOf = someTime
		sameAfterSnapshot(t, p)
	}
}

func sameAfterSnapshot(t *testing.T, p Portfolio) {
	t.Helper()
	file := snapshotOf(t, p)
	got, err := ReadFrom(bytes.NewReader(file), "x", Limits{})
	if err != nil {
		t.Fatalf("read back: %v\n%s", err, unpacked(t, file))
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("read back\n%+v\nwant\n%+v", got, p)
	}
	if got.Hash() != p.Hash() || !bytes.Equal(snapshotOf(t, got), file) {
		t.Error("another hash or other bytes after reading back")
	}
	if !strings.Contains(unpacked(t, file), strings.TrimPrefix(p.Hash(), "sha256:")) {
		t.Error("the hash inside is not the portfolio's")
	}
}

func TestSnapshotHoldsDocumentedFieldsOnly(t *testing.T) {
	p, err := decodeString(`[{"UmpCustomerGuid":"g","ClientSecret":"s3cr3t","SiteLocation":[{"id":"x","carrierPassword":"s3cr3t"}]}]`)
	if err != nil {
		t.Fatal(err)
	}
	p.AsOf = someTime
	if text := unpacked(t, snapshotOf(t, p)); strings.Contains(text, "s3cr3t") {
		t.Error(text)
	}
}

func TestSnapshotNeedsItsTime(t *testing.T) {
	if _, err := Pack(Portfolio{}); err == nil {
		t.Error("packed without a time")
	}
}

func TestSnapshotOrdersCustomers(t *testing.T) {
	p := Portfolio{AsOf: someTime, Customers: []Customer{{UmpCustomerGuid: "b"}, {UmpCustomerGuid: "a"}}}
	turned := Portfolio{AsOf: someTime, Customers: []Customer{{UmpCustomerGuid: "a"}, {UmpCustomerGuid: "b"}}}
	if p.Hash() != turned.Hash() || p.Customers[0].UmpCustomerGuid != "b" {
		t.Error("the order given shows in the hash, or was changed")
	}
}

func TestSnapshotRefused(t *testing.T) {
	p := mustRead(t, "../testdata/customers.json")
	p.AsOf = someTime
	file := snapshotOf(t, p)
	text := unpacked(t, file)
	edit := func(old, new string) string {
		edited := strings.Replace(text, old, new, 1)
		if edited == text {
			t.Fatalf("%q is not in the snapshot", old)
		}
		return edited
	}
	resealed := func(old, new string) string { return seal(edit(old, new)) }
	for _, test := range []struct{ name, in, want string }{
		{"one count", edit(`"ActiveUserCount":1`, `"ActiveUserCount":2`), "does not match the hash inside"},
		{"white space", edit(`"sample":false`, `"sample": false`), "does not match the hash inside"},
		{"hash", edit(`"sha256":"`, `"sha256":"0`), "does not match the hash inside"},
		{"cut text", text[:len(text)/2], "cut off"},
		{"cut file", string(file[:len(file)/2]), "damaged or was edited"},
		{"without its end", text[:strings.LastIndex(text, ",\n\"sha256")] + "}\n", "no sha256 where it should be"},
		{"more behind", text + "{}", "something follows"},
		{"newer", edit("snapshot/1", "snapshot/3"), "made by a newer version of trueup"},
		{"no usage in schema 2", resealed("snapshot/1", "snapshot/2"), "its content is not of its schema"},
		{"usage in schema 1", resealed(`"LicenseType":0`, `"LicenseType":0,"usage":{}`), "its content is not of its schema"},
		{"no usage of this form", resealed(`"LicenseType":0`, `"LicenseType":0,"usage":{"from":"2026-10-01"}`), "not a license history"},
		{"schema 0", edit("snapshot/1", "snapshot/0"), "unknown snapshot schema"},
		{"report", edit("trueup.snapshot/1", "trueup.report/1"), "this is a trueup.report/1, not a snapshot"},
		{"no time", resealed(`"asOf":"2026-11-23T06:00:00Z",`+"\n", ""), "no asOf where it should be"},
		{"null time", resealed(`"asOf":"2026-11-23T06:00:00Z"`, `"asOf":null`), "unreadable asOf"},
		{"local time", resealed(`06:00:00Z`, `06:00:00+02:00`), "unreadable asOf"},
		{"count", resealed(`"count":10`, `"count":11`), "unreadable count"},
		{"unknown field", resealed(`"LicenseType":0`, `"LicenseType":0,"Secret":1`), "a field that this version does not write"},
		{"negative count", resealed(`"ActiveUserCount":0`, `"ActiveUserCount":-1`), "a value that is never written"},
		{"wrong mark", resealed(`"LicenseType":0`, `"unreadable":{"Licensetype":"x"}`), "no field to mark"},
		{"mark on a value", resealed(`"LicenseType":0`, `"LicenseType":0,"unreadable":{"LicenseType":"x"}`), "no field to mark"},
		{"order", resealed("auto_serv_ess", "zzz"), "not in order"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := ReadFrom(strings.NewReader(test.in), "x", Limits{})
			var data *DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) || data.Hint() == "" {
				t.Errorf("error %v\nwant %s", err, test.want)
			}
			if len(p.Customers) > 0 || len(p.Sources) > 0 {
				t.Errorf("refused, and yet %+v", p)
			}
		})
	}
}

func TestReadNamesTheSource(t *testing.T) {
	_, err := Read("../testdata/missing.json", nil, Limits{})
	if err == nil || !strings.Contains(err.Error(), "missing.json") {
		t.Errorf("error %v", err)
	}
	if _, err = Read(t.TempDir(), nil, Limits{}); err == nil {
		t.Error("a folder is read")
	}
	p, err := Read("-", strings.NewReader("[]"), Limits{})
	if err != nil || p.Sources[0].Name != "standard input" {
		t.Errorf("%v, %+v", err, p)
	}
	if _, err = Read("-", strings.NewReader("["), Limits{}); err == nil || !strings.Contains(err.Error(), "read standard input: ") {
		t.Errorf("error %v", err)
	}
}

// FuzzSnapshot seals what it is given, so that more than the hash is tried.
func FuzzSnapshot(f *testing.F) {
	p, err := decodeString(odd)
	if err != nil {
		f.Fatal(err)
	}
	p.AsOf = someTime
	f.Add([]byte(unpacked(f, snapshotOf(f, p))))
	f.Add([]byte(unpacked(f, snapshotOf(f, Portfolio{AsOf: someTime}))))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := ReadFrom(strings.NewReader(seal(string(in))), "x", Limits{MaxBytes: 1 << 20})
		if err != nil {
			if len(p.Customers) > 0 {
				t.Error("customers together with an error")
			}
			return
		}
		if !p.AsOf.IsZero() {
			sameAfterSnapshot(t, p)
		}
	})
}

// seal gives a snapshot's text the hash that fits it.
func seal(text string) string {
	if i := strings.LastIndex(text, ",\n\"sha256"); i >= 0 {
		text = text[:i]
	}
	sum := sha256.New()
	io.WriteString(sum, text)
	return text + string(trailer(sum))
}

func snapshotOf(t testing.TB, p Portfolio) []byte {
	t.Helper()
	packed, err := Pack(p)
	if err != nil {
		t.Fatal(err)
	}
	return packed.Bytes
}

func unpacked(t testing.TB, file []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
