package plain

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", -7: "-7", 999: "999", -999: "-999", 1000: "1,000", -1000: "-1,000", 12345: "12,345", 1234567: "1,234,567",
		math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "-": "-", "1": "1", "1234.5678": "1,234.5678", "-1234.50": "-1,234.50", "+123456": "+123,456", "0.123456": "0.123456", ".5": ".5",
	} {
		if got := Group(in); got != want {
			t.Errorf("Group(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCounted(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Counted(0, "customer"), "0 customers"},
		{Counted(1, "customer"), "1 customer"},
		{Counted(2000, "customer"), "2,000 customers"},
		{Counted(int64(-1), "customer"), "-1 customers"},
		{Counted(1, "entry", "entries"), "1 entry"},
		{Counted(2, "entry", "entries"), "2 entries"},
		{Noun(1, "license"), "license"},
		{Noun(3, "license"), "licenses"},
		{Noun(0, "is", "are"), "are"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 1023: "1,023 bytes", 1024: "1 KiB", 1536: "1.5 KiB", 1<<20 - 1: "1,023.9 KiB", 64 << 10: "64 KiB",
		1 << 20: "1 MiB", 16 << 20: "16 MiB", 5<<20 + 3<<19: "6.5 MiB", 1 << 30: "1,024 MiB", math.MaxInt64: "8,796,093,022,207.9 MiB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}
