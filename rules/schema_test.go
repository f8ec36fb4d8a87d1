package rules

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// compiledSchema is the one that editors have for a kind of file.
func compiledSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	schema, err := os.ReadFile("../templates/schema/" + name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The schema knows exactly the keys that the loader reads.
func TestSchemaHasTheLoadersKeys(t *testing.T) {
	root, waivers := compiledSchema(t, "rules.json"), compiledSchema(t, "waivers.json")
	rule := root.Properties["rules"].Items2020.Ref
	test := rule.Properties["tests"].Items2020.Ref
	for name, at := range map[string]struct {
		schema *jsonschema.Schema
		typ    reflect.Type
	}{
		"file": {root, reflect.TypeFor[ruleFile]()}, "rule": {rule, reflect.TypeFor[ruleEntry]()},
		"test":         {test, reflect.TypeFor[testEntry]()},
		"customer":     {test.Properties["customer"].Ref, reflect.TypeFor[customerEntry]()},
		"waivers file": {waivers, reflect.TypeFor[waiverFile]()}, "waiver": {waivers.Properties["waivers"].Items2020.Ref, reflect.TypeFor[waiverEntry]()},
		"connection": {test.Properties["sipConnection"].Ref, reflect.TypeFor[connectionEntry]()},
	} {
		keys, required := yamlKeys(at.typ)
		if got := slices.Sorted(maps.Keys(at.schema.Properties)); !slices.Equal(got, keys) {
			t.Errorf("%s: schema has %v, loader %v", name, got, keys)
		}
		if got := slices.Sorted(slices.Values(at.schema.Required)); !slices.Equal(got, required) {
			t.Errorf("%s: schema requires %v, loader %v", name, got, required)
		}
	}
}

func yamlKeys(typ reflect.Type) (keys, required []string) {
	for _, f := range reflect.VisibleFields(typ) {
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		keys = append(keys, name)
		if option == "required" {
			required = append(required, name)
		}
	}
	slices.Sort(keys)
	slices.Sort(required)
	return keys, required
}

// What the loader takes the schema takes, and mistakes of shape fail both.
// Mistakes inside expressions only the loader can see.
func TestSchemaAgreesWithTheLoader(t *testing.T) {
	schema := compiledSchema(t, "rules.json")
	for pattern, wantOK := range map[string]bool{
		"*.yaml": true, "testdata/four.yaml": true, "../report/app/show/testdata/failing.yaml": true,
		"testdata/broken/02*.yaml": false, "testdata/broken/05*.yaml": false, "testdata/broken/08*.yaml": false,
		"testdata/broken/11*.yaml": false, "testdata/broken/12*.yaml": false,
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(schema, data); (err == nil) != wantOK {
				t.Errorf("%s: schema says %v", file, err)
			}
		}
	}
}

func TestSchemaOnSmallCases(t *testing.T) {
	schema := compiledSchema(t, "rules.json")
	const base = "{id: a, title: A, severity: low, when: 'true', message: m"
	for entry, wantOK := range map[string]bool{
		base + "}": true, base + ", params: {p: 1, q: x, r: true}}": true, base + ", params: {p: [1]}}": false,
		base + ", params: }": true, base + ", needs: [id]}": true, base + ", needs: id}": false, base + ", money: unused}": false,
		base + ", money: unused, quantity: '1'}": true, base + ", money: other, quantity: '1'}": false,
		base + ", each: sipConnection, tests: [{name: a, expect: pass, sipConnection: {sbcId: 1}}]}": true,
		base + ", tests: [{name: a, expect: waived}]}":                                               false, base + ", reference: x}": false,
		base + ", why: 3}": true, base + ", why: [a]}": false, base + ", extra: 1}": false,
		"{title: A, severity: low, when: 'true', message: m}":        false,
		"{id: A, title: A, severity: low, when: 'true', message: m}": false,
		"{id: 7, title: A, severity: low, when: 'true', message: m}": true,
	} {
		text := []byte("rules: [" + entry + "]")
		err := validate(schema, text)
		_, errs := readFile("f", text, false)
		if (err == nil) != wantOK || (len(errs) == 0) != wantOK {
			t.Errorf("%s: schema %v, loader %v, want ok %v", entry, err, errs, wantOK)
		}
	}
}

func validate(schema *jsonschema.Schema, data []byte) error {
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		return err
	}
	return schema.Validate(asEditors(v))
}

// asEditors has days as the texts that they are to an editor.
func asEditors(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for key, value := range v {
			v[key] = asEditors(value)
		}
	case []any:
		for i := range v {
			v[i] = asEditors(v[i])
		}
	}
	return v
}

func TestWaiverSchema(t *testing.T) {
	schema, set := compiledSchema(t, "waivers.json"), builtinSet(t)
	const base = "id: a, rule: undeployed-sbc, customer: c, owner: o, reason: r, expires: 2027-03-31"
	for file, wantOK := range map[string]bool{
		"waivers: []": true, "waivers:": true, "": false, "waiver: []": false, "[]": false,
		"waivers: [{" + base + "}]": true, "waivers: [{" + base + ", from: 2026-01-01, sipConnection: x, ticket: 8}]": true,
		"waivers: {" + base + "}": false, "waivers: [{" + base + ", until: x}]": false, "waivers: [{" + base + ", from: soon}]": false,
		"waivers: [{" + base + ", from: 1.1.2026}]": false, "waivers: [{" + strings.Replace(base, "id: a", "id: 7", 1) + "}]": true,
		"waivers: [{" + strings.Replace(base, "owner: o", "owner: ' '", 1) + "}]": false, "waivers: [{" + strings.Replace(base, "owner: o, ", "", 1) + "}]": false,
		"waivers: [{" + strings.Replace(base, "reason: r", "reason: [r]", 1) + "}]": false,
	} {
		err := validate(schema, []byte(file))
		_, wrong := ParseWaivers("waivers.yaml", []byte(file), set)
		if (err == nil) != wantOK || (wrong == nil) != wantOK {
			t.Errorf("%s: schema %v, loader %v, want ok %v", file, err, wrong, wantOK)
		}
	}
}
