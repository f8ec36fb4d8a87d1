package pdf

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	pdfcpu "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"trueup/report"
)

// TestMain keeps pdfcpu from writing its settings into the home directory.
func TestMain(m *testing.M) {
	pdfcpu.DisableConfigDir()
	os.Exit(m.Run())
}

// validate reads the file with a library of another maker.
func validate(t testing.TB, file []byte) {
	t.Helper()
	if err := pdfcpu.Validate(bytes.NewReader(file), model.NewDefaultConfiguration()); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
}

// kinds are reports that use everything there is in a file.
func kinds(t testing.TB) map[string]*report.Report {
	t.Helper()
	logo := portfolio{customers: 1}.build(t)
	logo.Branding.Logo = picture()
	return map[string]*report.Report{
		"full": portfolio{customers: 30, connections: 2, priced: true, history: true, usage: true}.build(t), "empty": portfolio{}.build(t), "logo": logo,
		"hostile": portfolio{customers: 5 * len(hostile), name: func(i int) string { return hostile[i/5] }}.build(t),
	}
}

func TestValid(t *testing.T) {
	for name, r := range kinds(t) {
		t.Run(name, func(t *testing.T) { validate(t, render(t, r, Options{})) })
	}
}

func TestValidToQpdf(t *testing.T) {
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		t.Skip("qpdf is not installed")
	}
	for name, r := range kinds(t) {
		path := filepath.Join(t.TempDir(), "report.pdf")
		if err := os.WriteFile(path, render(t, r, Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(qpdf, "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// pagesOf is the text of each page, as pdftotext reads it.
func pagesOf(t testing.TB, file []byte) []string {
	t.Helper()
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (poppler-utils)")
	}
	cmd := exec.Command(pdftotext, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// want fails for each text that the page does not have, spaces apart.
func want(t *testing.T, page string, texts ...string) {
	t.Helper()
	page = squeeze(page)
	for _, text := range texts {
		if !strings.Contains(page, squeeze(text)) {
			t.Errorf("no %q in %s", text, page)
		}
	}
}

var spaces = regexp.MustCompile(`\s+`)

func squeeze(s string) string { return strings.TrimSpace(spaces.ReplaceAllString(s, " ")) }

func TestWriteSections(t *testing.T) {
	r := portfolio{customers: 30, connections: 2, priced: true, history: true}.build(t)
	pages := pagesOf(t, render(t, r, Options{}))
	want(t, pages[0], "Example Telecom · License compliance", "as of 2026-11-23 06:00 UTC · compared with 2026-10-23", "The whole portfolio: 30 customers, 60 SIP connections")
	want(t, strings.Join(pages, "\n"), "Changes", "License positions", "Findings by rule", "SIP connection not confirmed deployed", "Waivers", "W-014",
		"Method and data quality", "cust_1 is there twice", "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
		"Appendix: customers", "11 of 30 customers with a finding")
	for i, page := range pages {
		want(t, page, "As of 2026-11-23 06:00 UTC · snapshot sha256:0f1e2d3c4b5a… · rules sha256:aa · trueup 1.0.0")
		if strings.Contains(page, "SAMPLE") {
			t.Errorf("page %d says SAMPLE", i+1)
		}
	}
}

func TestSampleOnEveryPage(t *testing.T) {
	r := portfolio{customers: 30}.build(t)
	r.Sample = true
	for i, page := range pagesOf(t, render(t, r, Options{})) {
		if !strings.Contains(page, "SAMPLE") {
			t.Errorf("page %d does not say SAMPLE", i+1)
		}
	}
}

func TestNoMoneyWithoutPrices(t *testing.T) {
	all := strings.Join(pagesOf(t, render(t, portfolio{customers: 30, history: true}.build(t), Options{})), "\n")
	for _, word := range []string{"EUR", "xposure", "Amount", "no price", "Unused value", "price"} {
		if strings.Contains(all, word) {
			t.Errorf("says %q without prices", word)
		}
	}
}

func TestSameBytes(t *testing.T) {
	r := portfolio{customers: 20, connections: 2, priced: true, history: true, usage: true, name: func(int) string { return "Ünïcode αβγ שלום 北京 📞" }}.build(t)
	first := sha256.Sum256(render(t, r, Options{System: SystemFonts()}))
	runs := 30
	if testing.Short() {
		runs = 3
	}
	for range runs - 1 {
		if again := sha256.Sum256(render(t, r, Options{System: SystemFonts()})); again != first {
			t.Fatal("two runs differ")
		}
	}
}

func TestEmptyReport(t *testing.T) {
	doc := layOut(t, portfolio{}.build(t), Options{})
	has(t, doc.Pages[0], "No customers", "Complete.", "No customer has both counts.")
	if len(doc.Pages) > 3 {
		t.Errorf("%d pages about nothing", len(doc.Pages))
	}
}

// TestShow writes files to look at: SHOW=/tmp/a go test -run TestShow
func TestShow(t *testing.T) {
	to := os.Getenv("SHOW")
	if to == "" {
		t.Skip("SHOW names no file")
	}
	for name, m := range looks {
		if err := os.WriteFile(to+"-"+name+".pdf", render(t, m.build(t), Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestShowScripts(t *testing.T) {
	to := os.Getenv("SHOW")
	if to == "" {
		t.Skip("SHOW names no file")
	}
	var names []string
	for _, script := range slices.Sorted(maps.Keys(scripts)) {
		names = append(names, script+": "+scripts[script], scripts[script])
	}
	r := portfolio{customers: 5 * len(names), name: func(i int) string { return names[i/5] }}.build(t)
	if err := os.WriteFile(to+"-scripts.pdf", render(t, r, Options{System: SystemFonts()}), 0o600); err != nil {
		t.Fatal(err)
	}
}
