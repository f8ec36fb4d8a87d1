package settings

import (
	"fmt"

	"trueup/fetch/plain"
	"trueup/report/formats/pdf"
)

// maxLogo bounds the logo's file in bytes.
const maxLogo = 2 << 20

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
	if err := pdf.CheckLogo(data); err != nil {
		return nil, fmt.Errorf("read logo %s: %w", path, err)
	}
	return data, nil
}
