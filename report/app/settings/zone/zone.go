// Package zone knows the time zones of the world, the same on every machine:
// it never reads those of the system.
package zone

import (
	"archive/zip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"
)

// data is lib/time/zoneinfo.zip of the Go distribution: the time zone database
// of the IANA.
//
//go:embed zoneinfo.zip
var data string

// Load gives the zone of a name such as Europe/Berlin. Names are those of the
// IANA, in their own case.
func Load(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	zones, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read time zones: %w", err)
	}
	file, err := zones.Open(name)
	if err != nil {
		return nil, &Unknown{name}
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, &Unknown{name}
	}
	rules, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read time zone %s: %w", name, err)
	}
	return time.LoadLocationFromTZData(name, rules)
}

// Unknown is a name that no zone has.
type Unknown struct{ Name string }

func (e *Unknown) Error() string { return fmt.Sprintf("no time zone is called %q", e.Name) }

// Hint says which names there are.
func (*Unknown) Hint() string {
	return "write a place of the time zone database, as Europe/Berlin, or UTC"
}
