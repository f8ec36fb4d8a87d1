package deliver

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "a"), []byte("old"), 0o644)
	broken := errors.New("broken")
	_, err := Prepare(context.Background(), dir, []File{
		{Name: "a", Write: text("new")},
		{Name: "b", Write: func(w io.Writer) error { io.WriteString(w, "half"); return broken }},
	})
	if !errors.Is(err, broken) {
		t.Fatalf("error %v", err)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "a")); string(data) != "old" {
		t.Errorf("a is %q, want the old one", data)
	}
}

func TestNothingIsReplacedBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	b, err := Prepare(context.Background(), dir, []File{{Name: "x/a", Mode: 0o600, Write: text("new")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "x", "a")); err == nil {
		t.Error("the file is there before Commit")
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "x", "a"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	sum, size, err := HashFile(filepath.Join(dir, "x", "a"))
	if err != nil || sum != b.Entries[0].SHA256 || size != b.Entries[0].Size || size != 3 {
		t.Errorf("entry %+v, file %s %d %v", b.Entries[0], sum, size, err)
	}
}

// The manifest is written before any file is put in place: a run that is
// stopped leaves all of them, or none.
func TestAdd(t *testing.T) {
	dir := t.TempDir()
	prepare := func() *Batch {
		b, err := Prepare(t.Context(), dir, []File{{Name: "a", Write: text("new")}})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	stopped, stop := context.WithCancelCause(t.Context())
	stop(errors.New("interrupt signal received"))
	if err := prepare().Add(stopped, File{Name: "m", Write: text("all")}); err == nil || err.Error() != "write m: interrupt signal received" {
		t.Errorf("error %v", err)
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
	b := prepare()
	if err := b.Add(t.Context(), File{Name: "m", Write: text("all")}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 2 || got[0][0] != '.' || got[1][0] != '.' {
		t.Errorf("in place before Commit: %v", got)
	}
	if err := b.Commit(); err != nil || len(names(t, dir)) != 2 || b.Entries[1].Size != 3 {
		t.Errorf("%v, entries %v, error %v", names(t, dir), b.Entries, err)
	}
}

func TestStopped(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Prepare(ctx, dir, []File{{Name: "a", Write: func(w io.Writer) error {
		cancel()
		_, err := io.WriteString(w, "half")
		return err
	}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestReadManifest(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadManifest(dir); err == nil {
		t.Error("no error without a manifest")
	}
	os.WriteFile(filepath.Join(dir, ManifestName), []byte(`{"schema":"other/9"}`), 0o644)
	if _, err := ReadManifest(dir); err == nil {
		t.Error("no error for another schema")
	}
	m := Manifest{Schema: manifestSchema, Version: "v", Files: []Entry{{"a", 1, "s"}}}
	if err := WriteOne(context.Background(), filepath.Join(dir, ManifestName), 0, m.Write); err != nil {
		t.Fatal(err)
	}
	got, err := ReadManifest(dir)
	if err != nil || got.Version != "v" || len(got.Files) != 1 {
		t.Errorf("%+v %v", got, err)
	}
}
