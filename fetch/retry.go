package fetch

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// retriable decides whether another try is worth it: only if the failure may
// pass by itself, never if it is about credentials or permissions.
func retriable(status int, err error) bool {
	if err == nil {
		passing := []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
		return slices.Contains(passing, status)
	}
	var (
		refused *RedirectError
		auth    *AuthError
		state   *StatusError
		data    *DataError
		network net.Error
	)
	switch {
	case errors.As(err, &refused), errors.As(err, &auth), errors.As(err, &state):
		return false
	case errors.As(err, &data) && data.Cut:
		return true
	case errors.As(err, &network) && network.Timeout():
		return true
	}
	return broken(err)
}

// broken tells whether an established connection was lost.
func broken(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		strings.Contains(err.Error(), "http2: ") || strings.Contains(err.Error(), "stream error: ") || strings.Contains(err.Error(), "server closed idle connection")
}

// backoff is the pause after failure number failed, from 0: doubling from the
// shortest to the longest, of which jitter in [0,1) takes up to half, so that
// many clients do not come back together. A longer pause that the server asks
// for wins.
func backoff(shortest, longest time.Duration, failed int, asked time.Duration, jitter float64) time.Duration {
	pause := min(shortest, longest)
	for i := 0; i < failed && pause < longest; i++ {
		pause = min(2*pause, longest)
	}
	return max(asked, pause-time.Duration(jitter*float64(pause)/2))
}

// retryAfter reads the header Retry-After: seconds or a date. It is 0 if the
// header is missing or unreadable, or the time has passed.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
