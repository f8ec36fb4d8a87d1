package pdf

import (
	"bytes"
	"fmt"
	"sync"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/fonts"
	"trueup/report/formats/pdf/text"
)

// Font is a TrueType font beyond the embedded ones.
type Font struct {
	Name string // for messages: its file
	Data []byte
}

// fallback is a font as text asks it and as the document embeds it.
type fallback interface {
	text.Fallback
	data() ([]byte, error)
}

// named is a font whose bytes are there.
type named struct {
	*text.Face
	bytes []byte
}

func (n *named) data() ([]byte, error) { return n.bytes, nil }

// fallbacksOf gives the fonts that the options name, and then the one for Han,
// Kana and Hangul.
func fallbacksOf(o Options) ([]text.Fallback, error) {
	var all []text.Fallback
	for _, f := range o.Fonts {
		face, err := text.ParseFace(f.Name, bytes.NewReader(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%w: want a TrueType font (.ttf) that may be embedded", err)
		}
		if err := canvas.Embeddable(f.Data); err != nil {
			return nil, fmt.Errorf("font %s: %w", f.Name, err)
		}
		all = append(all, &named{face, f.Data})
	}
	return append(all, eastAsian{}), nil
}

// eastAsian is the built-in font for Han, Kana and Hangul. It is unpacked and
// read when the first such character is met, once for all reports.
type eastAsian struct{}

var readEastAsian = sync.OnceValues(func() (*named, error) {
	data, err := fonts.DroidSansFallback()
	if err != nil {
		return nil, err
	}
	face, err := text.ParseFace("Droid Sans Fallback", bytes.NewReader(data))
	return &named{face, data}, err
})

// Width leaves everything to other fonts that is before the first Hangul.
func (eastAsian) Width(r rune) (int, bool) {
	const firstHangul, firstHan, afterHangul = 0x1100, 0x2E80, 0xD7B0
	const compatible, forms = 0xF900, 0xFE30
	if r < firstHangul || r > 0x11FF && r < firstHan || r >= afterHangul && r < compatible || r > 0xFAFF && r < forms {
		return 0, false
	}
	font, err := readEastAsian()
	if err != nil {
		return 0, false
	}
	return font.Width(r)
}

func (eastAsian) data() ([]byte, error) {
	font, err := readEastAsian()
	if err != nil {
		return nil, err
	}
	return font.bytes, nil
}
