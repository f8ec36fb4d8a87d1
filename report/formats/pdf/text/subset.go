package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// Subset makes a font of what draws some characters, which must be in order,
// from the font's file. The PDF library reads each font twice a document, character
// by character: of a subset that is soon done. It fails where the font is damaged.
func (f *Face) Subset(file []byte, chars []rune) ([]byte, error) {
	c := cut{number: map[uint16]uint16{}, tables: map[string][]byte{}}
	if err := c.copyTables(file); err != nil {
		return nil, fmt.Errorf("font %s: %w", f.Name, err)
	}
	c.add(0)
	c.addChars(f, chars)
	if err := c.copyGlyphs(f); err != nil {
		return nil, fmt.Errorf("font %s: %w", f.Name, err)
	}
	return c.file(), nil
}

// cut is a subset in the making.
type cut struct {
	tables           map[string][]byte
	loca, glyf, hmtx []byte            // of the whole font
	glyphs           []uint16          // of the whole font, by their number in the subset
	number           map[uint16]uint16 // in the subset, by that of the whole font
	segments         []segment         // of the subset's cmap
}

// copyTables takes what a subset has unchanged, or nearly so: copies, since
// the PDF library writes into what it is given.
func (c *cut) copyTables(file []byte) error {
	in, err := readDirectory(bytes.NewReader(file))
	if err != nil {
		return err
	}
	for name, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "name": 6, "post": 32, "OS/2": 0,
		"cvt ": 0, "fpgm": 0, "prep": 0, "gasp": 0, "loca": 4, "glyf": 0, "hmtx": 4} {
		e := in[name]
		if e.offset+e.size > int64(len(file)) || e.size < int64(least) {
			return fmt.Errorf("table %q is cut off", name)
		}
		table := file[e.offset : e.offset+e.size]
		switch name {
		case "loca":
			c.loca = table
		case "glyf":
			c.glyf = table
		case "hmtx":
			c.hmtx = table
		case "post":
			c.tables[name] = bytes.Clone(table[:least]) // without names of glyphs
		default:
			if len(table) > 0 {
				c.tables[name] = bytes.Clone(table)
			}
		}
	}
	return nil
}

// add gives a glyph its number in the subset.
func (c *cut) add(glyph uint16) uint16 {
	n, ok := c.number[glyph]
	if !ok {
		n = uint16(len(c.glyphs))
		c.number[glyph] = n
		c.glyphs = append(c.glyphs, glyph)
	}
	return n
}

func (c *cut) addChars(f *Face, chars []rune) {
	for _, char := range chars {
		glyph := f.glyph(char)
		if glyph == 0 {
			continue
		}
		next := segment{uint16(char), uint16(char), c.add(glyph) - uint16(char), -1}
		if last := len(c.segments) - 1; last >= 0 && c.segments[last].end+1 == next.start && c.segments[last].delta == next.delta {
			c.segments[last].end++
			continue
		}
		c.segments = append(c.segments, next)
	}
	c.segments = append(c.segments, segment{0xFFFF, 0xFFFF, 1, -1})
}

// copyGlyphs copies outlines and widths, also of the glyphs that others are
// made of.
func (c *cut) copyGlyphs(f *Face) error {
	var glyf, loca, hmtx []byte
	for i := 0; i < len(c.glyphs); i++ {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline, err := c.outline(int(c.glyphs[i]))
		if err != nil {
			return err
		}
		glyf = append(glyf, outline...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		hmtx = binary.BigEndian.AppendUint16(hmtx, f.advance(c.glyphs[i]))
		hmtx = append(hmtx, c.bearing(int(c.glyphs[i]), len(f.advances))...)
	}
	c.tables["glyf"], c.tables["hmtx"] = glyf, hmtx
	c.tables["loca"] = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	binary.BigEndian.PutUint16(c.tables["head"][50:], 1)
	binary.BigEndian.PutUint16(c.tables["hhea"][34:], uint16(len(c.glyphs)))
	binary.BigEndian.PutUint16(c.tables["maxp"][4:], uint16(len(c.glyphs)))
	return nil
}

// outline is a copy of a glyph's, its parts numbered as in the subset.
func (c *cut) outline(glyph int) ([]byte, error) {
	from, to := c.offset(glyph), c.offset(glyph+1)
	if from < 0 || from > to || to > len(c.glyf) {
		return nil, fmt.Errorf("glyph %d is cut off", glyph)
	}
	outline := bytes.Clone(c.glyf[from:to])
	if len(outline) < 10 || outline[0] < 0x80 { // not made of others
		return outline, nil
	}
	const words, scale, more, scales, matrix = 1 << 0, 1 << 3, 1 << 5, 1 << 6, 1 << 7
	for at, flags := 10, uint16(more); flags&more != 0; {
		if at+4 > len(outline) {
			return nil, fmt.Errorf("glyph %d is cut off", glyph)
		}
		flags = u16(outline, at)
		binary.BigEndian.PutUint16(outline[at+2:], c.add(u16(outline, at+2)))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
	}
	return outline, nil
}

// offset is where a glyph's outline begins; -1 if the table ends before.
func (c *cut) offset(glyph int) int {
	switch long := u16(c.tables["head"], 50) == 1; {
	case long && 4*glyph+4 <= len(c.loca):
		return int(u32(c.loca, 4*glyph))
	case !long && 2*glyph+2 <= len(c.loca):
		return 2 * int(u16(c.loca, 2*glyph))
	}
	return -1
}

// bearing is the space at a glyph's left, as the table has it; glyphs after
// the last advance have no more than that. Some fonts leave it out at the end.
func (c *cut) bearing(glyph, advances int) []byte {
	at := 4*glyph + 2
	if glyph >= advances {
		at = 4*advances + 2*(glyph-advances)
	}
	if at+2 > len(c.hmtx) {
		return []byte{0, 0}
	}
	return c.hmtx[at : at+2]
}

// cmap is a character map of format 4.
func (c *cut) cmap() []byte {
	n := uint16(len(c.segments))
	words := []uint16{0, 1, 3, 1, 0, 12, 4, 16 + 8*n, 0, 2 * n, 0, 0, 0}
	for _, s := range c.segments {
		words = append(words, s.end)
	}
	words = append(words, 0)
	for _, s := range c.segments {
		words = append(words, s.start)
	}
	for _, s := range c.segments {
		words = append(words, s.delta)
	}
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return append(b, make([]byte, 2*n)...)
}

// file puts the tables together. Checksums are left to who embeds it.
func (c *cut) file() []byte {
	c.tables["cmap"] = c.cmap()
	b := binary.BigEndian.AppendUint32(nil, signatureTrueType)
	b = binary.BigEndian.AppendUint16(b, uint16(len(c.tables)))
	b = append(b, make([]byte, 6)...)
	names := slices.Sorted(maps.Keys(c.tables))
	offset := len(b) + 16*len(names)
	for _, name := range names {
		b = append(b, name...)
		for _, n := range []int{0, offset, len(c.tables[name])} {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		offset += (len(c.tables[name]) + 3) &^ 3
	}
	for _, name := range names {
		b = append(b, c.tables[name]...)
		b = append(b, make([]byte, -len(b)&3)...)
	}
	return b
}
