package deliver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"trueup/fetch/plain"
)

// journal lists what putting a set in place does. It is on the disk before the
// first step, so that whoever comes after a kill can finish it or take it back.
type journal struct {
	Schema string      `json:"schema"`
	Mode   fs.FileMode `json:"mode"` // of files; what folders get follows from it
	Moves  []move      `json:"moves"`
}

// move replaces, adds or removes one file.
type move struct {
	Name   string `json:"name"`             // with slashes
	Temp   string `json:"temp,omitempty"`   // what goes there; "" if the file is removed
	SHA256 string `json:"sha256,omitempty"` // of that
	Old    string `json:"old,omitempty"`    // where what stood there is kept; "" if nothing did
}

const journalSchema = "trueup.journal/1"

// maxJournal bounds what is read as a journal: some 200,000 files.
const maxJournal = 64 << 20

// state says how far a journal is; it stands in the file's name.
type state string

const (
	begun state = "begun" // go on to the new set or, if that cannot be, back to the old one
	done  state = "done"  // the new set stands: remove what was kept of the old one
)

func (s state) file() string { return setPrefix + string(s) + ".journal" }

// readJournal reads the journal of a run that was killed; nil if there is none.
func (f *Folder) readJournal(s state) (*journal, error) {
	info, err := f.root.Lstat(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var j journal
	if err == nil {
		err = f.trust(info)
	}
	if err == nil {
		j, err = f.parseFile(s.file())
	}
	if err != nil {
		return nil, &refused{filepath.Join(f.dir, s.file()), err}
	}
	return &j, nil
}

// trust refuses a journal that may be somebody else's: what it names is removed
// with this user's rights.
func (f *Folder) trust(info fs.FileInfo) error {
	own, err := f.probe()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is not a plain file")
	case !sameOwner(info, own), info.Mode().Perm()&^own.Mode().Perm()&0o022 != 0:
		return errors.New("another user owns it or may write it")
	}
	return nil
}

func (f *Folder) parseFile(name string) (j journal, err error) {
	file, err := f.root.Open(name)
	if err != nil {
		return j, err
	}
	defer file.Close()
	data, err := plain.Read(file, "it", maxJournal)
	if err != nil {
		return j, err
	}
	return parseJournal(data)
}

func parseJournal(data []byte) (j journal, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return j, fmt.Errorf("it is damaged: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return j, errors.New("something follows its end")
	}
	return j, j.check()
}

// check refuses what begin does not write: a journal names files of the folder
// alone, and writes and removes none of our own.
func (j journal) check() error {
	switch {
	case j.Schema != journalSchema:
		return fmt.Errorf("its schema %q is not %s", j.Schema, journalSchema)
	case j.Mode&^0o777 != 0:
		return fmt.Errorf("its mode %o is not a file's", uint32(j.Mode))
	}
	seen := map[string]bool{}
	for _, m := range j.Moves {
		switch {
		case !isFileName(m.Name):
			return fmt.Errorf("%q does not name a file in the folder", m.Name)
		case m.Temp == "" && m.Old == "", (m.Temp == "") != (m.SHA256 == ""):
			return fmt.Errorf("it does not say what to do with %q", m.Name)
		case seen[m.Name]:
			return fmt.Errorf("%q appears twice", m.Name)
		}
		seen[m.Name] = true
		for _, name := range []string{m.Temp, m.Old} {
			rest, ours := strings.CutPrefix(name, setPrefix)
			if name != "" && (!ours || !isTemp.MatchString(rest) || seen[name]) {
				return fmt.Errorf("%q is not a temporary of %q", name, m.Name)
			}
			seen[name] = true
		}
	}
	return nil
}

// isFileName tells whether a file of a set may have the name: below the folder,
// and unlike those of our own files.
func isFileName(name string) bool {
	return name != "." && path.Clean(name) == name && filepath.IsLocal(filepath.FromSlash(name)) &&
		!strings.Contains(name, "\x00") && !strings.HasPrefix(strings.ToLower(path.Base(name)), setPrefix)
}

// refused is the error about a journal that is not followed.
type refused struct {
	path string
	err  error
}

func (e *refused) Error() string {
	return "journal " + e.path + " cannot be followed: " + e.err.Error()
}

func (e *refused) Unwrap() error { return e.err }

// Hint says how to go on.
func (*refused) Hint() string {
	return "a run was stopped while it put its files in place, or somebody else made this file: look at the folder, remove the file, and run again"
}
