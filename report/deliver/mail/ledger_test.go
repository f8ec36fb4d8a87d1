package mail

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	if _, err := openLedger(dir); err == nil || !strings.Contains(err.Error(), LedgerName+" is larger than 64 MiB") {
		t.Errorf("read as an empty ledger: %v", err)
	}
}

// readLedger gives the records of a report folder; none if nothing was sent.
func readLedger(dir string) ([]Record, error) {
	f, err := os.Open(filepath.Join(dir, LedgerName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	defer f.Close()
	var list []Record
	for s := bufio.NewScanner(f); s.Scan(); {
		var r Record
		if json.Unmarshal(s.Bytes(), &r) == nil {
			list = append(list, r)
		}
	}
	return list, nil
}
