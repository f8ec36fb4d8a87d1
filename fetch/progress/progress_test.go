package progress

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"trueup/fetch"
)

func TestChoose(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, test := range []struct {
		mode  string
		quiet bool
		want  Style
	}{
		{"auto", false, Lines}, {"auto", true, Nothing}, {"never", false, Nothing}, {"always", false, Bar}, {"always", true, Nothing},
	} {
		if got := Choose(test.mode, test.quiet, file); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
		if got := Choose(test.mode, test.quiet, &bytes.Buffer{}); got != test.want {
			t.Errorf("%+v on a buffer: %v", test, got)
		}
	}
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	r := New(&out, Lines, func() time.Time { return now })
	feed(r, func() { now = now.Add(3 * time.Second) })
	r.Close()
	want := `emea: asking for the customers
apac: asking for the customers
emea: 1,000 bytes, 20 customers so far
emea: 2.4 KiB, 40 customers so far
emea: 40 customers, 2.4 KiB
`
	if out.String() != want {
		t.Errorf("%s\nwant\n%s", &out, want)
	}
}

func TestNothing(t *testing.T) {
	var out bytes.Buffer
	feed(New(&out, Nothing, nil), func() {})
	if out.Len() > 0 {
		t.Error(&out)
	}
}

func TestBar(t *testing.T) {
	var out bytes.Buffer
	r := New(&out, Bar, still)
	r.throttle = 0
	feed(r, func() {})
	r.Write([]byte("a log line\n"))
	r.Close()
	for _, want := range []string{"emea: asking for the customers\n", "emea: 40 customers, 2.4 KiB\n", "\ra log line\n", "apac: try 2 in 1s"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, &out)
		}
	}
}

func TestBarOfKnownSize(t *testing.T) {
	var out bytes.Buffer
	r := New(&out, Bar, still)
	r.throttle = 0
	r.Event(fetch.Event{Instance: "x", Stage: fetch.Asking})
	r.Event(fetch.Event{Instance: "x", Stage: fetch.Receiving, Bytes: 50, Total: 100, Customers: 1})
	if !strings.Contains(out.String(), "50%") {
		t.Errorf("%q", &out)
	}
}

func TestEventsFromManyGoroutines(t *testing.T) {
	r := New(&bytes.Buffer{}, Bar, still)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { feed(r, func() {}) })
	}
	all.Wait()
	r.Close()
}

// still is a clock that stands.
func still() time.Time { return time.Unix(0, 0) }

func feed(r *Reporter, pass func()) {
	for _, e := range []fetch.Event{
		{Instance: "emea", Stage: fetch.Asking},
		{Instance: "apac", Stage: fetch.Asking},
		{Instance: "emea", Stage: fetch.Receiving, Bytes: 1000, Total: -1, Customers: 20},
		{Instance: "emea", Stage: fetch.Receiving, Bytes: 2000, Total: -1, Customers: 30},
		{Instance: "emea", Stage: fetch.Receiving, Bytes: 2500, Total: -1, Customers: 40},
		{Instance: "apac", Stage: fetch.Waiting, Try: 1, Wait: time.Second},
		{Instance: "emea", Stage: fetch.Done, Customers: 40},
		{Instance: "apac", Stage: fetch.Failed},
	} {
		r.Event(e)
		pass()
	}
}
