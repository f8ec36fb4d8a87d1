package settings

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"trueup/rules/strict"
)

var update = flag.Bool("update", false, "write the schema of the settings file anew")

const schemaFile = "../../../templates/schema/settings.json"

type object = map[string]any

// schemaOf is the schema of a table's mapping.
func schemaOf(t table) object {
	properties, required := object{}, []string{}
	for _, e := range t {
		name, _, deeper := strings.Cut(e.key, ".")
		switch {
		case deeper:
			properties[name] = schemaOf(t.below(name))
		case name != "":
			properties[name] = schemaOfOne(e)
		}
		if e.required {
			required = append(required, name)
		}
	}
	return object{"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties, "required": required}
}

func schemaOfOne(e setting) object {
	k := e.kind
	scalar := object{"type": []string{"string", "number", "boolean"}}
	switch {
	case k.choices != nil:
		scalar = object{"enum": k.choices}
	case k.pattern != "": // such texts are quoted, so that an editor reads them as trueup does
		scalar = object{"type": "string", "pattern": k.pattern}
	}
	list := func(of object) object { return object{"type": []string{"array", "null"}, "items": of} }
	mapping := func(of object) object {
		return object{"type": []string{"object", "null"}, "additionalProperties": of}
	}
	var o object
	switch cell := k.cell.(type) {
	case *strict.Located[string]:
		o = scalar
	case *strict.Located[int]:
		o = object{"type": "integer", "minimum": k.least, "maximum": k.most}
	case *strict.Located[bool]:
		o = object{"type": "boolean"}
	case *[]strict.Located[string]:
		o = list(scalar)
	case *map[int]strict.Located[string]:
		o = mapping(scalar)
		o["propertyNames"] = object{"pattern": "^-?[0-9]+$"}
	case *map[string]strict.Located[any]:
		o = mapping(scalar)
	case *[]instance:
		in := &instance{}
		in.Keys()
		o = list(schemaOf(in.table))
	case *map[string]strict.Located[*override]:
		change := &override{}
		change.Keys()
		o = mapping(schemaOf(change.table))
	default:
		panic(fmt.Sprintf("no schema for a %T", cell))
	}
	o["description"] = strings.ReplaceAll(e.about(), "`", "")
	if list := e.defaults(); list != nil {
		o["default"] = defaultOf(k, list)
	}
	return o
}

// defaultOf is a default in the type that the file has it in.
func defaultOf(k kind, list []string) any {
	switch k.cell.(type) {
	case *[]strict.Located[string]:
		return list
	case *strict.Located[string]:
		return list[0]
	}
	return json.RawMessage(list[0])
}

// schema is what the table makes, as it is kept in the repository.
func schema(t *testing.T) []byte {
	t.Helper()
	o := schemaOf(everySetting())
	o["$schema"], o["title"] = "https://json-schema.org/draft/2020-12/schema", "trueup settings file"
	o["description"] = "Settings of trueup. `trueup config` prints what holds in the end."
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSchemaIsTheTables(t *testing.T) {
	want := schema(t)
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(schemaFile); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the table makes (%v); go test -update writes it anew", schemaFile, err)
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("settings.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("settings.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, data []byte) error {
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		return err
	}
	return s.Validate(asJSON(v))
}

// asJSON makes texts of the keys that are numbers, as editors do.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[any]any:
		o := object{}
		for key, value := range v {
			o[fmt.Sprint(key)] = asJSON(value)
		}
		return o
	case object:
		for key, value := range v {
			v[key] = asJSON(value)
		}
	case []any:
		for i := range v {
			v[i] = asJSON(v[i])
		}
	}
	return v
}

// The files that people start from are right, to the schema as to the loader.
func TestSchemaTakesOurFiles(t *testing.T) {
	s := compiled(t)
	files := map[string][]byte{"starter": switchedOn(t)}
	for _, path := range []string{"../../../templates/starter/trueup.yaml", "../../../testdata/sample/trueup.yaml"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = data
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(readme, -1) {
		if !regexp.MustCompile(`^(rules:\n  - |waivers:)`).Match(block[1]) { // files of their own
			files["README "+strconv.Itoa(i)] = block[1]
		}
	}
	if len(files) < 6 {
		t.Errorf("only %d files", len(files))
	}
	for name, data := range files {
		if err := validate(s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		all := everySetting()
		if errs := strict.Decode(name, data, &all); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

// What the loader takes the schema takes, and what it refuses fails there too.
func TestSchemaAgreesWithTheLoader(t *testing.T) {
	s := compiled(t)
	for file, wantOK := range map[string]bool{
		"": true, "title: 2026": true, "title: [a]": false, "title:": false, "titel: x": false,
		"formats:": true, "formats: [md]": true, "formats: md": false, "formats: [docx]": false,
		"failOn: none": true, "failOn: often": false, "splitBy: manager": true, "splitBy: day": false,
		"fetch:": true, "fetch: {attempts: 1}": true, "fetch: {attempts: 0}": false, "fetch: {attempts: '1'}": false,
		"fetch: {maxBodyMB: 1048576}": true, "fetch: {maxBodyMB: 1048577}": false, "mail: {port: 65536}": false, "fetch: {attempt: 1}": false,
		"fetch: {timeout: 1m30s}": true, "fetch: {timeout: 10}": false, "fetch: {timeout: soon}": false,
		"guards: {findingsRisePercent: 0}": true, "guards: {findingsRisePercent: -1}": false,
		"pdf: {systemFonts: false}": true, "pdf: {systemFonts: maybe}": false, "accentColor: '#1F4E79'": true, "accentColor: blue": false,
		"mail: {passwordEnv: A_B}": true, "mail: {passwordEnv: a b}": false, "mail: {password: x}": false, "mail: {to: [a@example.com]}": true,
		"sbcs: {1: a}": true, "sbcs: {one: a}": false, "sbcs: [a]": false,
		"{currency: EUR, prices: {1: '2.10'}}": true, "{currency: EUR, prices: {1: '2,10'}}": false, "currency: euro": false,
		"instances: [{name: a, url: u, auth: {tokenEnv: T}, sbcs: {1: x}}]": true, "instances: [{name: a}]": false, "instances: [{url: u}]": false,
		"instances: [{name: a, url: u, auth: {clientSecret: x}}]": false, "instances: {name: a, url: u}": false,
		"rules: {override: {a: {enabled: false, params: {p: 1, q: x, r: true}}, b: }}": true, "rules: {override: {a: {enabled: 0}}}": false,
		"rules: {override: {a: {params: {p: [1]}}}}": false, "rules: {override: {a: {severity: none}}}": false, "rules: {paths: rules}": false,
	} {
		err := validate(s, []byte(file))
		if _, wrong := load(t, file, nil); (err == nil) != wantOK || (wrong == nil) != wantOK {
			t.Errorf("%s: schema %v, loader %v, want ok %v", file, err, wrong, wantOK)
		}
	}
}
