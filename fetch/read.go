package fetch

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Read reads a file of customers, or stdin if path is "-": the API's answer or
// a snapshot, plain or gzip, told apart by content. An answer has no AsOf.
// More than maxBytes decompressed are refused; 0 is DefaultMaxBytes.
func Read(path string, stdin io.Reader, maxBytes int64) (Portfolio, error) {
	if path == "-" {
		p, err := ReadFrom(stdin, "standard input", maxBytes)
		return p, within("read standard input", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return Portfolio{}, within("read customers", err)
	}
	defer f.Close()
	p, err := ReadFrom(f, clean(filepath.Base(path), 200), maxBytes)
	return p, within("read "+path, err)
}

// ReadFrom is Read on an open source of that name.
func ReadFrom(r io.Reader, name string, maxBytes int64) (Portfolio, error) {
	in, err := open(r, maxBytes)
	if err != nil {
		return Portfolio{}, err
	}
	if schema := in.schema().Name; schema != "" {
		return readSnapshot(in, schema)
	}
	if err := in.refuseUnlessArray(); err != nil {
		return Portfolio{}, err
	}
	return decodeList(in, DecodeOptions{Source: name})
}

func within(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
