package deliver

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
)

// Lock keeps other runs out until it is closed, or until the process ends in
// whatever way: then the system releases it.
type Lock struct {
	root *os.Root // the folder that it is in
	name string
	file *flock.Flock
}

// TakeLock takes the lock that is the file name in dir, at once or not at all.
// If another run has it, the error is a *Busy with the text doing, such as
// "another run is writing into reports".
func TakeLock(dir, name, doing string) (*Lock, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &failure{"open folder", dir, err}
	}
	l := &Lock{root, name, flock.New(filepath.Join(dir, name), flock.SetFlag(os.O_RDWR))}
	for range 100 { // again only if a run that ends removes its lock between two of our steps
		switch ok, err := l.try(); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			root.Close()
			return nil, &failure{"lock", l.file.Path(), err}
		case !ok:
			root.Close()
			return nil, &Busy{doing}
		case l.holds():
			return l, nil
		default:
			l.file.Unlock()
		}
	}
	root.Close()
	return nil, &failure{"lock", l.file.Path(), errLink}
}

// errLink: the locked file is not the one that has its name.
var errLink = errors.New("it is a link, or something replaces it all the time")

// try makes the file, in the folder and nowhere else, and then locks it.
func (l *Lock) try() (bool, error) {
	f, err := l.root.OpenFile(l.name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	f.Close()
	return l.file.TryLock()
}

// holds tells whether the locked file is the one that others would lock.
func (l *Lock) holds() bool {
	locked, err := l.file.Stat()
	if err != nil {
		return false
	}
	there, err := l.root.Lstat(l.name)
	return err == nil && os.SameFile(locked, there)
}

// Close lets others in and removes the file: while it is still locked, so that it
// is nobody else's. Windows only removes files that nobody has open.
func (l *Lock) Close() {
	if l.holds() {
		l.root.Remove(l.name)
	}
	l.file.Unlock()
	if runtime.GOOS == "windows" {
		l.root.Remove(l.name)
	}
	l.root.Close()
}

// Busy says that another run has what this one needs.
type Busy struct{ doing string }

func (e *Busy) Error() string { return e.doing }

// Hint says how to go on.
func (e *Busy) Hint() string {
	return "wait until it has ended, or give this run a folder of its own"
}
