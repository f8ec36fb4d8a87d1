package plain

import (
	"slices"
	"strconv"
	"testing"
)

// Nothing that is repeated may be missing; what is not is seldom listed.
func TestRepeated(t *testing.T) {
	const n = 10_000
	key := func(i int) string { return strconv.Itoa(i / 2 % (n / 4)) } // 0 0 1 1 …, all of them twice
	if got := Repeated(n, key); len(got) != n || !slices.IsSorted(got) {
		t.Errorf("%d of %d keys that are repeated are listed", len(got), n)
	}
	once := func(i int) [2]string { return [2]string{"", strconv.Itoa(max(i, 3))} } // 3 four times
	if got := Repeated(n, once); len(got) > n/4 || !slices.Equal(got[:4], []int{0, 1, 2, 3}) {
		t.Errorf("%d are listed of %d that are not repeated, and first %v", len(got), n, got[:min(len(got), 9)])
	}
	if got := Repeated(0, key); len(got) > 0 {
		t.Errorf("%v of none", got)
	}
}
