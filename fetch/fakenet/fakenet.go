// Package fakenet is a network in memory, for tests: inside a bubble of
// testing/synctest nobody waits for real time, however slow a server is.
package fakenet

import (
	"context"
	"net"
	"strconv"
	"sync"
	"syscall"
)

// Net is a network of this machine alone. The zero Net is ready.
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

// Dial is for what takes a net.Dialer's DialContext. It looks at the port only.
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
	if port < 1 || port > len(ports) {
		return nil, refused
	}
	here, there := net.Pipe()
	select {
	case ports[port-1].conns <- there:
		return conn{here, port}, nil
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

// conn is a pipe that says where it leads.
type conn struct {
	net.Conn
	port int
}

func (c conn) RemoteAddr() net.Addr { return address(c.port) }

func address(port int) net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port} }
