package deliver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
)

// begin writes the journal. From here on, whoever opens the folder can finish the
// new set.
func (f *Folder) begin(j journal) error {
	name := begun.file()
	m, _, err := f.write(context.Background(), 0o600, File{Name: name, Write: func(w io.Writer) error {
		return json.NewEncoder(w).Encode(j)
	}})
	if err != nil {
		return err
	}
	err = f.rename("journal", m.Temp, name)
	if err == nil {
		err = f.sync("journal", ".")
	}
	if err != nil {
		f.remove("journal", name)
		f.remove("journal", m.Temp)
	}
	return f.failed("write", name, err)
}

// finish does all that the journal says, or takes it back. After an error that
// is not *unfinished the old set stands.
func (f *Folder) finish(j journal) error {
	err := f.forward(j, j.Moves)
	if err == nil {
		return nil
	}
	if back := f.undo(j); back != nil {
		return &unfinished{f.dir, errors.Join(err, back)}
	}
	return err
}

// forward keeps the files that stand in the way, puts each new file in its place
// and ends the commit. Moves are those of j that are still open.
func (f *Folder) forward(j journal, moves []move) error {
	for _, m := range moves {
		if err := f.keep(m); err != nil {
			return f.failed("replace", m.Name, err)
		}
	}
	if err := f.sync("keep", "."); err != nil {
		return f.failed("sync folder", ".", err)
	}
	for _, m := range moves {
		if err := f.place(m, j.Mode); err != nil {
			return f.failed("put in place", m.Name, err)
		}
	}
	if err := f.syncAll("place", j); err != nil {
		return err
	}
	if err := f.rename("done", begun.file(), done.file()); err != nil {
		return f.failed("write", done.file(), err)
	}
	if f.sync("done", ".") == nil {
		f.sweep(j)
	}
	return nil
}

// keep gives the file in a place a second name, so that the place is never empty.
// Where the file system has no hard links it moves the file.
func (f *Folder) keep(m move) error {
	if m.Old == "" {
		return nil
	}
	switch info, err := f.root.Lstat(m.Name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil // moved already
	case err != nil:
		return err
	case info.IsDir():
		return errFolder
	}
	err := f.at("keep", "link "+m.Name)
	if err == nil {
		err = f.root.Link(m.Name, m.Old)
	}
	if err == nil {
		return nil
	}
	return f.rename("keep", m.Name, m.Old) // does nothing if it has that name already
}

func (f *Folder) place(m move, mode fs.FileMode) error {
	if m.Temp == "" {
		return f.remove("place", m.Name)
	}
	if _, err := f.makeFolders("place", f.root, path.Dir(m.Name), mode); err != nil {
		return err
	}
	return f.rename("place", m.Temp, m.Name)
}

// syncAll syncs each folder that the journal is about, those of packs first.
func (f *Folder) syncAll(phase string, j journal) error {
	folders := map[string]bool{".": true}
	for _, m := range j.Moves {
		folders[path.Dir(m.Name)] = true
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(folders))) {
		if err := f.sync(phase, name); err != nil {
			return f.failed("sync folder", name, err)
		}
	}
	return nil
}

// sweep removes what was kept of the old set, and folders that are empty without
// it. The next run removes what it leaves.
func (f *Folder) sweep(j journal) {
	for _, m := range j.Moves {
		if m.Old == "" {
			continue
		}
		if f.remove("done", m.Old) != nil {
			return
		}
		if m.Temp == "" && f.prune("done", m.Name) != nil {
			return
		}
	}
	f.end("done", done)
}

// end removes the journal: the folder is whole.
func (f *Folder) end(phase string, s state) error {
	err := f.remove(phase, s.file())
	if err == nil {
		err = f.sync(phase, ".")
	}
	return f.failed("remove", s.file(), err)
}

// undo puts back what is gone of the old set and removes what is there of the
// new. It goes on past what fails, to bring back as much as it can. If it is
// killed, resume still sees by the content of each file what was done.
func (f *Folder) undo(j journal) error {
	var errs []error
	for _, m := range slices.Backward(j.Moves) {
		if err := f.putBack(m, j.Mode); err != nil {
			errs = append(errs, f.failed("put back", m.Name, err))
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if err := f.syncAll("undo", j); err != nil {
		return err
	}
	for _, m := range j.Moves {
		if m.Temp == "" {
			continue
		}
		if err := f.remove("undo", m.Temp); err != nil {
			return f.failed("remove", m.Temp, err)
		}
		if m.Old == "" {
			if err := f.prune("undo", m.Name); err != nil {
				return err
			}
		}
	}
	return f.end("undo", begun)
}

func (f *Folder) putBack(m move, mode fs.FileMode) error {
	if m.Old == "" { // remove only what forward put there
		if f.has(m.Name, m.SHA256) {
			return f.remove("undo", m.Name)
		}
		return nil
	}
	if _, err := f.root.Lstat(m.Old); errors.Is(err, fs.ErrNotExist) {
		return nil // never kept, or put back already
	}
	if _, err := f.makeFolders("undo", f.root, path.Dir(m.Name), mode); err != nil {
		return err
	}
	if err := f.rename("undo", m.Old, m.Name); err != nil {
		return err
	}
	return f.remove("undo", m.Old) // a file that has both names is not renamed
}

// has tells whether a file has the content that the journal gives.
func (f *Folder) has(name, sum string) bool {
	if info, err := f.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := f.root.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	is, _, err := Sum(file)
	return err == nil && is == sum
}

// What Repaired says.
const (
	finished = "finished the set of files that a stopped run had begun to put in place"
	tookBack = "took back what a stopped run had begun to put in place: the earlier files stand"
)

// recover finishes or takes back what the journal of a killed run lists.
func (f *Folder) recover() error {
	switch j, err := f.readJournal(begun); {
	case err != nil:
		return err
	case j != nil:
		if err := f.resume(*j); err != nil {
			return &unfinished{f.dir, err}
		}
	}
	j, err := f.readJournal(done)
	if j != nil {
		f.sweep(*j)
	}
	return err
}

// resume finishes a commit if all of the new set is still there, and takes it
// back otherwise.
func (f *Folder) resume(j journal) error {
	f.Repaired = tookBack
	var open []move
	for _, m := range j.Moves {
		switch {
		case m.Temp == "" || f.has(m.Temp, m.SHA256):
			open = append(open, m)
		case !f.has(m.Name, m.SHA256): // neither beside its place nor in it
			return f.undo(j)
		}
	}
	if f.forward(j, open) != nil {
		return f.undo(j)
	}
	f.Repaired = finished
	return nil
}

// unfinished is a folder that could be brought neither to the new set nor back
// to the old one; its journal is still there.
type unfinished struct {
	dir string
	err error
}

func (e *unfinished) Error() string {
	return e.dir + " holds parts of two sets of files: " + e.err.Error()
}

func (e *unfinished) Unwrap() error { return e.err }

// Hint says how to go on.
func (*unfinished) Hint() string {
	return "remove the cause; the next run then finishes the new set or puts the earlier one back"
}
