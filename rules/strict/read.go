package strict

import (
	"io"
	"os"
)

// ReadFile reads a file up to a little over MaxBytes: a larger one is for
// Decode to refuse, not to fill the memory.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}
