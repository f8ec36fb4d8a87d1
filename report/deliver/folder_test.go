package deliver

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTwoRunsAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reports")
	first := opened(t, dir)
	if info, err := os.Stat(filepath.Join(dir, ".trueup-lock")); err != nil || info.Size() != 0 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("lock %v, error %v", info, err)
	}
	busy := (*Busy)(nil)
	if _, err := OpenFolder(dir, 0); !errors.As(err, &busy) || err.Error() != "another run is writing into "+dir || busy.Hint() == "" {
		t.Errorf("error %v", err)
	}
	if repaired, err := Recover(dir); err != nil || repaired != "" {
		t.Errorf("a folder that is whole may be read meanwhile: %q, %v", repaired, err)
	}
	put(t, filepath.Join(dir, begun.file()), "whatever")
	if _, err := Recover(dir); !errors.As(err, &busy) {
		t.Errorf("one that is not must wait: %v", err)
	}
	os.Remove(filepath.Join(dir, begun.file()))
	first.Close()
	opened(t, dir).Close()
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that was made for nothing stays: %v", err)
	}
}

// Whoever removes the lock of a run lets others in: it must not do the same to
// them when it ends.
func TestLockRemoved(t *testing.T) {
	dir := t.TempDir()
	first := opened(t, dir)
	if err := os.Remove(filepath.Join(dir, ".trueup-lock")); err != nil {
		t.Skip("a file in use cannot be removed here:", err)
	}
	opened(t, dir)
	first.Close()
	if busy := (*Busy)(nil); !errors.As(reopen(dir, nil), &busy) {
		t.Error("two runs have the folder")
	}
}

// However many runs begin and end at once, one has the folder at a time,
// although each removes the lock when it ends.
func TestManyRunsAtOnce(t *testing.T) {
	dir := t.TempDir()
	var inside, had atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				f, err := OpenFolder(dir, 0)
				if busy := (*Busy)(nil); errors.As(err, &busy) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				had.Add(1)
				if inside.Add(1) > 1 {
					t.Error("two runs have the folder")
				}
				runtime.Gosched()
				inside.Add(-1)
				f.Close()
			}
		})
	}
	group.Wait()
	if had.Load() == 0 {
		t.Error("no run had the folder")
	}
}

func TestModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	for _, test := range []struct{ given, file, folder fs.FileMode }{
		{0, 0o600, 0o700}, {0o640, 0o640, 0o750}, {0o644, 0o644, 0o755}, {0o666, 0o666, 0o777}, // whatever the umask
	} {
		top := t.TempDir()
		dir := filepath.Join(top, "x", "reports")
		if err := os.Mkdir(filepath.Join(top, "x"), 0o711); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFolder(dir, test.given)
		if err != nil {
			t.Fatal(err)
		}
		b, err := f.Prepare(t.Context(), []File{{Name: "a", Write: text("a")}, {Name: "managers/ana/a", Write: text("a")}})
		if err != nil || b.Commit() != nil {
			t.Fatal(err)
		}
		f.Close()
		if err := WriteOne(t.Context(), filepath.Join(dir, "one"), test.given, text("x")); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]fs.FileMode{"..": 0o711, ".": test.folder, "managers": test.folder, "managers/ana": test.folder,
			"a": test.file, "managers/ana/a": test.file, "one": test.file} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
				t.Errorf("mode %o: %s has %v, want %o", test.given, name, info.Mode(), want)
			}
		}
	}
}

// What a kill left goes; what only looks alike stays.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	const random = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	stay := []string{".trueup-" + random, ".trueup-abcdefghijklmnopqrstuvwxyz.tmp", ".trueup-x-" + random + ".tmp", "trueup-" + random + ".tmp",
		".trueup-fetch-emea.journal", ".a.xlsx.1.tmp", "a.tmp", ".trueup-" + random + "A.tmp"}
	for _, name := range stay {
		put(t, filepath.Join(dir, name), "")
	}
	stay = append(stay, "managers")
	folder := ".trueup-" + strings.ToUpper(strings.Repeat("f", 26)) + ".tmp"
	if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
		t.Fatal(err)
	}
	stay = append(stay, folder)
	put(t, filepath.Join(dir, "managers", ".trueup-"+random+".tmp"), "") // no run puts one there
	put(t, filepath.Join(dir, ".trueup-"+random+".tmp"), "half")
	if os.Geteuid() == 0 {
		stay = append(stay, ".trueup-QRSTUVWXYZABCDEFGHIJKLMNOP.tmp")
		put(t, filepath.Join(dir, stay[len(stay)-1]), "another user's")
		if err := os.Chown(filepath.Join(dir, stay[len(stay)-1]), 65534, -1); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, ".trueup-lock"), "") // of a killed run: nobody has it
	opened(t, dir).Close()
	slices.Sort(stay)
	if got := names(t, dir); !slices.Equal(got, stay) {
		t.Errorf("left are %q, want %q", got, stay)
	}
}

// Whatever somebody puts where a run writes: nothing outside the folder
// changes, and the old set stands unless the new one does.
func TestPlanted(t *testing.T) {
	link := func(target string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			os.RemoveAll(path)
			if err := os.Symlink(target, path); err != nil {
				t.Skip("no links here:", err)
			}
		}
	}
	folder := func(t *testing.T, path string) {
		os.RemoveAll(path)
		put(t, filepath.Join(path, "mine"), "mine")
	}
	for _, test := range []struct {
		name, at string
		plant    func(t *testing.T, path string)
		want     string // of the error; "" if the new set must stand
	}{
		{"a link to a file for a file", "a-2026-11-01.xlsx", link("../outside/file"), ""},
		{"a link to nothing for a file", "a-2026-11-01.xlsx", link("../outside/new"), ""},
		{"a folder for a file", "a-2026-11-01.xlsx", folder, "replace DIR/a-2026-11-01.xlsx: is a directory"},
		{"a folder for the manifest", ManifestName, folder, "replace DIR/manifest.json: is a directory"},
		{"a link to a folder for that of the packs", "managers", link("../outside"), "replace DIR/managers/ana/a-2026-11-01-ana.xlsx: path escapes"},
		{"a link to a folder for a pack's", "managers/come", link("../../outside"), "managers/come/a-2026-11-01-come.xlsx: path escapes"},
		{"a file for the folder of the packs", "managers", func(t *testing.T, path string) { os.RemoveAll(path); put(t, path, "mine") }, "managers/ana/a-2026-11-01-ana.xlsx: not a directory"},
		{"a link for the lock", ".trueup-lock", link("../outside/file"), "lock DIR/.trueup-lock: path escapes"},
		{"a link within the folder for the lock", ".trueup-lock", link("mine.txt"), "lock DIR/.trueup-lock: it is a link"},
		{"a folder for the lock", ".trueup-lock", folder, "lock DIR/.trueup-lock: is a directory"},
		{"a link for the journal", begun.file(), link("../outside/file"), "journal DIR/.trueup-begun.journal cannot be followed: it is not a plain file"},
		{"a folder for the journal", begun.file(), folder, "journal DIR/.trueup-begun.journal cannot be followed: it is not a plain file"},
		{"a link for a temporary", ".trueup-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp", link("../outside/file"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			top := t.TempDir()
			dir, outside := filepath.Join(top, "reports"), filepath.Join(top, "outside")
			put(t, filepath.Join(outside, "file"), "outside")
			put(t, filepath.Join(dir, "mine.txt"), "mine")
			s := scenarios()[0]
			if err := writeSet(dir, s.old, nil); err != nil {
				t.Fatal(err)
			}
			test.plant(t, filepath.Join(dir, test.at))
			before := tree(t, top)
			err := writeSet(dir, s.new, nil)
			if test.want == "" {
				if err != nil || content(t, filepath.Join(dir, "a-2026-11-01.xlsx")) != "new book" {
					t.Errorf("error %v", err)
				}
			} else {
				want := filepath.FromSlash(strings.ReplaceAll(test.want, "DIR", dir))
				if hint := (interface{ Hint() string })(nil); err == nil || !strings.Contains(err.Error(), want) || errors.As(err, &hint) && hint.Hint() == "" {
					t.Errorf("error %v\nwant  %s", err, want)
				}
				if got := tree(t, top); !maps.Equal(got, before) {
					t.Errorf("changed:\n%q\nbefore:\n%q", got, before)
				}
			}
			if got := tree(t, outside); !maps.Equal(got, map[string]string{"file": "outside"}) {
				t.Errorf("outside: %q", got)
			}
		})
	}
}

// A link to another folder of ours is somebody's arrangement: the file behind
// it goes, the link and its folder stay.
func TestLinkedPackFolder(t *testing.T) {
	s := staged(t, scenarios()[0])
	gone := filepath.Join(s.dir, "managers", "gone")
	if err := os.Rename(gone, filepath.Join(s.dir, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../elsewhere", gone); err != nil {
		t.Skip("no links here:", err)
	}
	if err := writeSet(s.dir, s.new, nil); err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(s.after)
	want["managers/gone"], want["elsewhere/"] = "../elsewhere", ""
	if got := tree(t, s.dir); !maps.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// A folder that comes in a file's place when all is written is left alone, and
// once it has gone again the old set stands.
func TestPlantedLate(t *testing.T) {
	for _, at := range []string{"journal: rename", "keep: link", "keep: sync", "place: rename to managers/ana"} {
		for i, file := range []string{"managers/ana/a-2026-11-01-ana.xlsx", "managers/ana/a-2026-11-01.xlsx"} { // there is an old one, there is none
			t.Run(at+" "+file, func(t *testing.T) {
				s := staged(t, scenarios()[i])
				path := filepath.Join(s.dir, file)
				once := sync.OnceFunc(func() {
					os.RemoveAll(path)
					put(t, filepath.Join(path, "mine"), "mine")
				})
				err := writeSet(s.dir, s.new, func(step string) error {
					if strings.HasPrefix(step, at) {
						once()
					}
					return nil
				})
				if err == nil || !strings.Contains(err.Error(), path) || content(t, filepath.Join(path, "mine")) != "mine" {
					t.Errorf("error %v", err)
				}
				os.RemoveAll(path)
				half := (*unfinished)(nil)
				if old, had := s.before[file]; had && !errors.As(err, &half) {
					put(t, path, old) // which somebody had removed, not we
				}
				if err := reopen(s.dir, nil); err != nil || s.is(tree(t, s.dir)) != "old" {
					t.Errorf("error %v, left %q", err, tree(t, s.dir))
				}
			})
		}
	}
}

func TestFolderVanishes(t *testing.T) {
	for _, at := range []string{"write: create", "write: part", "write: sync", "journal: rename", "keep: sync", "place: rename", "place: sync", "done: rename"} {
		t.Run(at, func(t *testing.T) {
			s := staged(t, scenarios()[0])
			err := writeSet(s.dir, s.new, func(step string) error {
				if strings.HasPrefix(step, at) {
					if err := os.RemoveAll(s.dir); err != nil {
						t.Skip("a folder in use cannot be removed here:", err)
					}
				}
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), s.dir) {
				t.Errorf("error %v", err)
			}
			if err := writeSet(s.dir, s.new, nil); err != nil {
				t.Errorf("the next run: %v", err)
			}
		})
	}
}

func TestNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "x")
	for _, dir := range []string{file, filepath.Join(file, "reports")} {
		if _, err := OpenFolder(dir, 0); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("error %v", err)
		}
		if repaired, err := Recover(dir); repaired != "" || err != nil {
			t.Errorf("%q, %v", repaired, err)
		}
	}
}

// journalOf is the journal that the scenario's run leaves in dir, killed with
// everything still to be done.
func journalOf(t testing.TB, s stage, dir string) []byte {
	t.Helper()
	err := writeSet(dir, s.new, func(step string) error {
		if strings.HasPrefix(step, "keep") || strings.HasPrefix(step, "place") || strings.HasPrefix(step, "undo") || strings.HasPrefix(step, "discard") {
			return errKilled
		}
		return nil
	})
	if !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, begun.file()))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A journal that is torn or that no run wrote is not followed, and nothing
// changes until somebody has looked.
func TestRefusedJournals(t *testing.T) {
	s := staged(t, scenarios()[0])
	dir := clone(t, s.dir)
	whole := journalOf(t, s, dir)
	edit := func(change func(j *journal)) []byte {
		var j journal
		if err := json.Unmarshal(whole, &j); err != nil {
			t.Fatal(err)
		}
		change(&j)
		data, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	cases := map[string][]byte{
		"empty": nil, "half": whole[:len(whole)/2], "null": []byte("null"), "list": []byte("[]"), "twice": slices.Concat(whole, whole),
		"other schema": edit(func(j *journal) { j.Schema = "trueup.journal/2" }),
		"unknown key":  []byte(strings.Replace(string(whole), `"schema"`, `"also":1,"schema"`, 1)),
		"setuid":       edit(func(j *journal) { j.Mode = 0o4755 }),
		"two in one":   edit(func(j *journal) { j.Moves[0].Name = j.Moves[1].Name }),
		"one temporary": edit(func(j *journal) {
			j.Moves[0].Temp = j.Moves[1].Temp
		}),
		"nothing to do": edit(func(j *journal) { j.Moves[0] = move{Name: "a"} }),
		"no content":    edit(func(j *journal) { j.Moves[0].SHA256 = "" }),
		"no temporary":  edit(func(j *journal) { j.Moves[0].Temp = "b-2026-11-01.csv" }),
		"temporary elsewhere": edit(func(j *journal) {
			j.Moves[0].Temp = "managers/.trueup-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"
		}),
		"keep elsewhere": edit(func(j *journal) { j.Moves[0].Old = "../old" }),
	}
	for _, name := range []string{"", ".", "..", "../a", "/etc/passwd", "x/../../a", "a/", "a//b", "./a", ".trueup-lock", "x/.TRUEUP-lock", "a\x00b"} {
		cases["name "+name] = edit(func(j *journal) { j.Moves[0].Name = name })
	}
	before := tree(t, dir)
	for name, data := range cases {
		put(t, filepath.Join(dir, begun.file()), string(data))
		for _, err := range []error{reopen(dir, nil), second(Recover(dir))} {
			no := (*refused)(nil)
			if !errors.As(err, &no) || !strings.Contains(err.Error(), filepath.Join(dir, begun.file())) || !strings.Contains(no.Hint(), "remove the file") {
				t.Errorf("%s: error %v", name, err)
			}
		}
		put(t, filepath.Join(dir, begun.file()), string(whole))
		if got := tree(t, dir); !maps.Equal(got, before) {
			t.Fatalf("%s: changed: %q", name, got)
		}
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(filepath.Join(dir, begun.file()), 0o622); err != nil {
			t.Fatal(err)
		}
		if no := (*refused)(nil); !errors.As(reopen(dir, nil), &no) {
			t.Error("a journal that anybody may write is followed")
		}
		os.Chmod(filepath.Join(dir, begun.file()), 0o600)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(filepath.Join(dir, begun.file()), 65534, -1); err != nil {
			t.Fatal(err)
		}
		if no := (*refused)(nil); !errors.As(reopen(dir, nil), &no) {
			t.Error("another user's journal is followed")
		}
		os.Chown(filepath.Join(dir, begun.file()), 0, -1)
	}
	if s.checkRecovered(t, dir, "the whole journal") != "new" {
		t.Error("the whole journal does not lead to the new set")
	}
}

func second[A any](_ A, err error) error { return err }

func FuzzJournal(f *testing.F) {
	s := staged(f, scenarios()[0])
	f.Add(journalOf(f, s, clone(f, s.dir)))
	f.Add([]byte(`{"schema":"trueup.journal/1","mode":384,"moves":[{"name":"../a","old":".trueup-ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"}]}`))
	f.Add([]byte(`{"schema":"trueup.journal/1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := parseJournal(data)
		if err != nil {
			return
		}
		for _, m := range j.Moves {
			for _, name := range []string{m.Name, m.Temp, m.Old} {
				if name != "" && !filepath.IsLocal(name) {
					t.Errorf("%q is outside the folder", name)
				}
			}
		}
		again, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		if k, err := parseJournal(again); err != nil || !slices.Equal(k.Moves, j.Moves) || k.Mode != j.Mode {
			t.Errorf("%v: %s", err, again)
		}
		// Whatever it says, what is outside stays, and so do the files that it does not name.
		top := t.TempDir()
		dir := filepath.Join(top, "reports")
		put(t, filepath.Join(top, "outside"), "outside")
		put(t, filepath.Join(dir, "mine.txt"), "mine")
		put(t, filepath.Join(dir, begun.file()), string(data))
		reopen(dir, nil)
		if content(t, filepath.Join(top, "outside")) != "outside" {
			t.Error("a file outside the folder changed")
		}
		if !slices.ContainsFunc(j.Moves, func(m move) bool { return m.Name == "mine.txt" }) && content(t, filepath.Join(dir, "mine.txt")) != "mine" {
			t.Error("a file that it does not name changed")
		}
	})
}
