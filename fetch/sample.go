package fetch

import (
	_ "embed"
	"strings"
	"time"
)

//go:embed sample.json
var sampleList string

// Sample is a portfolio of invented customers, in which every built-in rule
// finds something, for newcomers and for tests. It is always the same.
func Sample() Portfolio {
	p, err := Decode(strings.NewReader(sampleList), DecodeOptions{Source: "sample"})
	if err != nil {
		panic("the built-in sample is unreadable: " + err.Error()) // it is part of the program, and tested
	}
	p.Sample = true
	p.AsOf = time.Date(2026, time.November, 1, 6, 0, 0, 0, time.UTC)
	return p
}
