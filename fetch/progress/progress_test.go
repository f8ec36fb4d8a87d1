package progress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rivo/uniseg"

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
	if got := Columns(file) + Columns(&bytes.Buffer{}); got != 0 {
		t.Errorf("%d columns without a terminal", got)
	}
}

// screen is a terminal of some width: what stands on it, line by line.
type screen struct {
	mu     sync.Mutex
	width  int
	lines  []string
	column int
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines == nil {
		s.lines = []string{""}
	}
	for graphemes := uniseg.NewGraphemes(string(p)); graphemes.Next(); {
		switch c := graphemes.Str(); c {
		case "\r":
			s.column = 0
		case "\n", "\r\n":
			s.lines, s.column = append(s.lines, ""), 0
		default:
			if s.column+graphemes.Width() > s.width {
				s.lines, s.column = append(s.lines, ""), 0
			}
			s.put(c)
			s.column += graphemes.Width()
		}
	}
	return len(p), nil
}

// put overwrites what stands at the column. Characters here take one or two.
func (s *screen) put(c string) {
	last := &s.lines[len(s.lines)-1]
	before, after := "", ""
	for width, g := 0, uniseg.NewGraphemes(*last); g.Next(); width += g.Width() {
		switch {
		case width < s.column:
			before += g.Str()
		case width >= s.column+uniseg.StringWidth(c):
			after += g.Str()
		}
	}
	*last = before + c + after
}

// text is the screen without empty lines and spaces at ends.
func (s *screen) text() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, line := range s.lines {
		if line = strings.TrimRight(line, " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// resize makes the screen another one, with nothing on it.
func (s *screen) resize(width int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.width, s.lines, s.column = width, nil, 0
}

func (s *screen) columns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.width
}

func (s *screen) want(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := s.text(); !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", when, got, want)
	}
}

// onScreen runs a test under a clock of its own.
func onScreen(t *testing.T, width int, style Style, test func(t *testing.T, r *Reporter, s *screen)) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{width: width}
		r := New(s, style, time.Now)
		r.columns = s.columns
		defer r.Close()
		test(t, r, s)
	})
}

// after waits until a time has passed and all that it sets off is done.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func receiving(instance string, bytes, total int64, customers int) fetch.Event {
	return fetch.Event{Instance: instance, Stage: fetch.Receiving, Bytes: bytes, Total: total, Customers: customers}
}

func TestBar(t *testing.T) {
	onScreen(t, 80, Bar, func(t *testing.T, r *Reporter, s *screen) {
		r.Event(fetch.Event{Instance: "emea"})
		after(900 * time.Millisecond)
		s.want(t, "before a second")
		after(time.Second)
		s.want(t, "while nothing comes", s.text()[0][:3]+" emea: asking")
		r.Event(receiving("emea", 30<<20, 40<<20, 12000))
		s.want(t, "part of a whole", "emea: 30 MiB, 12,000 customers so far  75% |██████████████████████        |")
		fmt.Fprintln(r, "a log line")
		s.want(t, "after a log line", "a log line")
		after(time.Second)
		s.want(t, "the line comes back", "a log line", "emea: 30 MiB, 12,000 customers so far  75% |██████████████████████        |")
		r.Event(fetch.Event{Instance: "emea", Stage: fetch.Waiting, Try: 1, Wait: 2 * time.Second})
		after(time.Second)
		s.want(t, "another try", "a log line", s.text()[1][:3]+" emea: try 2 in 2s")
		r.Event(fetch.Event{Instance: "emea", Stage: fetch.Done, Customers: 12000})
		s.want(t, "all is there", "a log line")
		r.Step("applying the rules", 0, 0)
		after(time.Second)
		s.want(t, "a step", "a log line", s.text()[1][:3]+" applying the rules")
		r.Step("writing report.xlsx", 3, 12)
		after(time.Second)
		s.want(t, "a step of known length", "a log line", "writing report.xlsx, 3 of 12 done  25% |███████                       |")
		r.Step("", 0, 0)
		s.want(t, "nothing to do", "a log line")
		after(time.Minute)
		s.want(t, "later", "a log line")
	})
}

// Whatever is told, one line stands on the screen, however wide that is, and
// it never takes the last column.
func TestOneLine(t *testing.T) {
	for _, width := range []int{1, 2, 10, 40, 60, 80, 200} {
		onScreen(t, width, Bar, func(t *testing.T, r *Reporter, s *screen) {
			after(time.Second)
			long := strings.Repeat("very-long-北京-", 20)
			check := func() {
				t.Helper()
				after(time.Second)
				if got := s.text(); len(got) > 1 || len(got) == 1 && uniseg.StringWidth(got[0]) > width-1 && width > 1 {
					t.Fatalf("width %d: %q", width, got)
				}
			}
			for i := range 6 {
				r.Event(fetch.Event{Instance: fmt.Sprint(long, i)})
				check()
				r.Event(receiving(fmt.Sprint(long, i), int64(i)<<20, 40<<20, 1000*i))
				check()
				r.Event(fetch.Event{Instance: fmt.Sprint("short", i), Stage: fetch.Waiting, Wait: time.Hour, Try: 3})
				check()
			}
			r.Step("writing "+long, 5, 7)
			check()
			r.Close()
			s.want(t, "at the end")
		})
	}
}

// Each line fits the terminal as it is then.
func TestResized(t *testing.T) {
	onScreen(t, 200, Bar, func(t *testing.T, r *Reporter, s *screen) {
		r.Event(receiving("a-rather-long-name-of-an-instance", 30<<20, 40<<20, 12000))
		after(2 * time.Second)
		for _, width := range []int{40, 60, 200, 20} {
			s.resize(width)
			after(2 * time.Second)
			if got := s.text(); len(got) != 1 || uniseg.StringWidth(got[0]) > width-1 {
				t.Errorf("width %d: %q", width, got)
			}
		}
	})
}

func TestWidths(t *testing.T) {
	for width, want := range map[int]string{
		20:  "⠋ 75% example…: 30…",
		40:  "⠋ 75% example…: 30 MiB, 12,000 custome…",
		60:  "⠋ 75% example-telecom-emea: 30 MiB, 12,000 customers so far",
		80:  "example-telecom-emea: 30 MiB, 12,000 customers so far  75% |████████████     |",
		200: "example-telecom-emea: 30 MiB, 12,000 customers so far  75% |██████████████████████        |",
	} {
		var b bar
		if got := b.render(&told{instances: []fetch.Event{receiving("example-telecom-emea", 30<<20, 40<<20, 12000)}}, width-1); got != want {
			t.Errorf("width %d: %q, want %q", width, got, want)
		}
	}
}

func TestSeveralInstances(t *testing.T) {
	var several told
	for i, name := range []string{"emea", "apac", "amer"} {
		several.event(receiving(name, int64(i+1)<<20, -1, 1000*(i+1)))
	}
	several.event(fetch.Event{Instance: "apac", Stage: fetch.Done, Customers: 2000})
	if got := several.text(100); got != "emea: 1 MiB, 1,000 customers so far | amer: 3 MiB, 3,000 customers so far" {
		t.Error(got)
	}
	if got := several.text(60); got != "1 of 3 instances: 6 MiB, 6,000 customers so far" {
		t.Error(got)
	}
	if got := several.fetched(); got != "" {
		t.Error(got)
	}
	several.event(fetch.Event{Instance: "emea", Stage: fetch.Failed})
	several.event(fetch.Event{Instance: "amer", Stage: fetch.Done, Customers: 3000})
	if got := several.fetched(); got != "3 instances: 6 MiB, 5,000 customers" || !several.idle() {
		t.Error(got)
	}
}

// Without a terminal there are lines: the first after a second, then ever
// more rarely, and one when all is there.
func TestLines(t *testing.T) {
	onScreen(t, 1000, Lines, func(t *testing.T, r *Reporter, s *screen) {
		r.Event(fetch.Event{Instance: "emea"})
		after(1100 * time.Millisecond)
		s.want(t, "after a second", "emea: asking")
		for second := range 600 {
			r.Event(receiving("emea", int64(second)<<10, -1, second))
			after(time.Second)
		}
		if n := len(s.text()); n < 10 || n > 16 {
			t.Errorf("%d lines in ten minutes: %q", n, s.text())
		}
		r.Event(fetch.Event{Instance: "emea", Stage: fetch.Done, Customers: 700})
		lines := s.text()
		if got := lines[len(lines)-1]; got != "emea: 599 KiB, 700 customers" {
			t.Errorf("last %q", got)
		}
		r.Step("applying the rules", 0, 0)
		r.Step("", 0, 0)
		after(time.Hour)
		s.want(t, "later", lines...)
	})
}

// Programs read each line as an object, and never a bar.
func TestJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{width: 10000}
		r := NewJSON(s, Bar, time.Now)
		defer r.Close()
		r.Event(receiving("emea", 30<<20, 40<<20, 12000))
		after(1100 * time.Millisecond)
		fmt.Fprintln(r, `{"msg":"of the log"}`)
		r.Step("writing \"a\"", 3, 12)
		after(10 * time.Second)
		lines := s.text()
		if len(lines) != 3 {
			t.Fatalf("%q", lines)
		}
		for i, want := range []map[string]any{
			{"msg": "emea: 30 MiB, 12,000 customers so far", "kind": "progress", "done": float64(30 << 20), "total": float64(40 << 20)},
			{"msg": "of the log"},
			{"msg": `writing "a", 3 of 12 done`, "kind": "progress", "done": 3.0, "total": 12.0},
		} {
			var got map[string]any
			if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
				t.Fatal(err)
			}
			for key, value := range want {
				if got[key] != value {
					t.Errorf("%s: %v, want %v", lines[i], got[key], value)
				}
			}
		}
	})
}

func TestQuick(t *testing.T) {
	for _, style := range []Style{Lines, Bar} {
		onScreen(t, 80, style, func(t *testing.T, r *Reporter, s *screen) {
			for range 9 {
				r.Event(receiving("emea", 5, 10, 1))
				after(100 * time.Millisecond)
			}
			r.Event(fetch.Event{Instance: "emea", Stage: fetch.Done, Customers: 2})
			r.Step("writing", 1, 2)
			r.Step("", 0, 0)
			r.Close()
			after(time.Hour)
			if got := s.text(); len(got) > 0 {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	onScreen(t, 80, Nothing, func(t *testing.T, r *Reporter, s *screen) {
		r.Event(fetch.Event{Instance: "emea"})
		after(time.Hour)
		r.Event(receiving("emea", 5, 10, 1))
		r.Step("writing", 1, 2)
		if got := s.text(); len(got) > 0 {
			t.Errorf("%q", got)
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	onScreen(t, 80, Bar, func(t *testing.T, r *Reporter, s *screen) {
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				for i := range 20 {
					r.Event(receiving(fmt.Sprint(n), int64(i), 100, i))
					r.Step("x", i, 100)
					fmt.Fprintln(r, "log")
					time.Sleep(time.Second)
				}
			})
		}
		all.Wait()
	})
}
