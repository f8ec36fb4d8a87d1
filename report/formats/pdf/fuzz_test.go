package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	pdfcpu "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"trueup/fetch"
)

// hostile are names that broke PDF writers.
var hostile = []string{
	"", " ", "\x00\x01\x1f\x7f", "\xff\xfe broken", "a\r\nb\tc", "(\\)(", "\\", "\uFFFE\uFFFF", "\u202Eevil\u202C", "\uFEFF\u200B\u200D",
	"😀👨\u200D👩\u200D👧", "𠀀", "e\u0301\u0302\u0303\u0304", "\u0301alone", "שלום (abc", "مرحبا 123", "אָ֑", "\u2028\u2029", "﷽", "%PDF-1.3 endstream endobj", "{nb}", "<</Type/Catalog>>",
}

func FuzzWrite(f *testing.F) {
	for _, name := range hostile {
		f.Add(name, name)
	}
	system := SystemFonts()
	f.Fuzz(func(t *testing.T, full, short string) {
		if len(full)+len(short) > 20_000 {
			t.Skip("longer than any name")
		}
		r := portfolio{customers: 2, connections: 1, name: func(int) string { return full }}.build(t)
		r.Title, r.Organization, r.Manager, r.Branding.Confidentiality = full, short, short, full
		r.Rules[1].Title, r.Rules[1].Why, r.Rules[1].Reference = short, full, "https://"+short
		r.Findings[0].Message = full
		r.Customers[0].CustomerShortName = fetch.TextOf(short)
		r.Customers[0].UmpCustomerGuid = short
		r.Connections[0].Name = fetch.TextOf(full)
		var out bytes.Buffer
		if err := Write(&out, r, Options{System: system}); err != nil {
			t.Fatal(err)
		}
		if err := pdfcpu.Validate(bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration()); err != nil {
			t.Fatal(err)
		}
		if _, err := Missing(r, Options{System: system}); err != nil {
			t.Fatal(err)
		}
	})
}

// A logo is refused, or it is drawn whole.
func FuzzLogo(f *testing.F) {
	picture := image.NewNRGBA(image.Rect(0, 0, 5, 3))
	var asPNG, asJPEG bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, picture), jpeg.Encode(&asJPEG, picture, nil)); err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{asPNG.Bytes(), asJPEG.Bytes(), asPNG.Bytes()[:40], asJPEG.Bytes()[:asJPEG.Len()/2], []byte("GIF89a"), []byte("x")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err == nil && config.Width*config.Height > 1<<20 && config.Width <= maxLogo && config.Height <= maxLogo {
			t.Skip("takes its time")
		}
		l, err := readLogo(data)
		if err != nil || len(data) == 0 {
			if len(l.pictures) > 0 || (CheckLogo(data) == nil) {
				t.Errorf("%v: %v", l, err)
			}
			return
		}
		drawn, err := png.Decode(bytes.NewReader(l.pictures[0].PNG))
		if err != nil || drawn.Bounds() != image.Rect(0, 0, config.Width, config.Height) || l.aspect <= 0 {
			t.Errorf("%v: %v of %+v", err, drawn.Bounds(), config)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	for _, customers := range []int{12, 1000, 100_000} { // 12 are a pack
		r := portfolio{customers: customers, connections: 2, priced: true}.build(b)
		b.Run(fmt.Sprint(customers), func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(render(b, r, Options{}))
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
