package canvas

import (
	"fmt"
	"io"
	"time"
)

// Embeddable tries whether the library can embed a font, so that a damaged
// one is met before a report is drawn with it.
func Embeddable(data []byte) error {
	page := &Page{}
	page.Add(Text{X: 10, Y: 10, Size: 10, Text: "A"})
	doc := &Document{Date: time.Unix(0, 0), Width: 100, Height: 100, Fonts: []Font{{Data: data}}, Pages: []*Page{page}}
	if err := doc.Write(io.Discard); err != nil {
		return fmt.Errorf("cannot be embedded: %w", err)
	}
	return nil
}
