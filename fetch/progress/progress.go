// Package progress shows on stderr how far a run is, in one line that is never
// wider than the terminal. A quick run shows nothing.
package progress

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Style is how progress is shown.
type Style uint8

// The styles. Lines suit logs: the first after a second, then ever more rarely.
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
	case mode == "always" || Terminal(stderr):
		return Bar
	}
	return Lines
}

// file is what a terminal is known by.
type file interface{ Fd() uintptr }

// Terminal tells whether people read on a terminal what is written.
func Terminal(w io.Writer) bool {
	f, ok := w.(file)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Columns tells how wide the terminal is now; 0 if it is none.
func Columns(w io.Writer) int {
	f, ok := w.(file)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

const (
	quick      = time.Second            // a run that takes no longer shows nothing
	redraw     = 100 * time.Millisecond // at least, between two drawings of the bar
	tick       = 250 * time.Millisecond // after which the bar is drawn although nothing was told
	firstPause = 5 * time.Second        // between two lines; each further pause is twice as long
	lastPause  = time.Minute
	lineWidth  = 160 // of lines
	unknown    = 80  // columns of a terminal that does not say
)

// Reporter shows what it is told. Its methods may be called from several
// goroutines.
type Reporter struct {
	mu      sync.Mutex
	out     io.Writer
	style   Style
	now     func() time.Time
	columns func() int   // of the terminal, asked at each drawing
	log     *slog.Logger // of lines, where programs read them; else nil

	told told
	bar  bar

	begun time.Time // when it was told something first
	shown time.Time // when it showed something last
	pause time.Duration
	width int         // of the line on the screen, 0 if there is none
	timer *time.Timer // for times at which nothing is told
}

// New writes to out, usually stderr. now is the clock.
func New(out io.Writer, style Style, now func() time.Time) *Reporter {
	return &Reporter{out: out, style: style, now: now, columns: func() int { return Columns(out) }, pause: firstPause}
}

// NewJSON writes each line that Lines has as a JSON object, for programs.
func NewJSON(out io.Writer, style Style, now func() time.Time) *Reporter {
	r := New(out, min(style, Lines), now)
	r.log = slog.New(slog.NewJSONHandler(out, nil))
	return r
}

// Event takes what fetch.Options.Progress is given.
func (r *Reporter) Event(e fetch.Event) {
	r.tell(func() {
		r.told.event(e)
		if text := r.told.fetched(); text != "" && !r.shown.IsZero() && r.style == Lines {
			r.say(text)
		}
	})
}

// Step says what is done after the fetching, and how far that is: done of
// total, which is 0 if nobody knows. Without a text nothing is done any more.
func (r *Reporter) Step(text string, done, total int) {
	r.tell(func() { r.told.step, r.told.done, r.told.total = text, int64(done), int64(total) })
}

func (r *Reporter) tell(change func()) {
	if r.style == Nothing {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun.IsZero() {
		r.begun = r.now()
		r.timer = time.AfterFunc(quick, r.tick)
	}
	change()
	r.show()
}

// tick keeps the line moving while nothing is told.
func (r *Reporter) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.show()
		r.timer.Reset(tick)
	}
}

// show shows how far everything is, if it is time to.
func (r *Reporter) show() {
	now := r.now()
	switch {
	case r.told.idle():
		r.clear()
	case now.Sub(r.begun) < quick:
	case r.style == Bar && now.Sub(r.shown) >= redraw:
		r.draw()
		r.shown = now
	case r.style == Lines && r.shown.IsZero():
		r.say(r.told.text(lineWidth))
	case r.style == Lines && now.Sub(r.shown) >= r.pause:
		r.say(r.told.text(lineWidth))
		r.pause = min(2*r.pause, lastPause)
	}
}

func (r *Reporter) say(text string) {
	if done, total := r.told.part(); r.log == nil {
		fmt.Fprintln(r.out, text)
	} else {
		r.log.Info(text, "kind", "progress", "done", done, "total", total) // total is 0 if nobody knows
	}
	r.shown = r.now()
}

// room is how many columns the line may take: in the last one some terminals
// begin a new line.
func (r *Reporter) room() int {
	width := r.columns()
	if width <= 0 {
		width = unknown
	}
	return max(width-1, 1)
}

// draw puts the line over the one that is there.
func (r *Reporter) draw() {
	room := r.room()
	line := cut(r.bar.render(&r.told, room), room)
	width := uniseg.StringWidth(line)
	fmt.Fprint(r.out, "\r", line, strings.Repeat(" ", max(0, min(r.width, room)-width)))
	r.width = width
}

func (r *Reporter) clear() {
	if r.width > 0 {
		fmt.Fprint(r.out, "\r", strings.Repeat(" ", min(r.width, r.room())), "\r")
		r.width = 0
	}
}

// Close takes the line away, for good.
func (r *Reporter) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.clear()
	r.style = Nothing
}

// Write takes the line away and writes, for a log that goes to the same
// terminal. The line comes back below.
func (r *Reporter) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	return r.out.Write(p)
}

// told is what the reporter was told last.
type told struct {
	instances   []fetch.Event // one for each
	step        string        // after the fetching; "" if there is none
	done, total int64
}

// event remembers an event. The last one of an instance does not say how much
// came, those before do.
func (t *told) event(e fetch.Event) {
	e.Instance = plain.Text(e.Instance)
	i := slices.IndexFunc(t.instances, func(known fetch.Event) bool { return known.Instance == e.Instance })
	if i < 0 {
		t.instances = append(t.instances, e)
		return
	}
	if e.Stage >= fetch.Done {
		e.Bytes = t.instances[i].Bytes
	}
	t.instances[i] = e
}

func (t *told) idle() bool { return t.step == "" && t.busy() == 0 }

// busy is how many instances are still asked.
func (t *told) busy() (n int) {
	for _, e := range t.instances {
		if e.Stage < fetch.Done {
			n++
		}
	}
	return n
}

// part is how much of how much is done; total is 0 if nobody knows.
func (t *told) part() (done, total int64) {
	switch {
	case t.step != "":
		return t.done, t.total
	case len(t.instances) == 1:
		return t.instances[0].Bytes, max(0, t.instances[0].Total)
	}
	return 0, 0
}

// text says in at most so many columns what is done.
func (t *told) text(room int) string {
	if t.step != "" {
		if t.total == 0 {
			return cut(t.step, room)
		}
		return named(t.step, fmt.Sprintf(", %s of %s done", plain.Number(t.done), plain.Number(t.total)), room)
	}
	if len(t.instances) == 1 {
		e := t.instances[0]
		return named(e.Instance, ": "+state(e), room)
	}
	var states []string
	for _, e := range t.instances {
		if e.Stage < fetch.Done {
			states = append(states, e.Instance+": "+state(e))
		}
	}
	if all := strings.Join(states, " | "); uniseg.StringWidth(all) <= room {
		return all
	}
	return cut(fmt.Sprintf("%d of %s: %s so far", len(t.instances)-t.busy(), plain.Counted(len(t.instances), "instance"), amount(t.instances...)), room)
}

// fetched says what came, once all has.
func (t *told) fetched() string {
	switch {
	case t.busy() > 0:
		return ""
	case len(t.instances) == 1:
		return named(t.instances[0].Instance, ": "+amount(t.instances...), lineWidth)
	}
	return plain.Counted(len(t.instances), "instance") + ": " + amount(t.instances...)
}

// state is one instance in a few words.
func state(e fetch.Event) string {
	switch e.Stage {
	case fetch.Waiting:
		return fmt.Sprintf("try %d in %v", e.Try+1, e.Wait.Round(time.Second))
	case fetch.Receiving:
		return amount(e) + " so far"
	}
	return "asking"
}

// amount is what came of some instances: customers are not counted while some
// files are read.
func amount(instances ...fetch.Event) string {
	bytes, customers := int64(0), 0
	for _, e := range instances {
		bytes += e.Bytes
		customers += e.Customers
	}
	if customers == 0 {
		return plain.Bytes(bytes)
	}
	return plain.Bytes(bytes) + ", " + plain.Counted(customers, "customer")
}

// named is a text after a name, which is cut first.
func named(name, rest string, room int) string {
	return cut(cut(name, max(8, room-uniseg.StringWidth(rest)))+rest, room)
}

// cut is as much of a text as some columns have room for, with … if that is
// not all.
func cut(s string, room int) string {
	if uniseg.StringWidth(s) <= room {
		return s
	}
	var b strings.Builder
	for characters, width := uniseg.NewGraphemes(s), 0; characters.Next(); {
		if width += characters.Width(); width > room-1 {
			break
		}
		b.WriteString(characters.Str())
	}
	return b.String() + "…"
}
