package templates_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"

	"trueup/report/app/settings"
	"trueup/report/notes"
	"trueup/rules"
	"trueup/templates"
)

// write puts the starter set into a new folder.
func write(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "new", "folder")
	written, kept, err := templates.WriteStarter(dir)
	if err != nil || len(kept) > 0 {
		t.Fatal(kept, err)
	}
	want := "schema/rules.json schema/settings.json schema/waivers.json contacts.csv rules/example.yaml schedules/azure-pipelines.yml schedules/github-actions.yml schedules/gitlab-ci.yml trueup.yaml waivers.yaml"
	if got := strings.Join(written, " "); got != want {
		t.Errorf("wrote %s", got)
	}
	return dir
}

func TestStarterNeverOverwrites(t *testing.T) {
	dir := write(t)
	mine := filepath.Join(dir, "trueup.yaml")
	if err := os.WriteFile(mine, []byte("title: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "waivers.yaml")); err != nil {
		t.Fatal(err)
	}
	written, kept, err := templates.WriteStarter(dir)
	if err != nil || strings.Join(written, " ") != "waivers.yaml" || len(kept) != 9 {
		t.Errorf("wrote %s, kept %s, %v", written, kept, err)
	}
	if data, err := os.ReadFile(mine); err != nil || string(data) != "title: mine\n" {
		t.Errorf("%s, %v", data, err)
	}
}

func TestStarterFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := templates.WriteStarter(filepath.Join(file, "x")); err == nil {
		t.Error("no error")
	}
}

// load reads settings as a command would.
func load(t *testing.T, path string) *settings.Settings {
	t.Helper()
	f := &settings.Flags{}
	f.Bind(pflag.NewFlagSet("run", pflag.ContinueOnError), settings.SourceFlags|settings.FetchFlags|settings.RuleFlags|settings.WaiverFlags|settings.ReportFlags|settings.OutFlags)
	f.Config = path
	s, err := settings.Load(f, func(string) (string, bool) { return "secret", true })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStarterWorks(t *testing.T) {
	dir := write(t)
	s := load(t, filepath.Join(dir, "trueup.yaml"))
	set, err := rules.Load(s.Rules)
	if err != nil {
		t.Fatal(err)
	}
	waivers, err := os.ReadFile(s.Waivers)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rules.ParseWaivers(s.Waivers, waivers, set); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(s.Contacts)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := notes.LoadContacts(s.Contacts, data); err != nil {
		t.Error(err)
	}
	for _, r := range set.RunTests() {
		if r.Failed != "" {
			t.Errorf("%+v", r)
		}
	}
}

// switchedOn takes the # from what is commented out.
func switchedOn(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(templates.Starter(), name)
	if err != nil {
		t.Fatal(err)
	}
	// "#key" is a setting, and so is "#  key" below one; "# Text" explains.
	return regexp.MustCompile(`(?m)^#(\S|  )`).ReplaceAllString(string(data), "$1")
}

func TestStarterExamplesWork(t *testing.T) {
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(switchedOn(t, "waivers.yaml"), "waivers: []", "waivers:", 1)
	if waivers, err := rules.ParseWaivers("waivers.yaml", []byte(text), set); err != nil || len(waivers) != 1 {
		t.Errorf("%d waivers, %v", len(waivers), err)
	}
	contacts, err := notes.LoadContacts("contacts.csv", []byte(switchedOn(t, "contacts.csv")))
	if err != nil || len(contacts.Managers()) != 4 {
		t.Errorf("%v, %v", contacts, err)
	}
}

// Each file of the set names the schema that editors check it with, from where
// it lies; it is right to that, and a mistake in it is not.
func TestStarterFilesNameTheirSchemas(t *testing.T) {
	dir := write(t)
	named := regexp.MustCompile(`^# yaml-language-server: \$schema=(\S+)\n`)
	for name, mistake := range map[string]string{"trueup.yaml": "titel: x", "waivers.yaml": "waivers: [{id: a}]", "rules/example.yaml": "rules: [{id: a}]"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := named.FindSubmatch(data)
		if found == nil {
			t.Errorf("%s names no schema in its first line", name)
			continue
		}
		schema, err := jsonschema.NewCompiler().Compile(filepath.Join(filepath.Dir(path), string(found[1])))
		if err != nil {
			t.Fatal(err)
		}
		for text, wantOK := range map[string]bool{string(data): true, mistake: false} {
			var doc any
			if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); (err == nil) != wantOK {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestGitHubSchedule(t *testing.T) {
	data, err := fs.ReadFile(templates.Starter(), "schedules/github-actions.yml")
	if err != nil {
		t.Fatal(err)
	}
	lint := exec.Command("go", "tool", "-modfile=../.ci/tools.mod", "actionlint", "-shellcheck=", "-pyflakes=",
		"-stdin-filename=.github/workflows/license-compliance.yml", "-")
	lint.Stdin = bytes.NewReader(data)
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSchedules(t *testing.T) {
	names, err := fs.Glob(templates.Starter(), "schedules/*")
	if err != nil || len(names) != 3 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(templates.Starter(), name)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(data, &map[string]any{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, need := range []string{"17 6 1 * *", "git add history", "reports/", "TRUEUP_"} {
			if !strings.Contains(string(data), need) {
				t.Errorf("%s has no %s", name, need)
			}
		}
	}
}
