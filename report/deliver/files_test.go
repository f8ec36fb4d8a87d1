package deliver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// names are what a folder has in it but its lock.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.Name() != ".trueup-lock" {
			list = append(list, e.Name())
		}
	}
	return list
}

func opened(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := OpenFolder(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "old")
	broken := &Busy{"broken"} // an error with a hint
	_, err := opened(t, dir).Prepare(t.Context(), []File{
		{Name: "a", Write: text("new")},
		{Name: "b", Write: func(w io.Writer) error { io.WriteString(w, "half"); return broken }},
	})
	failed := (*failure)(nil)
	if !errors.Is(err, broken) || !errors.As(err, &failed) || err.Error() != "write "+filepath.Join(dir, "b")+": broken" || failed.Hint() != broken.Hint() {
		t.Fatalf("error %v", err)
	}
	if got := names(t, dir); len(got) != 1 || content(t, filepath.Join(dir, "a")) != "old" {
		t.Errorf("left behind: %v", got)
	}
}

func TestNothingIsReplacedBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	b, err := opened(t, dir).Prepare(t.Context(), []File{{Name: "x/a", Write: text("new")}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "x", "a")
	if _, err := os.Stat(path); err == nil {
		t.Error("the file is there before Commit")
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	sum, size, _ := Sum(bytes.NewReader(data))
	if err != nil || sum != b.Entries[0].SHA256 || size != b.Entries[0].Size || size != 3 {
		t.Errorf("entry %+v, file %s %d %v", b.Entries[0], sum, size, err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"x"}) {
		t.Errorf("left behind: %v", got)
	}
}

// The manifest is written before any file is put in place: a run that is
// stopped leaves all of them, or none.
func TestAdd(t *testing.T) {
	dir := t.TempDir()
	folder := opened(t, dir)
	prepare := func() *Batch {
		b, err := folder.Prepare(t.Context(), []File{{Name: "a", Write: text("new")}})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	stopped, stop := context.WithCancelCause(t.Context())
	stop(errors.New("interrupt signal received"))
	if err := prepare().Add(stopped, File{Name: "m", Write: text("all")}); err == nil || !strings.HasSuffix(err.Error(), "m: interrupt signal received") {
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
	b.Discard() // nothing is left to discard
	if got := names(t, dir); !slices.Equal(got, []string{"a", "m"}) {
		t.Errorf("after Discard: %v", got)
	}
}

func TestStopped(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := opened(t, dir).Prepare(ctx, []File{{Name: "a", Write: func(w io.Writer) error {
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
	put(t, filepath.Join(dir, ManifestName), `{"schema":"other/9"}`)
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

// A manifest may come from anybody: what is removed by it lies in the folder,
// is of the day, and none of our own files.
func TestOutdated(t *testing.T) {
	const day = "2026-11-01"
	m := Manifest{}
	for _, name := range []string{"a-2026-11-01.csv", "managers/x/a-2026-11-01-x.pdf", "a-2026-10-01.csv", "manifest.json",
		"../a-2026-11-01.csv", "/a-2026-11-01.csv", "x/../../a-2026-11-01.csv", "2026-11-01/../..", ".trueup-2026-11-01", "x/../a-2026-11-01", "2026-11-01\x00"} {
		m.Files = append(m.Files, Entry{Name: name})
	}
	if got, want := m.Outdated(day), []string{"a-2026-11-01.csv", "managers/x/a-2026-11-01-x.pdf"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where names that differ in case are one file, taking away the old name would
// take the new file.
func TestOutdatedInOtherCase(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "A-2026-11-01.csv"), "old")
	put(t, filepath.Join(dir, "b-2026-11-01.csv"), "old")
	b, err := opened(t, dir).Prepare(t.Context(), []File{{Name: "a-2026-11-01.csv", Write: text("new")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Commit("A-2026-11-01.csv", "b-2026-11-01.csv", "gone"); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); slices.Contains(got, "b-2026-11-01.csv") || content(t, filepath.Join(dir, "a-2026-11-01.csv")) != "new" {
		t.Errorf("%q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "A-2026-11-01.csv")); err != nil {
		t.Error(err)
	}
}

// What would replace one file twice, or a file of ours, is refused before
// anything is in place.
func TestImpossibleSets(t *testing.T) {
	for _, set := range [][]string{{"a", "a"}, {"../a"}, {".trueup-lock"}, {"x/"}} {
		dir := t.TempDir()
		var list []File
		for _, name := range set {
			list = append(list, File{Name: name, Write: text("new")})
		}
		b, err := opened(t, dir).Prepare(t.Context(), list)
		if err == nil {
			err = b.Commit()
		}
		if got := names(t, dir); err == nil || len(got) > 0 {
			t.Errorf("%q: error %v, left %q", set, err, got)
		}
	}
}

func TestWriteOne(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "deep", "a")
	put(t, filepath.Join(dir, "deep", ".trueup-a-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"), "left by a kill")
	put(t, filepath.Join(dir, "deep", ".trueup-b-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"), "perhaps being written")
	for _, s := range []string{"one", "two"} {
		err := WriteOne(t.Context(), path, 0, func(w io.Writer) error {
			if busy := (*Busy)(nil); !errors.As(WriteOne(t.Context(), path, 0, text("x")), &busy) || busy.Error() != "another run is writing "+path {
				t.Errorf("twice at once: %v", busy)
			}
			if err := WriteOne(t.Context(), path+"2", 0, text("beside")); err != nil {
				t.Errorf("another file at the same time: %v", err)
			}
			return text(s)(w)
		})
		if err != nil || content(t, path) != s {
			t.Errorf("%v", err)
		}
	}
	broken := errors.New("broken")
	if err := WriteOne(t.Context(), path, 0, func(w io.Writer) error { io.WriteString(w, "half"); return broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	put(t, filepath.Join(dir, "deep", "folder", "x"), "x")
	if err := WriteOne(t.Context(), filepath.Join(dir, "deep", "folder"), 0, text("x")); err == nil || !strings.Contains(err.Error(), filepath.Join("deep", "folder")) {
		t.Errorf("over a folder: %v", err)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{".trueup-b-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp", "a", "a2", "folder"}) || content(t, path) != "two" {
		t.Errorf("left behind: %v", got)
	}
}
