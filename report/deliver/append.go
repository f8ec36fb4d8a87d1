package deliver

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenAppend opens a file of a folder to read it and to add to its end. Both
// are made unless they are there, with the modes that OpenFolder gives. A link
// that leads out of the folder is an error.
func OpenAppend(dir, name string, mode fs.FileMode) (_ *os.File, err error) {
	f := &Folder{dir: filepath.Clean(dir), options: options{mode: cmp.Or(mode, 0o600)}}
	if _, err := f.makeSelf(); err != nil {
		return nil, &failure{"make folder", f.dir, err}
	}
	if f.root, err = os.OpenRoot(f.dir); err != nil {
		return nil, &failure{"open folder", f.dir, err}
	}
	defer f.root.Close()
	if info, err := f.root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, f.failed("open", name, errors.New("it is no plain file"))
	}
	const flags = os.O_RDWR | os.O_APPEND
	file, err := f.root.OpenFile(name, flags, 0)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, f.failed("open", name, err)
	}
	if file, err = f.root.OpenFile(name, flags|os.O_CREATE, f.mode); err != nil {
		return nil, f.failed("write", name, err)
	}
	widen(file, f.mode)
	if err := syncFolder(f.root, "."); err != nil {
		file.Close()
		return nil, f.failed("sync folder", ".", err)
	}
	return file, nil
}
