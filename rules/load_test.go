package rules

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/rules/engine"
)

// mustLoad loads rules written in a test.
func mustLoad(t testing.TB, text string) *Set {
	t.Helper()
	set, err := loadBytes([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return set
}

// oneRule is a rule file with the given lines.
func oneRule(each, lines string) string {
	return "rules:\n  - id: r\n    title: t\n    severity: low\n    each: " + each + "\n    " +
		strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n    ") + "\n"
}

func decode(t testing.TB, json string) []fetch.Customer {
	t.Helper()
	p, err := fetch.Decode(strings.NewReader(json), fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Customers
}

func severity(s Severity) *Severity { return &s }

func TestOverrides(t *testing.T) {
	off := false
	pos := Position{File: "trueup.yaml", Line: 3, Column: 5}
	plain := builtinSet(t)
	set, err := Load(Options{Builtin: true, Overrides: map[string]Override{
		"undeployed-sbc":     {Severity: severity(Critical), Pos: pos},
		"near-license-limit": {Params: map[string]any{"percent": 40}, Pos: pos},
		"unused-licenses":    {Enabled: &off},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r := set.Rules[set.Find("undeployed-sbc")]; r.Severity != Critical || r.Overridden["severity"] != (Overridden{"high", pos}) {
		t.Errorf("severity: %+v", r)
	}
	if r := set.Rules[set.Find("near-license-limit")]; r.Params["percent"] != 40 || r.Overridden["params.percent"].Own != 90 {
		t.Errorf("params: %+v", r)
	}
	if set.Hash == plain.Hash || plain.Hash != builtinSet(t).Hash || !strings.HasPrefix(set.Hash, "sha256:") {
		t.Errorf("hashes %s and %s", set.Hash, plain.Hash)
	}
	customers := decode(t, `[{"UmpCustomerGuid": "g", "LicensedUsersCount": 10, "ActiveUserCount": 4}]`)
	if got := findings(judged(t, set, customers), customers, Finding); !slices.Equal(got, []string{"near-license-limit "}) {
		t.Errorf("findings with the parameter overridden: %v", got)
	}
}

// What rules were loaded from makes the same rules again; reports call a file
// by its place below what was given, wherever that is.
func TestLoadAgain(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "own", "more"), 0o700); err != nil {
		t.Fatal(err)
	}
	rule := func(id string) []byte {
		return []byte("rules:\n  - {id: " + id + ", title: t, severity: low, each: customer, params: {share: 0.5}, when: ActiveUserCount > params.share, message: m}\n")
	}
	for name, id := range map[string]string{"own/more/a.yaml": "a", "own/b.yaml": "b", "c.yaml": "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), rule(id), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	off := false
	set, err := Load(Options{Builtin: true, Paths: []string{filepath.Join(dir, "own"), filepath.Join(dir, "c.yaml")},
		Overrides: map[string]Override{"b": {Enabled: &off, Params: map[string]any{"share": 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(Options{Files: set.Files, Overrides: set.Overrides})
	if err != nil || again.Hash != set.Hash || !slices.Equal(again.IDs(), set.IDs()) {
		t.Fatalf("%v: %v, want %v", err, again, set)
	}
	for id, want := range map[string]string{"a": "more/a.yaml", "b": "b.yaml", "c": "c.yaml", "unused-licenses": "built-in"} {
		for _, s := range []*Set{set, again} {
			if r := s.Rules[s.Find(id)]; r.Source != want || r.Builtin != (want == "built-in") {
				t.Errorf("%s comes from %s", id, r.Source)
			}
		}
	}
	if r := again.Rules[again.Find("b")]; r.Enabled || r.Params["share"] != 1.0 {
		t.Errorf("overrides: %+v", r)
	}
}

func TestOverrideErrors(t *testing.T) {
	pos := func(line int) Position { return Position{File: "trueup.yaml", Line: line, Column: 1} }
	_, err := Load(Options{Builtin: true, Overrides: map[string]Override{
		"undeployd-sbc":      {Pos: pos(1)},
		"near-license-limit": {Params: map[string]any{"percent": 40.5, "percnt": 1}, Pos: pos(2), ParamPos: map[string]Position{"percent": pos(3), "percnt": pos(4)}},
		"unused-licenses":    {Params: map[string]any{"percent": "20"}, Pos: pos(5)},
		"over-license-usage": {Params: map[string]any{"tolerancePercent": 1 << 60}, Pos: pos(6)},
	}})
	want := `trueup.yaml:1:1: override of an unknown rule "undeployd-sbc"
hint: did you mean "undeployed-sbc"?
trueup.yaml:3:1: params.percent of rule "near-license-limit": want a whole number (as 90), got a number (as 40.5)
trueup.yaml:4:1: rule "near-license-limit" has no parameter "percnt"
hint: did you mean "percent"?
trueup.yaml:5:1: params.percent of rule "unused-licenses": want a whole number (as 20), got a text (as "20")
trueup.yaml:6:1: params.tolerancePercent of rule "over-license-usage": a number is too large to be exact
`
	if err == nil || printed(err) != want {
		t.Errorf("got\n%s\nwant\n%s", printed(err), want)
	}
}

func TestParamTypes(t *testing.T) {
	set := mustLoad(t, oneRule("customer", `
params: {f: 1.5, s: abc, b: true, i: 3}
when: ActiveUserCount * params.f == 3 and MsTenantId == params.s and params.b and params.i == 3
message: "{{params.f}} {{params.s}} {{params.b}} {{params.i}}"`))
	e := judged(t, set, decode(t, `[{"UmpCustomerGuid": "g", "ActiveUserCount": 2, "MsTenantId": "abc"}]`))
	if len(e.Results) != 1 || e.Results[0].Message != "1.5 abc true 3" {
		t.Errorf("results %+v", e.Results)
	}
}

func TestLoadPaths(t *testing.T) {
	dir := t.TempDir()
	write := func(name, id string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(oneRule("customer", "when: 'true'\nmessage: m"), "id: r", "id: "+id, 1)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	b := write("b.yaml", "b")
	write("sub/a.yml", "a")
	write("notes.txt", "c")
	write(".hidden.yaml", "d")
	set, err := Load(Options{Paths: []string{dir, b, dir + "/./b.yaml"}})
	if err != nil || !slices.Equal(set.IDs(), []string{"a", "b"}) {
		t.Fatalf("%v: %v", set, err)
	}
	for _, path := range []string{filepath.Join(dir, "none.yaml"), t.TempDir()} {
		if _, err := Load(Options{Paths: []string{path}}); err == nil || !strings.HasPrefix(err.Error(), "read rules: ") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A finding is not lost because its message or quantity is unknown.
func TestUnknownInMessagesAndQuantities(t *testing.T) {
	set := mustLoad(t, oneRule("customer", "when: 'true'\nquantity: LicensedUsersCount\nmessage: '{{LicensedUsersCount}} licenses'"))
	r := judged(t, set, decode(t, `[{"UmpCustomerGuid": "g", "LicensedUsersCount": null}]`)).Results[0]
	if r.Verdict != Finding || r.Message != "unknown licenses" || r.Quantity != nil {
		t.Errorf("%+v", r)
	}
}

func TestConnectionRules(t *testing.T) {
	set := mustLoad(t, oneRule("sipConnection", `
needs: [sbcId, customer.LicenseType]
applies: customer.LicenseType != 0
when: sbcId == 1 and len(customer.SiteLocation) == 2
message: "{{name}} of {{customer.CustomerShortName}} on {{sbcId}}"`))
	e := judged(t, set, decode(t, `[
		{"UmpCustomerGuid": "1", "CustomerShortName": "a", "LicenseType": 1, "SiteLocation": [{"name": "x", "sbcId": 1}, {"name": "y", "sbcId": 2}]},
		{"UmpCustomerGuid": "2", "CustomerShortName": "b", "LicenseType": 0, "SiteLocation": [{"name": "x", "sbcId": 1}]},
		{"UmpCustomerGuid": "3", "CustomerShortName": "c", "LicenseType": 1, "SiteLocation": [{"name": "x"}, {"sbcId": null}]},
		{"UmpCustomerGuid": "4", "CustomerShortName": "d", "LicenseType": 1, "SiteLocation": []},
		{"UmpCustomerGuid": "5", "CustomerShortName": "e", "LicenseType": 1, "SiteLocation": null}]`))
	if got, want := e.Tallies[0], (Tally{Pass: 2, Finding: 1, NotApplicable: 1, NotEvaluable: 2}); got != want {
		t.Errorf("tally %v, want %v", got, want)
	}
	if m := e.Results[0].Message; m != "x of a on 1" || e.Results[0].Connection != 0 {
		t.Errorf("message %q", m)
	}
	reasons := []string{e.Results[1].Reason, e.Results[2].Reason}
	if want := []string{"sbcId is absent", "SiteLocation is null"}; !slices.Equal(reasons, want) || e.Results[2].Connection != -1 {
		t.Errorf("reasons %v, want %v", reasons, want)
	}
}

func TestFieldsAreThoseOfExpressions(t *testing.T) {
	var customer, connection []string
	for _, f := range Fields() {
		if f.Of == "customer" {
			customer = append(customer, f.Name)
		} else {
			connection = append(connection, f.Name)
		}
	}
	for _, pair := range [][2][]string{
		{customer, engine.Scope{}.Names()}, {connection, engine.Scope{Connection: true}.Names()},
	} {
		slices.Sort(pair[0])
		slices.Sort(pair[1])
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("documented %v, known to expressions %v", pair[0], pair[1])
		}
	}
}

// The examples of the field reference are those of one customer of the
// vendor's response.
func TestFieldExamples(t *testing.T) {
	data, err := os.ReadFile("../testdata/customers.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(c map[string]any) bool { return c["CustomerShortName"] == "auto_sys_plus_r" })
	connection := all[i]["SiteLocation"].([]any)[0].(map[string]any)
	for _, f := range Fields() {
		from := all[i]
		if f.Of == "sipConnection" {
			from = connection
		}
		if f.Derived || f.Name == "SiteLocation" {
			continue
		}
		if got, err := json.Marshal(from[f.Name]); err != nil || string(got) != f.Example {
			t.Errorf("%s: the response has %s, the reference %s (%v)", f.Name, got, f.Example, err)
		}
	}
}

func TestFindCustomer(t *testing.T) {
	customers := []fetch.Customer{
		{UmpCustomerGuid: "g1", CustomerShortName: fetch.TextOf("acme"), CustomerFullName: fetch.TextOf("Acme Ltd"), Instance: "emea"},
		{UmpCustomerGuid: "g2", CustomerShortName: fetch.TextOf("acme-2"), CustomerFullName: fetch.TextOf("Acme Two"), Instance: "emea"},
		{UmpCustomerGuid: "g1", CustomerShortName: fetch.TextOf("globex"), CustomerFullName: fetch.TextOf("Globex"), Instance: "apac"},
		{UmpCustomerGuid: "g3", CustomerShortName: fetch.TextOf("and/or#3"), Instance: "apac"},
		{UmpCustomerGuid: "g4", Instance: "apac"},
	}
	for query, want := range map[string]string{
		"g2": "1", "acme": "0", "two": "1", "GLOB": "2", "apac/g1": "2", "emea/g1": "0", "and/or#3": "3", "g4": "4",
		"g1#1": "0", "g1#2": "2", "acme#1": "0", "cme#2": "1", "apac/g1#1": "2",
		"g1#3": `"g1" may be any of: emea/acme (g1), apac/globex (g1)`,
		"g1#0": `no customer "g1#0"`, "g1#-1": `no customer "g1#-1"`, "g9#1": `no customer "g9"`, "#1": `no customer ""`, "emea/globex": `no customer "emea/globex"`,
		"g1":    `"g1" may be any of: emea/acme (g1), apac/globex (g1)`,
		"Acme":  `"Acme" may be any of: emea/acme (g1), emea/acme-2 (g2)`,
		"glbex": `no customer "glbex" did you mean globex?`, "": `no customer ""`, "zzz": `no customer "zzz"`,
	} {
		i, err := FindCustomer(customers, query)
		got := ""
		if err == nil {
			got = string(rune('0' + i))
		} else {
			got = err.Error()
			if hint := err.(*FindError).Hint(); strings.HasPrefix(hint, "did you") {
				got += " " + hint
			}
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
	}
}

// A query that fits many names a few of them.
func TestFindAmong(t *testing.T) {
	for n, want := range map[int]string{2: "", 8: "", 9: " and 1 more", 12: " and 4 more"} {
		var customers []fetch.Customer
		var listed []string
		for i := range n {
			customers = append(customers, fetch.Customer{UmpCustomerGuid: fmt.Sprint("g", i), CustomerShortName: fetch.TextOf(fmt.Sprint("acme-", i))})
			if i < 8 {
				listed = append(listed, fmt.Sprintf("acme-%d (g%d)", i, i))
			}
		}
		_, err := FindCustomer(customers, "acme")
		if want := `"acme" may be any of: ` + strings.Join(listed, ", ") + want; err == nil || err.Error() != want {
			t.Errorf("of %d: %v", n, err)
		}
	}
}

func TestCheckWarnings(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct{ lines, want string }{
		"a customer's":  {"each: sipConnection\nwhen: customer.LicensedUsersCount > 5 and sbcId > 1", `rule "r" is not evaluable wherever customer.LicensedUsersCount is null | write applies: customer.LicensedUsersCount != nil`},
		"guarded":       {"needs: [LicensedUsersCount]\napplies: LicensedUsersCount != nil\nwhen: ActiveUserCount > LicensedUsersCount", ""},
		"unguarded":     {"when: ActiveUserCount > LicensedUsersCount", `rule "r" is not evaluable wherever LicensedUsersCount is null | write applies: LicensedUsersCount != nil`},
		"guarded late":  {"needs: [LicensedUsersCount]\nwhen: LicensedUsersCount > 5 and LicensedUsersCount != nil", `rule "r" is not evaluable wherever LicensedUsersCount is null | write applies: LicensedUsersCount != nil`},
		"other types":   {"needs: [LicenseType]\napplies: LicenseType == 1\nwhen: LicensedUsersCount > 5", ""},
		"coalesced":     {"needs: [LicensedUsersCount]\nwhen: (LicensedUsersCount ?? 0) > 5", ""},
		"absent":        {"when: MsTenantId == nil", `rule "r" takes an absent MsTenantId for null | write needs: [MsTenantId]`},
		"derived":       {"when: CustomersOnTenant > 1", `rule "r" is not evaluable wherever CustomersOnTenant is null | write applies: CustomersOnTenant != nil`},
		"unused params": {"params: {p: 1}\nwhen: ActiveUserCount > 5", `rule "r" never uses its parameter "p"`},
	} {
		path := filepath.Join(dir, "r.yaml")
		each := "customer"
		if strings.HasPrefix(test.lines, "each: sipConnection\n") {
			each, test.lines = "sipConnection", strings.TrimPrefix(test.lines, "each: sipConnection\n")
		}
		text := oneRule(each, "why: w\nremediation: r\nmessage: m\ntests: [{name: a, expect: pass}]\n"+test.lines)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, warnings, err := Check(Options{Paths: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range warnings {
			got = append(got, strings.TrimSuffix(w.Text+" | "+w.Hint(), " | "))
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestBuiltinRulesHaveNoWarnings(t *testing.T) {
	_, warnings, err := Check(Options{Builtin: true})
	if err != nil || len(warnings) > 0 {
		t.Errorf("%v %v", err, warnings)
	}
}
