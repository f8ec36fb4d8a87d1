package deliver

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// set is one run's files.
type set struct {
	version, day string
	files        map[string]string
}

// scenario is an earlier set, none if it has no version, the set that replaces
// it, and what else is in the folder.
type scenario struct {
	name     string
	old, new set
	others   map[string]string
}

func scenarios() []scenario {
	return []scenario{
		{
			name: "fewer formats and other packs on the same day",
			old: set{"old", "2026-11-01", map[string]string{
				"a-2026-11-01.xlsx": "old book", "a-2026-11-01.csv": "old list", "same-2026-11-01.md": "same",
				"managers/ana/a-2026-11-01-ana.xlsx": "old pack", "managers/gone/a-2026-11-01-gone.xlsx": "pack that goes",
				"managers/kept/a-2026-11-01-kept.xlsx": "pack that goes, not alone",
			}},
			new: set{"new", "2026-11-01", map[string]string{
				"a-2026-11-01.xlsx": "new book", "same-2026-11-01.md": "same",
				"managers/ana/a-2026-11-01-ana.xlsx": "new pack", "managers/come/a-2026-11-01-come.xlsx": "pack that comes",
			}},
			others: map[string]string{"managers/kept/mine.txt": "mine", "b-2026-11-01.csv": "listed by no manifest", ".trueup-fetch-emea.journal": "to be resumed"},
		},
		{
			name:   "another day",
			old:    set{"old", "2026-10-01", map[string]string{"a-2026-10-01.xlsx": "october", "managers/ana/a-2026-10-01.xlsx": "october too"}},
			new:    set{"new", "2026-11-01", map[string]string{"a-2026-11-01.xlsx": "november", "managers/ana/a-2026-11-01.xlsx": "november too"}},
			others: map[string]string{"mail-ledger.jsonl": "{}"},
		},
		{
			name: "first run",
			new:  set{"new", "2026-11-01", map[string]string{"a-2026-11-01.xlsx": "first", "managers/ana/a-2026-11-01.xlsx": "first too"}},
		},
	}
}

// writeSet does what a run does with its files.
func writeSet(dir string, s set, hook func(string) error) error {
	f, err := open(dir, options{hook: hook})
	if err != nil {
		return err
	}
	defer f.Close()
	earlier, _ := ReadManifest(dir)
	var list []File
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		list = append(list, File{Name: name, Write: text(s.files[name])})
	}
	b, err := f.Prepare(context.Background(), list)
	if err != nil {
		return err
	}
	m := Manifest{Schema: manifestSchema, Version: s.version, Files: b.Entries}
	if err := b.Add(context.Background(), File{Name: ManifestName, Write: m.Write}); err != nil {
		return err
	}
	return b.Commit(earlier.Outdated(s.day)...)
}

// reopen is the next command that writes into the folder, as far as that it
// is opened.
func reopen(dir string, hook func(string) error) error {
	f, err := open(dir, options{hook: hook})
	if err == nil {
		f.Close()
	}
	return err
}

// tree is everything in a folder: files with their content, and folders.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			all[name+"/"] = ""
			return nil
		}
		if d.Type() == fs.ModeSymlink {
			all[name], err = os.Readlink(filepath.Join(dir, name))
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// visible is what a tree has for its readers: neither our own files nor
// folders.
func visible(tree map[string]string) map[string]string {
	tree = maps.Clone(tree)
	maps.DeleteFunc(tree, func(name, _ string) bool {
		return strings.HasSuffix(name, "/") || strings.HasPrefix(path.Base(name), setPrefix) && !strings.Contains(name, "fetch")
	})
	return tree
}

// stage is a scenario with what the folder must be like before and after.
type stage struct {
	scenario
	before, after map[string]string
	dir           string // is as before
}

func staged(t testing.TB, s scenario) stage {
	dir := fastDir(t)
	for name, text := range s.others {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if s.old.version != "" {
		if err := writeSet(dir, s.old, nil); err != nil {
			t.Fatal(err)
		}
	}
	out := stage{scenario: s, before: tree(t, dir), dir: dir}
	after := clone(t, dir)
	if err := writeSet(after, s.new, nil); err != nil {
		t.Fatal(err)
	}
	out.after = tree(t, after)
	want := whole(s.others, s.new.files)
	if s.old.day != s.new.day {
		maps.Copy(want, whole(s.old.files))
	}
	want[ManifestName] = out.after[ManifestName]
	if !maps.Equal(out.after, want) || !strings.Contains(want[ManifestName], `"version": "new"`) {
		t.Fatalf("a run gives %q\nwant %q", out.after, want)
	}
	return out
}

// whole is some files with the folders that they are in.
func whole(sets ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, files := range sets {
		for name, text := range files {
			all[name] = text
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				all[dir+"/"] = ""
			}
		}
	}
	return all
}

// is tells which set a tree is, "" if it is a mixture or has anything else.
func (s stage) is(tree map[string]string) string {
	switch {
	case maps.Equal(tree, s.before):
		return "old"
	case maps.Equal(tree, s.after):
		return "new"
	}
	return ""
}

// fastDir is a folder in memory, where there is one: thousands of runs need not
// wait for the disk.
func fastDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "trueup")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// clone copies a folder; a file of two names stays one.
func clone(t testing.TB, from string) string {
	t.Helper()
	to := fastDir(t)
	var infos []fs.FileInfo
	var paths []string
	err := fs.WalkDir(os.DirFS(from), ".", func(name string, d fs.DirEntry, err error) error {
		target := filepath.Join(to, name)
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			return os.Mkdir(target, 0o700)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(infos, func(other fs.FileInfo) bool { return os.SameFile(info, other) }); at >= 0 {
			return os.Link(paths[at], target)
		}
		infos, paths = append(infos, info), append(paths, target)
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

var errKilled = errors.New("killed")

// plot is what happens to a run: from its step kill on nothing happens any
// more; the steps fail, and those that begin with failing, do not happen.
type plot struct {
	kill    int
	fail    []int
	failing string

	mu    sync.Mutex
	steps []string
}

func (p *plot) hook(step string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps = append(p.steps, step)
	n := len(p.steps)
	switch {
	case p.kill > 0 && n >= p.kill:
		return errKilled
	case slices.Contains(p.fail, n):
		return syscall.ENOSPC
	case p.failing != "" && strings.HasPrefix(step, p.failing):
		return errors.ErrUnsupported
	}
	return nil
}

// step is where the plot struck.
func (p *plot) step() string {
	at := p.kill
	if at == 0 {
		at = p.fail[len(p.fail)-1]
	}
	return p.steps[min(at, len(p.steps))-1]
}

// struck tells whether the run got as far as to the kill or the last fault.
func (p *plot) struck() bool {
	return p.kill > 0 && len(p.steps) >= p.kill || p.kill == 0 && len(p.steps) >= p.fail[len(p.fail)-1]
}

// A run that is killed at any step leaves the old set or the new one to the
// next command, and to the next run a folder without leftovers.
func TestKilledAtEachStep(t *testing.T) {
	for _, s := range scenarios() {
		for _, failing := range []string{"", "keep: link"} { // as on file systems without links
			t.Run(s.name+failing, func(t *testing.T) {
				s := staged(t, s)
				outcomes := map[string]int{}
				for n := 1; ; n++ {
					dir := clone(t, s.dir)
					p := &plot{kill: n, failing: failing}
					err := writeSet(dir, s.new, p.hook)
					if !p.struck() {
						if err != nil || s.is(tree(t, dir)) != "new" {
							t.Errorf("not killed: %v", err)
						}
						break
					}
					outcomes[s.checkRecovered(t, dir, p.step())]++
				}
				if outcomes["old"] < 5 || outcomes["new"] < 5 {
					t.Errorf("outcomes %v: not all kinds of steps were met", outcomes)
				}
			})
		}
	}
}

// checkRecovered has the folder of a killed run read, and then written into,
// and says which set it has.
func (s stage) checkRecovered(t *testing.T, dir, what string) string {
	t.Helper()
	if _, err := Recover(dir); err != nil {
		t.Errorf("%s: recover: %v", what, err)
	}
	read := visible(tree(t, dir))
	if err := reopen(dir, nil); err != nil {
		t.Errorf("%s: open: %v", what, err)
	}
	got := tree(t, dir)
	which := s.is(got)
	if which == "" {
		t.Errorf("%s: neither the old nor the new set: %q", what, got)
	}
	if !maps.Equal(read, visible(got)) {
		t.Errorf("%s: a command that reads saw another set: %q", what, read)
	}
	return which
}

// Killed while it puts files in place, killed while it recovers, and killed
// while it recovers from that.
func TestKilledInRecovery(t *testing.T) {
	s := staged(t, scenarios()[0])
	for n := 1; ; n++ {
		dir := clone(t, s.dir)
		first := &plot{kill: n}
		writeSet(dir, s.new, first.hook)
		if !first.struck() {
			break
		}
		for m := 1; ; m++ {
			again := clone(t, dir)
			second := &plot{kill: m}
			reopen(again, second.hook)
			if !second.struck() {
				break
			}
			third := &plot{kill: 1 + (n*7+m*3)%20}
			reopen(again, third.hook)
			s.checkRecovered(t, again, first.step()+"; "+second.step())
		}
	}
}

// A step that fails leaves the old set and nothing else, if the run says that
// it failed, and else the new one.
func TestFaultAtEachStep(t *testing.T) {
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			s := staged(t, s)
			for n := 1; ; n++ {
				dir := clone(t, s.dir)
				p := &plot{fail: []int{n}}
				err := writeSet(dir, s.new, p.hook)
				if !p.struck() {
					break
				}
				hint := (interface{ Hint() string })(nil)
				switch {
				case err == nil:
					if got := tree(t, dir); !maps.Equal(visible(got), visible(s.after)) {
						t.Errorf("%s: no error, and %q", p.step(), got)
					}
				case s.is(tree(t, dir)) != "old":
					t.Errorf("%s: %v, and %q", p.step(), err, tree(t, dir))
				case !errors.Is(err, syscall.ENOSPC), !strings.Contains(err.Error(), dir), !errors.As(err, &hint), hint.Hint() == "":
					t.Errorf("%s: the error does not say what failed where and what now: %v", p.step(), err)
				}
				if which := s.checkRecovered(t, dir, p.step()); (which == "new") != (err == nil) {
					t.Errorf("%s: error %v, then %s set", p.step(), err, which)
				}
			}
		})
	}
}

// Where going back fails too, the error says so, and the next run makes the
// folder whole; as it does if the run is killed on its way back.
func TestFaultInGoingBack(t *testing.T) {
	s := staged(t, scenarios()[0])
	halves := 0
	for n, met := 1, true; met; n++ {
		for m := n + 1; ; m++ {
			dir, killed := clone(t, s.dir), clone(t, s.dir)
			p := &plot{fail: []int{n, m}}
			err := writeSet(dir, s.new, p.hook)
			if met = len(p.steps) >= n; !p.struck() {
				break
			}
			which := s.checkRecovered(t, dir, p.step())
			if half := (*unfinished)(nil); errors.As(err, &half) {
				halves++
				if half.Hint() == "" || !strings.Contains(err.Error(), dir) {
					t.Errorf("%s: %v", p.step(), err)
				}
			} else if (which == "new") != (err == nil) {
				t.Errorf("%s: error %v, then %s set", p.step(), err, which)
			}
			p = &plot{fail: []int{n}, kill: m}
			writeSet(killed, s.new, p.hook)
			s.checkRecovered(t, killed, p.step())
		}
	}
	if halves < 5 {
		t.Errorf("only %d runs could neither finish nor go back", halves)
	}
}

// What the new set consists of may be lost before it is in place.
func TestTemporaryLost(t *testing.T) {
	s := staged(t, scenarios()[0])
	for n := 1; ; n++ {
		dir := clone(t, s.dir)
		p := &plot{kill: n}
		writeSet(dir, s.new, p.hook)
		if !p.struck() {
			break
		}
		data, err := os.ReadFile(filepath.Join(dir, begun.file()))
		if err != nil {
			continue
		}
		j, err := parseJournal(data)
		if err != nil {
			t.Fatal(err)
		}
		last := j.Moves[slices.IndexFunc(j.Moves, func(m move) bool { return m.Name == ManifestName })]
		if _, err := os.Stat(filepath.Join(dir, last.Temp)); err != nil {
			continue // in place
		}
		put(t, filepath.Join(dir, last.Temp), "torn")
		if which := s.checkRecovered(t, dir, p.step()); which != "old" {
			t.Errorf("%s: %s set, although its manifest was lost", p.step(), which)
		}
	}
}
