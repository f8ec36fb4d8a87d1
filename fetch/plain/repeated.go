package plain

import (
	"hash/maphash"
	"math/bits"
)

// Repeated are the indexes, in their order, of all of n things whose key another
// one has too, and of a few that only look so: who counts these alone counts
// right. Where hardly any key is repeated it takes a tenth of counting all.
func Repeated[K comparable](n int, key func(i int) K) (list []int) {
	hashes, seed := make([]uint64, n), maphash.MakeSeed()
	OnAllCores(n, func(from, to int) {
		for i := from; i < to; i++ {
			hashes[i] = maphash.Comparable(seed, key(i))
		}
	})
	times := make([]uint8, 1<<bits.Len(uint(8*n))) // by hash, 2 for several
	mask := uint64(len(times) - 1)
	for _, h := range hashes {
		if t := &times[h&mask]; *t < 2 {
			*t++
		}
	}
	for i, h := range hashes {
		if times[h&mask] == 2 {
			list = append(list, i)
		}
	}
	return list
}
