package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavusansmono"

	"trueup/fetch"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
)

// scripts are names in the scripts that readers of the report write.
var scripts = map[string]string{
	"Latin":      "Žižkov Telekom Ångström Łódź Çelik Gıda",
	"Greek":      "Τηλεπικοινωνίες Ελλάδος",
	"Cyrillic":   "Київстар Українська Компанія",
	"Hebrew":     "תקשורת ירושלים (ABC 123) בע״מ",
	"Arabic":     "شركة الاتصالات 45",
	"Armenian":   "Հայաստանի հեռախոս",
	"Georgian":   "საქართველოს ტელეკომი",
	"Chinese":    "北京云通信有限公司",
	"Japanese":   "東京電話サービス",
	"Korean":     "서울전자통신",
	"Thai":       "บริษัท โทรคมนาคม",
	"Devanagari": "भारत संचार",
	"Emoji":      "Phones 📞 & more 👨‍👩‍👧",
	"Beyond":     "𠀀𠀁 rare",
}

// TestMissing: all names that cannot be drawn are one problem.
func TestMissing(t *testing.T) {
	for _, test := range []struct {
		name func(i int) string
		want string
	}{
		{func(int) string { return "Ünï שלום 北京 ひらカタ 서울 plain" }, ""},
		{func(i int) string { return []string{"plain", "ไทย 📞 e\u0301 ok ไ"}[i/79] },
			"no font draws U+0E44, U+0E17, U+0E22, U+1F4DE in the texts of 1 customer (0000004f-0000-4000-8000-00000000004f): the PDF shows \uFFFD instead"},
		{func(i int) string { return string(rune(0x0E01 + i%40)) },
			"no font draws U+0E01, U+0E02, U+0E03, U+0E04, U+0E05, U+0E06, U+0E07, U+0E08 and 32 more in the texts of 80 customers " +
				"(00000000-0000-4000-8000-000000000000, 00000001-0000-4000-8000-000000000001, 00000002-0000-4000-8000-000000000002 and 77 more): the PDF shows \uFFFD instead"},
	} {
		got, err := Missing(portfolio{customers: 80, name: test.name}.build(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case test.want == "" && len(got) == 0:
		case len(got) != 1 || got[0] != (fetch.Problem{Kind: MissingGlyphs, Text: test.want}):
			t.Errorf("got  %+v\nwant %s", got, test.want)
		}
	}
}

func TestReplacementIsVisible(t *testing.T) {
	r := portfolio{customers: 1, name: func(int) string { return "Phones 📞 ก" }}.build(t)
	has(t, chapterOf(t, layOut(t, r, Options{}), appendix)[0], "Phones \uFFFD \uFFFD")
	want(t, strings.Join(pagesOf(t, render(t, r, Options{})), "\n"), "Phones \uFFFD \uFFFD")
}

// TestEastAsianNames are drawn without any font of the machine, and a report
// without them does not read theirs.
func TestEastAsianNames(t *testing.T) {
	plain := layOut(t, portfolio{customers: 5, name: func(int) string { return scripts["Greek"] }}.build(t), Options{})
	if len(plain.Fonts) != 2 {
		t.Errorf("%d fonts in a report without such names", len(plain.Fonts))
	}
	for _, script := range []string{"Chinese", "Japanese", "Korean"} {
		doc := layOut(t, portfolio{customers: 1, name: func(int) string { return scripts[script] }}.build(t), Options{})
		checkGlyphs(t, doc)
		if len(doc.Fonts) != 3 {
			t.Errorf("%s: %d fonts", script, len(doc.Fonts))
		}
		has(t, chapterOf(t, doc, appendix)[0], scripts[script])
	}
}

// TestEastAsianIsLazy: characters of other scripts never have the font read.
func TestEastAsianIsLazy(t *testing.T) {
	font, err := droidSans()
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(' '); r <= 0xFFFF; r++ {
		_, own := font.Width(r)
		_, has := eastAsian{}.Width(r)
		if own != has && (r > 0x2E7F && r < 0xD7B0 || r >= 0xFF00) {
			t.Errorf("U+%04X: the font has it: %v, it draws it: %v", r, own, has)
		}
		if has && r < 0x1100 {
			t.Errorf("U+%04X is drawn by the font for Han", r)
		}
	}
}

// TestSystemFontsAreLazy: folders are read when a glyph is missing, not before.
func TestSystemFontsAreLazy(t *testing.T) {
	s := SystemFonts(t.TempDir())
	render(t, portfolio{customers: 3, connections: 1}.build(t), Options{System: s})
	if s.paths != nil {
		t.Error("the machine's fonts were looked for though nothing is missing")
	}
	render(t, portfolio{customers: 5, name: func(int) string { return "ก" }}.build(t), Options{System: s})
	if s.paths == nil {
		t.Error("the machine's fonts were not looked for though a glyph is missing")
	}
}

func TestSystemFonts(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a-broken.ttf", []byte("no font at all"))
	put("b-collection.ttc", dejavusansmono.TTF)
	put("c-cut.ttf", dejavusansmono.TTF[:len(dejavusansmono.TTF)/2])
	put("z-Bold.ttf", dejavusansmono.TTF)
	put("z.ttf", dejavusansmono.TTF)
	s := SystemFonts(dir)
	found := s.Find('A')
	if found == nil {
		t.Fatal("no font found")
	}
	if got := found.(*systemFont).path; filepath.Base(got) != "z.ttf" {
		t.Errorf("found %s, want the upright z.ttf", got)
	}
	if s.Find('北') != nil {
		t.Error("found a font for a character that none has")
	}
}

func TestNamedFontMustBeUsable(t *testing.T) {
	var out strings.Builder
	err := Write(&out, portfolio{customers: 1}.build(t), Options{Fonts: []Font{NewFont("x.ttf", []byte("OTTO no font"))}})
	if err == nil || !strings.Contains(err.Error(), "font x.ttf") {
		t.Errorf("got %v", err)
	}
	if out.Len() > 0 {
		t.Error("wrote something all the same")
	}
}

// TestSystemFontsChangeOnlyTheirGlyphs: a report that the embedded fonts draw
// is the same bytes with and without the machine's fonts.
func TestSystemFontsChangeOnlyTheirGlyphs(t *testing.T) {
	r := portfolio{customers: 5, name: func(int) string { return scripts["Greek"] }}.build(t)
	if string(render(t, r, Options{})) != string(render(t, r, Options{System: SystemFonts()})) {
		t.Error("the machine's fonts change a report that needs none")
	}
}

// TestEveryScript: every character that some font has is drawn with it; a
// replacement stands for the others alone.
func TestEveryScript(t *testing.T) {
	system := SystemFonts()
	for script, name := range scripts {
		t.Run(script, func(t *testing.T) {
			r := portfolio{customers: 1, name: func(int) string { return name }}.build(t)
			doc := layOut(t, r, Options{System: system})
			checkGlyphs(t, doc)
			drawn := 0
			for _, x := range texts(chapterOf(t, doc, appendix)[0]) {
				if x.Size == nameSize {
					drawn += strings.Count(x.Text, string(text.Replacement))
				}
			}
			if want := undrawable(t, name, system); drawn != want {
				t.Errorf("%d replacements in %q, want %d", drawn, name, want)
			}
			validate(t, render(t, r, Options{System: system}))
		})
	}
}

// checkGlyphs holds every text of a document against the cmap of the font that
// it is drawn with.
func checkGlyphs(t *testing.T, doc *canvas.Document) {
	t.Helper()
	var faces []*text.Face
	for _, font := range doc.Fonts {
		face, err := text.ParseFace("of the document", bytes.NewReader(font.Data))
		if err != nil {
			t.Fatal(err)
		}
		faces = append(faces, face)
	}
	for i, page := range doc.Pages {
		for _, x := range texts(page) {
			for _, char := range x.Text {
				if _, ok := faces[x.Font].Width(char); !ok {
					t.Errorf("page %d: font %d has no %q of %q", i+1, x.Font, char, x.Text)
				}
			}
		}
	}
}

// undrawable counts the characters that neither the embedded bold font nor
// the regular one nor the machine's have.
func undrawable(t *testing.T, name string, system *System) (n int) {
	t.Helper()
	var embedded []*text.Face
	for _, data := range [][]byte{dejavusanscondensed.TTF, dejavusanscondensedbold.TTF} {
		face, err := text.ParseFace("embedded", bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		embedded = append(embedded, face)
	}
	for _, char := range text.Display(name) {
		_, regular := embedded[0].Width(char)
		_, bold := embedded[1].Width(char)
		_, drawn := eastAsian{}.Width(char)
		if char == text.Replacement || !regular && !bold && !drawn && system.Find(char) == nil {
			n++
		}
	}
	return n
}

// TestNamedFont: a font that the options name draws what the embedded ones
// lack, and it alone.
func TestNamedFont(t *testing.T) {
	const apl = "⍋⍟⌸"
	r := portfolio{customers: 1, name: func(int) string { return "Sort " + apl + " Ltd ก" }}.build(t)
	with := Options{Fonts: []Font{NewFont("mono.ttf", dejavusansmono.TTF)}}
	doc := layOut(t, r, with)
	checkGlyphs(t, doc)
	if len(doc.Fonts) != 3 || !bytes.Equal(doc.Fonts[2].Data, dejavusansmono.TTF) {
		t.Fatalf("%d fonts, the last is not the named one", len(doc.Fonts))
	}
	runs := map[int]string{}
	for _, x := range texts(chapterOf(t, doc, appendix)[0]) {
		if x.Size == nameSize {
			runs[x.Font] += strings.ReplaceAll(x.Text, " ", "")
		}
	}
	if runs[2] != apl || runs[text.Bold] != "SortLtd"+string(text.Replacement) {
		t.Errorf("drawn by font: %v", runs)
	}
	validate(t, render(t, r, with))
	for name, test := range map[string]struct {
		o    Options
		want string
	}{"with": {with, "draws U+0E01 in"}, "without": {Options{}, "draws U+234B, U+235F, U+2338, U+0E01 in"}} {
		got, err := Missing(r, test.o)
		if err != nil || len(got) != 1 || !strings.Contains(got[0].Text, test.want) {
			t.Errorf("%s the font: %v, want %q (%v)", name, got, test.want, err)
		}
	}
}

// BenchmarkNeighbours has 20,000 different characters in a row, of which the
// PDF library's width map must not see more than a block at once.
func BenchmarkNeighbours(b *testing.B) {
	var names []string
	for from := rune(0x4E00); from < 0x4E00+20000; from += 500 {
		var name []rune
		for i := range rune(500) {
			name = append(name, from+i)
		}
		names = append(names, string(name))
	}
	r := portfolio{customers: 5 * len(names), name: func(i int) string { return names[i/5] }}.build(b)
	for b.Loop() {
		render(b, r, Options{System: SystemFonts()})
	}
}

// BenchmarkMissing looks through all texts of a portfolio.
func BenchmarkMissing(b *testing.B) {
	r := portfolio{customers: 10_000, connections: 2}.build(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Missing(r, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
