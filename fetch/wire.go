package fetch

import (
	"context"
	"net/http"
	"net/url"
	"sync"
)

// wire sends each request once. A http.Transport would repeat one that a server
// refuses over HTTP/2, or goes away from, several times and with pauses of its
// own, which no retry policy knows of.
type wire struct {
	transport *http.Transport
	mu        sync.Mutex
	conns     map[string]*http.ClientConn // by scheme and address
}

func newWire(t *http.Transport) *wire {
	return &wire{transport: t, conns: map[string]*http.ClientConn{}}
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	conn, err := w.conn(r.Context(), r.URL)
	if err != nil {
		return nil, err
	}
	return conn.RoundTrip(r)
}

// conn is the connection to a server, or a new one if that takes no request now.
func (w *wire) conn(ctx context.Context, u *url.URL) (*http.ClientConn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := u.Scheme + " " + hostPort(u)
	if conn := w.conns[key]; conn != nil {
		if conn.Err() == nil && conn.Available() > 0 {
			return conn, nil
		}
		conn.Close()
		delete(w.conns, key)
	}
	conn, err := w.transport.NewClientConn(ctx, u.Scheme, hostPort(u))
	if err == nil {
		w.conns[key] = conn
	}
	return conn, err
}

// CloseIdleConnections closes all connections: nobody uses them any more.
func (w *wire) CloseIdleConnections() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range w.conns {
		conn.Close()
	}
	clear(w.conns)
}
