package pdf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-fonts/dejavu/dejavusansmono"

	"trueup/fetch"
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
	if p.Kind != MissingGlyphs || p.Guid != r.Customers[1].UmpCustomerGuid || !strings.Contains(p.Text, "no font draws U+5317, U+4EAC, U+1F4DE;") {
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

func TestEveryScript(t *testing.T) {
	for script, name := range scripts {
		t.Run(script, func(t *testing.T) {
			r := portfolio{customers: 1, name: func(int) string { return name }}.build()
			validate(t, render(t, r, Options{System: SystemFonts()}))
		})
	}
}

// TestManyNeighbours is about the PDF library's width map, which takes cubic
// time over neighbouring characters of one width: 20,000 of them would take
// an hour. The bound is a hundred times what it takes.
func TestManyNeighbours(t *testing.T) {
	var names []string
	for from := rune(0x4E00); from < 0x4E00+20000; from += 500 {
		var name []rune
		for i := range rune(500) {
			name = append(name, from+i)
		}
		names = append(names, string(name))
	}
	r := portfolio{customers: 5 * len(names), name: func(i int) string { return names[i/5] }}.build()
	start := time.Now()
	file := render(t, r, Options{System: SystemFonts()})
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
	t.Logf("%d bytes in %v", len(file), time.Since(start))
	validate(t, file)
}
