package pdf

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"trueup/report/tables"
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
		r := portfolio{customers: 1}.build(t)
		r.Branding.Logo = data
		file := render(t, r, Options{})
		validate(t, file)
		if !bytes.Contains(file, []byte("/Subtype /Image")) {
			t.Errorf("%s: no picture in the file", name)
		}
	}
}

func TestLogoMustBeAPicture(t *testing.T) {
	r := portfolio{customers: 1}.build(t)
	for _, data := range []string{"<svg/>", "\x89PNG\r\n\x1a\n"} {
		r.Branding.Logo = []byte(data)
		if err := Write(io.Discard, r, Options{}); err == nil || !strings.Contains(err.Error(), "read logo: want PNG or JPEG") {
			t.Errorf("%q: got %v", data, err)
		}
	}
}

// TestCover: a cover is a page of its own, if one is asked for.
func TestCover(t *testing.T) {
	r := portfolio{customers: 20, priced: true, history: true, gap: "apac"}.build(t)
	r.Manager, r.Branding.Confidentiality = "Ana Silva", "Confidential"
	doc := layOut(t, r, Options{Cover: true})
	has(t, doc.Pages[0], "License compliance", "Example Telecom", "As of 2026-11-23 06:00 UTC", "Compared with 2026-10-23 06:00 UTC", "Ana Silva",
		"The account manager's customers only: 20 customers", "Missing INCOMPLETE: no customers from apac (no answer in 30 s)", "apac, https://apac.example.com, no answer",
		"emea, https://emea.example.com/tenantui, 20 customers", "Confidential")
	has(t, doc.Pages[1], tables.Headline(r))
	has(t, layOut(t, r, Options{}).Pages[0], tables.Headline(r), "Example Telecom · License compliance · Ana Silva", "Confidential")
}
