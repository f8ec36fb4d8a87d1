package canvas

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	pdfcpu "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

func document(ops ...Op) *Document {
	return &Document{Title: "T", Creator: "trueup", Date: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), Width: 595, Height: 842,
		Fonts: []Font{{Data: dejavusanscondensed.TTF, Whole: true}}, Pages: []*Page{{Ops: ops}}}
}

func write(t testing.TB, d *Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	pdfcpu.DisableConfigDir()
	if err := pdfcpu.Validate(bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration()); err != nil {
		t.Error(err)
	}
	return out.Bytes()
}

// TestNoLongRuns holds what bounds the library's cubic width map: no copy of
// a font ever has more neighbouring characters than a block.
func TestNoLongRuns(t *testing.T) {
	p := newPen(&Document{Fonts: []Font{{}, {Whole: true}}, Width: 100, Height: 100})
	for font := range 2 {
		run := map[instance]int{}
		for r := rune(0); r < 0x10000; r++ {
			at := p.instanceOf(font, r)
			if run[at]++; run[at] > blockSize && (font == 0 || r >= wholeBelow+blockSize) {
				t.Fatalf("font %d: U+%04X is neighbour %d of its copy", font, r, run[at])
			}
			run[instance{font, 1 - at.copy}] = 0
		}
	}
}

// drawnBy draws a line with an embedded and a square font and gives the copies
// of fonts that it took, and how often the font changed.
func drawnBy(t testing.TB, font int, line string) (copies map[instance]bool, changes int) {
	t.Helper()
	d := document()
	d.Fonts = append(d.Fonts, Font{Data: squareFont(1000)})
	p := newPen(d)
	p.pdf.SetCompression(false)
	p.page(&Page{Ops: []Op{Text{X: 10, Y: 20, Size: 8, Font: font, Text: line}}})
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return p.instances, strings.Count(out.String(), " Tf ET")
}

// TestManyNeighbours: neighbours beyond a block are drawn with the font's two
// copies in turn, so that the library's width map never sees them in a row.
func TestManyNeighbours(t *testing.T) {
	var line strings.Builder
	for i := range 10 * blockSize {
		line.WriteRune(rune(0x4E00 + i))
	}
	copies, changes := drawnBy(t, 1, line.String())
	if len(copies) != 2 || changes != 10 {
		t.Errorf("10 blocks are drawn with %d copies in %d pieces", len(copies), changes)
	}
}

// TestWholeFontStaysWhole: words of European scripts are drawn in one piece.
func TestWholeFontStaysWhole(t *testing.T) {
	if copies, changes := drawnBy(t, 0, everything()); len(copies) != 1 || changes != 1 {
		t.Errorf("drawn with %d copies in %d pieces", len(copies), changes)
	}
}

// everything is all that a whole font draws in one copy.
func everything() string {
	var all strings.Builder
	for r := rune(' '); r < wholeBelow; r++ {
		all.WriteRune(r)
	}
	return all.String()
}

// BenchmarkNeighbours shows that time grows with the characters, not with
// their cube, and what the embedded font's own take.
func BenchmarkNeighbours(b *testing.B) {
	for _, characters := range []int{5000, 10_000, 20_000} {
		d := document()
		d.Fonts = append(d.Fonts, Font{Data: squareFont(characters)})
		for from := 0; from < characters; from += 500 {
			var line strings.Builder
			for i := range 500 {
				line.WriteRune(rune(0x4E00 + from + i))
			}
			d.Pages[0].Add(Text{X: 10, Y: 20, Size: 8, Font: 1, Text: line.String()})
		}
		b.Run(strconv.Itoa(characters), func(b *testing.B) {
			for b.Loop() {
				write(b, d)
			}
		})
	}
	b.Run("embedded", func(b *testing.B) {
		for b.Loop() {
			write(b, document(Text{X: 10, Y: 20, Size: 8, Text: everything()}))
		}
	})
}

func TestEveryOp(t *testing.T) {
	d := document(Rect{1, 2, 3, 4, Color{1, 2, 3}}, Path{Points: []Point{{1, 1}, {2, 2}}, Width: 1, Dash: []float64{1, 1}},
		Path{Points: []Point{{1, 1}}}, Text{X: 1, Y: 9, Size: 9, Text: `(a\b)`}, Text{Size: 9},
		Link{X: 1, Y: 1, W: 9, H: 9, URL: "https://example.com/(a)"}, Link{To: &Anchor{}}, Link{})
	there := &Anchor{Page: d.Pages[0], Top: 5}
	d.Pages[0].Add(Link{X: 1, Y: 1, W: 9, H: 9, To: there}, Link{X: 1, Y: 1, W: 9, H: 9, To: there})
	d.Outline = []Bookmark{{"Über שלום 😀", 0, there}, {"second", 1, there}, {"third", 0, there}}
	file := string(write(t, d))
	for want, times := range map[string]int{"/Subtype /Link": 3, "/URI (https://example.com/\\(a\\))": 1, "/Title (\xFE\xFF": 4, "D:20261123060000": 2} {
		if got := strings.Count(file, want); got != times {
			t.Errorf("%q is there %d times, want %d", want, got, times)
		}
	}
}

// TestPanicsBecomeErrors: the library panics on what it cannot write.
func TestPanicsBecomeErrors(t *testing.T) {
	for name, op := range map[string]Op{
		"beyond the plane": Text{Size: 9, Text: "😀"},
		"no such font":     Text{Size: 9, Font: 7, Text: "a"},
		"no operation":     nil,
		"no such picture":  Image{Picture: 3, W: 1, H: 1},
	} {
		if err := document(op).Write(io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFontBytesStayTheirOwners(t *testing.T) {
	before := bytes.Clone(dejavusanscondensed.TTF)
	write(t, document(Text{X: 1, Y: 9, Size: 9, Text: "Ä북"}))
	if !bytes.Equal(before, dejavusanscondensed.TTF) {
		t.Error("writing a document changed the embedded font")
	}
}

func TestEmbeddable(t *testing.T) {
	if err := Embeddable(dejavusanscondensed.TTF); err != nil {
		t.Error(err)
	}
	for _, data := range [][]byte{nil, dejavusanscondensed.TTF[:5000], dejavusanscondensed.TTF[:300_000]} {
		if Embeddable(data) == nil {
			t.Errorf("%d bytes of no font are taken for one", len(data))
		}
	}
}
