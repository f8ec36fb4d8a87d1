// Package fonts carries the font that draws names in Han, Kana and Hangul on a
// machine without one of its own. NOTICE says where it is from.
package fonts

import _ "embed"

// DroidSansFallback is the TrueType font. It is not packed, so that a run which
// meets one such name does not unpack all of it.
//
//go:embed DroidSansFallback.ttf
var DroidSansFallback []byte
