package settings

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/rules"
	"trueup/rules/strict"
	"trueup/templates"
)

// everySetting is the table as a run has it.
func everySetting() table {
	return newLoader(&Flags{}, nil).table()
}

// Each kind of setting: by default, from the file, the environment and a
// flag, and what is said of a wrong value, with its place.
func TestKinds(t *testing.T) {
	high, low := rules.High, rules.Low
	for _, x := range []struct {
		name      string
		get       func(s *Settings) any
		byDefault any
		file      string
		inFile    any
		flag      string // with its value; "" if there is none
		inFlag    any
		wrong     string // in the file
		at        string // where it is wrong, and how
		wrongFlag string
		flagged   string
	}{
		{name: "text", get: func(s *Settings) any { return s.Title }, byDefault: "License compliance", file: "title: 2026", inFile: "2026",
			wrong: "title: [a]", at: `1:8: "title": want a text, got a list`},
		{name: "choice", get: func(s *Settings) any { return s.SplitBy }, byDefault: "", file: "splitBy: manager", inFile: "manager",
			flag: "--split-by=manager", inFlag: "manager",
			wrong: "splitBy: day", at: `1:10: unknown split "day"`, wrongFlag: "--split-by=day", flagged: `--split-by: unknown split "day"`},
		{name: "list", get: func(s *Settings) any { return s.Formats }, byDefault: []string{"xlsx", "pdf", "json"}, file: "formats: [md]", inFile: []string{"md"},
			flag: "--format=csv, md", inFlag: []string{"csv", "md"},
			wrong: "formats: [md, docx]", at: `1:15: unknown format "docx"`, wrongFlag: "--format=", flagged: "--format: no format"},
		{name: "severity", get: func(s *Settings) any { return s.FailOn }, byDefault: (*rules.Severity)(nil), file: "failOn: high", inFile: &high,
			flag: "--fail-on=low", inFlag: &low,
			wrong: "failOn: often", at: `1:9: unknown severity "often"`, wrongFlag: "--fail-on=often", flagged: `--fail-on: unknown severity "often"`},
		{name: "yes or no", get: func(s *Settings) any { return s.PDF.SystemFonts }, byDefault: true, file: "pdf: {systemFonts: false}", inFile: false,
			wrong: "pdf: {systemFonts: 1}", at: `1:20: "systemFonts": want true or false, got the number 1`},
		{name: "denied by its flag", get: func(s *Settings) any { return s.Rules.Builtin }, byDefault: true, file: "rules: {builtin: false}", inFile: false,
			flag: "--no-builtin-rules=true", inFlag: false, wrong: "rules: {builtin: x}", at: `1:18: "builtin": want true or false, got the text "x"`},
		{name: "flag alone", get: func(s *Settings) any { return s.AllowEmpty }, byDefault: false, flag: "--allow-empty=true", inFlag: true,
			wrong: "allowEmpty: true", at: `1:1: unknown key "allowEmpty"`},
		{name: "number", get: func(s *Settings) any { return s.Live.Retry.Attempts }, byDefault: 5, file: "fetch: {attempts: 2}", inFile: 2,
			wrong: "fetch: {attempts: 0}", at: `1:19: 0 is less than 1`},
		{name: "percent", get: func(s *Settings) any { return s.Mail.Guards.CustomersFallPercent }, byDefault: 20, file: "guards: {customersFallPercent: 0}", inFile: 0,
			wrong: "guards: {customersFallPercent: -1}", at: `1:32: -1 is less than 0`},
		{name: "size", get: func(s *Settings) any { return s.Mail.MaxAttachment }, byDefault: int64(15 << 20), file: "mail: {maxAttachmentMB: 2}", inFile: int64(2 << 20),
			wrong: "mail: {maxAttachmentMB: much}", at: `1:25: "maxAttachmentMB": want a whole number, got the text "much"`},
		{name: "size that no machine has", get: func(s *Settings) any { return s.Live.Limits.MaxBytes }, byDefault: int64(1 << 30), file: "fetch: {maxBodyMB: 1048576}", inFile: int64(1 << 40),
			wrong: "fetch: {maxBodyMB: 9007199254740993}", at: `1:20: 9007199254740993 is more than 1048576`},
		{name: "duration", get: func(s *Settings) any { return s.Live.Timeouts.Header }, byDefault: 2 * time.Minute, file: "fetch: {headerTimeout: 90s}", inFile: 90 * time.Second,
			wrong: "fetch: {headerTimeout: 10}", at: `1:24: "10" is not a time to wait`},
		{name: "path", get: func(s *Settings) any { return filepath.Base(s.History) }, byDefault: ".", file: "history: past", inFile: "past",
			flag: "--history=elsewhere", inFlag: "elsewhere", wrong: "history: {}", at: `1:10: "history": want a text, got a mapping`},
		{name: "place to write to", get: func(s *Settings) any { return filepath.Base(s.Out) }, byDefault: "reports", file: "out: past", inFile: "past",
			flag: "--out=elsewhere", inFlag: "elsewhere",
			wrong: "out: ''", at: `1:6: no place to write to`, wrongFlag: "--out=", flagged: "--out: no place to write to"},
		{name: "file mode", get: func(s *Settings) any { return s.FileMode }, byDefault: fs.FileMode(0o600), file: "fileMode: 0640", inFile: fs.FileMode(0o640),
			wrong: "fileMode: '0477'", at: `1:11: "0477" is not the mode of a file`},
		{name: "variable", get: func(s *Settings) any { return s.Mail.PasswordEnv }, byDefault: "", file: "mail: {passwordEnv: SECRET}", inFile: "SECRET",
			wrong: "mail: {passwordEnv: hunter2!}", at: `1:21: this is not the name of an environment variable`},
		{name: "colour", get: func(s *Settings) any { return s.Branding.Accent }, byDefault: "", file: `accentColor: "#1f4e79"`, inFile: "1F4E79",
			wrong: "accentColor: blue", at: `1:14: "blue" is not a colour`},
		{name: "url", get: func(s *Settings) any { return s.URL }, byDefault: "", flag: "--url=https://a.example.com", inFlag: "https://a.example.com",
			wrongFlag: "--url=https://u:p@a.example.com", flagged: "--url: the url carries a user or a password"},
		{name: "names by number", get: func(s *Settings) any { return s.SbcNames[""] }, byDefault: map[int64]string{}, file: "sbcs: {2: b, 1: a}", inFile: map[int64]string{1: "a", 2: "b"},
			wrong: "sbcs: {one: a}", at: `1:8: want a whole number as the key, got "one"`},
		{name: "prices", get: func(s *Settings) any { return len(s.Prices.ByType) }, byDefault: 0, file: "{currency: EUR, prices: {1: '2'}}", inFile: 1,
			wrong: "{currency: EUR, prices: {1: '2', 2: 2e3}}", at: `1:37: "2e3" is not a price`},
		{name: "choices of a flag alone", get: func(s *Settings) any { return s.Mail.Guards.Allow }, byDefault: []string(nil), flag: "--allow=list-empty", inFlag: []string{"list-empty"},
			wrongFlag: "--allow=list-full", flagged: `--allow: unknown guard "list-full"`},
	} {
		t.Run(x.name, func(t *testing.T) {
			check := func(from string, want any, file string, env map[string]string, args ...string) {
				s, err := load(t, file, env, args...)
				if err != nil {
					t.Fatalf("%s: %v", from, err)
				}
				if got := x.get(s); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %v, want %v", from, got, want)
				}
			}
			check("default", x.byDefault, "", nil)
			if x.file != "" {
				check("file", x.inFile, x.file, nil)
			}
			if x.flag != "" {
				name, value, _ := strings.Cut(strings.TrimPrefix(x.flag, "--"), "=")
				check("environment", x.inFlag, x.file, map[string]string{envName(name): value})
				check("flag", x.inFlag, x.file, map[string]string{envName(name): "nothing"}, x.flag)
			}
			if x.wrong != "" {
				if _, err := load(t, x.wrong, nil); err == nil || !strings.HasSuffix(err.Error(), "trueup.yaml:"+x.at) {
					t.Errorf("wrong in the file: %v, want %s", err, x.at)
				}
			}
			if x.wrongFlag != "" {
				_, err := load(t, x.file, nil, x.wrongFlag)
				if u := (Usage{}); !errors.As(err, &u) || u.Text != x.flagged || u.HintText == "" {
					t.Errorf("wrong flag: %v, want %s", err, x.flagged)
				}
			}
		})
	}
}

// Every key shows in what trueup config prints, with its default and only
// once; every flag and every default of the table is sound.
func TestTable(t *testing.T) {
	s, err := load(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var shown, keys []string
	for _, o := range s.Origins {
		if o.From == "default" {
			shown = append(shown, o.Setting)
		}
	}
	for _, e := range everySetting() {
		if e.key != "" && e.kind.settle == nil {
			keys = append(keys, e.key)
		}
		if e.key == "" && e.flag == "" || e.help == "" || (e.flag == "") != (e.groups == 0) {
			t.Errorf("half an entry: %+v", e)
		}
		for _, value := range e.defaults() {
			if err := e.take(word{value: value}); err != nil || e.kind.choices != nil && !slices.Contains(e.kind.choices, value) {
				t.Errorf("%s: default %s: %v", e.key, value, err)
			}
		}
	}
	if !slices.Equal(shown, keys) {
		t.Errorf("shown\n%v\nkeys\n%v", shown, keys)
	}
	if slices.Sort(keys); len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Errorf("a key stands twice: %v", keys)
	}
}

// starterLoader reads the starter's settings with everything switched on.
func starterLoader(t *testing.T) (l *loader, all table) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trueup.yaml")
	if err := os.WriteFile(path, switchedOn(t), 0o600); err != nil {
		t.Fatal(err)
	}
	logo, err := os.Create(filepath.Join(filepath.Dir(path), "logo.png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(logo, image.NewGray(image.Rect(0, 0, 4, 4))), logo.Close()); err != nil {
		t.Fatal(err)
	}
	l = newLoader(&Flags{Config: path}, func(string) (string, bool) { return "", false })
	all = l.table()
	if err := l.read(all); err != nil {
		t.Fatal(err)
	}
	return l, all
}

// switchedOn is the starter's settings without the # before settings: "#key"
// is one, and so are "#  key" below another and "  #key", which is there
// instead of another; "# Text" explains.
func switchedOn(t *testing.T) []byte {
	t.Helper()
	data, err := fs.ReadFile(templates.Starter(), "trueup.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data = regexp.MustCompile(`(?m)^#(\S|  )`).ReplaceAll(data, []byte("$1"))
	return regexp.MustCompile(`(?m)^( +)#(\S)`).ReplaceAll(data, []byte("$1$2"))
}

// The starter's settings show every key of the table in its order, and what
// they show of a setting with a default is the default. That they show no
// other key is what reading them tells.
func TestStarterShowsTheTable(t *testing.T) {
	l, all := starterLoader(t)
	last := strict.Position{}
	follow := func(key string, words []word) {
		if len(words) == 0 {
			t.Errorf("the starter does not show %s", key)
		} else if words[0].pos.Compare(last) < 0 {
			t.Errorf("the starter shows %s above the setting that is before it in the table", key)
		} else {
			last = words[0].pos
		}
	}
	for _, e := range all {
		switch e.key {
		case "":
		case "instances":
			for _, below := range l.instances[0].table {
				follow("instances: "+below.key, below.kind.words())
			}
		case "rules.override":
			for _, key := range []string{"severity", "params", "enabled"} {
				var words []word
				for _, o := range l.overrides {
					words = append(words, o.V.words(key)...)
				}
				follow("rules.override: "+key, words)
			}
		default:
			follow(e.key, e.kind.words())
			if shown := strings.Join(texts(e.kind.words()), ","); e.byDefault != "" && shown != e.byDefault {
				t.Errorf("the starter shows %s: %s, the default is %s", e.key, shown, e.byDefault)
			}
		}
	}
	l.settle("", all)
	l.finish(all)
	if len(l.errs) > 0 {
		t.Error(l.errs)
	}
}

// What an entry of a list is called in messages and in what is printed has the
// place of its value, and lines with secrets are not shown.
func TestStructures(t *testing.T) {
	for file, want := range map[string]string{
		"instances: [{name: a}]": `1:13: missing key "url"`,
		"instances: [{name: a, url: u, auth: {clientSecret: hunter2}}]":               `1:38: unknown key "clientSecret"`,
		"instances: [{name: a, url: 'https://u:hunter2@x'}]":                          `1:28: the url carries a user or a password`,
		"instances: [{name: a, url: 'https://u:hunter2@x', uri: x}]":                  `1:51: unknown key "uri"`,
		"instances: [{name: a, url: u}, {name: a, url: v}]":                           `1:39: instance "a" is named twice`,
		"instances: [{name: a, url: u, auth: {tokenEnv: hunter2!}}]":                  `1:48: this is not the name of an environment variable`,
		"rules: {override: {x: {severity: bad}}}":                                     `1:34: unknown severity "bad"`,
		"rules: {override: {x: {severity: ''}}}":                                      `1:34: unknown severity "": want critical, high, medium, low or info`,
		"rules: {override: {x: {severitie: low}}}":                                    `1:24: unknown key "severitie"`,
		"{currency: EUR, instances: [{name: a, url: u, prices: {1: '1', 1: '2'}}]}":   `1:64: duplicate key "1"`,
		"{currency: EUR, instances: [{name: a, url: u, prices: {1: '1', 2: 'two'}}]}": `1:67: "two" is not a price`,
	} {
		_, err := load(t, file, nil)
		var list strict.Errors
		if !errors.As(err, &list) || len(list) != 1 || !strings.HasSuffix(list[0].Error(), "trueup.yaml:"+want) {
			t.Errorf("%s: %v, want %s", file, err, want)
			continue
		}
		if shown := fmt.Sprint(list[0], list[0].Snippet()); strings.Contains(shown, "hunter2") {
			t.Errorf("%s: shows the secret: %s", file, shown)
		}
	}
}

// An override that says nothing is still one: its rule must be there.
func TestEmptyOverride(t *testing.T) {
	s, err := load(t, "rules: {override: {x: }}", nil)
	if err != nil || s.Rules.Overrides["x"].Pos.Column != 20 {
		t.Errorf("%+v, %v", s, err)
	}
}
