package fetch

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// wire sends each request once. A http.Transport would repeat one that a server
// refuses over HTTP/2, or goes away from, several times and with pauses of its
// own, which no retry policy knows of.
type wire struct {
	transport *http.Transport
	mu        sync.Mutex
	conns     map[string][]*http.ClientConn // by scheme and address
}

// newWire sends with what the transport says. A http.ClientConn asks for the proxy
// of a host without its port, by which NO_PROXY tells hosts apart, and without the
// brackets of an IPv6 address: the proxy is that of the request's own URL.
func newWire(t *http.Transport) *wire {
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			if u, ok := r.Context().Value(destination{}).(*url.URL); ok {
				r.URL = u
			}
			return proxy(r)
		}
	}
	return &wire{transport: t, conns: map[string][]*http.ClientConn{}}
}

// destination is the key of the URL that a connection is made for.
type destination struct{}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	conn, err := w.reserve(r.Context(), r.URL)
	if err != nil {
		return nil, err
	}
	return conn.RoundTrip(r)
}

// reserve is a connection to a server with room for a request, which is kept for
// the next that it sends: a new one if all that there are have enough to do.
func (w *wire) reserve(ctx context.Context, u *url.URL) (*http.ClientConn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := u.Scheme + " " + hostPort(u)
	w.conns[key] = slices.DeleteFunc(w.conns[key], func(conn *http.ClientConn) bool {
		broken := conn.Err() != nil
		if broken {
			conn.Close()
		}
		return broken
	})
	for _, conn := range w.conns[key] {
		if conn.Reserve() == nil {
			return conn, nil
		}
	}
	conn, err := w.transport.NewClientConn(context.WithValue(ctx, destination{}, u), u.Scheme, hostPort(u))
	if err != nil {
		return nil, err
	}
	w.conns[key] = append(w.conns[key], conn)
	return conn, conn.Reserve()
}

// CloseIdleConnections closes all connections: nobody uses them any more.
func (w *wire) CloseIdleConnections() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conns := range w.conns {
		for _, conn := range conns {
			conn.Close()
		}
	}
	clear(w.conns)
}
