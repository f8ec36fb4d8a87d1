package fetch

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"trueup/fetch/fakenet"
)

// refusing is an HTTP/2 server that does with each request what its script says,
// the last step again and again.
type refusing struct {
	script   []string // refuse, goaway or answer
	requests atomic.Int32
}

func (s *refusing) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go s.connection(conn)
	}
}

func (s *refusing) connection(conn net.Conn) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	f := http2.NewFramer(conn, conn)
	f.WriteSettings()
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		if set, ok := frame.(*http2.SettingsFrame); ok && !set.IsAck() {
			f.WriteSettingsAck()
		}
		asked, ok := frame.(*http2.HeadersFrame)
		if !ok {
			continue
		}
		n := int(s.requests.Add(1))
		switch s.script[min(n, len(s.script))-1] {
		case "refuse":
			f.WriteRSTStream(asked.StreamID, http2.ErrCodeRefusedStream)
		case "goaway":
			f.WriteGoAway(0, http2.ErrCodeNo, nil)
		default:
			var head bytes.Buffer
			hpack.NewEncoder(&head).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			f.WriteHeaders(http2.HeadersFrameParam{StreamID: asked.StreamID, BlockFragment: head.Bytes(), EndHeaders: true})
			f.WriteData(asked.StreamID, true, []byte(`[{"UmpCustomerGuid": "1"}]`))
		}
	}
}

// A request that a server refuses, or goes away from, is tried as often as the
// settings say, and no more.
func TestRefusedStreams(t *testing.T) {
	lender := httptest.NewTLSServer(nil)
	defer lender.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		script   string
		requests int32
		want     string // "" if the customers come
	}{
		{"answer", 1, ""},
		{"refuse answer", 2, ""},
		{"goaway answer", 2, ""},
		{"refuse goaway answer", 3, ""},
		{"refuse", 3, "the server takes no request at the moment (HTTP/2 REFUSED_STREAM) (tried 3 times)"},
		{"goaway", 3, "the server ends its connections at the moment (HTTP/2 GOAWAY) (tried 3 times)"},
	} {
		network := new(fakenet.Net)
		w := newWorldIn(t, network, "api: []")
		listener := network.Listen()
		s := &refusing{script: strings.Fields(test.script)}
		go s.serve(tls.NewListener(listener, &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{"h2"}}))
		p, err := FetchAll(t.Context(), []Instance{{URL: "https://" + listener.Addr().String(), Auth: w.auth, CAFile: ca}}, w.opt)
		listener.Close()
		if n := s.requests.Load(); n != test.requests || (err == nil) != (test.want == "") || err != nil && !strings.HasSuffix(err.Error(), test.want) || err == nil && len(p.Customers) != 1 {
			t.Errorf("%s: %d requests, %d customers, %v", test.script, n, len(p.Customers), err)
		}
	}
}
