package deliver

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Whoever wrote the manifest: it leads to no file outside the folder, and what
// was read is written as it will be read.
func FuzzManifest(f *testing.F) {
	m := Manifest{Schema: manifestSchema, AsOf: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), Files: []Entry{{Name: "there", Size: 2, SHA256: "x"}},
		Packs: []Pack{{Manager: "Ana Silva", Slug: "ana-silva", Files: []string{"managers/ana-silva/a.pdf"}}}}
	var whole bytes.Buffer
	if err := m.Write(&whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	for _, seed := range []string{`{"schema":"trueup.manifest/1","files":[{"name":"../out"},{"name":"/etc/passwd"}]}`,
		`{"schema":"trueup.manifest/1","asOf":"2026-03-01T00:30:00+01:00","files":[{"name":"there","size":-1}],"packs":[{"slug":"../.."},{"files":[""]}]}`, `{"schema":"trueup.manifest/1","changes":{},"totals":null}`, "null"} {
		f.Add([]byte(seed))
	}
	top := f.TempDir()
	dir := filepath.Join(top, "reports")
	put(f, filepath.Join(top, "out"), "out")
	put(f, filepath.Join(dir, "there"), "in")
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		put(t, filepath.Join(dir, ManifestName), string(data))
		m, err := ReadManifest(dir)
		if err != nil {
			return
		}
		_, _, _ = m.Trust(), m.Strays(), m.Reconcile()
		for _, name := range m.Outdated(m.Day()) {
			if !filepath.IsLocal(name) {
				t.Errorf("%q would go", name)
			}
		}
		for _, e := range m.Files {
			if text, err := e.Read(root); err == nil && string(text) == "out" {
				t.Errorf("%q leads out", e.Name)
			}
		}
		if _, err := m.Look(dir); err == nil {
			for _, e := range m.Files {
				if !filepath.IsLocal(e.Name) {
					t.Errorf("%q counts as a file of the folder", e.Name)
				}
			}
		}
		var once, again bytes.Buffer
		if err := m.Write(&once); err != nil {
			return // a time that JSON has no form for
		}
		put(t, filepath.Join(dir, ManifestName), once.String())
		if m, err = ReadManifest(dir); err != nil || m.Write(&again) != nil || again.String() != once.String() {
			t.Errorf("%v: written as %s, then as %s", err, once.Bytes(), again.Bytes())
		}
	})
}
