package strict

import (
	"io"
	"os"
)

// ReadFile reads a file up to one byte over most: whoever is given a larger
// one refuses it, and it does not fill the memory.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}
