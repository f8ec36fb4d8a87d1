package show

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata; a missing file is a failure.
func golden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s differs; go test -update writes it anew. Got:\n%s", name, b.Bytes())
	}
}

func load(t *testing.T, opt rules.Options) *rules.Set {
	t.Helper()
	set, err := rules.Load(opt)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func overridden(t *testing.T) *rules.Set {
	critical, off := rules.Critical, false
	pos := rules.Position{File: "trueup.yaml", Line: 14, Column: 5}
	return load(t, rules.Options{Builtin: true, Overrides: map[string]rules.Override{
		"undeployed-sbc":     {Severity: &critical, Pos: pos},
		"near-license-limit": {Params: map[string]any{"percent": 85}, ParamPos: map[string]rules.Position{"percent": pos}, Pos: pos},
		"unused-licenses":    {Enabled: &off, Pos: pos},
	}})
}

func customers(t *testing.T, name string) []fetch.Customer {
	t.Helper()
	f, err := os.Open("../../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := fetch.Decode(f, fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Customers
}

func TestList(t *testing.T) {
	set := overridden(t)
	golden(t, "list.txt", func(w io.Writer) error { return List(w, set) })
	golden(t, "list.json", func(w io.Writer) error { return ListJSON(w, set) })
}

func TestRule(t *testing.T) {
	set := overridden(t)
	near := set.Rules[set.Find("near-license-limit")]
	golden(t, "rule.txt", func(w io.Writer) error { return Rule(w, near) })
	golden(t, "rule.json", func(w io.Writer) error { return RuleJSON(w, near) })
	golden(t, "rule-off.txt", func(w io.Writer) error { return Rule(w, set.Rules[set.Find("unused-licenses")]) })
}

// A rule of somebody else does not give orders to the terminal.
func TestRuleWithControlCharacters(t *testing.T) {
	set := overridden(t)
	set.Rules[0].Title, set.Rules[0].Why = "\x1b[31mred", "\u0085line"
	var b bytes.Buffer
	for _, write := range []func() error{func() error { return List(&b, set) }, func() error { return Rule(&b, set.Rules[0]) }} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.String(); strings.ContainsAny(got, "\x1b\u0085") || strings.Count(got, `\x1b[31mred`) != 2 {
		t.Error(got)
	}
}

func TestFields(t *testing.T) {
	golden(t, "fields.txt", func(w io.Writer) error { return Fields(w, rules.Fields()) })
	golden(t, "fields.json", func(w io.Writer) error { return JSON(w, rules.Fields()) })
}

func TestTests(t *testing.T) {
	results := load(t, rules.Options{Paths: []string{"testdata/failing.yaml"}}).RunTests()
	if Failed(results) != 3 {
		t.Errorf("%d failures, want 3", Failed(results))
	}
	golden(t, "tests.txt", func(w io.Writer) error { return Tests(w, results) })
	golden(t, "tests.xml", func(w io.Writer) error { return TestsJUnit(w, results) })
}

func TestExplanationWithoutConnections(t *testing.T) {
	set := load(t, rules.Options{Builtin: true})
	list := []fetch.Customer{{UmpCustomerGuid: "g", Sites: fetch.Known}}
	for _, r := range set.Explain(list, 0, nil, time.Time{}).Rules {
		if r.Rule == "undeployed-sbc" && r.Verdict == "not-applicable" && r.Reason != "" {
			return
		}
	}
	t.Error("the rule for connections is not explained")
}

func TestExplanation(t *testing.T) {
	set := overridden(t)
	data, err := os.ReadFile("testdata/waivers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := rules.ParseWaivers("testdata/waivers.yaml", data, set)
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	for name, query := range map[string]string{"customers.json": "auto_sys_pro_r", "customers-brief.json": "micu_test"} {
		list := customers(t, name)
		i, err := rules.FindCustomer(list, query)
		if err != nil {
			t.Fatal(err)
		}
		e := set.Explain(list, i, waivers, asOf)
		golden(t, "explain-"+query+".txt", func(w io.Writer) error { return Explanation(w, e) })
		golden(t, "explain-"+query+".json", func(w io.Writer) error { return JSON(w, e) })
	}
}
