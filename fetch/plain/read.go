package plain

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ReadFile reads a whole file of at most limit bytes and refuses a larger one
// with *TooLarge: half of a file would fail far from here, or be taken for the
// whole. It also refuses what Open refuses.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > limit {
		return nil, &TooLarge{path, limit}
	}
	return Read(f, path, limit)
}

// Open opens a file for reading, as os.Open does. A folder, a pipe or a socket
// is an error that says what it is, since reading it would fail or wait.
func Open(path string) (*os.File, error) { return open(path, os.Stat, os.Open) }

// OpenIn is Open inside of a root.
func OpenIn(root *os.Root, name string) (*os.File, error) { return open(name, root.Stat, root.Open) }

func open(path string, stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error)) (*os.File, error) {
	info, err := stat(path) // before it is opened, which waits if it is a pipe
	if err != nil {
		return open(path) // to say why not
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return nil, fmt.Errorf("%s is a folder, not a file", path)
	case mode&fs.ModeNamedPipe != 0:
		return nil, fmt.Errorf("%s is a pipe, not a file", path)
	case mode&fs.ModeSocket != 0:
		return nil, fmt.Errorf("%s is a socket, not a file", path)
	}
	return open(path)
}

// Read reads r to its end, at most limit bytes; name is what errors call it.
func Read(r io.Reader, name string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, &TooLarge{name, limit}
	}
	return data, err
}

// TooLarge is the error about a file with more bytes than the limit.
type TooLarge struct {
	Name  string
	Limit int64
}

func (e *TooLarge) Error() string { return e.Name + " is larger than " + Bytes(e.Limit) }
