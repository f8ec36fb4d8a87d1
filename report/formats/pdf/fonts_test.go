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

func TestMissing(t *testing.T) {
	r := portfolio{customers: 3}.build()
	r.Customers[1].CustomerFullName = fetch.TextOf("北京 📞 e\u0301 ok 北京")
	got, err := Missing(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("%d problems, want 1: %v", len(got), got)
	}
	p := got[0]
	if p.Kind != MissingGlyphs || p.GUID != r.Customers[1].UmpCustomerGuid || !strings.Contains(p.Text, "no font draws U+5317, U+4EAC, U+1F4DE;") {
		t.Errorf("got %+v", p)
	}
}

func TestMissingIsBounded(t *testing.T) {
	r := portfolio{customers: 80, name: func(int) string { return "北京" }}.build()
	got, err := Missing(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != maxMissing+1 || got[maxMissing].Text != "30 more customers have characters that no font draws" {
		t.Errorf("%d problems, the last %+v", len(got), got[len(got)-1])
	}
}

func TestReplacementIsVisible(t *testing.T) {
	r := portfolio{customers: 1, name: func(int) string { return "Phones 📞 北" }}.build()
	has(t, chapterOf(t, layOut(t, r, Options{}), "Customers")[0], "Phones \uFFFD \uFFFD")
	want(t, strings.Join(pagesOf(t, render(t, r, Options{})), "\n"), "Phones \uFFFD \uFFFD")
}

// TestSystemFontsAreLazy: folders are read when a glyph is missing, not before.
func TestSystemFontsAreLazy(t *testing.T) {
	s := SystemFonts(t.TempDir())
	render(t, portfolio{customers: 3, connections: 1}.build(), Options{System: s})
	if s.paths != nil {
		t.Error("the machine's fonts were looked for though nothing is missing")
	}
	render(t, portfolio{customers: 5, name: func(int) string { return "北" }}.build(), Options{System: s})
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
	err := Write(&out, portfolio{customers: 1}.build(), Options{Fonts: []Font{{Name: "x.ttf", Data: []byte("OTTO no font")}}})
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
	r := portfolio{customers: 5, name: func(int) string { return scripts["Greek"] }}.build()
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
			r := portfolio{customers: 1, name: func(int) string { return name }}.build()
			doc := layOut(t, r, Options{System: system})
			checkGlyphs(t, doc)
			drawn := 0
			for _, x := range texts(chapterOf(t, doc, "Customers")[0]) {
				if x.Size == h2.size {
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
		if char == text.Replacement || !regular && !bold && system.Find(char) == nil {
			n++
		}
	}
	return n
}

// TestNamedFont: a font that the options name draws what the embedded ones
// lack, and it alone.
func TestNamedFont(t *testing.T) {
	const apl = "⍋⍟⌸"
	r := portfolio{customers: 1, name: func(int) string { return "Sort " + apl + " Ltd 北" }}.build()
	with := Options{Fonts: []Font{{Name: "mono.ttf", Data: dejavusansmono.TTF}}}
	doc := layOut(t, r, with)
	checkGlyphs(t, doc)
	if len(doc.Fonts) != 3 || !bytes.Equal(doc.Fonts[2].Data, dejavusansmono.TTF) {
		t.Fatalf("%d fonts, the last is not the named one", len(doc.Fonts))
	}
	runs := map[int]string{}
	for _, x := range texts(chapterOf(t, doc, "Customers")[0]) {
		if x.Size == h2.size {
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
	}{"with": {with, "draws U+5317;"}, "without": {Options{}, "draws U+234B, U+235F, U+2338, U+5317;"}} {
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
	r := portfolio{customers: 5 * len(names), name: func(i int) string { return names[i/5] }}.build()
	for b.Loop() {
		render(b, r, Options{System: SystemFonts()})
	}
}
