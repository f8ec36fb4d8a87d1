package plain

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadFile(t *testing.T) {
	const limit = 2 << 10
	path := filepath.Join(t.TempDir(), "ca.pem")
	for size, ok := range map[int]bool{0: true, 1: true, limit: true, limit + 1: false, 10 * limit: false} {
		want := bytes.Repeat([]byte("x"), size)
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, limit)
		if ok && (err != nil || !bytes.Equal(got, want)) {
			t.Errorf("%d bytes: %d read, %v", size, len(got), err)
		}
		var large *TooLarge
		if !ok && (got != nil || !errors.As(err, &large) || err.Error() != path+" is larger than 2 KiB") {
			t.Errorf("%d bytes: %d read, %v", size, len(got), err)
		}
	}
}

func TestReadFileRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("sub", 0o700); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"sub": "sub is a folder, not a file"}
	if makePipe(t, "pipe") {
		want["pipe"] = "pipe is a pipe, not a file" // and nobody waits for a writer
	}
	if listener, err := net.Listen("unix", "sock"); err == nil {
		defer listener.Close()
		want["sock"] = "sock is a socket, not a file"
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for path, text := range want {
		if data, err := ReadFile(path, 100); data != nil || err == nil || err.Error() != text {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := OpenIn(root, path); err == nil || err.Error() != text {
			t.Errorf("%s in a root: %v", path, err)
		}
	}
	if _, err := ReadFile("nowhere", 100); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("no file: %v", err)
	}
	if _, err := OpenIn(root, "../outside"); err == nil {
		t.Error("opened outside of the root")
	}
}

func TestReadFails(t *testing.T) {
	broken := errors.New("broken")
	if _, err := Read(iotest.ErrReader(broken), "x", 100); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
