package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// Whether a proxy is asked depends on the port as well, as in NO_PROXY=host:8443.
func TestProxyOfPort(t *testing.T) {
	stop := errors.New("stop")
	for _, address := range []string{"https://x.example.com:8443", "https://[::1]:8443", "https://x.example.com", "http://127.0.0.1:9"} {
		asked := ""
		w := newWire(&http.Transport{Proxy: func(r *http.Request) (*url.URL, error) {
			asked = r.URL.Scheme + "://" + r.URL.Host
			return nil, stop
		}})
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/list?x=1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.RoundTrip(request); !errors.Is(err, stop) || asked != address {
			t.Errorf("%s: proxy of %s, %v", address, asked, err)
		}
	}
}

// Requests side by side over HTTP/1 use connections again, and none outlives the
// fetch, not those either whose request was cancelled.
func TestConnectionsAreClosed(t *testing.T) {
	const side, each = 4, 8
	var opened, closed atomic.Int32
	network := new(fakenet.Net)
	waiting := make(chan struct{})
	server := &httptest.Server{Listener: network.Listen(), Config: &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/wait" {
				waiting <- struct{}{}
				<-r.Context().Done()
			}
			io.WriteString(w, "[]")
		}),
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				opened.Add(1)
			case http.StateClosed:
				closed.Add(1)
			}
		},
	}}
	server.Start()
	w := newWire(&http.Transport{DialContext: network.Dial})
	get := func(ctx context.Context, path string) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Error(err)
			return
		}
		resp, err := w.RoundTrip(request)
		if err != nil {
			if ctx.Err() == nil {
				t.Error(err)
			}
			return
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	var all sync.WaitGroup
	for range side {
		all.Go(func() {
			for range each {
				get(t.Context(), "/")
			}
		})
	}
	all.Wait()
	if n := opened.Load(); n > side {
		t.Errorf("%d connections for %d requests side by side", n, side)
	}
	ctx, cancel := context.WithCancel(t.Context())
	for range side {
		all.Go(func() { get(ctx, "/wait") })
	}
	for range side {
		<-waiting
	}
	cancel()
	all.Wait()
	w.CloseIdleConnections()
	server.Close() // waits until all are closed
	if opened.Load() != closed.Load() {
		t.Errorf("%d connections opened, %d closed", opened.Load(), closed.Load())
	}
}
