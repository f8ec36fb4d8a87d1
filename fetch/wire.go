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

func newWire(t *http.Transport) *wire {
	return &wire{transport: t, conns: map[string][]*http.ClientConn{}}
}

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
	conn, err := w.transport.NewClientConn(ctx, u.Scheme, hostPort(u))
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
