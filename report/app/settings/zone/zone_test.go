package zone

import (
	"errors"
	"testing"
	"time"
)

// Half past midnight on 1 March in Berlin is March, whatever the machine has.
func TestLoad(t *testing.T) {
	t.Setenv("ZONEINFO", "/nowhere")
	at := time.Date(2026, 2, 28, 23, 30, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"UTC": "2026-02-28 23:30", "Europe/Berlin": "2026-03-01 00:30", "America/New_York": "2026-02-28 18:30", "Asia/Kathmandu": "2026-03-01 05:15",
	} {
		zone, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.In(zone).Format("2006-01-02 15:04"); got != want || zone.String() != name {
			t.Errorf("%s: %s in %s, want %s", name, got, zone, want)
		}
	}
}

func TestLoadUnknown(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe", "Europe/", "Europe/Nowhere", "../UTC", "/etc/localtime", "CEST+1"} {
		if zone, err := Load(name); !errors.As(err, new(*Unknown)) {
			t.Errorf("%q: %v, %v", name, zone, err)
		}
	}
}
