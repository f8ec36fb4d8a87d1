//go:build unix

package mail

import (
	"os"
	"syscall"
)

// lock takes the file for this process; the system lets go of it at its end.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
