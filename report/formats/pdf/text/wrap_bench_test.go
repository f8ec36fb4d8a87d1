package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
)

// BenchmarkWrap has names of strangers: each kind must take time in
// proportion to its length.
func BenchmarkWrap(b *testing.B) {
	f := faces(b)
	for name, piece := range map[string]string{"words": "some words ", "one word": "abcdefghij", "marks": "a\u0301\u0302", "Hebrew": "אבגד (12) ", "brackets": "((((", "opening and Hebrew": "א([{"} {
		for _, times := range []int{100, 1000} {
			s := strings.Repeat(piece, times)
			b.Run(fmt.Sprintf("%s/%d", name, len(s)), func(b *testing.B) {
				b.SetBytes(int64(len(s)))
				for b.Loop() {
					f.Wrap(s, Regular, 8, 200, 0)
					f.Shape(s, Regular, 8)
				}
			})
		}
	}
}

// BenchmarkSubset cuts a font down to the letters of a report.
func BenchmarkSubset(b *testing.B) {
	b.ReportAllocs()
	f := face(b, "regular", dejavusanscondensed.TTF)
	for b.Loop() {
		if _, err := f.Subset(dejavusanscondensed.TTF, []rune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzäéöü–…")); err != nil {
			b.Fatal(err)
		}
	}
}
