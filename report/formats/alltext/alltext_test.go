package alltext

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf"
)

// said is all texts of a file in one.
func said(t *testing.T, name string, data []byte) string {
	t.Helper()
	texts, err := Of(name, data)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, text := range texts {
		all.WriteString(text.Name + "=" + text.Text + "\n")
	}
	return all.String()
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, part, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(part)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOf(t *testing.T) {
	if got := said(t, "x.json", []byte(`{"a"}`)); got != "x.json={\"a\"}\n" {
		t.Error(got)
	}
	if got := said(t, "x", packed(t, "inside")); got != "x=inside\n" {
		t.Error(got)
	}
	if got := said(t, "x", zipped(t, "a/b.xml", "<t>A &amp; B</t>")); got != "x:a/b.xml=<t>A & B</t>\n" {
		t.Error(got)
	}
	for name, data := range map[string]string{"gzip": "\x1f\x8b broken", "zip": "PK\x03\x04 broken", "x.eml": "no mail"} {
		if _, err := Of(name, []byte(data)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMail(t *testing.T) {
	m := gomail.NewMsg()
	m.Subject("Ümlaut und so weiter, lang genug für zwei Zeilen der Kopfzeile")
	m.SetBodyString(gomail.TypeTextPlain, "hello = there")
	m.AddAlternativeString(gomail.TypeTextHTML, "<b>hello</b>")
	m.AttachReadSeeker("a.gz", bytes.NewReader(packed(t, "attached")))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	got := said(t, "x.eml", b.Bytes())
	for _, want := range []string{"für zwei Zeilen der Kopfzeile", "=hello = there", "<b>hello</b>", "x.eml:a.gz=attached"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestPDFMetadataAndBookmarks(t *testing.T) {
	r := &report.Report{Title: `Title (a\b) ü`, AsOf: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Customers: []report.Customer{{Customer: &fetch.Customer{UmpCustomerGuid: "g"}}}}
	var b bytes.Buffer
	if err := pdf.Write(&b, r, pdf.Options{}); err != nil {
		t.Fatal(err)
	}
	texts, err := Of("x", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := texts[0].Text; !strings.Contains(got, r.Title+"\n") || !strings.HasPrefix(got, "Summary\n") {
		t.Errorf("%q", got)
	}
}

func TestBelow(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "b.txt"), []byte("deep"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := Below(dir); err != nil || len(list) != 1 || list[0].Text != "deep" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := Below(filepath.Join(dir, "none")); err == nil {
		t.Error("no error")
	}
}
