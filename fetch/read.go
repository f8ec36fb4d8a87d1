package fetch

import (
	"fmt"
	"io"
	"path/filepath"

	"trueup/fetch/plain"
)

// Read reads a file of customers, or stdin if path is "-": the API's answer or
// a snapshot, plain or gzip, told apart by content. An answer has no AsOf.
func Read(path string, stdin io.Reader, limits Limits) (Portfolio, error) {
	return ReadTelling(path, stdin, limits, nil)
}

// ReadTelling is Read that tells how far it is, as if the file were an
// instance; tell may be nil.
func ReadTelling(path string, stdin io.Reader, limits Limits, tell func(Event)) (Portfolio, error) {
	if path == "-" {
		p, err := readMetered(stdin, "standard input", -1, limits, tell)
		return p, within("read standard input", err)
	}
	f, err := plain.Open(path)
	if err != nil {
		return Portfolio{}, within("read customers", err)
	}
	defer f.Close()
	size := int64(-1)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	p, err := readMetered(f, clean(filepath.Base(path), 200), size, limits, tell)
	return p, within("read "+path, err)
}

// readMetered is ReadFrom that tells how far it is.
func readMetered(r io.Reader, name string, size int64, limits Limits, tell func(Event)) (Portfolio, error) {
	if tell == nil {
		return ReadFrom(r, name, limits)
	}
	told := func(e Event) {
		e.Instance, e.Try = name, 1
		tell(e)
	}
	p, err := ReadFrom(&meter{body: r, total: size, tell: told}, name, limits)
	if err != nil {
		told(Event{Stage: Failed, Err: err})
		return p, err
	}
	told(Event{Stage: Done, Customers: len(p.Customers)})
	return p, nil
}

// ReadFrom is Read on an open source of that name.
func ReadFrom(r io.Reader, name string, limits Limits) (Portfolio, error) {
	in, err := open(r, limits.orDefault().MaxBytes)
	if err != nil {
		return Portfolio{}, err
	}
	if schema := in.schema().Name; schema != "" {
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
