package report

import (
	"strings"
	"testing"
	"unicode"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Ana Silva": "ana-silva", "ana silva": "ana-silva", "unassigned": "unassigned", "北京 王": "北京-王", "Zoë": "zoë", "comx": "comx", "com": "com", "com12": "com12", strings.Repeat("y", maxSlug): strings.Repeat("y", maxSlug),
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
	for _, device := range []string{"COM0", "com9", "lpt1", "LPT0", "nul"} {
		if got := Slug(device); !strings.HasPrefix(got, strings.ToLower(device)+"-") {
			t.Errorf("Slug(%q) = %q is a device", device, got)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"ana silva", "ana-silva", "ana  silva", "ana.silva", "../ana silva", "ana/silva", "con", "com1", "aux ", ".", "..", "",
		" ", "a\x00b", "\xff", "😀", "😀😀", "C:\\x", "a:b", "a|b", "नमस्ते", "x" + strings.Repeat("y", 300), "x" + strings.Repeat("y", 301), strings.Repeat("北", 90)} {
		slug := Slug(name)
		if other, ok := seen[slug]; ok {
			t.Errorf("%q and %q are both %q", name, other, slug)
		}
		seen[slug] = name
		checkSlug(t, name, slug)
	}
}

func checkSlug(t *testing.T, name, slug string) {
	t.Helper()
	bad := func(r rune) bool {
		return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}
	if slug == "" || len(slug) > maxSlug || strings.ContainsFunc(slug, bad) || isDeviceName(slug) || slug[0] == '-' {
		t.Errorf("Slug(%q) = %q", name, slug)
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Ana Silva")
	f.Fuzz(func(t *testing.T, name string) { checkSlug(t, name, Slug(name)) })
}
