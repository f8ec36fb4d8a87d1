package fetch

import (
	_ "embed"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"trueup/fetch/plain"
)

// Read reads a file of customers, or stdin if path is "-": the API's answer or
// a snapshot, plain or gzip, told apart by content. An answer has no AsOf.
func Read(path string, stdin io.Reader, limits Limits) (Portfolio, error) {
	if path == "-" {
		p, err := ReadFrom(stdin, "standard input", limits)
		return p, within("read standard input", err)
	}
	f, err := plain.Open(path)
	if err != nil {
		return Portfolio{}, within("read customers", err)
	}
	defer f.Close()
	p, err := ReadFrom(f, clean(filepath.Base(path), 200), limits)
	return p, within("read "+path, err)
}

// ReadFrom is Read from a source that is open and has that name.
func ReadFrom(r io.Reader, name string, limits Limits) (Portfolio, error) {
	in, err := open(r, limits.orDefault().MaxBytes)
	if err != nil {
		return Portfolio{}, err
	}
	if schema := in.schema(); schema != "" {
		return readSnapshot(in, schema, limits)
	}
	if err := in.refuseUnlessArray(); err != nil {
		return Portfolio{}, err
	}
	return decodeList(in, DecodeOptions{Source: name, Limits: limits})
}

func within(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

//go:embed sample.json
var sampleList string

// Sample is a portfolio of invented customers, in which every built-in rule
// finds something, for newcomers and for tests. It is always the same.
func Sample() Portfolio {
	p, err := Decode(strings.NewReader(sampleList), DecodeOptions{Source: "sample"})
	if err != nil {
		panic("the built-in sample is unreadable: " + err.Error()) // it is part of the program, and tested
	}
	p.Sample = true
	p.AsOf = time.Date(2026, time.November, 1, 6, 0, 0, 0, time.UTC)
	return p
}
