package plain

import "testing"

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
