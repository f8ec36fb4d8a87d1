// Package text turns strings into runs of glyphs: which font draws which
// character, how wide it is, where a line may break and in which order a
// line of mixed directions is drawn. It knows nothing of pages.
package text

import (
	"errors"
	"fmt"
	"io"
	"sort"
)

// Face is what laying out needs from one TrueType font: which characters of the
// basic plane it draws, and how wide. It reads the tables as the PDF library does,
// so that both agree on every character.
type Face struct {
	Name     string
	segments []segment // of the cmap, in order
	glyphs   []byte    // the cmap's bytes, for segments that look glyphs up
	advances []uint16  // by glyph, font units; the last counts for all further glyphs
	units    uint16    // font units an em
}

// segment is one range of a cmap of format 4.
type segment struct {
	start, end, delta uint16
	lookup            int // where the range's glyphs stand in Face.glyphs; -1 if delta alone makes them
}

// maxTable bounds one table of a font, in bytes; fonts may come from anybody.
const maxTable = 4 << 20

// ParseFace reads a TrueType font. It refuses what the PDF library cannot
// embed: collections, CFF outlines, fonts without a Unicode cmap of format 4,
// and fonts whose license bits forbid embedding.
func ParseFace(name string, r io.ReaderAt) (*Face, error) {
	tables, err := readDirectory(r)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	f := &Face{Name: name}
	for _, read := range []func(io.ReaderAt, directory) error{checkUsable, f.readAdvances, f.readCmap} {
		if err := read(r, tables); err != nil {
			return nil, fmt.Errorf("font %s: %w", name, err)
		}
	}
	return f, nil
}

// Width is the advance of r in thousandths of an em; false if the font does
// not draw r. Only the basic plane can be drawn.
func (f *Face) Width(r rune) (int, bool) {
	g := f.glyph(r)
	if g == 0 {
		return 0, false
	}
	return (int(f.advance(g))*1000 + int(f.units)/2) / int(f.units), true
}

func (f *Face) advance(glyph uint16) uint16 {
	return f.advances[min(int(glyph), len(f.advances)-1)]
}

func (f *Face) glyph(r rune) uint16 {
	if r <= 0 || r >= 0xFFFF {
		return 0
	}
	c := uint16(r)
	i := sort.Search(len(f.segments), func(i int) bool { return f.segments[i].end >= c })
	if i == len(f.segments) || f.segments[i].start > c {
		return 0
	}
	s := f.segments[i]
	if s.lookup < 0 {
		return c + s.delta
	}
	at := s.lookup + 2*int(c-s.start)
	if at+2 > len(f.glyphs) {
		return 0
	}
	if g := u16(f.glyphs, at); g != 0 {
		return g + s.delta
	}
	return 0
}

func (f *Face) readAdvances(r io.ReaderAt, tables directory) error {
	head, err := tables.read(r, "head", 54)
	if err != nil {
		return err
	}
	hhea, err := tables.read(r, "hhea", 36)
	if err != nil {
		return err
	}
	f.units = u16(head, 18)
	count := int(u16(hhea, 34))
	if f.units == 0 || count == 0 {
		return errors.New("no metrics")
	}
	hmtx, err := tables.read(r, "hmtx", 4*count)
	if err != nil {
		return err
	}
	f.advances = make([]uint16, count)
	for i := range f.advances {
		f.advances[i] = u16(hmtx, 4*i)
	}
	return nil
}

// readCmap takes the first Unicode subtable of format 4.
func (f *Face) readCmap(r io.ReaderAt, tables directory) error {
	cmap, err := tables.read(r, "cmap", 4)
	if err != nil {
		return err
	}
	for i := range int(u16(cmap, 2)) {
		at := 4 + 8*i
		if at+8 > len(cmap) {
			break
		}
		platform, encoding, offset := u16(cmap, at), u16(cmap, at+2), int(u32(cmap, at+4))
		if platform != 0 && (platform != 3 || encoding != 1) || offset+16 > len(cmap) {
			continue
		}
		if u16(cmap, offset) == 4 {
			return f.readSegments(cmap[offset:])
		}
	}
	return errors.New("no Unicode cmap of format 4")
}

func (f *Face) readSegments(sub []byte) error {
	if length := int(u16(sub, 2)); length < len(sub) && length >= 16 {
		sub = sub[:length]
	}
	n := int(u16(sub, 6)) / 2
	if n == 0 || 16+8*n > len(sub) {
		return errors.New("cmap is cut off")
	}
	ends, starts, deltas, offsets := 14, 16+2*n, 16+4*n, 16+6*n
	f.glyphs = sub
	for i := range n {
		s := segment{u16(sub, starts+2*i), u16(sub, ends+2*i), u16(sub, deltas+2*i), -1}
		if offset := int(u16(sub, offsets+2*i)); offset != 0 {
			s.lookup = offsets + 2*i + offset
		}
		if i > 0 && (s.start <= f.segments[i-1].end || s.end < s.start) {
			return errors.New("cmap is out of order")
		}
		f.segments = append(f.segments, s)
	}
	return nil
}
