package deliver

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// Folder is a folder that one run alone writes into. Everything happens below
// it: a link that leads out of it is an error.
type Folder struct {
	// Repaired says what was done about a run that was killed while it put
	// its files in place; "" if there was none.
	Repaired string

	dir  string
	root *os.Root
	lock *Lock
	made []string // folders that were made for it
	options
}

type options struct {
	mode fs.FileMode             // of the files; 0 is 0600
	only string                  // the one file that is written; "" for a set
	hook func(step string) error // called before each change of the disk; in tests it fails, or never returns
}

// OpenFolder makes the folder unless it is there, locks it, and finishes or
// takes back what a killed run left. Files get the mode, 0600 if it is 0;
// folders get it with x wherever there is r. The Folder must be closed. If
// another run has it, the error is a *Busy.
func OpenFolder(dir string, mode fs.FileMode) (*Folder, error) {
	return open(dir, options{mode: mode})
}

// Hold keeps runs from writing into a folder that is read, until release is
// called. Where this user can write nothing there, neither can such a run. If
// another run has the folder the error is a *Busy.
func Hold(dir string) (release func(), err error) {
	lock, err := TakeLock(dir, setPrefix+"lock", "another run is writing into "+dir)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	return lock.Close, nil
}

// Recover finishes or takes back what a killed run left in a folder, for
// commands that only read it, and says which; "" if there was nothing to do,
// because the folder is whole or there is no such folder.
func Recover(dir string) (repaired string, err error) {
	return recoverFolder(dir, options{})
}

func recoverFolder(dir string, o options) (string, error) {
	_, err := os.Lstat(filepath.Join(dir, begun.file()))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return "", nil
	}
	f, err := open(dir, o)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.Repaired, nil
}

func open(dir string, o options) (_ *Folder, err error) {
	if o.mode == 0 {
		o.mode = 0o600
	}
	f := &Folder{dir: filepath.Clean(dir), options: o}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	if f.made, err = f.makeSelf(); err != nil {
		return nil, &failure{"make folder", f.dir, err}
	}
	doing := "another run is writing into " + f.dir
	if f.only != "" {
		doing = "another run is writing " + filepath.Join(f.dir, f.only)
	}
	if f.lock, err = TakeLock(f.dir, f.prefix()+"lock", doing); err != nil {
		return nil, err
	}
	f.root = f.lock.root
	if f.only == "" {
		if err := f.recover(); err != nil {
			return nil, err
		}
	}
	return f, f.clean()
}

// Close lets other runs in, and removes folders that were made and stayed empty.
func (f *Folder) Close() {
	if f.lock != nil {
		f.lock.Close()
	}
	for _, dir := range slices.Backward(f.made) {
		os.Remove(dir) // fails unless it is empty
	}
}

// at is called before each step that changes the disk.
func (f *Folder) at(phase, step string) error {
	if f.hook == nil {
		return nil
	}
	return f.hook(phase + ": " + step)
}

// setPrefix begins the names of our own files in the folder of a set.
const setPrefix = ".trueup-"

// prefix begins the names of our own files. A file that belongs to no set has a
// prefix of its own.
func (f *Folder) prefix() string {
	if f.only != "" {
		return setPrefix + f.only + "-"
	}
	return setPrefix
}

func (f *Folder) tempName() string { return f.prefix() + rand.Text() + ".tmp" }

// isTemp matches what tempName makes, without its prefix.
var isTemp = regexp.MustCompile(`^[A-Z2-7]{26}\.tmp$`)

// clean removes the temporaries that killed runs left: while the folder is locked,
// no other run has any.
func (f *Folder) clean() error {
	list, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return &failure{"read folder", f.dir, err}
	}
	var own fs.FileInfo
	for _, entry := range list {
		rest, ours := strings.CutPrefix(entry.Name(), f.prefix())
		if !ours || !isTemp.MatchString(rest) || entry.IsDir() {
			continue
		}
		if own == nil {
			if own, err = f.probe(); err != nil {
				return err
			}
		}
		if info, err := entry.Info(); err != nil || !sameOwner(info, own) {
			continue
		}
		if err := f.at("clean", "remove a temporary"); err != nil {
			return err
		}
		f.root.Remove(entry.Name()) // one that stays does no harm
	}
	return nil
}

// probe describes a file that this process makes here. Its owner may not be the
// process's, as on a network share.
func (f *Folder) probe() (fs.FileInfo, error) {
	name := f.tempName()
	if err := f.at("probe", "create a temporary"); err != nil {
		return nil, err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, f.failed("write", name, err)
	}
	info, err := file.Stat()
	file.Close()
	if err == nil {
		err = f.remove("probe", name)
	}
	return info, f.failed("read", name, err)
}

func (f *Folder) rename(phase, from, to string) error {
	if err := f.at(phase, "rename to "+to); err != nil {
		return err
	}
	return f.root.Rename(from, to)
}

// remove removes a file, which may be gone already.
func (f *Folder) remove(phase, name string) error {
	if err := f.at(phase, "remove "+name); err != nil {
		return err
	}
	if err := f.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sync flushes the entries of a folder to the disk, where the system can. A folder
// that is gone has none.
func (f *Folder) sync(phase, name string) error {
	if err := f.at(phase, "sync folder "+name); err != nil {
		return err
	}
	if err := syncFolder(f.root, name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFolder(root *os.Root, name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := root.Open(name)
	if err == nil {
		err = folder.Sync()
		folder.Close()
	}
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// makeSelf makes the folder itself and those above it, and names those it made.
func (f *Folder) makeSelf() ([]string, error) {
	above := f.dir
	for {
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) || filepath.Dir(above) == above {
			break
		}
		above = filepath.Dir(above)
	}
	below, err := filepath.Rel(above, f.dir)
	if err != nil || below == "." {
		return nil, err
	}
	root, err := os.OpenRoot(above)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	made, err := f.makeFolders("open", root, filepath.ToSlash(below), f.mode)
	for i, name := range made {
		made[i] = filepath.Join(above, filepath.FromSlash(name))
	}
	return made, err
}

// makeFolders makes the folder name, with slashes, and those above it, and
// says which were not there.
func (f *Folder) makeFolders(phase string, root *os.Root, name string, mode fs.FileMode) (made []string, err error) {
	if name == "." {
		return nil, nil
	}
	if info, err := root.Stat(name); err == nil && info.IsDir() {
		return nil, nil
	}
	if made, err = f.makeFolders(phase, root, path.Dir(name), mode); err != nil {
		return made, err
	}
	if err := f.at(phase, "make folder "+name); err != nil {
		return made, err
	}
	mode |= mode & 0o444 >> 2
	switch err := root.Mkdir(name, mode); {
	case errors.Is(err, fs.ErrExist):
		return made, nil
	case err != nil:
		return made, err
	}
	if folder, err := root.Open(name); err == nil {
		widen(folder, mode)
		folder.Close()
	}
	return append(made, name), syncFolder(root, path.Dir(name))
}

// widen gives a new file or folder the bits that the umask took away. Where that
// fails it has fewer, never more.
func widen(f *os.File, mode fs.FileMode) {
	if info, err := f.Stat(); err == nil && info.Mode().Perm() != mode {
		f.Chmod(info.Mode()&fs.ModeSetgid | mode)
	}
}

// prune removes the folders above name that are empty now.
func (f *Folder) prune(phase, name string) error {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if info, err := f.root.Lstat(dir); err != nil || !info.IsDir() {
			continue // gone already, or somebody's link
		}
		if err := f.at(phase, "remove folder "+dir); err != nil {
			return err
		}
		if f.root.Remove(dir) != nil {
			return nil // it is not empty
		}
	}
	return nil
}

// errFolder is a folder where a file belongs.
var errFolder error = syscall.EISDIR

// failed says which file of the folder an error is about.
func (f *Folder) failed(doing, name string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{doing, filepath.Join(f.dir, filepath.FromSlash(name)), err}
}

// failure is an error about one file.
type failure struct {
	doing, path string
	err         error
}

// Error leaves out the names of system calls and temporaries.
func (e *failure) Error() string {
	cause := e.err
	switch err := e.err.(type) {
	case *fs.PathError:
		cause = err.Err
	case *os.LinkError:
		cause = err.Err
	}
	return e.doing + " " + e.path + ": " + cause.Error()
}

func (e *failure) Unwrap() error { return e.err }

// Hint says what to do about it; if the disk is not to blame, what the cause advises.
func (e *failure) Hint() string {
	is := func(causes ...error) bool {
		return slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(e.err, cause) })
	}
	switch number := syscall.Errno(0); {
	case is(syscall.ENOSPC, syscall.EDQUOT):
		return "make room on the disk and run again"
	case is(fs.ErrPermission):
		return "let this user write there, close what has the file open, and run again"
	case is(fs.ErrNotExist):
		return "something removed it during the run: run again"
	case is(fs.ErrExist, syscall.EISDIR, syscall.ENOTDIR):
		return "move away what stands in its place and run again"
	case is(syscall.EXDEV):
		return "keep the folder and everything in it on one file system"
	case errors.As(e.err, &number):
		return "remove the cause and run again"
	case is(errLink):
		return "remove it and run again"
	case strings.Contains(e.err.Error(), "escapes"):
		return "a link leads out of the folder: put a folder in its place and run again"
	}
	if cause := (interface{ Hint() string })(nil); errors.As(e.err, &cause) {
		return cause.Hint()
	}
	return ""
}
