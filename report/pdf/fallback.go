package pdf

import (
	"bytes"
	"fmt"

	"trueup/report/pdf/text"
)

// Font is a TrueType font beyond the embedded ones.
type Font struct {
	Name string // for messages: its file
	Data []byte
}

// FontSource gives the fonts of a machine when they are first needed.
type FontSource func() []*SystemFont

// fallback is a font as text asks it and as the document embeds it.
type fallback struct {
	*text.Face
	data func() ([]byte, error)
}

func fallbacksOf(o Options) ([]text.Fallback, error) {
	var all []text.Fallback
	for _, f := range o.Fonts {
		face, err := text.ParseFace(f.Name, bytes.NewReader(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%w: want a TrueType font (.ttf) that may be embedded", err)
		}
		all = append(all, &fallback{face, func() ([]byte, error) { return f.Data, nil }})
	}
	return all, nil
}

// SystemFont is a font file of the machine.
type SystemFont struct {
	Path string
}
