package deliver

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestOpenAppend(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	for i := range 2 {
		f, err := OpenAppend(dir, "log", 0o640)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString("line\n")
		f.Close()
		if data, err := os.ReadFile(filepath.Join(dir, "log")); err != nil || string(data) != strings.Repeat("line\n", i+1) {
			t.Errorf("%q, %v", data, err)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]fs.FileMode{dir: 0o750, filepath.Join(dir, "log"): 0o640} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// Nothing outside the folder is written to, and nothing waited for.
func TestOpenAppendRefuses(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"link": "escapes", "folder": "no plain file"} {
		if f, err := OpenAppend(dir, name, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}
