package text

import "testing"

func TestJoin(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"Latin", "abc", "abc"},
		{"alone", "ب", "\uFE8F"},
		{"initial, medial, final", "ببب", "\uFE91\uFE92\uFE90"},
		{"dal joins only backwards", "بدب", "\uFE91\uFEAA\uFE8F"},
		{"word", "شركة", "\uFEB7\uFEAE\uFEDB\uFE94"},
		{"lam with alef", "لا", "\uFEFB"},
		{"lam with alef, joined", "بلا", "\uFE91\uFEFC"},
		{"marks do not part", "بَب", "\uFE91\u064E\uFE90"},
		{"space parts", "ب ب", "\uFE8F \uFE8F"},
		{"hamza joins nothing", "بءب", "\uFE8F\uFE80\uFE8F"},
		{"Persian", "گپ", "\uFB94\uFB57"},
		{"last letter of the table", "ي", "\uFEF1"},
		{"heh", "ه", "\uFEE9"},
		{"ghain", "غ", "\uFECD"},
		{"tatweel", "بـ", "\uFE91\u0640"},
	} {
		if got := join(test.in); got != test.want {
			t.Errorf("%s: %+q becomes %+q, want %+q", test.name, test.in, got, test.want)
		}
	}
}
