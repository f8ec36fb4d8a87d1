package plain

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestText(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", "Contoso Ltd.", "Contoso Ltd."},
		{"empty", "", ""},
		{"formula stays text", "=1+1", "=1+1"},
		{"underscored escape stays", "_x0041_", "_x0041_"},
		{"decomposed", "Cafe\u0301", "Café"},
		{"scripts", "Ωμέγα שלום 中文 😀", "Ωμέγα שלום 中文 😀"},
		{"breaks", "a\tb\r\nc\u2028d", "a b  c d"},
		{"control", "a\x00b\x1bc\x7fd\u0080e", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe"},
		{"broken bytes", "a\xffb\xed\xa0\x80c", "a\uFFFDb\uFFFD\uFFFD\uFFFDc"},
		{"replacement as sent", "a\uFFFDb", "a\uFFFDb"},
		{"override", "user\u202Etxt.exe", "user\uFFFDtxt.exe"},
		{"isolate", "a\u2067b\u2069", "a\uFFFDb\uFFFD"},
		{"marks of direction stay", "a\u200Fb\u200E", "a\u200Fb\u200E"},
		{"not characters", "a\uFFFEb\uFFFF", "a\uFFFDb\uFFFD"},
	} {
		if got := Text(test.in); got != test.want {
			t.Errorf("%s: Text(%q) = %q, want %q", test.name, test.in, got, test.want)
		}
	}
}

func TestTextMax(t *testing.T) {
	for _, test := range []struct {
		in   string
		max  int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"ééé", 3, "ééé"},
		{"éééé", 3, "éé…"},
		{"a😀😀", 5, "a😀😀"},
		{"a😀😀b", 5, "a😀…"},
		{"abx\u0323\u0307cd", 4, "ab…"},
		{"abc", 1, "…"},
	} {
		if got := TextMax(test.in, test.max); got != test.want {
			t.Errorf("TextMax(%q, %d) = %q, want %q", test.in, test.max, got, test.want)
		}
	}
}

func TestReplaced(t *testing.T) {
	for in, want := range map[string]int{
		"plain": 0, "Café\n中": 0, "\uFFFD": 0, "\xff\xfe": 2, "\x00a\u202E": 2,
	} {
		if got := Replaced(in); got != want {
			t.Errorf("Replaced(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestCSV(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "a=1": "a=1",
		"'=1": "'=1", "\t=1": " =1", "\xff=1": "\uFFFD=1",
	} {
		if got := CSV(in); got != want {
			t.Errorf("CSV(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every byte at every place of a long text is judged as it is alone.
func TestIsPlain(t *testing.T) {
	for c := range 256 {
		want := c >= ' ' && c <= '~'
		for at := range 17 {
			text := []byte(strings.Repeat("a", 17))
			text[at] = byte(c)
			if got := IsPlain(string(text)); got != want {
				t.Errorf("isPlain with byte %#x at %d: %v", c, at, got)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("Cafe\u0301\x00\xff\u202E😀", 4)
	f.Add(strings.Repeat("a\u0323", 50), 20)
	f.Fuzz(func(t *testing.T, in string, max int) {
		out := Text(in)
		if !utf8.ValidString(out) || !norm.NFC.IsNormalString(out) {
			t.Errorf("Text(%q) = %q is not valid UTF-8 in form C", in, out)
		}
		if strings.ContainsFunc(out, unicode.IsControl) || Replaced(out) > 0 {
			t.Errorf("Text(%q) = %q has control characters", in, out)
		}
		if again := Text(out); again != out {
			t.Errorf("Text(%q) = %q, again %q", in, out, again)
		}
		if max < 1 || max > 1000 {
			return
		}
		if cut := TextMax(in, max); len(utf16.Encode([]rune(cut))) > max {
			t.Errorf("TextMax(%q, %d) = %q is too long", in, max, cut)
		}
	})
}

func BenchmarkText(b *testing.B) {
	for name, s := range map[string]string{"ascii": "Contoso Communications Ltd.", "cjk": "北京电信有限公司"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Text(s)
			}
		})
	}
}
