package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
)

// Whatever an instance answers, head and body: customers come, or an error in
// one line without the token.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
		"HTTP/1.1 200 OK\r\nContent-Encoding: br\x1b[31m\r\n\r\n[{\"UmpCustomerGuid\":\"1\"}]",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[{}\r\nzz",
		"HTTP/1.1 401 " + testToken + "\r\nWWW-Authenticate: Bearer\r\n\r\nno entry for Bearer " + testToken,
		"HTTP/1.1 429 slow\r\nRetry-After: 99999999999\r\n\r\n<title>\x1b]0;x\x07" + testToken[:20] + "\n" + testToken[20:] + "</title>",
		"HTTP/1.1 503 \xff\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n\"\\u0065yJ\"",
		"HTTP/1.1 302 Found\r\nLocation: //evil\r\n\r\n", "HTTP/1.1 000 \r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	opt := Options{Lookup: func(string) (string, bool) { return testToken, true }, Limits: Limits{MaxBytes: 1 << 20, MaxCustomers: 1000, MaxConnections: 1000}}.withDefaults()
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := newClient(Instance{URL: "https://emea.example.com", Auth: Auth{TokenEnv: "T"}}, &opt)
		if err != nil {
			t.Fatal(err)
		}
		c.scrub.add(c.creds.token)
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(data)), nil)
		if err != nil {
			return
		}
		if wait := c.asked(resp); wait < 0 || backoff(time.Second, time.Minute, 1, wait, 0.5) < 0 {
			t.Errorf("a pause of %v", wait)
		}
		p, err := c.receive(resp)
		if err == nil {
			if len(p.Sources) != 1 || p.Sources[0].Customers != len(p.Customers) {
				t.Errorf("%d customers of %+v", len(p.Customers), p.Sources)
			}
			return
		}
		if data := (*DataError)(nil); len(p.Customers) > 0 || resp.StatusCode == http.StatusOK && !errors.As(err, &data) {
			t.Errorf("%d customers with %T", len(p.Customers), err)
		}
		if told := c.failure(t.Context(), err); strings.ContainsFunc(told.Error()+told.Hint(), unicode.IsControl) || strings.Contains(told.Error(), testToken) {
			t.Errorf("%q, %q", told, told.Hint())
		}
		if retriable(resp.StatusCode, nil) && resp.StatusCode == http.StatusUnauthorized {
			t.Error("credentials are tried again")
		}
	})
}
