package text

import (
	"os/exec"
	"strings"
	"testing"
)

// In these vectors א to ת stand as they are written; the wanted order is the
// one on the page, from left to right.
func TestVisual(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"nothing to turn", "Acme 12 (Ltd)", "Acme 12 (Ltd)"},
		{"one word", "שלום", "םולש"},
		{"two words", "אב גד", "דג בא"},
		{"number behind", "בזק 123", "123 קזב"},
		{"number between", "אב 12 גד", "דג 12 בא"},
		{"decimal and sign", "אב 1,234.50% גד", "דג 1,234.50% בא"},
		{"date", "אב 12/34 גד", "דג 12/34 בא"},
		{"Latin inside Hebrew", "בזק ABC חיפה", "הפיח ABC קזב"},
		{"Hebrew inside Latin", "Acme בזק Ltd", "Acme קזב Ltd"},
		{"two Hebrew words inside Latin", "Acme אב גד Ltd", "Acme דג בא Ltd"},
		{"Hebrew and number inside Latin", "Acme אב 12 Ltd", "Acme 12 בא Ltd"},
		{"number first", "12 אב", "בא 12"},
		{"Latin first, number last", "A אב 12", "A 12 בא"},
		{"brackets", "(אב)", "(בא)"},
		{"bracketed Latin", "בזק (ABC)", "(ABC) קזב"},
		{"bracketed Latin in Latin", "A (אב) B", "A (בא) B"},
		{"bracketed mix", "אב (גד ABC) הו", "וה (ABC דג) בא"},
		{"brackets in Latin around both", "A (אב c) ד", "A (בא c) ד"},
		{"angle", "אב <גד>", "<דג> בא"},
		{"quotes as marks", `בע"מ אב`, `בא מ"עב`},
		{"hyphen", "אב-גד 5-6", "5-6 דג-בא"},
		{"plus", "אב +12", "12+ בא"},
		{"point", "בָּ", "בָּ"},
		{"points stay on their letters", "בָגָ", "גָבָ"},
		{"Arabic digits", "عام ٢٠٢٦ م", "م ٢٠٢٦ ماع"},
		{"European digits after Arabic", "عام 20:26 م", "م 20:26 ماع"},
		{"spaces at the end", "אב ", " בא"},
		{"empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Visual(test.in); got != test.want {
				t.Errorf("%q becomes %q, want %q", test.in, got, test.want)
			}
		})
	}
}

// TestVisualAgainstFribidi compares every short mix of kinds of characters
// with another implementation, where it is installed.
func TestVisualAgainstFribidi(t *testing.T) {
	fribidi, err := exec.LookPath("fribidi")
	if err != nil {
		t.Skip("fribidi is not installed")
	}
	kinds := []rune{'a', 'א', 'ש', 'ހ', '1', '٢', ' ', '(', ')', '-', ',', '%', '!'}
	var lines []string
	mixes(kinds, 4, "", func(s string) { lines = append(lines, s) })
	cmd := exec.Command(fribidi, "--nopad", "--nobreak")
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(want) != len(lines) {
		t.Fatalf("fribidi gave %d lines of %d", len(want), len(lines))
	}
	wrong := 0
	for i, line := range lines {
		if got := Visual(line); got != want[i] {
			if wrong++; wrong < 20 {
				t.Errorf("%q becomes %q, want %q", line, got, want[i])
			}
		}
	}
	t.Logf("%d lines, %d differ", len(lines), wrong)
}

// mixes calls do for each text of n of these characters.
func mixes(kinds []rune, n int, text string, do func(string)) {
	if n == 0 {
		do(text)
		return
	}
	for _, kind := range kinds {
		mixes(kinds, n-1, text+string(kind), do)
	}
}
