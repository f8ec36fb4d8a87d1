package settings

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // logos are read as PNG or JPEG
	_ "image/png"

	"trueup/fetch/plain"
)

// maxLogo bounds the logo's file in bytes; maxPixels what it may unpack to.
const (
	maxLogo   = 2 << 20
	maxPixels = 4000
)

func logo(into *[]byte) kind {
	return one[string](nil, func(w word) (err error) {
		if w.String() == "" {
			return nil
		}
		if *into, err = readLogo(w.String()); err != nil {
			return Usage{err.Error(), "name a PNG or JPEG file of at most " + plain.Bytes(maxLogo)}
		}
		return nil
	}).ofPath()
}

func readLogo(path string) ([]byte, error) {
	data, err := plain.ReadFile(path, maxLogo)
	if err != nil {
		return nil, fmt.Errorf("read logo: %w", err)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read logo %s: %w", path, err)
	}
	if config.Width > maxPixels || config.Height > maxPixels {
		return nil, fmt.Errorf("logo %s is larger than %d pixels", path, maxPixels)
	}
	return data, nil
}
