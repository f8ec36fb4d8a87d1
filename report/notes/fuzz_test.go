package notes

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// What a history keeps of notes is refused, or is written as it was read.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{`{"schema":"trueup.annotations/1","notes":[{"customer":"g","rule":"r","sipConnection":"c","occurrence":-1,"owner":"o","due":"d","comment":"\u0000"}]}`,
		`{"schema":"trueup.annotations/1","notes":[{},{},null]}`, `{"schema":"trueup.annotations/1"}`, "null", "[]", `{"schema":"trueup.annotations/1","notes":[{"occurrence":1e99}]}`} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, FileName), data, 0o600); err != nil {
			t.Fatal(err)
		}
		kept, err := Load(dir)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := kept.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, FileName), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if again, err := Load(dir); err != nil || !maps.Equal(again, kept) {
			t.Errorf("%v: %v, then %v", err, kept, again)
		}
		if merged := Merge(kept, Notes{}); len(merged) > len(kept) {
			t.Errorf("%d notes of %d", len(merged), len(kept))
		}
	})
}
