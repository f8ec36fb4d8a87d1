package xlsx

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"trueup/report/formats/alltext"
)

// validated are the workbooks that another maker's validator has seen, by their
// content.
var validated sync.Map

// valid asks another maker's validator about a workbook. Without it nothing is
// asked; TestValidator says so.
func valid(t *testing.T, data []byte) {
	t.Helper()
	if _, seen := validated.LoadOrStore(sha256.Sum256(data), true); seen || testing.Short() {
		return
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	wrong, err := alltext.ValidWorkbook(path)
	if err != nil && !errors.Is(err, alltext.ErrNoValidator) {
		t.Fatal(err)
	}
	for i, w := range wrong {
		if i == 10 {
			t.Errorf("and %d more", len(wrong)-i)
			break
		}
		t.Error(w)
	}
}

// TestValidator: every workbook that the tests make is valid to another maker's
// validator, which tells a broken one. Where SKIP_NOTHING is set it must be there.
func TestValidator(t *testing.T) {
	data, _ := made(t, full(t), maxRows)
	o := unzip(t, data)
	o.parts["xl/workbook.xml"] = append([]byte(nil), o.parts["xl/styles.xml"]...)
	path := filepath.Join(t.TempDir(), "broken.xlsx")
	if err := os.WriteFile(path, o.zip(), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong, err := alltext.ValidWorkbook(path)
	switch {
	case errors.Is(err, alltext.ErrNoValidator) && os.Getenv("SKIP_NOTHING") == "":
		t.Skip("skipped: ", err)
	case err != nil:
		t.Fatal(err)
	case len(wrong) == 0:
		t.Error("a broken workbook is valid")
	}
}
