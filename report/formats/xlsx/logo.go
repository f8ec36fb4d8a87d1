package xlsx

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the two formats of a logo
	_ "image/png"

	"github.com/xuri/excelize/v2"
)

// The logo stands in the summary's upper right corner.
const (
	logoColumns = 10
	logoHeight  = 56 // pixels
	gridPixels  = 28 // of a column
)

func (p *summaryPage) logo() {
	data := p.r.Branding.Logo
	if len(data) == 0 {
		return
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 {
		p.do(fmt.Errorf("read logo: %w", errNoPicture))
		return
	}
	room := logoColumns * gridPixels
	scale := min(1, float64(room)/float64(c.Width), float64(logoHeight)/float64(c.Height))
	cell, offset := p.fromRight(int(float64(c.Width) * scale))
	p.do(p.f.AddPictureFromBytes(p.name, cell, &excelize.Picture{Extension: "." + format, File: data,
		Format: &excelize.GraphicOptions{AltText: "Logo", ScaleX: scale, ScaleY: scale, LockAspectRatio: true,
			OffsetX: offset, OffsetY: 2, Positioning: "oneCell"}}))
}

// fromRight is where a picture starts that ends with the last column. The
// offset stays within the column, since Excel cuts a larger one.
func (p *summaryPage) fromRight(width int) (cell string, offset int) {
	const one = gridPixels
	columns := (max(width, 1) + one - 1) / one
	return letter(p.columns-columns) + "1", columns*one - width
}
