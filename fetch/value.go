package fetch

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxRaw is how much of an unreadable value is kept, in bytes.
const maxRaw = 200

// toCount reads a JSON value where the API means a whole number.
func toCount(raw jsontext.Value) Count {
	switch raw.Kind() {
	case 'n':
		return Count{State: Null}
	case '0':
		if n, ok := wholeNumber(string(raw)); ok && n <= MaxCount {
			return CountOf(n)
		}
	case '"':
		digits := raw[1 : len(raw)-1]
		if n, ok := plainDigits(digits); ok && n <= MaxCount {
			return CountOf(n)
		}
	}
	return Count{State: Unreadable}
}

// toType reads a LicenseType. It is a code, not a count: a negative one is kept,
// since it is as unknown as any number that the vendor does not name.
func toType(raw jsontext.Value) Count {
	digits, negative := bytes.CutPrefix(bytes.Trim(raw, `"`), []byte("-"))
	if n, ok := plainDigits(digits); ok && negative && n <= MaxCount {
		return CountOf(-n)
	}
	return toCount(raw)
}

// plainDigits reads the digits of a non-negative integer and nothing else, so
// that " 10 " or "1,000" stay what they are: unreadable.
func plainDigits(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 10 || (b[0] == '0' && len(b) > 1) {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// wholeNumber reads a JSON number that is integral, however it is written:
// 10, 10.0, 1e1. The decimal point is moved in the text, so nothing is rounded.
func wholeNumber(s string) (int64, bool) {
	if n, ok := plainDigits([]byte(s)); ok {
		return n, true
	}
	s, negative := strings.CutPrefix(s, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return 0, true // 0, 0.0, -0, 0e9
	}
	shift := 0
	if exponent != "" {
		var err error
		if shift, err = strconv.Atoi(exponent); err != nil || shift > 20 {
			return 0, false
		}
	}
	trimmed := strings.TrimRight(digits, "0")
	zeros := len(digits) - len(trimmed) + shift - len(fraction)
	if negative || zeros < 0 || len(trimmed)+zeros > 10 {
		return 0, false
	}
	return plainDigits([]byte(trimmed + strings.Repeat("0", zeros)))
}

// toText reads a JSON value where the API means a text. replaced tells whether
// it held bytes that are not characters, which became U+FFFD.
func (d *decoder) toText(raw jsontext.Value, f field) (t Text, replaced bool) {
	switch raw.Kind() {
	case 'n':
		return Text{State: Null}, false
	case '0':
		return Text{State: Known, S: string(raw), Number: true}, false
	case '"':
		s, replaced := d.unquote(raw, f)
		return TextOf(s), replaced
	}
	return Text{State: Unreadable}, false
}

func (d *decoder) unquote(raw jsontext.Value, f field) (s string, replaced bool) {
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 || !utf8.Valid(text) {
		var err error
		text, err = jsontext.AppendUnquote(nil, raw)
		replaced = err != nil
	}
	if f == fieldState || f == fieldConfiguration {
		return d.keep.value(text), replaced
	}
	return d.keep.bytes(text), replaced
}

// rawOf keeps enough of an unreadable value to show what came.
func rawOf(raw jsontext.Value) string {
	return clean(string(bytes.TrimSpace(raw)), maxRaw)
}

// siteName is the name of connection i in Customer.Raw.
func siteName(i int) string { return fmt.Sprintf("%s[%d]", fieldSites, i) }
