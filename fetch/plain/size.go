package plain

import "strconv"

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
