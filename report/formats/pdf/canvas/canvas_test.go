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

	"trueup/report/formats/pdf/text"
)

func document(ops ...Op) *Document {
	return &Document{Title: "T", Creator: "trueup", Date: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), Width: 595, Height: 842,
		Fonts: []Font{font(dejavusanscondensed.TTF)}, Pages: []*Page{{Ops: ops}}}
}

// font panics if it is none.
func font(data []byte) Font {
	face, err := text.ParseFace("of the test", bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	return Font{Face: face, Data: data}
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
// a font ever has more neighbouring characters than a few, and each character is
// in one of them.
func TestNoLongRuns(t *testing.T) {
	all := &chars{}
	for r := rune(0x80); r < 0xFFFF; r++ {
		if r%1000 != 0 { // a gap now and then
			all.add(r)
		}
	}
	drawn := 0
	for n, copied := range copies(all) {
		run := 0
		for i, r := range copied {
			if i == 0 || r != copied[i-1]+1 {
				run = 0
			}
			if run++; run > mostNeighbours {
				t.Fatalf("copy %d: U+%04X is neighbour %d", n, r, run)
			}
		}
		drawn += len(copied)
	}
	if want := len(all.list()); drawn != want {
		t.Errorf("%d characters are drawn, want %d", drawn, want)
	}
}

// drawnBy draws a line with a font and gives how many copies of it the file
// has, and in how many pieces the line is drawn.
func drawnBy(t testing.TB, f Font, line string) (copies, pieces int) {
	t.Helper()
	d := document(Text{X: 10, Y: 20, Size: 8, Text: line})
	d.Fonts = []Font{f}
	p := newPen(d)
	if err := p.embed(); err != nil {
		t.Fatal(err)
	}
	p.page(d.Pages[0])
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return strings.Count(out.String(), "/Subtype /Type0"), strings.Count(out.String(), ")Tj ")
}

// TestManyNeighbours: neighbours beyond a bound are drawn with the font's two
// copies in turn, so that the library's width map never sees them in a row.
func TestManyNeighbours(t *testing.T) {
	var line strings.Builder
	for i := range 10 * mostNeighbours {
		line.WriteRune(rune(0x4E00 + i))
	}
	copies, pieces := drawnBy(t, font(squareFont(10*mostNeighbours)), line.String())
	if copies != 2 || pieces != 10 {
		t.Errorf("ten times the bound are drawn with %d copies in %d pieces", copies, pieces)
	}
}

// TestOnePiece: a document of one script is drawn in one piece with one copy.
func TestOnePiece(t *testing.T) {
	for _, line := range []string{everything(' ', '~'), everything('А', 'я') + " – …", everything('א', 'ת')} {
		if copies, pieces := drawnBy(t, font(dejavusanscondensed.TTF), line); copies != 1 || pieces != 1 {
			t.Errorf("%s is drawn with %d copies in %d pieces", line, copies, pieces)
		}
	}
}

// everything is all characters from one to another.
func everything(from, to rune) string {
	var all strings.Builder
	for r := from; r <= to; r++ {
		all.WriteRune(r)
	}
	return all.String()
}

// BenchmarkNeighbours shows that time grows with the characters, not with
// their cube, and what the embedded font's own take.
func BenchmarkNeighbours(b *testing.B) {
	for _, characters := range []int{5000, 10_000, 20_000} {
		d := document()
		d.Fonts = append(d.Fonts, font(squareFont(characters)))
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
			write(b, document(Text{X: 10, Y: 20, Size: 8, Text: everything(' ', 0x5FF)}))
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
	whole := font(dejavusanscondensed.TTF)
	if err := Embeddable(whole); err != nil {
		t.Error(err)
	}
	for _, data := range [][]byte{nil, whole.Data[:5000], whole.Data[:300_000]} {
		if Embeddable(Font{Face: whole.Face, Data: data}) == nil {
			t.Errorf("%d bytes of no font are taken for one", len(data))
		}
	}
}
