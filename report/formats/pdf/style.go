package pdf

import (
	"strconv"

	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/rules"
)

// The page: A4, in points.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 54.0
	right      = pageWidth - 54.0
	wide       = right - left
	top        = 78.0              // where the body starts
	bottom     = pageHeight - 64.0 // where it ends
	headerLine = 46.0              // baseline of the running header
	footerLine = pageHeight - 36.0 // baseline of the footer
)

// style is how text looks.
type style struct {
	size   float64
	weight int
	color  canvas.Color
}

// leading is the height of one line.
func (s style) leading() float64 { return s.size * 1.36 }

// ascent is where the baseline stands below a line's top.
func (s style) ascent() float64 { return s.size * 1.06 }

func (s style) bold() style { s.weight = text.Bold; return s }

func (s style) sized(size float64) style { s.size = size; return s }

func (s style) in(c canvas.Color) style { s.color = c; return s }

var (
	ink   = canvas.Color{R: 0x1F, G: 0x26, B: 0x2E}
	grey  = canvas.Color{R: 0x5B, G: 0x66, B: 0x70}
	rule  = canvas.Color{R: 0xC9, G: 0xD0, B: 0xD6}
	faint = canvas.Color{R: 0xF1, G: 0xF4, B: 0xF6}
	white = canvas.Color{R: 0xFF, G: 0xFF, B: 0xFF}
	alarm = canvas.Color{R: 0x9B, G: 0x1C, B: 0x2B}

	body   = style{8.6, text.Regular, ink}
	cellSt = style{7.8, text.Regular, ink}
	small  = style{7.2, text.Regular, grey}
	label  = style{7.0, text.Bold, grey}
	h1     = style{19, text.Bold, ink}
	h2     = style{11.5, text.Bold, ink}
	h3     = style{8.6, text.Bold, ink}
)

// severityColors get darker with the severity, so that greyscale keeps their
// order; the word always stands beside them.
var severityColors = map[rules.Severity]canvas.Color{
	rules.Critical: {R: 0x5E, G: 0x0B, B: 0x1E},
	rules.High:     {R: 0xA8, G: 0x32, B: 0x2D},
	rules.Medium:   {R: 0xD0, G: 0x85, B: 0x2A},
	rules.Low:      {R: 0x9F, G: 0xB8, B: 0xCB},
	rules.Info:     {R: 0xCF, G: 0xD6, B: 0xDB},
}

// defaultAccent is a calm blue.
var defaultAccent = canvas.Color{R: 0x1D, G: 0x4E, B: 0x79}

// accentOf reads "RRGGBB"; anything else gives the default.
func accentOf(hex string) canvas.Color {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return defaultAccent
	}
	return canvas.Color{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n)}
}

// tint mixes a colour with white; 0 is white, 1 the colour.
func tint(c canvas.Color, share float64) canvas.Color {
	mix := func(v uint8) uint8 { return uint8(255 - share*(255-float64(v)) + 0.5) }
	return canvas.Color{R: mix(c.R), G: mix(c.G), B: mix(c.B)}
}
