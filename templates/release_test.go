package templates

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestReleaseIsReproducible builds this machine's program here and from a copy
// of the sources in another folder, without git: the files are the same, byte by
// byte, and say version and commit.
func TestReleaseIsReproducible(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("builds the program twice, with a script of the shell")
	}
	here, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(t.TempDir(), "of", "another name")
	copySources(t, here, there)
	platform := runtime.GOOS + "/" + runtime.GOARCH
	var built []string
	for _, root := range []string{here, there} {
		dist := filepath.Join(t.TempDir(), "dist")
		cmd := exec.Command(filepath.Join(root, ".ci", "release"), "v1.2.3", "0123abc", dist, platform)
		if root == there { // and on a machine with other habits
			cmd.Env = append(os.Environ(), "GOFLAGS=-tags=other", "GOAMD64=v3", "GOARM64=v8.1", "CGO_ENABLED=1", "SOURCE_DATE_EPOCH=1")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		built = append(built, dist)
	}
	program := "trueup-" + strings.ReplaceAll(platform, "/", "-")
	for _, name := range []string{program, "SHA256SUMS", "LICENSE", "THIRD_PARTY_NOTICES.txt", "Containerfile"} {
		first, err := os.ReadFile(filepath.Join(built[0], name))
		if err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(filepath.Join(built[1], name))
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s differs between two builds (%v)", name, err)
		}
		for _, path := range []string{here, there} {
			if bytes.Contains(first, []byte(path)) {
				t.Errorf("%s names the folder %s", name, path)
			}
		}
	}
	out, err := exec.Command(filepath.Join(built[1], program), "version", "--format", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var stamp map[string]string
	if err := json.Unmarshal(out, &stamp); err != nil {
		t.Fatal(err)
	}
	if stamp["version"] != "v1.2.3" || stamp["commit"] != "0123abc" || stamp["platform"] != platform || stamp["goVersion"] != runtime.Version() {
		t.Errorf("the program says %v", stamp)
	}
}

// copySources copies the module without git's folder and what was built.
func copySources(t *testing.T, from, to string) {
	t.Helper()
	sources := os.DirFS(from)
	err := fs.WalkDir(sources, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains([]string{".git", "bin", "dist", "reports", "history"}, path) || entry.Name() == "testdata":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, path), 0o755)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		data, err := fs.ReadFile(sources, path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, path), data, info.Mode())
	})
	if err != nil {
		t.Fatal(err)
	}
}
