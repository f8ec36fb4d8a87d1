//go:build unix

package plain

import (
	"syscall"
	"testing"
)

func makePipe(t *testing.T, path string) bool {
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}
