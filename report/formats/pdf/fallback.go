package pdf

import (
	"bytes"
	"fmt"

	"trueup/report/formats/pdf/canvas"
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

// named is a font that the options name.
type named struct {
	*text.Face
	bytes []byte
}

func (n *named) data() ([]byte, error) { return n.bytes, nil }

// fallbacksOf gives the fonts that the options name.
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
	return all, nil
}
