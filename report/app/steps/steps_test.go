package steps

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-fonts/dejavu/dejavuserif"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/report/formats/pdf"
	"trueup/rules"
)

var quiet = World{Version: "test", Log: slog.New(slog.DiscardHandler), Env: func(string) (string, bool) { return "", false }}

func prepared(t *testing.T, s *settings.Settings) *Plan {
	t.Helper()
	plan, err := Prepare(quiet, s)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestComputeChangesNothing computes the same again after something else was
// computed from the same values.
func TestComputeChangesNothing(t *testing.T) {
	plan := prepared(t, &settings.Settings{Rules: rules.Options{Builtin: true}})
	customers := received(fetch.Sample())
	bytesOf := func(out Output) []deliver.Entry {
		r, err := Compute(t.Context(), plan, customers, nil, out)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := files(plan, r)
		entries, err := deliver.Digest(context.Background(), list)
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	first := bytesOf(Output{Formats: []string{"json", "csv"}})
	redacted := bytesOf(Output{Formats: []string{"json", "csv"}, Redact: true})
	if again := bytesOf(Output{Formats: []string{"json", "csv"}}); !slices.Equal(first, again) || slices.Equal(first, redacted) {
		t.Errorf("first %v, redacted %v, again %v", first, redacted, again)
	}
}

// A run is rebuilt from its folder alone, whatever settings there are now, and
// every byte is the same.
func TestRebuild(t *testing.T) {
	ctx := context.Background()
	s := &settings.Settings{Rules: rules.Options{Builtin: true}, Out: t.TempDir()}
	plan := prepared(t, s)
	r, err := Compute(t.Context(), plan, received(fetch.Sample()), nil, Output{Formats: []string{"json", "md"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(ctx, quiet, s, plan, r); err != nil {
		t.Fatal(err)
	}
	verify := func() Verification {
		run, err := OpenFinished(quiet.Log, s.Out)
		if err != nil {
			t.Fatal(err)
		}
		defer run.Close()
		if v, cannot := run.CannotRebuild(); cannot {
			return v
		}
		plan, err := run.Plan(nil)
		if err != nil {
			t.Fatal(err)
		}
		rebuilt, err := run.Rebuild(t.Context(), quiet, plan, nil)
		if err != nil {
			t.Fatal(err)
		}
		v, err := run.Verify(ctx, quiet, plan, rebuilt)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := verify(); !v.Same() || len(v.Checks) != 5 || len(v.Reasons) > 0 {
		t.Errorf("%+v, want five files that are the same", v)
	}
	for _, change := range []struct{ name, text, state string }{
		{"license-compliance-2026-10-01.md", "of another day", ""},
		{"mail-ledger.jsonl", "", ""},
		{"license-compliance-2026-11-01.csv", "more", "unlisted"},
		{"license-compliance-2026-11-01.md", "other", "changed"},
		{"record-2026-11-01.json.gz", "other", "changed"},
	} {
		if err := os.WriteFile(filepath.Join(s.Out, change.name), []byte(change.text), 0o600); err != nil {
			t.Fatal(err)
		}
		state := ""
		for _, c := range verify().Checks {
			if c.Name == change.name {
				state = c.State
			}
		}
		if state != change.state {
			t.Errorf("%s is %q, want %q", change.name, state, change.state)
		}
	}
	if v := verify(); v.Same() || !slices.Contains(v.Checks, deliver.FileState{Name: "license-compliance-2026-11-01.json", State: "listed"}) {
		t.Errorf("without its record: %+v", v)
	}
}

// Of fonts the record has names and hashes: verifying asks for one that the PDF
// cannot be drawn without, and does without it otherwise.
func TestFonts(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "Own.ttf")
	if err := os.WriteFile(path, dejavuserif.TTF, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		give bool
		want []string
	}{
		{"Harrowgate", false, nil},
		{"Harrowgate \u2FC8", false, nil}, // no font draws it
		{"Harrowgate \u1D15", true, nil},
		{"Harrowgate \u1D15", false, []string{"the PDF was drawn with the font Own.ttf (sha256:"}},
	} {
		s := &settings.Settings{Rules: rules.Options{Builtin: true}, Out: filepath.Join(dir, "out"), PDF: settings.PDF{Fonts: []string{path}}}
		plan := prepared(t, s)
		customers := fetch.Sample()
		customers.Customers[0].CustomerFullName = fetch.TextOf(test.name)
		r, err := Compute(t.Context(), plan, received(customers), nil, Output{Formats: []string{"pdf"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Write(t.Context(), quiet, s, plan, r); err != nil {
			t.Fatal(err)
		}
		run, err := OpenFinished(quiet.Log, s.Out)
		if err != nil {
			t.Fatal(err)
		}
		defer run.Close()
		if !run.NeedsFonts() || run.Record.PDF.Fonts[0].Name != "Own.ttf" {
			t.Errorf("%s: fonts %v", test.name, run.Record.PDF.Fonts)
		}
		var fonts []pdf.Font
		if test.give {
			fonts = plan.PDF.Fonts
		}
		again, err := run.Plan(&Plan{PDF: pdf.Options{Fonts: fonts}})
		if err != nil {
			t.Fatal(err)
		}
		rebuilt, err := run.Rebuild(t.Context(), quiet, again, nil)
		if err != nil {
			t.Fatal(err)
		}
		v, err := run.Verify(t.Context(), quiet, again, rebuilt)
		if err != nil || v.Same() != (test.want == nil) || len(v.Reasons) != len(test.want) {
			t.Errorf("%q: %+v, %v", test.name, v, err)
		}
		for i, want := range test.want {
			if i >= len(v.Reasons) || !strings.HasPrefix(v.Reasons[i], want) {
				t.Errorf("%q: %q, want %s", test.name, v.Reasons, want)
			}
		}
	}
}

// A run of another version that has other bytes is named as that.
func TestAnotherVersion(t *testing.T) {
	s := &settings.Settings{Rules: rules.Options{Builtin: true}, Out: t.TempDir()}
	plan := prepared(t, s)
	r, err := Compute(t.Context(), plan, received(fetch.Sample()), nil, Output{Formats: []string{"md"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Book.Title = "As the other version wrote it"
	if _, err := Write(t.Context(), quiet, s, plan, r); err != nil {
		t.Fatal(err)
	}
	other := quiet
	other.Version = "2.0"
	run, err := OpenFinished(quiet.Log, s.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	if plan, err = run.Plan(nil); err != nil {
		t.Fatal(err)
	}
	rebuilt, err := run.Rebuild(t.Context(), other, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := run.Verify(t.Context(), other, plan, rebuilt)
	if err != nil || v.Same() || len(v.Reasons) != 1 || !strings.HasPrefix(v.Reasons[0], "it was made by trueup test and this is 2.0") {
		t.Errorf("%+v, %v", v, err)
	}
	if !slices.Contains(v.Checks, deliver.FileState{Name: "license-compliance-2026-11-01.md", State: "differs"}) || !slices.Contains(v.Checks, deliver.FileState{Name: "record-2026-11-01.json.gz", State: "same"}) {
		t.Errorf("%+v", v.Checks)
	}
}

// A manifest from a stranger leads to no file outside the folder.
func TestManifestOutside(t *testing.T) {
	for _, name := range []string{"../x", "/etc/passwd", "a/../../x", `a\..\x`, "a//b", "."} {
		dir := t.TempDir()
		m := deliver.Manifest{Schema: "trueup.manifest/1", Files: []deliver.Entry{{Name: name}}}
		if err := deliver.WriteOne(t.Context(), filepath.Join(dir, deliver.ManifestName), 0o600, m.Write); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFinished(quiet.Log, dir); err == nil || !strings.Contains(err.Error(), "no file in the folder") {
			t.Errorf("%q: %v", name, err)
		}
	}
	dir := t.TempDir()
	m := deliver.Manifest{Schema: "trueup.manifest/1", Files: []deliver.Entry{{Name: "x"}}}
	if err := errors.Join(deliver.WriteOne(t.Context(), filepath.Join(dir, deliver.ManifestName), 0o600, m.Write),
		os.Symlink("/etc/passwd", filepath.Join(dir, "x"))); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFinished(quiet.Log, dir); err == nil || !strings.Contains(err.Error(), "escapes") {
		t.Errorf("a link that leads out: %v", err)
	}
}
