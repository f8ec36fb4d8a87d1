package plain

import (
	"strconv"
	"strings"
)

// Number writes a whole number for people, thousands grouped.
func Number[N int | int64](n N) string { return Group(strconv.FormatInt(int64(n), 10)) }

// Counted is a number with its noun: "1 customer", "2,000 customers". The
// plural takes an s unless it is given.
func Counted[N int | int64](n N, one string, plural ...string) string {
	return Number(n) + " " + Noun(n, one, plural...)
}

// Noun is the noun that fits a number, without the number.
func Noun[N int | int64](n N, one string, plural ...string) string {
	switch {
	case n == 1:
		return one
	case len(plural) > 0:
		return plural[0]
	}
	return one + "s"
}

// Group puts a comma between thousands of a plain decimal number.
func Group(s string) string {
	sign := len(s) - len(strings.TrimLeft(s, "+-"))
	for i := strings.IndexByte(s+".", '.') - 3; i > sign; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes writes a size for people: in bytes, KiB or MiB, rounded down to one
// decimal, which is left out where it is zero.
func Bytes(n int64) string {
	const kib, mib = 1 << 10, 1 << 20
	unit, name := int64(kib), " KiB"
	switch {
	case n < kib:
		return Counted(n, "byte")
	case n >= mib:
		unit, name = mib, " MiB"
	}
	s := Number(n / unit)
	if tenths := n % unit * 10 / unit; tenths > 0 {
		s += "." + strconv.FormatInt(tenths, 10)
	}
	return s + name
}
