package xlsx

import (
	"bytes"
	"encoding/xml"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report/cell"
)

func TestPiecesJoin(t *testing.T) {
	d, err := newDeflater()
	if err != nil {
		t.Fatal(err)
	}
	var whole, packed []byte
	var crc uint32
	for _, raw := range []string{"", "a", strings.Repeat("row ", 30_000), "", "end"} {
		p, err := d.piece([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		whole, packed = append(whole, raw...), append(packed, p.data...)
		crc = joinCRC(crc, p.crc, p.size)
	}
	if want := crc32.ChecksumIEEE(whole); crc != want {
		t.Errorf("joined checksum %08x, want %08x", crc, want)
	}
	got, err := io.ReadAll(flate.NewReader(bytes.NewReader(append(packed, lastBlock[:]...))))
	if err != nil || !bytes.Equal(got, whole) {
		t.Errorf("joined pieces give %d bytes, want %d (%v)", len(got), len(whole), err)
	}
}

func TestSplitNeedsPlaces(t *testing.T) {
	for _, frame := range []string{"<worksheet/>", "<sheetData></sheetData>"} {
		if _, err := split([]byte(frame)); err == nil {
			t.Errorf("split(%q) gives no error", frame)
		}
	}
}

func TestNumbersThatAWorkbookWouldRound(t *testing.T) {
	for _, test := range []struct {
		v     cell.Value
		want  string
		exact bool
	}{
		{cell.Int(-42), "-42", true},
		{cell.Int(999_999_999_999_999), "999999999999999", true},
		{cell.Int(1_000_000_000_000_000), "1000000000000000", false},
		{cell.Float(0.1), "0.1", true},
		{cell.Float(math.Inf(1)), "+Inf", false},
		{cell.Money(decimal.New(123456, -2)), "1234.56", true},
		{cell.Money(decimal.New(12345678901234567, -2)), "123456789012345.67", false},
	} {
		digits, exact := appendNumber(nil, test.v, cell.KindCount)
		if string(digits) != test.want || exact != test.exact {
			t.Errorf("%v: %s, exact %v, want %s, %v", test.v, digits, exact, test.want, test.exact)
		}
	}
}

func TestWidths(t *testing.T) {
	for _, test := range []struct {
		text  string
		width float64
	}{{"", 0}, {"0123456789", 10}, {"中文", 4}, {"e\u0301", 1}, {"a中", 3}} {
		if got := measure(test.text); math.Abs(got-test.width) > 0.01 {
			t.Errorf("measure(%q) = %.2f, want %.2f", test.text, got, test.width)
		}
	}
	for _, test := range []struct {
		text string
		room float64
		want int
	}{{"one", 10, 1}, {"aaaa bbbb cccc", 9.2, 2}, {strings.Repeat("0", 25), 10, 3}, {"0000000 00000000000000", 10, 3}} {
		if got := lines(test.text, test.room); got != test.want {
			t.Errorf("lines(%q, %v) = %d, want %d", test.text, test.room, got, test.want)
		}
	}
}

// FuzzText: whatever a name is, its cell is XML that reads back as the
// cleaned name.
func FuzzText(f *testing.F) {
	for _, name := range hostile[:40] {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		text := plain.TextMax(name, maxText)
		if text == "" {
			return
		}
		var x cells
		x.startRow(1)
		x.open("A", 1)
		x.text(name)
		x.buf = x.buf[bytes.Index(x.buf, []byte("<c ")):]
		var cell struct {
			T string `xml:"is>t"`
		}
		if err := xml.Unmarshal(x.buf, &cell); err != nil {
			t.Fatalf("%q: %v", x.buf, err)
		}
		if got := unescape(cell.T); got != text {
			t.Errorf("%q reads back as %q", text, got)
		}
	})
}

// unescape reads _xHHHH_ as a workbook's reader does.
func unescape(s string) string {
	var b strings.Builder
	for s != "" {
		if isEscape(s) {
			if s[:7] != "_x005F_" {
				return "unescaped " + s
			}
			b.WriteByte('_')
			s = s[7:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}
