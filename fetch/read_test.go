package fetch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Who hears how far the reading of a file is hears its size and its end.
func TestReadTelling(t *testing.T) {
	text := `[{"UmpCustomerGuid": "g"}` + strings.Repeat(" ", 1<<20) + `]`
	path := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path, name string
		total      int64
	}{{path, "list.json", int64(len(text))}, {"-", "standard input", -1}} {
		var events []Event
		p, err := ReadTelling(test.path, strings.NewReader(text), Limits{}, func(e Event) { events = append(events, e) })
		if err != nil || len(p.Customers) != 1 {
			t.Fatalf("%d customers, %v", len(p.Customers), err)
		}
		last, before := events[len(events)-1], events[len(events)-2]
		if last.Stage != Done || last.Customers != 1 || before.Bytes != int64(len(text)) || len(events) < 3 {
			t.Errorf("%s: %d events, the last %+v, %+v", test.name, len(events), before, last)
		}
		if !slices.IsSortedFunc(events[:len(events)-1], func(a, b Event) int { return int(a.Bytes - b.Bytes) }) {
			t.Errorf("%s: bytes go back", test.name)
		}
		for _, e := range events {
			if e.Instance != test.name || e.Stage != Done && e.Total != test.total {
				t.Fatalf("%+v", e)
			}
		}
	}
	var last Event
	if _, err := ReadTelling("-", strings.NewReader("{"), Limits{}, func(e Event) { last = e }); err == nil || last.Stage != Failed || last.Err == nil {
		t.Errorf("%v, %+v", err, last)
	}
}
