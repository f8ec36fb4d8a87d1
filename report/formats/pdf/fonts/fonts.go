// Package fonts carries the font that draws names in Han, Kana and Hangul on a
// machine without one of its own. NOTICE says where it is from.
package fonts

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
)

//go:embed DroidSansFallback.ttf.gz
var droidSansFallback []byte

// DroidSansFallback unpacks the TrueType font. It takes some time: ask for it
// only where a name needs it.
func DroidSansFallback() ([]byte, error) {
	packed, err := gzip.NewReader(bytes.NewReader(droidSansFallback))
	if err != nil {
		return nil, fmt.Errorf("unpack Droid Sans Fallback: %w", err)
	}
	font, err := io.ReadAll(packed)
	if err != nil {
		return nil, fmt.Errorf("unpack Droid Sans Fallback: %w", err)
	}
	return font, nil
}
