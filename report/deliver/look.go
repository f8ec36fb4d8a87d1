package deliver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"trueup/fetch/plain"
)

// FileState says how one file of a folder stands to the manifest.
type FileState struct{ Name, State string }

// The states of files.
const (
	FileSame     = "same"
	FileChanged  = "changed"  // it is not what the manifest lists
	FileMissing  = "missing"  // it is not there
	FileUnlisted = "unlisted" // the manifest does not list it
)

// Look sets a folder against its manifest: each file that this lists, in its
// order, then each that it does not. Besides are the names of what may lie there
// too, a ledger or an outbox, each with all that is in it; reports of other days
// may as well. A manifest that lists what is no file of the folder is a *Distrusted.
func (m Manifest) Look(dir string, besides ...string) (list []FileState, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &failure{"open reports", dir, err}
	}
	defer root.Close()
	listed := map[string]bool{ManifestName: true}
	for _, e := range m.Files {
		switch {
		case !isFileName(e.Name), strings.Contains(e.Name, `\`):
			return nil, &Distrusted{fmt.Sprintf("the manifest lists %q, which is no file in the folder", e.Name)}
		case listed[e.Name]:
			return nil, &Distrusted{fmt.Sprintf("the manifest lists %q twice", e.Name)}
		}
		listed[e.Name] = true
		state, err := stateOf(root, e)
		if err != nil {
			return nil, err
		}
		list = append(list, FileState{e.Name, state})
	}
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &failure{"read folder", dir, err}
		case name == ".":
		case strings.HasPrefix(path.Base(name), "."), slices.Contains(besides, name):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && !listed[name] && !m.ofAnotherDay(name):
			list = append(list, FileState{name, FileUnlisted})
		}
		return nil
	})
	return list, err
}

func stateOf(root *os.Root, e Entry) (string, error) {
	info, err := root.Stat(filepath.FromSlash(e.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return FileMissing, nil
	case err == nil && !info.Mode().IsRegular():
		return FileChanged, nil
	}
	now, err := EntryOf(root, e.Name)
	switch {
	case err != nil:
		return "", fmt.Errorf("read %s: %w", e.Name, err)
	case now != e:
		return FileChanged, nil
	}
	return FileSame, nil
}

// EntryOf describes a file of the folder as it is now.
func EntryOf(root *os.Root, name string) (e Entry, err error) {
	f, err := plain.OpenIn(root, filepath.FromSlash(name))
	if err != nil {
		return e, err
	}
	defer f.Close()
	e.Name = name
	e.SHA256, e.Size, err = Sum(f)
	return e, err
}

// Read reads a file of the folder and nothing outside it, and only if it is
// still what the manifest lists.
func (e Entry) Read(root *os.Root) ([]byte, error) {
	f, err := plain.OpenIn(root, filepath.FromSlash(e.Name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, e.Size+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.Name, err)
	}
	if sum, _, _ := Sum(bytes.NewReader(data)); sum != e.SHA256 {
		return nil, fmt.Errorf("read %s: it is not the file that the manifest lists", e.Name)
	}
	return data, nil
}

var dayInName = regexp.MustCompile(`^(?:managers/[^/]+/)?(?:license-compliance|snapshot|record)-(\d{4}-\d\d-\d\d)\b`)

// ofAnotherDay tells the reports of other days, which may lie in one folder.
func (m Manifest) ofAnotherDay(name string) bool {
	day := dayInName.FindStringSubmatch(name)
	return day != nil && day[1] != m.Day()
}

// Distrusted is a manifest as no version of trueup writes it.
type Distrusted struct{ Text string }

func (e *Distrusted) Error() string { return e.Text }

// Hint says what that means.
func (*Distrusted) Hint() string {
	return "no version of trueup writes such a manifest: do not trust the folder, and run the report again"
}

// Trust looks for what only somebody else can have written into the packs: a
// folder that is none, or files that are another's. The error is a *Distrusted.
func (m Manifest) Trust() error {
	entries := map[string]Entry{}
	for _, e := range m.Files {
		entries[e.Name] = e
	}
	slugs, owners := map[string]bool{}, map[string]string{}
	for _, p := range m.Packs {
		folder := PackFolders + "/" + p.Slug
		if p.Slug == "" || strings.Contains(p.Slug, `\`) || path.Dir(folder) != PackFolders || !isFileName(folder) || slugs[p.Slug] {
			return &Distrusted{fmt.Sprintf("the pack of %s has the folder %q, which is another's or none", p.Manager, folder)}
		}
		slugs[p.Slug] = true
		for _, name := range p.Files {
			if !strings.HasPrefix(name, folder+"/") {
				return &Distrusted{fmt.Sprintf("the pack of %s lists %s, which is not of that pack", p.Manager, name)}
			}
			sum := entries[name].SHA256
			if owner, ok := owners[sum]; ok && sum != "" && owner != p.Manager {
				return &Distrusted{fmt.Sprintf("the pack of %s lists %s, which is a file of %s under another name", p.Manager, name, owner)}
			}
			owners[sum] = p.Manager
		}
	}
	return nil
}

// Strays says which files of packs no pack lists, and which files a pack lists
// and the manifest does not.
func (m Manifest) Strays() (texts []string) {
	there, listed := map[string]bool{}, map[string]bool{}
	for _, e := range m.Files {
		there[e.Name] = true
	}
	for _, p := range m.Packs {
		for _, name := range p.Files {
			listed[name] = true
			if !there[name] {
				texts = append(texts, fmt.Sprintf("the pack of %s has the file %s, which the manifest does not list", p.Manager, name))
			}
		}
	}
	for _, e := range m.Files {
		if strings.HasPrefix(e.Name, PackFolders+"/") && !listed[e.Name] {
			texts = append(texts, e.Name+" is a file of no pack")
		}
	}
	return texts
}
