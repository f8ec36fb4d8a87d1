package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"trueup/rules"
	"trueup/rules/strict"
)

const all = SourceFlags | FetchFlags | RuleFlags | WaiverFlags | ReportFlags | OutFlags | SendFlags

// load merges a settings file, an environment and flags.
func load(t *testing.T, file string, env map[string]string, args ...string) (*Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trueup.yaml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var f Flags
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	f.Bind(set, all)
	if err := set.Parse(append(args, "--config", path)); err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	if err := f.FromEnvironment(lookup); err != nil {
		t.Fatal(err)
	}
	return Load(&f, lookup)
}

func TestPrecedence(t *testing.T) {
	file := "out: from-file\ntitle: T\nfailOn: low\nformats: [csv, md]\n"
	for _, x := range []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"file", nil, nil, "from-file"},
		{"environment", map[string]string{"TRUEUP_OUT": "from-env"}, nil, "from-env"},
		{"flag", map[string]string{"TRUEUP_OUT": "from-env"}, []string{"--out", "from-flag"}, "from-flag"},
	} {
		s, err := load(t, file, x.env, x.args...)
		if err != nil {
			t.Fatal(err)
		}
		if got := filepath.Base(s.Out); got != x.want {
			t.Errorf("%s: out %s, want %s", x.name, got, x.want)
		}
		if s.Title != "T" || s.FailOn == nil || *s.FailOn != rules.Low || strings.Join(s.Formats, " ") != "csv md" {
			t.Errorf("%s: %+v", x.name, s)
		}
	}
}

// Paths in the file are relative to the file, those of flags to the working
// directory.
func TestPaths(t *testing.T) {
	s, err := load(t, "waivers: w.yaml\nrules: {paths: [rules]}\n", nil, "--rules", "own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(s.Path)
	if s.Waivers != filepath.Join(dir, "w.yaml") {
		t.Errorf("waivers %s", s.Waivers)
	}
	if len(s.Rules.Paths) != 2 || s.Rules.Paths[0] != filepath.Join(dir, "rules") || s.Rules.Paths[1] != "own.yaml" {
		t.Errorf("rules %v", s.Rules.Paths)
	}
}

func TestPrices(t *testing.T) {
	s, err := load(t, `
currency: EUR
prices: {1: "2.10", 5: "4.20"}
instances:
  - {name: emea, url: "https://emea.example.com", prices: {5: "3.99"}, sbcs: {1: fra-1}}
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Prices.Currency != "EUR" || s.Prices.ByType[1].String() != "2.1" || s.Prices.ByInstance["emea"][5].String() != "3.99" {
		t.Errorf("prices %+v", s.Prices)
	}
	if s.SbcNames["emea"][1] != "fra-1" {
		t.Errorf("SBC names %v", s.SbcNames)
	}
	if s, err := load(t, "currency: EUR", nil); err != nil || s.Prices.Currency != "" {
		t.Errorf("a currency without prices makes money: %v, %v", s, err)
	}
}

// The keys end in MB, the sizes are MiB.
func TestSizes(t *testing.T) {
	s, err := load(t, "fetch: {maxBodyMB: 3}\nmail: {maxAttachmentMB: 2}\n", nil)
	if err != nil || s.Live.Limits.MaxBytes != 3<<20 || s.Mail.MaxAttachment != 2<<20 {
		t.Errorf("%v: %+v", err, s)
	}
	for _, size := range []string{"0", "-1", "1048577", "9007199254740993"} {
		if _, err := load(t, "fetch: {maxBodyMB: "+size+"}\n", nil); err == nil {
			t.Errorf("%s is accepted", size)
		}
	}
}

func TestOverrides(t *testing.T) {
	s, err := load(t, `
rules:
  override:
    undeployed-sbc: {severity: critical}
    near-license-limit: {params: {percent: 85}}
    unused-licenses: {enabled: false}
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := s.Rules.Overrides
	if *o["undeployed-sbc"].Severity != rules.Critical || o["near-license-limit"].Params["percent"] != 85 || *o["unused-licenses"].Enabled {
		t.Errorf("overrides %+v", o)
	}
	if p := o["near-license-limit"].ParamPos["percent"]; p.Line != 5 {
		t.Errorf("position %v", p)
	}
}

// Every mistake of a settings file comes at once, with its place.
func TestMistakes(t *testing.T) {
	const wrong = `
currency: euro
prices: {1: "2,10", 2: -1}
failOn: sometimes
formats: [docx]
accentColor: blue
rules: {override: {x: {severity: bad}}}
pdf: {maxCustomers: 0}
`
	_, err := load(t, "titel: T"+wrong, nil)
	var list strict.Errors
	if !errors.As(err, &list) {
		t.Fatalf("error %v", err)
	}
	if len(list) != 1 || list[0].Pos.Line != 1 || !strings.Contains(list[0].HintText, "title") {
		t.Errorf("unknown key: %v", list)
	}
	_, err = load(t, "title: T"+wrong, nil)
	if !errors.As(err, &list) || len(list) != 8 {
		t.Fatalf("want 8 errors, got %v", err)
	}
	for i, line := range []int{2, 3, 3, 4, 5, 6, 7, 8} {
		if list[i].Pos.Line != line {
			t.Errorf("error %d in line %d, want %d: %v", i, list[i].Pos.Line, line, list[i])
		}
	}
}

func TestPricesNeedACurrency(t *testing.T) {
	for file, at := range map[string]string{
		`prices: {2: "3.90", 1: "2.10"}`:                                          "1:13",
		"instances:\n  - {name: a, url: https://a.example.com, prices: {1: '5'}}": "2:55",
	} {
		if _, err := load(t, file, nil); err == nil || !strings.HasSuffix(err.Error(), "trueup.yaml:"+at+": prices without a currency") {
			t.Errorf("error %v, want one at %s", err, at)
		}
	}
}

func TestAsOf(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-23":                "2026-11-23T00:00:00Z",
		"2026-11-23T06:00:00Z":      "2026-11-23T06:00:00Z",
		"2026-11-23T06:00:00+02:00": "2026-11-23T04:00:00Z",
	} {
		s, err := load(t, "", nil, "--as-of", in)
		if err != nil || s.AsOf.Format("2006-01-02T15:04:05Z07:00") != want {
			t.Errorf("%s: %v %v", in, s, err)
		}
	}
	if s, err := load(t, "", nil, "--as-of", ""); err != nil || !s.AsOf.IsZero() {
		t.Errorf("an empty time: %v %v", s, err)
	}
	for _, in := range []string{"yesterday", "23.11.2026", "2026-13-01"} {
		if _, err := load(t, "", nil, "--as-of", in); err == nil {
			t.Errorf("%q is accepted", in)
		}
	}
}

func TestOneSource(t *testing.T) {
	for _, x := range []struct {
		args []string
		ok   bool
	}{
		{nil, false}, {[]string{"--sample"}, true}, {[]string{"--input", "x"}, true}, {[]string{"--url", "https://x"}, true},
		{[]string{"--sample", "--input", "x"}, false},
	} {
		s, err := load(t, "title: T", nil, x.args...)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Source(); (err == nil) != x.ok {
			t.Errorf("%v: %v", x.args, err)
		}
	}
}

// People see where every value comes from, and of a secret only whether it is
// there.
func TestOrigins(t *testing.T) {
	s, err := load(t, `
organization: Example
instances:
  - {name: emea, url: "https://emea.example.com", auth: {tenantId: t, clientId: c, clientSecretEnv: THE_SECRET, scope: s}, prices: {1: "5"}}
currency: EUR
prices: {1: "2.10"}
mail: {passwordEnv: NO_SECRET}
`, map[string]string{"THE_SECRET": "hush", "TRUEUP_OUT": "elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	values, from := map[string]string{}, map[string]string{}
	for _, o := range s.Origins {
		values[o.Setting], from[o.Setting] = o.Value, o.From
		if strings.Contains(o.Value, "hush") {
			t.Errorf("%s shows the secret", o.Setting)
		}
	}
	for name, want := range map[string]string{
		"organization": "Example", "out": "elsewhere", "prices.1": "2.10", "instances.emea.prices.1": "5", "title": "License compliance",
		"instances.emea.auth.clientSecretEnv": "THE_SECRET (set, masked)", "mail.passwordEnv": "NO_SECRET (not set)",
		"guards.customersFallPercent": "20", "pdf.systemFonts": "true", "mail.port": "587, 465 or 25, by mail.tls", "history": "",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %q", name, values[name], want)
		}
	}
	if !strings.HasSuffix(from["organization"], "trueup.yaml:2:15") || from["title"] != "default" || from["out"] != "environment TRUEUP_OUT" {
		t.Errorf("origins %v", from)
	}
}
