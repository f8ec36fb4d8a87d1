package plain

import (
	"runtime"
	"sync"
)

// OnAllCores cuts n things into parts, one a core and one behind the other, and
// does something with each part, side by side: from its first thing to the one
// before to.
func OnAllCores(n int, do func(from, to int)) {
	var group sync.WaitGroup
	parts := min(runtime.GOMAXPROCS(0), n)
	for part := range parts {
		group.Go(func() { do(part*n/parts, (part+1)*n/parts) })
	}
	group.Wait()
}
