package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Given rules come in the place of those of the same id, the others stay, and
// the settings hold for both.
func TestWith(t *testing.T) {
	off := false
	set, err := Load(Options{Builtin: true, Overrides: map[string]Override{
		"near-license-limit": {Params: map[string]any{"percent": 40}},
		"unused-licenses":    {Enabled: &off},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const near = "rules:\n  - {id: near-license-limit, title: own, severity: low, each: customer, params: {percent: 90}, when: ActiveUserCount > params.percent, message: m}\n"
	const own = "rules:\n  - {id: own, title: own, severity: low, each: customer, when: ActiveUserCount > 1, message: m}\n"
	for _, x := range []struct {
		paths []string
		title string // of near-license-limit
		rules int
	}{
		{[]string{file("near.yaml", near)}, "own", len(set.Rules)},
		{[]string{file("near.yaml", near), file("own.yaml", own)}, "own", len(set.Rules) + 1},
		{[]string{file("own.yaml", own)}, "Nearly all acquired licenses in use", len(set.Rules) + 1},
	} {
		got, err := set.With(x.paths)
		if err != nil {
			t.Fatal(err)
		}
		at, unused := got.Find("near-license-limit"), got.Find("unused-licenses")
		if at < 0 || unused < 0 {
			t.Fatalf("%v: not in order of id: %v", x.paths, got.IDs())
		}
		if r := got.Rules[at]; r.Title != x.title || r.Params["percent"] != 40 || got.Rules[unused].Enabled || len(got.Rules) != x.rules || got.Hash == set.Hash {
			t.Errorf("%v: %q with %v, %d rules", x.paths, r.Title, r.Params, len(got.Rules))
		}
	}
	for _, x := range []struct{ path, want string }{
		{file("bad.yaml", "rules: 1\n"), "bad.yaml:1:8"},
		{file("near.yaml", strings.ReplaceAll(near, "percent", "share")), `rule "near-license-limit" has no parameter "percent"`},
	} {
		if _, err := set.With([]string{x.path}); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("error %v, want %s", err, x.want)
		}
	}
}
