package text

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/jung-kurt/gofpdf"
)

func face(t testing.TB, name string, data []byte) *Face {
	t.Helper()
	f, err := ParseFace(name, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func faces(t testing.TB, fallbacks ...Fallback) *Faces {
	return NewFaces(face(t, "regular", dejavusanscondensed.TTF), face(t, "bold", dejavusanscondensedbold.TTF), fallbacks, nil)
}

// TestWidthsAgree compares every character of the basic plane with the PDF
// library: where it has no glyph, or another width, lines would not fit.
func TestWidthsAgree(t *testing.T) {
	for name, data := range map[string][]byte{"condensed": dejavusanscondensed.TTF, "bold": dejavusanscondensedbold.TTF, "mono": dejavusansmono.TTF} {
		pdf := gofpdf.New("P", "pt", "A4", "")
		pdf.AddUTF8FontFromBytes("x", "", bytes.Clone(data))
		pdf.SetFont("x", "", 10)
		missing := pdf.GetStringSymbolWidth("\u0E01") // no DejaVu has Thai
		f, wrong := face(t, name, data), 0
		for r := rune(1); r < 0xFFFF; r++ {
			if unicode.Is(unicode.Cs, r) {
				continue
			}
			got, ok := f.Width(r)
			if want := pdf.GetStringSymbolWidth(string(r)); ok && got != want || !ok && want != missing {
				if wrong++; wrong < 5 {
					t.Errorf("%s: U+%04X: width %d (%v), the library has %d", name, r, got, ok, want)
				}
			}
		}
	}
}

// TestCoverage holds what the embedded fonts are embedded for.
func TestCoverage(t *testing.T) {
	f := faces(t)
	for script, letters := range map[string]string{
		"Latin": "AZaz09ÀÿŁłŐőŞşŽžẞ", "Greek": "ΑΩαωάΐ", "Cyrillic": "АЯаяЁёЇїҐґ", "Hebrew": "אבתםןךףץ",
		"Arabic, joined": "\uFE8D\uFE91\uFE92\uFEFB\uFEF4", "Armenian": "ԱՖաև", "Georgian": "აჰ", "signs": "€£¥©®™–—…•·“”‘’«»≤≥×",
	} {
		for _, r := range letters {
			if f.Missing(r) || f.lookup(r, Bold).state != drawn {
				t.Errorf("%s: no glyph for U+%04X %c", script, r, r)
			}
		}
	}
	for _, r := range "北한ก😀𠀀" {
		if !f.Missing(r) {
			t.Errorf("U+%04X is not missing", r)
		}
	}
}

func TestParseFaceRefuses(t *testing.T) {
	whole := dejavusanscondensed.TTF
	otto := bytes.Clone(whole)
	copy(otto, "OTTO")
	ttc := bytes.Clone(whole)
	copy(ttc, "ttcf")
	locked := bytes.Clone(whole)
	tables, err := readDirectory(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	locked[tables["OS/2"].offset+9] = 2
	for _, test := range []struct {
		name, want string
		data       []byte
	}{
		{"empty", "too short", nil},
		{"text", "not a font", []byte("this is not a font file at all")},
		{"CFF outlines", "not a font with TrueType outlines", otto},
		{"collection", "not a font with TrueType outlines", ttc},
		{"cut off", "table", whole[:200_000]},
		{"cut off early", "cut off", whole[:40]},
		{"locked", "forbids embedding", locked},
	} {
		_, err := ParseFace(test.name, bytes.NewReader(test.data))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// TestSubset: a subset has its characters with their widths and outlines, also
// of letters that are made of others, and nothing else.
func TestSubset(t *testing.T) {
	const drawn = " ABCé–√"
	whole := face(t, "whole", dejavusanscondensed.TTF)
	before := bytes.Clone(dejavusanscondensed.TTF)
	data, err := whole.Subset(dejavusanscondensed.TTF, []rune(drawn))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, dejavusanscondensed.TTF) {
		t.Error("the font itself is changed")
	}
	part := face(t, "part", data)
	for r := rune(1); r < 0xFFFF; r++ {
		got, ok := part.Width(r)
		want, _ := whole.Width(r)
		if ok != strings.ContainsRune(drawn, r) || ok && got != want {
			t.Errorf("U+%04X: width %d (%v), want %d", r, got, ok, want)
		}
	}
	again, err := part.Subset(data, []rune(drawn))
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the subset's own subset differs (%v)", err)
	}
	// The library puts the same glyphs into a document as of the whole font.
	if cut := gofpdf.UTF8CutFont(data, drawn); len(cut) == 0 || !bytes.Equal(tableOf(t, cut, "glyf"), tableOf(t, gofpdf.UTF8CutFont(before, drawn), "glyf")) {
		t.Error("the library cuts other glyphs out of the subset")
	}
}

func tableOf(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	tables, err := readDirectory(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return data[tables[name].offset:][:tables[name].size]
}

// TestSubsetOfDamage: what is cut off is an error, wherever it is.
func TestSubsetOfDamage(t *testing.T) {
	whole := dejavusanscondensed.TTF
	f := face(t, "whole", whole)
	for size := 0; size < len(whole); size += 1000 {
		if _, err := f.Subset(whole[:size], []rune("Aé")); err == nil {
			t.Errorf("no error for the first %d bytes of a font", size)
		}
	}
	damaged := bytes.Clone(whole)
	tables, err := readDirectory(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	copy(damaged[tables["loca"].offset:], strings.Repeat("\xFF", 2000))
	if _, err := f.Subset(damaged, []rune("Aé")); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("glyphs outside their table: %v", err)
	}
}

func FuzzParseFace(f *testing.F) {
	f.Add(dejavusanscondensed.TTF[:2000])
	f.Add([]byte("\x00\x01\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		face, err := ParseFace("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		for r := rune(-1); r < 0x10000; r += 7 {
			face.Width(r)
		}
		face.Subset(data, []rune("Aé北"))
	})
}

func TestShapeFallsBackRunByRun(t *testing.T) {
	f := faces(t, letters("北京"), letters("京一"))
	line := f.Shape("Acme 北京 一 x", Regular, 10)
	var got []string
	for _, run := range line.Runs {
		got = append(got, string(rune('0'+run.Face))+run.Text)
	}
	if want := "0Acme |2北京|0 |3一|0 x"; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	if n := len(f.Used()); n != 4 {
		t.Errorf("%d faces used, want 2 embedded ones and 2 fallbacks", n)
	}
}

// letters is a font that has these characters only.
type letters string

func (l letters) Width(r rune) (int, bool) { return 1000, strings.ContainsRune(string(l), r) }

func TestShapeReplaces(t *testing.T) {
	line := faces(t).Shape("a北😀b\u200Dc\uFE0F", Bold, 10)
	if len(line.Runs) != 1 || line.Runs[0].Text != "a\uFFFD\uFFFDbc" || line.Runs[0].Face != Bold {
		t.Errorf("got %+v", line.Runs)
	}
}

func TestMarksStayWithTheirLetter(t *testing.T) {
	f := faces(t, letters("北\u0301"))
	if runs := f.Shape("北\u0301", Regular, 10).Runs; len(runs) != 1 {
		t.Errorf("a mark is drawn by another font than its letter: %+v", runs)
	}
}

func TestWrap(t *testing.T) {
	f := faces(t)
	for _, test := range []struct {
		name, in string
		width    float64
		want     []string
	}{
		{"fits", "one two", 100, []string{"one two"}},
		{"empty", "", 100, []string{""}},
		{"spaces", "   ", 1, []string{""}},
		{"words", "one two three", 40, []string{"one two", "three"}},
		{"hyphen", "over-license-usage", 60, []string{"over-license-", "usage"}},
		{"long word", "aaaaaaaaaa", 24, []string{"aaaa", "aaaa", "aa"}},
		{"long word after a short one", "b aaaaaaaaaa", 24, []string{"b", "aaaa", "aaaa", "aa"}},
		{"narrower than a letter", "abc", 1, []string{"a", "b", "c"}},
		{"directions by line", "אב גד הו", 32, []string{"דג בא", "וה"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, line := range f.Wrap(test.in, Regular, 10, test.width, 0) {
				words := ""
				for _, run := range line.Runs {
					words += run.Text
				}
				got = append(got, words)
				if line.Width > test.width && len([]rune(words)) > 1 {
					t.Errorf("%q is %.1f wide", words, line.Width)
				}
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestClip(t *testing.T) {
	f := faces(t)
	for in, want := range map[string]string{"short": "short", "a very long name": "a very…", "": ""} {
		got := ""
		for _, run := range f.Clip(in, Regular, 10, 38).Runs {
			got += run.Text
		}
		if got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// FuzzWrap: nothing but spaces is lost, no line is too wide, no panic.
func FuzzWrap(f *testing.F) {
	for _, seed := range []string{"one two", "שלום (abc) 12", "مرحبا 123 لا", "\xff\x00", "a\u0301b", "북 北", "😀"} {
		f.Add(seed, 50)
	}
	shared := faces(f)
	f.Fuzz(func(t *testing.T, s string, width int) {
		limit := float64(width%500) + 12
		seen := func(s string) int { return len([]rune(strings.Join(strings.Fields(s), ""))) } // a line ends without spaces, of any kind
		want, got := seen(join(Display(s))), 0
		for _, line := range shared.Wrap(s, Regular, 10, limit, 0) {
			runes := 0
			for _, run := range line.Runs {
				runes += seen(run.Text)
			}
			got += runes
			if line.Width > limit+0.01 && runes > 1 && !strings.ContainsFunc(s, func(r rune) bool { return r > 0x2FF }) {
				t.Errorf("a line is %.1f wide, more than %.1f", line.Width, limit)
			}
		}
		if got != want {
			t.Errorf("%d characters of %d in %q", got, want, s)
		}
	})
}
