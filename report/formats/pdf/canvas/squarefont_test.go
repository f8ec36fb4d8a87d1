package canvas

import (
	"bytes"
	"encoding/binary"
)

// squareFont makes a TrueType font whose characters from U+4E00 on are all
// one square of one width: the worst case of the PDF library's width map.
func squareFont(characters int) []byte {
	tables := []struct {
		name string
		data []byte
	}{
		{"OS/2", words(append([]uint16{1, 500, 400}, make([]uint16, 36)...)...)},
		{"cmap", squareCmap(characters)},
		{"glyf", squareGlyph()},
		{"head", words(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000, 0, 8, 0, 0, 0)},
		{"hhea", words(1, 0, 800, 0xFF38, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)},
		{"hmtx", append(words(1000), make([]byte, 2+2*characters)...)},
		{"loca", squareLoca(characters)},
		{"maxp", words(append([]uint16{1, 0, uint16(characters + 1)}, make([]uint16, 13)...)...)},
		{"name", words(0, 0, 6)},
		{"post", words(append([]uint16{3}, make([]uint16, 15)...)...)},
	}
	file := bytes.NewBuffer(words(1, 0, uint16(len(tables)), 128, 3, 32))
	offset := 12 + 16*len(tables)
	for _, t := range tables {
		file.WriteString(t.name)
		for _, n := range []uint32{0, uint32(offset), uint32(len(t.data))} {
			file.Write(binary.BigEndian.AppendUint32(nil, n))
		}
		offset += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		file.Write(t.data)
		file.Write(make([]byte, (4-len(t.data)%4)%4))
	}
	return file.Bytes()
}

// squareCmap maps U+4E00 to glyph 1 and so on, in one segment.
func squareCmap(characters int) []byte {
	const first = 0x4E00
	last := uint16(first + characters - 1)
	return words(0, 1, 3, 1, 0, 12, 4, 32, 0, 4, 4, 1, 0, last, 0xFFFF, 0, first, 0xFFFF, 0x10000-first+1, 1, 0, 0)
}

// squareGlyph is one contour of four points.
func squareGlyph() []byte {
	glyph := words(1, 0, 0, 1000, 1000, 3, 0)
	glyph = append(glyph, 1, 1, 1, 1)
	return append(glyph, words(0, 1000, 0, 0xFC18, 0, 0, 1000, 0)...)
}

// squareLoca gives every glyph the same outline but none to glyph 0. The
// format has each glyph end where the next begins, so all but the last are
// empty; widths are what matters here.
func squareLoca(characters int) []byte {
	loca := make([]uint16, characters+2)
	loca[characters+1] = uint16(len(squareGlyph()) / 2)
	return words(loca...)
}

func words(values ...uint16) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}
