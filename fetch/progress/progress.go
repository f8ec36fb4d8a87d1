// Package progress shows on stderr how far the fetching is.
package progress

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Style is how progress is shown.
type Style uint8

// The styles. Lines suit logs: one at the start, one each few seconds, one at the end.
const (
	Nothing Style = iota
	Lines
	Bar
)

// Choose picks the style for --progress auto, always or never, and --quiet.
// Auto draws a bar on a terminal and writes lines elsewhere.
func Choose(mode string, quiet bool, stderr io.Writer) Style {
	switch {
	case quiet || mode == "never":
		return Nothing
	case mode == "always" || terminal(stderr):
		return Bar
	}
	return Lines
}

func terminal(w io.Writer) bool {
	f, ok := w.(interface{ Fd() uintptr })
	return ok && isatty.IsTerminal(f.Fd())
}

// every is the time between two lines about one instance.
const every = 5 * time.Second

// Reporter shows events. Its methods may be called from several goroutines.
type Reporter struct {
	mu       sync.Mutex
	out      io.Writer
	style    Style
	now      func() time.Time
	throttle time.Duration        // between two drawings of the bar
	latest   []fetch.Event        // one for each instance
	told     map[string]time.Time // when the last line about an instance was written
	bar      *progressbar.ProgressBar
	total    int64 // for which bar was made
}

// New writes to out, usually stderr. now is the clock, for the time between lines.
func New(out io.Writer, style Style, now func() time.Time) *Reporter {
	return &Reporter{out: out, style: style, now: now, throttle: 100 * time.Millisecond, told: map[string]time.Time{}}
}

// Event takes what fetch.Options.Progress is given.
func (r *Reporter) Event(e fetch.Event) {
	if r.style == Nothing {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	before, known := r.keep(e)
	switch {
	case !known:
		r.line("%s: asking for the customers", e.Instance)
		r.told[e.Instance] = r.now()
	case e.Stage == fetch.Done:
		r.line("%s: %s, %s", e.Instance, plain.Counted(e.Customers, "customer"), plain.Bytes(before.Bytes))
	case r.style == Lines && e.Stage == fetch.Receiving && r.now().Sub(r.told[e.Instance]) >= every:
		r.line("%s", state(e))
		r.told[e.Instance] = r.now()
	}
	if r.style == Bar {
		r.draw()
	}
}

// keep remembers the event and returns the one before it.
func (r *Reporter) keep(e fetch.Event) (before fetch.Event, known bool) {
	i := slices.IndexFunc(r.latest, func(l fetch.Event) bool { return l.Instance == e.Instance })
	if i < 0 {
		r.latest = append(r.latest, e)
		return e, false
	}
	before, r.latest[i] = r.latest[i], e
	return before, true
}

// Close takes the bar away.
func (r *Reporter) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	r.bar = nil
}

// Write takes the bar away, writes, and lets the next event draw it again: for
// a log that goes to the same terminal.
func (r *Reporter) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	return r.out.Write(p)
}

func (r *Reporter) line(format string, args ...any) {
	r.clear()
	fmt.Fprintf(r.out, format+"\n", args...)
}

func (r *Reporter) clear() {
	if r.bar != nil {
		r.bar.Clear() // a report does not fail because stderr cannot be written
	}
}

// draw brings the bar up to date: one for all instances, a spinner unless the
// size of the only answer is known.
func (r *Reporter) draw() {
	total := int64(-1)
	if len(r.latest) == 1 && r.latest[0].Total > 0 {
		total = r.latest[0].Total
	}
	var bytes int64
	var busy []string
	for _, e := range r.latest {
		bytes += e.Bytes
		if e.Stage < fetch.Done {
			busy = append(busy, state(e))
		}
	}
	if len(busy) == 0 {
		r.clear()
		return
	}
	if r.bar == nil || r.total != total {
		r.clear()
		r.total = total
		r.bar = r.newBar(total)
	}
	r.bar.Describe(strings.Join(busy, " | "))
	if total > 0 {
		bytes = min(bytes, total-1) // a full bar would end before the list is decoded
	}
	r.bar.Set64(bytes)
}

func (r *Reporter) newBar(total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(r.out),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionSetWidth(20),
		progressbar.OptionThrottle(r.throttle),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine that draws over other output
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionClearOnFinish(),
	)
}

// state is one instance in a few words.
func state(e fetch.Event) string {
	switch e.Stage {
	case fetch.Waiting:
		return fmt.Sprintf("%s: try %d in %v", e.Instance, e.Try+1, e.Wait.Round(time.Second))
	case fetch.Receiving:
		return fmt.Sprintf("%s: %s, %s so far", e.Instance, plain.Bytes(e.Bytes), plain.Counted(e.Customers, "customer"))
	}
	return e.Instance + ": asking"
}
