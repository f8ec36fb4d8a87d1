package fakenet

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// connected are the two ends of a connection.
func connected(t *testing.T) (client, server net.Conn) {
	t.Helper()
	var n Net
	listener := n.Listen()
	t.Cleanup(func() { listener.Close() })
	go func() { client, _ = n.Dial(t.Context(), "tcp", listener.Addr().String()) }()
	server, err := listener.Accept()
	synctest.Wait()
	if err != nil || client == nil {
		t.Fatal(client, err)
	}
	return client, server
}

func TestWhatIsWrittenArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := connected(t)
		for _, text := range []string{"one ", "two"} {
			if _, err := io.WriteString(client, text); err != nil {
				t.Fatal(err)
			}
		}
		client.Close()
		if got, err := io.ReadAll(server); string(got) != "one two" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := server.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("written to nobody: %v", err)
		}
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read from what is closed: %v", err)
		}
	})
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := connected(t)
		start := time.Now()
		client.SetDeadline(start.Add(time.Hour))
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		client.SetDeadline(time.Time{})
		time.AfterFunc(time.Minute, func() { server.Write([]byte("late")) })
		got := make([]byte, 9)
		if n, err := client.Read(got); string(got[:n]) != "late" || err != nil {
			t.Errorf("%q, %v", got[:n], err)
		}
	})
}

func TestNobodyListens(t *testing.T) {
	var n Net
	closed := n.Listen()
	closed.Close()
	for _, to := range []string{"127.0.0.1:7", closed.Addr().String()} {
		if _, err := n.Dial(t.Context(), "tcp", to); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: %v", to, err)
		}
	}
}
