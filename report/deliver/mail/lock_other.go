//go:build !unix

package mail

import "os"

// lock does nothing where the standard library has no file locks.
func lock(*os.File) error { return nil }
