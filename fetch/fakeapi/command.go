package fakeapi

import (
	"net"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// Command is the testscript command
//
//	fakeapi NAME SCRIPT
//
// It starts a fake until the test script ends, sets $NAME_URL and
// $NAME_TOKEN_URL, writes its certificate to NAME.pem if it speaks TLS, and
// each request to NAME.requests. NAME is in lower case in the file names.
func Command(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fakeapi NAME SCRIPT")
	}
	script, err := Load(ts.MkAbs(args[1]))
	ts.Check(err)
	file := strings.ToLower(args[0])
	requests, err := os.Create(ts.MkAbs(file + ".requests"))
	ts.Check(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	s := Start(listener, script, requests)
	ts.Defer(func() {
		s.Close()
		requests.Close()
	})
	ts.Setenv(strings.ToUpper(args[0])+"_URL", s.URL)
	ts.Setenv(strings.ToUpper(args[0])+"_TOKEN_URL", s.TokenURL)
	if s.PEM != nil {
		ts.Check(os.WriteFile(ts.MkAbs(file+".pem"), s.PEM, 0o600))
	}
}
