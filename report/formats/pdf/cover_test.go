package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"trueup/report"
	"trueup/rules"
)

// picture is a PNG with 16 bits and transparent: the library takes neither.
func picture() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewNRGBA64(image.Rect(0, 0, 300, 80))); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func TestLogo(t *testing.T) {
	var asJPEG bytes.Buffer
	if err := jpeg.Encode(&asJPEG, image.NewGray(image.Rect(0, 0, 300, 80)), nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": picture(), "jpeg": asJPEG.Bytes()} {
		r := portfolio{customers: 1}.build()
		r.Branding.Logo = data
		file := render(t, r, Options{})
		validate(t, file)
		if !bytes.Contains(file, []byte("/Subtype /Image")) {
			t.Errorf("%s: no picture in the file", name)
		}
	}
}

func TestLogoMustBeAPicture(t *testing.T) {
	r := portfolio{customers: 1}.build()
	for _, data := range []string{"<svg/>", "\x89PNG\r\n\x1a\n"} {
		r.Branding.Logo = []byte(data)
		if err := Write(io.Discard, r, Options{}); err == nil || !strings.Contains(err.Error(), "read logo: want PNG or JPEG") {
			t.Errorf("%q: got %v", data, err)
		}
	}
}

// TestSummaryIsOnePage has the most that can stand on it.
func TestSummaryIsOnePage(t *testing.T) {
	r := portfolio{customers: 60, connections: 2, priced: true, history: true, name: func(int) string { return strings.Repeat("long name ", 20) }}.build()
	for i := range 40 {
		r.Rules = append(r.Rules, report.Rule{Rule: &rules.Rule{ID: fmt.Sprintf("rule-%d", i), Title: strings.Repeat("title ", 30), Enabled: true}, Tally: rules.Tally{rules.Finding: 3}})
	}
	pages := layOut(t, r, Options{}).Pages
	if !strings.Contains(joined(pages[1]), "Licensesovertime") {
		t.Error("the trend is not on the summary's page")
	}
	if !strings.Contains(joined(pages[2]), "Contents") {
		t.Error("the summary takes more than a page")
	}
	checkLastLine(t, 2, pages[1])
}
