package plain

import "testing"

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"acme", "ACME", "aCmE"},
		{"Zoë", "ZOË", "zoe\u0308"},
		{"straße", "STRASSE", "STRAẞE"},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ"},
		{"Москва", "МОСКВА"},
		{"北京"},
		{""},
		{"a*b\tC", "A*B\tc"},
	} {
		for _, a := range same {
			for _, b := range same {
				if !SameFold(a, b) || Fold(a) != Fold(b) {
					t.Errorf("%q and %q are not the same", a, b)
				}
			}
		}
	}
	for _, pair := range [][2]string{{"acme", "acme1"}, {"Zoë", "Zoe"}, {"ı", "i"}, {"", "a"}, {"北京", "北"}} {
		if SameFold(pair[0], pair[1]) || Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Straße", "STRASSE")
	f.Add("\u0345a", "A\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		if SameFold(a, b) != (Fold(a) == Fold(b)) || SameFold(a, b) != SameFold(b, a) {
			t.Errorf("%q and %q", a, b)
		}
		if Fold(Fold(a)) != Fold(a) {
			t.Errorf("Fold(%q) = %q, again %q", a, Fold(a), Fold(Fold(a)))
		}
	})
}

func BenchmarkSameFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		SameFold("acme-emea-holding", "acme-apac-holding")
	}
}
