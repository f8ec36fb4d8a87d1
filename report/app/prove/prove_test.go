// Package prove holds an oracle: a second, deliberately plain implementation of
// what a report says, which shares no code with the program. The tests draw
// portfolios, run the whole program on them and compare what it shows, in the
// JSON, the CSV and the reopened workbooks, with what the oracle says.
package prove

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueup/fetch/fakeapi"
	"trueup/report/app"
)

// few is how many stories of each plan a plain go test draws, always the same
// ones; PROVE=10000 draws so many in all, and others each time.
const few = 60

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // small garbage, much of it
	checks, seed := few, "1"
	if testing.Short() {
		checks = few / 5
	}
	if s, ok := os.LookupEnv("PROVE"); ok {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Fprintln(os.Stderr, "PROVE is not a number of portfolios:", s)
			os.Exit(2)
		}
		checks, seed = (n+len(plans)-1)/len(plans), "0"
	}
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": strconv.Itoa(checks), "rapid.seed": seed} {
		if !given[name] {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	code := m.Run()
	fmt.Println(compared.String())
	if lacks := compared.lacks(); code == 0 && lacks != "" && !testing.Short() && !given["test.run"] {
		fmt.Println("FAIL: no portfolio had a finding that was", lacks)
		code = 1
	}
	os.Exit(code)
}

// plans are the kinds of stories: many customers in one month, months from
// files, and months from several instances.
var plans = map[string]plan{
	"one month": {months: 1, customers: 14, twins: true},
	"months":    {months: 4, customers: 5},
	"instances": {months: 3, customers: 4, live: true},
}

// tally counts what was compared, so that nobody takes an empty run for proof.
type tally struct {
	sync.Mutex
	portfolios, months, packs int
	steps                     map[string]int // findings that moved a figure
}

var compared = tally{steps: map[string]int{}}

func (c *tally) String() string {
	c.Lock()
	defer c.Unlock()
	s := fmt.Sprintf("%d portfolios, %d months and %d packs compared; findings that moved:", c.portfolios, c.months, c.packs)
	for _, step := range slices.Sorted(maps.Keys(c.steps)) {
		s += fmt.Sprintf(" %d %s,", c.steps[step], step)
	}
	return strings.TrimSuffix(s, ",")
}

// lacks names a movement that nothing was compared of; "" if all were there.
func (c *tally) lacks() string {
	for _, step := range []string{isNew, newCustomers, reopened, waiverEnded, judgedAgain, grown, shrunk, repriced, fixed, customersGone, newlyWaived, notJudgeable} {
		if c.steps[step] == 0 {
			return step
		}
	}
	return ""
}

func (c *tally) add(of *int, n int) {
	c.Lock()
	defer c.Unlock()
	*of += n
}

func TestShownIsTrue(t *testing.T) {
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) { proveStory(t, dir, drawStory(t, p)) })
		})
	}
}

// world is where a story happens: its folder and its instances.
type world struct {
	t       *rapid.T
	s       *story
	dir     string
	servers []*fakeapi.Server
}

func proveStory(t *rapid.T, dir string, s *story) {
	dir, err := os.MkdirTemp(dir, "story")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer os.RemoveAll(dir)
	w := &world{t: t, s: s, dir: dir}
	if s.live {
		w.start()
		defer w.stop()
	}
	var months []remembered
	for i := range s.months {
		m := &s.months[i]
		ran := w.run(m, fmt.Sprintf("month%d", i))
		months = w.compare(m, ran, months)
		if t.Failed() {
			t.Fatalf("in %s; the story:\n%s", m.day.Format(time.DateOnly), w.describe())
		}
	}
	compared.add(&compared.portfolios, 1)
	w.again(&s.months[len(s.months)-1])
}

// start lets each instance answer month by month.
func (w *world) start() {
	for i, name := range w.s.instances {
		var script fakeapi.Script
		for _, m := range w.s.months {
			a := fakeapi.Answer{Body: jsonList(m.lists[i])}
			if m.failed[name] {
				a = fakeapi.Answer{Status: 403, Body: "no"}
			}
			script.API = append(script.API, a)
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		w.servers = append(w.servers, fakeapi.Start(listener, script, io.Discard))
	}
}

func (w *world) stop() {
	for _, s := range w.servers {
		s.Close()
	}
}

// ran is a finished run.
type ran struct {
	dir, stdout string
	code        int
}

// run is a month's run: into its own folder, with the history of the story.
func (w *world) run(m *month, name string, more ...string) ran {
	w.t.Helper()
	in := filepath.Join(w.dir, name)
	w.write(filepath.Join(in, "waivers.yaml"), m.written.waiverFile())
	var urls []string
	for _, s := range w.servers {
		urls = append(urls, s.URL)
	}
	w.write(filepath.Join(in, "trueup.yaml"), w.s.settings(m, urls))
	formats := "csv,json,md"
	if w.s.workbook {
		formats += ",xlsx"
	}
	args := []string{"run", "--config", filepath.Join(in, "trueup.yaml"), "--out", filepath.Join(in, "out"), "--format", formats, "--allow-partial"}
	if len(m.written.waivers) > 0 {
		args = append(args, "--waivers", filepath.Join(in, "waivers.yaml"))
	}
	if m.written.contacts != nil {
		w.write(filepath.Join(in, "contacts.csv"), m.written.contactsFile())
		args = append(args, "--contacts", filepath.Join(in, "contacts.csv"), "--split-by", "manager")
	}
	if w.s.ownRule {
		w.write(filepath.Join(in, "own.yaml"), ownRuleFile)
		args = append(args, "--rules", filepath.Join(in, "own.yaml"))
	}
	if w.s.history {
		args = append(args, "--history", filepath.Join(w.dir, "history"))
	}
	if !w.s.live && len(more) == 0 {
		w.write(filepath.Join(in, "customers.json"), jsonList(m.lists[0]))
		more = []string{"--input", filepath.Join(in, "customers.json"), "--as-of", m.day.Format(time.RFC3339)}
	}
	return w.trueup(m.day, filepath.Join(in, "out"), append(args, more...))
}

func (w *world) trueup(now time.Time, out string, args []string) ran {
	var stdout, stderr bytes.Buffer
	program := &app.Program{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: func() time.Time { return now }, Version: "test",
		Env: func(name string) (string, bool) { return map[string]string{"TOKEN": "token"}[name], name == "TOKEN" }}
	code := program.Main(context.Background(), args)
	if code != 0 && code != 3 {
		w.t.Fatalf("trueup %s: exit %d\n%s\nthe story:\n%s", strings.Join(args, " "), code, stderr.String(), w.describe())
	}
	return ran{out, stdout.String(), code}
}

func (w *world) write(path, text string) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatalf("%v", err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatalf("%v", err)
	}
}

// describe is a story as people can run it.
func (w *world) describe() string {
	var b strings.Builder
	for i := range w.s.months {
		m := &w.s.months[i]
		fmt.Fprintf(&b, "--- as of %s", m.day.Format(time.RFC3339))
		for name := range m.failed {
			fmt.Fprintf(&b, ", %s is down", name)
		}
		fmt.Fprintf(&b, "\n%s", w.s.settings(m, slices.Repeat([]string{""}, len(w.s.instances))))
		if len(m.written.waivers) > 0 {
			b.WriteString(m.written.waiverFile())
		}
		if m.written.contacts != nil {
			b.WriteString(m.written.contactsFile())
		}
		for at, l := range m.lists {
			fmt.Fprintf(&b, "customers %s: %s\n", w.s.instances[at], jsonList(l))
		}
	}
	return b.String()
}

// again runs the last month once more. From its snapshot, or with the customers
// in another order, no byte changes; with the connections of each in another
// order no figure does.
func (w *world) again(m *month) {
	first := filepath.Join(w.dir, fmt.Sprintf("month%d", len(w.s.months)-1), "out")
	how := pick(w.t, "again", "from the snapshot", "customers shuffled", "connections shuffled")
	if how == "from the snapshot" || w.s.live {
		snapshot := filepath.Join(first, "snapshot-"+day(m.day)+".json.gz")
		w.sameBytes(how, first, w.run(m, "again", "--input", snapshot).dir)
		return
	}
	shuffled := m.shuffled(w.t, how == "connections shuffled")
	second := w.run(&shuffled, "again").dir
	if how == "customers shuffled" {
		w.sameBytes(how, first, second)
		return
	}
	w.sameFigures(first, second, m.day)
}

func (w *world) sameBytes(how, first, second string) {
	a, b := w.files(first), w.files(second)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !bytes.Equal(a[name], b[name]) {
			w.t.Errorf("%s: %s is another file", how, name)
		}
	}
	if len(a) != len(b) || w.t.Failed() {
		w.t.Fatalf("%s: %d files, and %d; the story:\n%s", how, len(a), len(b), w.describe())
	}
}

func (w *world) files(dir string) map[string][]byte {
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		all[strings.TrimPrefix(path, dir)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return all
}

// place is where a connection stands on its list, as problems name it.
var place = regexp.MustCompile(`\[[0-9]+\]`)

// sameFigures compares two JSON reports but for the order of their lists. Of
// connections with one id, or none, nobody can tell which of them is new: what
// a finding is, and since when there is one of its identity, is compared apart.
func (w *world) sameFigures(first, second string, of time.Time) {
	read := func(dir string) (all []string) {
		d := readJSON(w.t, filepath.Join(dir, reportName(of, ".json")))
		delete(d, "hashes")
		for name, value := range d {
			rows, ok := value.([]any)
			if !ok {
				rows = []any{value}
			}
			for _, r := range rows {
				values, history := flat(r), map[string]string{}
				if name == "findings" {
					for _, key := range []string{"change", "since", "movement"} {
						history[key] = values[key]
						delete(values, key)
					}
					all = append(all, fmt.Sprint(name, history, values["rule"], values["customer.instance"], values["customer.guid"], values["sipConnection.id"]))
				}
				all = append(all, place.ReplaceAllString(fmt.Sprint(name, values), ""))
			}
		}
		slices.Sort(all)
		return all
	}
	a, b := read(first), read(second)
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			w.t.Fatalf("connections in another order give other figures:\n%s\nand\n%s\nthe story:\n%s", a[min(i, len(a)-1)], b[min(i, len(b)-1)], w.describe())
		}
	}
}

func reportName(of time.Time, suffix string) string {
	return "license-compliance-" + of.UTC().Format(time.DateOnly) + suffix
}
