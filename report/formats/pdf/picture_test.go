package pdf

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "keep the pictures of pages as they are now")

// looks are portfolios whose first pages differ.
var looks = map[string]portfolio{
	"summary":    {customers: 120, connections: 2, priced: true, history: true, managers: 6},
	"incomplete": {customers: 120, connections: 2, priced: true, history: true, managers: 12, gap: "apac", gapThen: true},
	"first":      {customers: 120, connections: 2, priced: true, managers: 3},
	"unpriced":   {customers: 120, connections: 2, history: true, managers: 3},
	"clean":      {customers: 40, clean: true, priced: true, history: true, managers: 2},
}

// TestPagesLookAsKept compares first pages and a cover, drawn with the
// embedded fonts alone, with kept pictures. After a change that is meant to
// show: go test ./report/formats/pdf -run TestPagesLookAsKept -update, and look
// at them.
func TestPagesLookAsKept(t *testing.T) {
	for name, m := range looks {
		keep(t, name, render(t, m.build(t), Options{}))
	}
	keep(t, "cover", render(t, portfolio{customers: 30, priced: true, history: true}.build(t), Options{Cover: true}))
}

// keep compares a file's first page with a kept picture.
func keep(t *testing.T, name string, file []byte) {
	t.Helper()
	kept, got := filepath.Join("testdata", name+".png"), rendered(t, file, "1")
	if *update {
		if err := os.WriteFile(kept, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(kept)
	if err != nil {
		t.Fatalf("%v; go test -update keeps one", err)
	}
	comparePictures(t, name, got, want)
}

// rendered is one page as a PNG of 40 dots an inch.
func rendered(t *testing.T, file []byte, page string) []byte {
	t.Helper()
	pdftoppm, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed (poppler-utils)")
	}
	cmd := exec.Command(pdftoppm, "-r", "40", "-png", "-f", page, "-l", page, "-")
	cmd.Stdin = bytes.NewReader(file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// comparePictures compares the mean colours of small squares, so that another
// renderer's smoothing of letters makes no difference and a line of text that
// is gone does.
func comparePictures(t *testing.T, name string, got, want []byte) {
	t.Helper()
	const side, tolerance = 16, 12.0 // pixels; of 255
	a, b := decoded(t, got), decoded(t, want)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s is %v, kept is %v", name, a.Bounds(), b.Bounds())
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y += side {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x += side {
			square := image.Rect(x, y, x+side, y+side).Intersect(a.Bounds())
			is, was := meanOf(a, square), meanOf(b, square)
			for i := range is {
				if math.Abs(is[i]-was[i]) > tolerance {
					t.Errorf("%s is %.0f at %v, kept is %.0f", name, is, square, was)
					break
				}
			}
		}
	}
}

func decoded(t *testing.T, data []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// meanOf is the mean red, green and blue of a square, from 0 to 255.
func meanOf(picture image.Image, square image.Rectangle) (mean [3]float64) {
	share := 1 / (257 * float64(square.Dx()*square.Dy()))
	for y := square.Min.Y; y < square.Max.Y; y++ {
		for x := square.Min.X; x < square.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			mean[0] += float64(r) * share
			mean[1] += float64(g) * share
			mean[2] += float64(b) * share
		}
	}
	return mean
}
