package pdf

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/fonts"
	"trueup/report/formats/pdf/text"
)

// Font is a TrueType font beyond the embedded ones.
type Font struct {
	Name string // for messages: its file
	Data []byte
	read func() (*loaded, error) // once for all reports
}

// NewFont is a font from a file. It is read when the first report is laid out.
func NewFont(name string, data []byte) Font {
	return Font{name, data, sync.OnceValues(func() (*loaded, error) {
		font, err := load(name, data)
		if err != nil {
			return nil, fmt.Errorf("%w: want a TrueType font (.ttf) that may be embedded", err)
		}
		if err := canvas.Embeddable(font.Font); err != nil {
			return nil, fmt.Errorf("font %s: %w", name, err)
		}
		return font, nil
	})}
}

// fallback is a font as text asks it and as the document embeds it.
type fallback interface {
	text.Fallback
	font() (canvas.Font, error)
}

// loaded is a font whose bytes are there.
type loaded struct{ canvas.Font }

func load(name string, data []byte) (*loaded, error) {
	face, err := text.ParseFace(name, bytes.NewReader(data))
	return &loaded{canvas.Font{Face: face, Data: data}}, err
}

func (l *loaded) Width(r rune) (int, bool) { return l.Face.Width(r) }

func (l *loaded) font() (canvas.Font, error) { return l.Font, nil }

// The fonts of every report, read once.
var (
	regular   = sync.OnceValues(func() (*loaded, error) { return load("DejaVu Sans Condensed", dejavusanscondensed.TTF) })
	bold      = sync.OnceValues(func() (*loaded, error) { return load("DejaVu Sans Condensed Bold", dejavusanscondensedbold.TTF) })
	droidSans = sync.OnceValues(func() (*loaded, error) { return load("Droid Sans Fallback", fonts.DroidSansFallback) })
)

// fallbacksOf gives the fonts that the options name, and then the one for Han,
// Kana and Hangul.
func fallbacksOf(o Options) ([]text.Fallback, error) {
	var all []text.Fallback
	for _, f := range o.Fonts {
		font, err := f.read()
		if err != nil {
			return nil, err
		}
		all = append(all, font)
	}
	return append(all, eastAsian{}), nil
}

// eastAsian is the built-in font for Han, Kana and Hangul. It is read when the
// first such character is met.
type eastAsian struct{}

// Width leaves everything to other fonts that is before the first Hangul.
func (eastAsian) Width(r rune) (int, bool) {
	const firstHangul, firstHan, afterHangul = 0x1100, 0x2E80, 0xD7B0
	const compatible, forms = 0xF900, 0xFE30
	if r < firstHangul || r > 0x11FF && r < firstHan || r >= afterHangul && r < compatible || r > 0xFAFF && r < forms {
		return 0, false
	}
	font, err := droidSans()
	if err != nil {
		return 0, false
	}
	return font.Width(r)
}

func (eastAsian) font() (canvas.Font, error) {
	font, err := droidSans()
	if err != nil {
		return canvas.Font{}, err
	}
	return font.Font, nil
}
