// Package fakenet is a network in memory, for tests: inside a bubble of
// testing/synctest nobody waits for real time, however slow a server is.
package fakenet

import (
	"context"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Net is one network in memory. The zero Net is ready.
type Net struct {
	mu    sync.Mutex
	ports []*listener // by port, from 1
}

// Listen opens the next free port of 127.0.0.1.
func (n *Net) Listen() net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ports = append(n.ports, &listener{port: len(n.ports) + 1, conns: make(chan net.Conn), end: make(chan struct{})})
	return n.ports[len(n.ports)-1]
}

// Dial stands in for a net.Dialer's DialContext. It looks at the port only.
func (n *Net) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	refused := &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	ports := n.ports
	n.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case port < 1 || port > len(ports):
		return nil, refused
	}
	here, there := pair(port)
	select {
	case ports[port-1].conns <- there:
		return here, nil
	case <-ports[port-1].end:
		return nil, refused
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

type listener struct {
	port  int
	conns chan net.Conn
	end   chan struct{}
	once  sync.Once
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.end:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.end) })
	return nil
}

func (l *listener) Addr() net.Addr { return address(l.port) }

// conn is one end of a connection.
type conn struct {
	in, out *half
	port    int // of the listener
}

func pair(port int) (here, there *conn) {
	a, b := &half{changed: make(chan struct{})}, &half{changed: make(chan struct{})}
	return &conn{a, b, port}, &conn{b, a, port}
}

func (c *conn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *conn) Write(p []byte) (int, error) { return c.out.write(p) }

func (c *conn) Close() error {
	c.in.change(func(h *half) { h.dropped = true })
	c.out.change(func(h *half) { h.ended = true })
	return nil
}

func (c *conn) LocalAddr() net.Addr              { return address(c.port) }
func (c *conn) RemoteAddr() net.Addr             { return address(c.port) }
func (c *conn) SetDeadline(t time.Time) error    { return c.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(time.Time) error { return nil } // writing never waits

func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.change(func(h *half) { h.deadline = t })
	return nil
}

// half is one direction of a connection: what is written waits for its reader.
type half struct {
	mu       sync.Mutex
	changed  chan struct{} // closed at the next change
	data     []byte
	ended    bool // nothing more will be written
	dropped  bool // nobody will read
	deadline time.Time
}

func (h *half) change(f func(*half)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(h)
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *half) write(p []byte) (n int, err error) {
	h.change(func(h *half) {
		if h.ended || h.dropped {
			err = &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
			return
		}
		h.data, n = append(h.data, p...), len(p)
	})
	return n, err
}

func (h *half) read(p []byte) (int, error) {
	for {
		n, changed, late, err := h.take(p)
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		select {
		case <-changed:
		case <-late:
		}
	}
}

// take reads without waiting, and gives what to wait for if nothing is there.
func (h *half) take(p []byte) (n int, changed <-chan struct{}, late <-chan time.Time, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.deadline.IsZero() {
		late = time.After(time.Until(h.deadline))
	}
	switch {
	case h.dropped:
		err = net.ErrClosed
	case !h.deadline.IsZero() && time.Until(h.deadline) <= 0:
		err = os.ErrDeadlineExceeded
	case len(h.data) > 0:
		n = copy(p, h.data)
		h.data = h.data[n:]
	case h.ended:
		err = io.EOF
	}
	return n, h.changed, late, err
}

func address(port int) net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port} }
