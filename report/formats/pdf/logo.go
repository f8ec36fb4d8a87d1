package pdf

import (
	"bytes"
	"errors"
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

// readLogo makes any PNG or JPEG into the plain one that the PDF library can
// embed: 8 bits, no transparency, not interlaced. It gives width over height.
func readLogo(data []byte) (canvas.Picture, float64, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return canvas.Picture{}, 0, fmt.Errorf("read logo: want PNG or JPEG: %w", err)
	}
	if config.Width > maxLogo || config.Height > maxLogo || config.Width < 1 || config.Height < 1 {
		return canvas.Picture{}, 0, fmt.Errorf("read logo: %d x %d pixels: want at most %d x %d", config.Width, config.Height, maxLogo, maxLogo)
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return canvas.Picture{}, 0, fmt.Errorf("read logo: %w", err)
	}
	size := decoded.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, size.Dx(), size.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), decoded, size.Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, flat); err != nil {
		return canvas.Picture{}, 0, errors.Join(errors.New("write logo"), err)
	}
	return canvas.Picture{PNG: out.Bytes()}, float64(size.Dx()) / float64(size.Dy()), nil
}
