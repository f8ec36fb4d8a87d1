package fakeapi

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestCommand(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fakeapi": Command},
	})
}
