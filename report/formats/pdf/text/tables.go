package text

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// directory is where a font file keeps its tables.
type directory map[string]extent

type extent struct{ offset, size int64 }

// The signatures of files with TrueType outlines.
const (
	signatureTrueType = 0x00010000
	signatureApple    = 0x74727565 // "true"
)

func readDirectory(r io.ReaderAt) (directory, error) {
	var header [12]byte
	if _, err := r.ReadAt(header[:], 0); err != nil {
		return nil, errors.New("too short for a font")
	}
	if s := u32(header[:], 0); s != signatureTrueType && s != signatureApple {
		return nil, errors.New("not a font with TrueType outlines")
	}
	records := make([]byte, 16*int(u16(header[:], 4)))
	if _, err := r.ReadAt(records, 12); err != nil {
		return nil, errors.New("cut off in its table directory")
	}
	tables := directory{}
	for at := 0; at < len(records); at += 16 {
		tables[string(records[at:at+4])] = extent{int64(u32(records, at+8)), int64(u32(records, at+12))}
	}
	return tables, nil
}

// read reads one whole table, which must have at least so many bytes.
func (d directory) read(r io.ReaderAt, name string, atLeast int) ([]byte, error) {
	e, ok := d[name]
	if !ok {
		return nil, fmt.Errorf("no table %q", name)
	}
	if e.size < int64(atLeast) || e.size > maxTable {
		return nil, fmt.Errorf("table %q has %d bytes", name, e.size)
	}
	data := make([]byte, e.size)
	if n, err := r.ReadAt(data, e.offset); n < len(data) {
		return nil, fmt.Errorf("read table %q: %w", name, err)
	}
	return data, nil
}

// checkUsable refuses fonts about which the PDF library would write to standard
// output, or on which it would fail much later.
func checkUsable(r io.ReaderAt, tables directory) error {
	for _, name := range []string{"name", "post", "glyf", "loca", "maxp"} {
		if e, ok := tables[name]; !ok || e.size == 0 {
			return fmt.Errorf("no table %q", name)
		}
	}
	head, err := tables.read(r, "head", 54)
	if err != nil {
		return err
	}
	hhea, err := tables.read(r, "hhea", 36)
	if err != nil {
		return err
	}
	if u16(head, 50) > 1 || u16(hhea, 32) != 0 {
		return errors.New("unknown format of glyph data")
	}
	return checkLicense(r, tables)
}

// checkLicense reads OS/2 fsType: 2 forbids embedding, 0x100 subsets,
// 0x200 outlines.
func checkLicense(r io.ReaderAt, tables directory) error {
	if _, ok := tables["OS/2"]; !ok {
		return nil
	}
	os2, err := tables.read(r, "OS/2", 78)
	if err != nil {
		return err
	}
	if bits := u16(os2, 8); bits == 2 || bits&0x0300 != 0 {
		return errors.New("its license forbids embedding")
	}
	return nil
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
