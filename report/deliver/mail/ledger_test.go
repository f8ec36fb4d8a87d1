package mail

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A ledger that cannot be read to its end must not look like one in which
// nothing was sent.
func TestLedgerThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, LedgerName)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxLedger+1); err != nil {
		t.Fatal(err)
	}
	if _, err := openLedger(dir, dir, 0); err == nil || !strings.Contains(err.Error(), LedgerName+" is larger than 64 MiB") {
		t.Errorf("read as an empty ledger: %v", err)
	}
}

// readLedger gives the records of some statuses in a folder.
func readLedger(t *testing.T, dir string, statuses ...Status) (list []Record) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, LedgerName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var r Record
		if json.Unmarshal([]byte(line), &r) == nil && slices.Contains(statuses, r.Status) {
			list = append(list, r)
		}
	}
	return list
}
