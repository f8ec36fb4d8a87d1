package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // logos may be JPEG
	"image/png"

	"trueup/report/formats/pdf/canvas"
)

// maxLogo bounds a logo's sides, in pixels.
const maxLogo = 4000

// logo is the sender's picture, if there is one, and its width over its height.
type logo struct {
	pictures []canvas.Picture // one or none
	aspect   float64
}

// CheckLogo tells whether a logo is a whole PNG or JPEG of a size that is drawn.
func CheckLogo(data []byte) error {
	_, err := decodeLogo(data)
	return err
}

func decodeLogo(data []byte) (image.Image, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("want PNG or JPEG: %w", err)
	}
	if config.Width > maxLogo || config.Height > maxLogo || config.Width < 1 || config.Height < 1 {
		return nil, fmt.Errorf("%d x %d pixels: want at most %d x %d", config.Width, config.Height, maxLogo, maxLogo)
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	return decoded, err
}

// readLogo makes any PNG or JPEG into the plain one that the PDF library can
// embed: 8 bits, no transparency, not interlaced.
func readLogo(data []byte) (logo, error) {
	if len(data) == 0 {
		return logo{}, nil
	}
	decoded, err := decodeLogo(data)
	if err != nil {
		return logo{}, fmt.Errorf("read logo: %w", err)
	}
	size := decoded.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, size.Dx(), size.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), decoded, size.Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, flat); err != nil {
		return logo{}, fmt.Errorf("write logo: %w", err)
	}
	return logo{[]canvas.Picture{{PNG: out.Bytes()}}, float64(size.Dx()) / float64(size.Dy())}, nil
}

// layOutLogo draws the logo within a box, if there is one.
func (b *book) layOutLogo(x, y, mostWide, mostHigh float64) {
	if len(b.logo.pictures) == 0 {
		return
	}
	w := min(mostWide, mostHigh*b.logo.aspect)
	b.page.Add(canvas.Image{X: x, Y: y, W: w, H: w / b.logo.aspect})
}
