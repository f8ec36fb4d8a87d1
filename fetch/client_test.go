package fetch

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trueup/fetch/fakeapi"
	"trueup/fetch/fakenet"
)

// Every text that a test produces is searched for these.
const (
	testToken  = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzM2NyM3QtdDBrM24ifQ.s3cr3t-s1gn4tur3-0123456789"
	testSecret = "cl13nt~s3cr3t+value/42"
)

func hasSecret(text string) bool {
	for _, piece := range []string{"s3cr3t", "eyJ", "s1gn4tur3", "cl13nt", url.QueryEscape(testSecret)} {
		if strings.Contains(text, piece) {
			return true
		}
	}
	return false
}

// world is a fake instance and how it is asked.
type world struct {
	server *fakeapi.Server
	auth   Auth
	opt    Options
	log    *bytes.Buffer
	events []Event
}

// newWorld starts a fake from a script's text, alone in its network; files are
// those of testdata.
func newWorld(t *testing.T, script string) *world { return newWorldIn(t, new(fakenet.Net), script) }

func newWorldIn(t *testing.T, network *fakenet.Net, script string) *world {
	t.Helper()
	s, err := fakeapi.Load(scriptFile(t, script))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{server: fakeapi.Start(network.Listen(), s, io.Discard), log: &bytes.Buffer{}}
	t.Cleanup(w.server.Close)
	w.auth = Auth{TokenEnv: "T"}
	if len(s.Token) > 0 {
		w.auth = Auth{TenantID: "t", ClientID: "c", ClientSecretEnv: "S", Scope: "api://x/.default", TokenURL: w.server.TokenURL}
	}
	w.opt = Options{
		Lookup: func(name string) (string, bool) {
			v := map[string]string{"T": testToken, "S": testSecret}[name]
			return v, v != ""
		},
		Version:  "test",
		Retry:    Retry{Attempts: 3, WaitMin: time.Millisecond, WaitMax: 2 * time.Millisecond},
		Dial:     network.Dial,
		Progress: func(e Event) { w.events = append(w.events, e) },
		Log:      slog.New(slog.NewTextHandler(w.log, nil)),
	}
	return w
}

func scriptFile(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"customers.json", "customers-brief.json"} {
		body, err := os.ReadFile(filepath.Join("..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "script.yaml")
	script = strings.NewReplacer("TESTTOKEN", testToken, "TESTSECRET", testSecret).Replace(script)
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *world) fetch(ctx context.Context) (Portfolio, error) {
	return FetchAll(ctx, []Instance{{URL: w.server.URL, Auth: w.auth}}, w.opt)
}

// inBubble is a subtest under a clock that runs ahead when everybody waits.
func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// TestFaults is one line for each thing that goes wrong out there.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name, script string
		set          func(*Options)
		want, hint   string // want "" means that all customers come
		requests     int
	}{
		{name: "whole list", script: "api: [{file: customers.json}]", requests: 1},
		{name: "packed list", script: "api: [{file: customers.json, gzip: true}]", requests: 1},
		{name: "wrong content type", script: "api: [{file: customers.json, headers: {Content-Type: text/html}}]", requests: 1},
		{name: "slow body", script: "api: [{file: customers.json, pause: 5m}]", requests: 1},
		{name: "cut body, then whole", script: "api: [{file: customers.json, cut: 3000}, {file: customers.json}]", requests: 2},
		{name: "cut packed body, then whole", script: "api: [{file: customers.json, gzip: true, cut: 500}, {file: customers.json}]", requests: 2},
		{name: "list cut inside a whole body", script: "api: [{body: '[{\"UmpCustomerGuid\":\"g\"},'}, {file: customers.json}]", requests: 2},
		{name: "always cut", script: "api: [{file: customers.json, cut: 3000}]", want: "the list is cut off before its end (tried 3 times)", hint: "never taken for the whole", requests: 3},
		{name: "dropped connection", script: "api: [{drop: true}, {file: customers.json}]", requests: 2},
		{name: "flapping 503", script: "api: [{status: 503}, {status: 502}, {file: customers.json}]", requests: 3},
		{name: "lasting 503", script: "api: [{status: 503, body: '<html><title>Down for\n maintenance</title>'}]", want: `the instance is not available (503); it says "Down for maintenance" (tried 3 times)`, hint: "try again later", requests: 3},
		{name: "429 with seconds", script: "api: [{status: 429, headers: {Retry-After: '0'}}, {file: customers.json}]", requests: 2},
		{name: "429 with a date", script: "api: [{status: 429, headers: {Retry-After: $SOON}}, {file: customers.json}]", requests: 2},
		{name: "429 for too long", script: "api: [{status: 429, headers: {Retry-After: '7200'}}]", want: "asks for fewer requests (429); it asks to wait 2h0m0s", hint: "try again later", requests: 1},
		{name: "504 twice", script: "api: [{status: 504, repeat: 2}, {file: customers.json}]", requests: 3},
		{name: "400", script: "api: [{status: 400, body: '\"Invalid change for License Type!\"'}]", want: `answered with status 400; it says "Invalid change for License Type!"`, hint: "check the URL", requests: 1},
		{name: "401 for a ready token", script: "api: [{status: 401}]", want: "the token was not accepted (401)", hint: "get a new token", requests: 1},
		{name: "403", script: "api: [{status: 403}]", want: "the app registration lacks the permission (403)", hint: "admin consent", requests: 1},
		{name: "404", script: "api: [{status: 404, body: gone}]", want: "there is no customer list at http://127.0.0.1", hint: "/tenantui", requests: 1},
		{name: "500", script: "api: [{status: 500, body: \"a\\x01\\x1b[31m\\u202eb\"}]", want: `status 500; it says "a[31mb"`, hint: "try again later", requests: 1},
		{name: "204", script: "api: [{status: 204}]", want: "answered with status 204", requests: 1},
		{name: "206", script: "api: [{status: 206, file: customers.json}]", want: "answered with status 206", requests: 1},
		{name: "sign-in page", script: "api: [{headers: {Content-Type: text/html}, body: '<!DOCTYPE html><title>Sign in</title>'}]", want: "this is a web page (HTML)", hint: "sign-in page", requests: 1},
		{name: "envelope", script: "api: [{body: '{\"currentPage\":1,\"totalPages\":9,\"data\":[]}'}]", want: "paged envelope", hint: "never taken for the whole", requests: 1},
		{name: "text", script: "api: [{body: '\"no\"'}]", want: `the answer is a text, not a customer list: "no"`, requests: 1},
		{name: "empty body", script: "api: [{body: ''}]", want: "no content where a customer list should be (tried 3 times)", requests: 3},
		{name: "empty list", script: "api: [{body: '[]'}]", want: "listed no customers", hint: "--allow-empty", requests: 1},
		{name: "no GUID", script: "api: [{body: '[{}]'}]", want: "in customer 1 of the list: the customer has no UmpCustomerGuid", requests: 1},
		{name: "unasked packing", script: "api: [{body: xx, headers: {Content-Encoding: br}}]", want: "an encoding that was not asked for: br", requests: 1},
		{name: "giant body", script: "api: [{customers: 100000, gzip: true}]", set: func(o *Options) { o.Limits.MaxBytes = 1 << 20 },
			want: "larger than the limit of 1 MiB", hint: "raise the size limit", requests: 1},
		{name: "redirect on the host", script: "api: [{status: 302, headers: {Location: '$URL/tenantui/api/v3/customer?allDetails=true'}}, {file: customers.json}]", requests: 2},
		{name: "redirect to another host", script: "api: [{status: 302, headers: {Location: 'http://localhost:1/'}}]", want: "redirects to localhost:1, which is refused", hint: "sign-in page", requests: 1},
		{name: "redirect to another scheme", script: "api: [{status: 307, headers: {Location: 'https://login.example.com/x'}}]", want: "redirects to https://login.example.com, which is refused", requests: 1},
		{name: "redirect without end", script: "api: [{status: 302, headers: {Location: '$URL/tenantui/api/v3/customer?allDetails=true'}}]", want: "after 5 redirects", requests: 6},
		{name: "slow header", script: "api: [{delay: 3m, body: x}]",
			want: "did not begin to answer in time (tried 3 times)", hint: "time-outs", requests: 3},
		{name: "stuck body", script: "api: [{file: customers.json, pause: 2m}]", set: func(o *Options) { o.Timeouts.Whole = time.Minute },
			want: "the whole answer did not come in time, after", hint: "time-outs", requests: 3},
		{name: "stuck once", script: "api: [{file: customers.json, delay: 3m}, {file: customers.json}]", requests: 2},
		{name: "total time", script: "api: [{status: 503}]", set: func(o *Options) {
			o.Retry = Retry{Attempts: 1000, WaitMin: time.Minute, WaitMax: time.Minute, Total: 10*time.Minute + time.Second}
			o.Jitter = func() float64 { return 0 }
		}, want: "the time for all tries together is over", hint: "totalTimeout", requests: 11},
		{name: "echoed token", script: "api: [{status: 400, body: 'bad token $TOKEN here'}]", want: `it says "bad token [secret] here"`, requests: 1},
		{name: "echoed token, cut", script: "api: [{status: 400, body: '" + strings.Repeat("x", 150) + "$TOKEN'}]", want: "[secret]", requests: 1},
		{name: "echoed token in a good answer", script: "api: [{body: '\"" + strings.Repeat("y", 80) + " $TOKEN\"'}]", want: "the answer is a text", requests: 1},
		{name: "echoed token as a page", script: "api: [{status: 403, body: '<title>$TOKEN</title>'}]", want: `it says "[secret]"`, requests: 1},
		{name: "echoed part of the token", script: "api: [{status: 400, body: 'eyJzdWIiOiJzM2NyM3QtdDBrM24ifQ'}]", want: "[secret]", requests: 1},

		{name: "client credentials", script: "{accept: tok-1, secret: TESTSECRET, token: [{token: tok-1}], api: [{file: customers.json}]}", requests: 2},
		{name: "token is reused", script: "{accept: tok-1, token: [{token: tok-1}, {token: tok-2}], api: [{status: 503}, {file: customers.json}]}", requests: 3},
		{name: "token is refreshed", script: "{token: [{token: tok-1, expiresIn: 1}, {token: tok-2, expiresIn: 1}], api: [{status: 503}, {file: customers.json}]}", requests: 5},
		{name: "one renewal on 401", script: "{accept: tok-2, token: [{token: tok-1}, {token: tok-2}], api: [{file: customers.json}]}", requests: 4},
		{name: "one renewal only", script: "{accept: tok-3, token: [{token: tok-1}, {token: tok-2}, {token: tok-3}], api: [{file: customers.json}]}",
			want: "the token was not accepted (401)", hint: "scope", requests: 4},
		{name: "token endpoint flaps", script: "{token: [{status: 503}, {status: 429, headers: {Retry-After: '0'}}, {token: tok-1}], api: [{file: customers.json}]}", requests: 4},
		{name: "token endpoint is down", script: "{token: [{status: 503, body: '<html>'}], api: [{file: customers.json}]}", want: "the token endpoint is not available (503)", hint: "try again later", requests: 3},
		{name: "unknown app", script: `{token: [{status: 400, body: '{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier was not found."}'}], api: []}`,
			want: "refused the credentials (400): AADSTS700016: Application", hint: "check client id and tenant id", requests: 1},
		{name: "wrong secret, echoed", script: `{token: [{status: 401, body: '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret $SECRET provided."}'}], api: []}`,
			want: "AADSTS7000215: Invalid client secret [secret] provided", hint: "not its id", requests: 1},
		{name: "secret has ended", script: `{token: [{status: 401, body: '{"error":"invalid_client","error_description":"AADSTS7000222: expired"}'}], api: []}`, want: "AADSTS7000222", hint: "expired", requests: 1},
		{name: "token endpoint's page", script: "{token: [{status: 200, body: '<html>$SECRET'}], api: []}", want: "the token endpoint gave no token", hint: "tenant id", requests: 1},
		{name: "token endpoint's error page", script: "{token: [{status: 404, body: 'nothing here $SECRET'}], api: []}", want: "refused the credentials (404): nothing here [secret]", requests: 1},
		{name: "token endpoint redirects", script: "{token: [{status: 307, headers: {Location: 'http://localhost:1/'}}], api: []}", want: "redirects to localhost:1, which is refused", requests: 1},
		{name: "token endpoint without a token", script: "{token: [{body: '{}'}], api: []}", want: "gave no token", requests: 1},
	} {
		inBubble(t, test.name, func(t *testing.T) {
			w := newWorld(t, test.script)
			if test.set != nil {
				test.set(&w.opt)
			}
			p, err := w.fetch(t.Context())
			w.check(t, p, err, test.want, test.hint)
			if n := len(w.server.Requests()); n != test.requests {
				t.Errorf("%d requests, want %d: %q", n, test.requests, w.server.Requests())
			}
		})
	}
}

func (w *world) check(t *testing.T, p Portfolio, err error, want, hint string) {
	t.Helper()
	if want == "" {
		if err != nil || len(p.Customers) != 10 || len(p.Problems) != 0 {
			t.Fatalf("%d customers, problems %v, error %v", len(p.Customers), p.Problems, err)
		}
		if s := p.Sources[0]; s.URL != w.server.URL+"/tenantui" || s.Failed != "" || s.Listed != 10 {
			t.Errorf("source %+v", s)
		}
	} else {
		var failed *FetchError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), want) || !strings.Contains(failed.Hint(), hint) {
			t.Fatalf("error %v\nhint %v\nwant %s\nhint %s", err, failed, want, hint)
		}
		if len(p.Customers) != 0 || len(p.Problems) != 1 || p.Sources[0].Failed == "" || len(err.Error()) > 1000 {
			t.Errorf("%d bytes of error, portfolio %+v", len(err.Error()), p)
		}
		if hasSecret(err.Error() + failed.Hint() + p.Problems[0].Text + p.Sources[0].Failed) {
			t.Errorf("a secret in %v", err)
		}
	}
	if hasSecret(w.log.String()) {
		t.Errorf("a secret in the log: %s", w.log)
	}
}

func TestFetchTellsProgress(t *testing.T) {
	w := newWorld(t, "api: [{status: 503}, {file: customers.json}]")
	if _, err := w.fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	var stages []Stage
	var most Event
	for _, e := range w.events {
		if len(stages) == 0 || stages[len(stages)-1] != e.Stage {
			stages = append(stages, e.Stage)
		}
		most.Bytes, most.Total = max(most.Bytes, e.Bytes), max(most.Total, e.Total)
	}
	if want := []Stage{Asking, Waiting, Receiving, Done}; !equalStages(stages, want) || most.Bytes != 7708 || most.Total != 7708 {
		t.Errorf("stages %v, %d of %d bytes", stages, most.Bytes, most.Total)
	}
	if last := w.events[len(w.events)-1]; last.Customers != 10 || last.Try != 2 {
		t.Errorf("last event %+v", last)
	}
	if !strings.Contains(w.log.String(), `reason="503 Service Unavailable"`) {
		t.Errorf("log: %s", w.log)
	}
}

func equalStages(a, b []Stage) bool {
	return len(a) == len(b) && string(stageBytes(a)) == string(stageBytes(b))
}

func stageBytes(stages []Stage) (b []byte) {
	for _, s := range stages {
		b = append(b, byte(s))
	}
	return b
}

func TestFetchEmptyAllowed(t *testing.T) {
	w := newWorld(t, "api: [{body: '[]'}]")
	if _, err := w.fetch(t.Context()); !errors.Is(err, ErrEmpty) {
		t.Errorf("error %v", err)
	}
	w.opt.AllowEmpty = true
	if p, err := w.fetch(t.Context()); err != nil || len(p.Customers) != 0 || len(p.Sources) != 1 {
		t.Errorf("%+v, error %v", p, err)
	}
}

func TestFetchEndsAtOnce(t *testing.T) {
	for name, script := range map[string]string{
		"waiting for the answer": "api: [{delay: 1h}]",
		"in the body":            "api: [{file: customers.json, pause: 1h}]",
		"between tries":          "api: [{status: 503, headers: {Retry-After: '5'}}]",
		"waiting for a token":    "{token: [{delay: 1h}], api: []}",
	} {
		inBubble(t, name, func(t *testing.T) {
			w := newWorld(t, script)
			w.opt.Timeouts = Timeouts{Header: time.Hour, Whole: time.Hour}
			ctx, cancel := context.WithCancel(t.Context())
			first := make(chan bool, 1)
			w.opt.Progress = func(e Event) {
				select {
				case first <- true:
				default:
				}
			}
			go func() { <-first; cancel() }()
			p, err := w.fetch(ctx)
			if !errors.Is(err, context.Canceled) || len(p.Sources) != 0 {
				t.Errorf("%+v, error %v", p, err)
			}
		})
	}
}

func TestFetchSeveral(t *testing.T) {
	var network fakenet.Net
	emea := newWorldIn(t, &network, "api: [{file: customers.json}]")
	apac := newWorldIn(t, &network, "api: [{file: customers-brief.json}]")
	down := newWorldIn(t, &network, "api: [{status: 403}]")
	emea.opt.Progress = nil
	instances := []Instance{
		{Name: "emea", URL: emea.server.URL, Auth: emea.auth},
		{Name: "apac", URL: apac.server.URL + "/tenantui/", Auth: apac.auth},
	}
	p, err := FetchAll(t.Context(), instances, emea.opt)
	if err != nil || len(p.Customers) != 20 || len(p.Problems) != 0 {
		t.Fatalf("%d customers, problems %v, error %v", len(p.Customers), p.Problems, err)
	}
	if p.Customers[0].Instance != "apac" || p.Customers[19].Instance != "emea" || p.Sources[0].Name != "apac" {
		t.Errorf("not in order: %+v", p.Sources)
	}
	p.AsOf = someTime
	sameAfterSnapshot(t, p)

	p, err = FetchAll(t.Context(), append(instances, Instance{Name: "amer", URL: down.server.URL, Auth: down.auth}), emea.opt)
	var failed *FetchError
	if !errors.As(err, &failed) || len(failed.Failed) != 1 || failed.Failed[0].Instance != "amer" || !strings.Contains(failed.Hint(), "--allow-partial") {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(err.Error(), "1 of 3 instances failed: amer (http://127.0.0.1") {
		t.Errorf("error %v", err)
	}
	if len(p.Customers) != 20 || len(p.Sources) != 3 || p.Sources[0].Failed == "" || len(p.Problems) != 1 || p.Problems[0].Kind != "instance-failed" {
		t.Errorf("sources %+v, problems %v", p.Sources, p.Problems)
	}
	p.AsOf = someTime
	sameAfterSnapshot(t, p)
}

func TestFetchOverTLS(t *testing.T) {
	w := newWorld(t, "{tls: true, token: [{token: tok-1}], api: [{file: customers.json}]}")
	instance := Instance{URL: w.server.URL, Auth: w.auth}
	_, err := FetchAll(t.Context(), []Instance{instance}, w.opt)
	var failed *FetchError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "authority that is not trusted") || !strings.Contains(failed.Hint(), "caFile") {
		t.Errorf("error %v", err)
	}
	instance.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(instance.CAFile, append(otherAuthorities(t, 220<<10), w.server.PEM...), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err := FetchAll(t.Context(), []Instance{instance}, w.opt); err != nil || len(p.Customers) != 10 {
		t.Errorf("%d customers, error %v", len(p.Customers), err)
	}
	instance.URL = strings.Replace(w.server.URL, "127.0.0.1", "localhost", 1)
	if _, err = FetchAll(t.Context(), []Instance{instance}, w.opt); err == nil || !strings.Contains(err.Error(), "certificate is for another host") {
		t.Errorf("error %v", err)
	}
	plain := newWorld(t, "api: [{file: customers.json}]")
	instance = Instance{URL: strings.Replace(plain.server.URL, "http:", "https:", 1), Auth: plain.auth}
	if _, err = FetchAll(t.Context(), []Instance{instance}, plain.opt); err == nil || !strings.Contains(err.Error(), "does not speak TLS") {
		t.Errorf("error %v", err)
	}
}

// otherAuthorities is a bundle as large as that of a system, of authorities
// that signed nothing here.
func otherAuthorities(t *testing.T, size int) (bundle []byte) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(1); len(bundle) < size; n++ {
		cert := &x509.Certificate{SerialNumber: big.NewInt(n), Subject: pkix.Name{CommonName: fmt.Sprintf("authority %d", n)}, IsCA: true, BasicConstraintsValid: true}
		der, err := x509.CreateCertificate(nil, cert, cert, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return bundle
}

func TestFetchOverHTTP2(t *testing.T) {
	w := newWorld(t, "{tls: true, http2: true, api: [{file: customers.json, cut: 3000}, {drop: true}, {file: customers.json}]}")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, w.server.PEM, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := FetchAll(t.Context(), []Instance{{URL: w.server.URL, Auth: w.auth, CAFile: ca}}, w.opt)
	if n := len(w.server.Requests()); err != nil || len(p.Customers) != 10 || n != 3 {
		t.Errorf("%d customers after %d requests, error %v", len(p.Customers), n, err)
	}
}

func TestFetchWantsTLS12(t *testing.T) {
	var network fakenet.Net
	w := newWorldIn(t, &network, "api: []")
	old := &httptest.Server{Listener: network.Listen(), Config: &http.Server{ErrorLog: log.New(io.Discard, "", 0)},
		TLS: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}}
	old.StartTLS()
	defer old.Close()
	_, err := FetchAll(t.Context(), []Instance{{URL: old.URL, Auth: w.auth}}, w.opt)
	if err == nil || !strings.Contains(err.Error(), "does not speak TLS 1.2 or newer") {
		t.Errorf("error %v", err)
	}
}

func TestFetchNobodyThere(t *testing.T) {
	w := newWorld(t, "api: []")
	w.server.Close()
	_, err := w.fetch(t.Context())
	if err == nil || !strings.Contains(err.Error(), "nothing answers at the host's port") {
		t.Errorf("error %v", err)
	}
}

func TestFetchThroughProxy(t *testing.T) {
	w := newWorld(t, "api: [{status: 400, body: 'proxy says s3cr3t-pr0xy'}]")
	w.opt.Proxy = func(*http.Request) (*url.URL, error) {
		u, err := url.Parse(w.server.URL)
		u.User = url.UserPassword("me", "s3cr3t-pr0xy")
		return u, err
	}
	_, err := FetchAll(t.Context(), []Instance{{URL: "http://127.0.0.1:9", Auth: w.auth}}, w.opt)
	if err == nil || !strings.Contains(err.Error(), "proxy says [secret]") || hasSecret(err.Error()) {
		t.Errorf("error %v", err)
	}
}

func TestConfigErrors(t *testing.T) {
	ok := Auth{TokenEnv: "T"}
	file := func(content string) Auth {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return Auth{TokenFile: path}
	}
	const url = "https://x.example.com"
	for name, test := range map[string]struct {
		instances []Instance
		want      string
	}{
		"none":              {nil, "no instance to fetch from"},
		"no name":           {[]Instance{{Name: "a", URL: url, Auth: ok}, {URL: url, Auth: ok}}, "has no name"},
		"name twice":        {[]Instance{{Name: "a", URL: url, Auth: ok}, {Name: "a", URL: url, Auth: ok}}, "instance a: the name is used twice"},
		"instance twice":    {[]Instance{{Name: "a", URL: url, Auth: ok}, {Name: "b", URL: url + "/tenantui/", Auth: ok}}, "instance b: it is the same instance as a"},
		"both wrong":        {[]Instance{{Name: "a", Auth: ok}, {Name: "b", URL: url}}, "instance b: there are no credentials"},
		"plain http":        {[]Instance{{URL: "http://x.example.com", Auth: ok}}, "plain http to x.example.com"},
		"no credentials":    {[]Instance{{URL: url}}, "there are no credentials"},
		"two kinds":         {[]Instance{{URL: url, Auth: Auth{TokenEnv: "T", ClientSecretEnv: "S"}}}, "both a token and client credentials"},
		"unset variable":    {[]Instance{{URL: url, Auth: Auth{TokenEnv: "NOT_SET"}}}, "the environment variable NOT_SET holds no secret"},
		"missing file":      {[]Instance{{URL: url, Auth: Auth{TokenFile: "missing"}}}, "read the secret's file: open missing"},
		"empty file":        {[]Instance{{URL: url, Auth: file(" \n")}}, "holds no secret"},
		"two lines":         {[]Instance{{URL: url, Auth: file("s3cr3t\ns3cr3t\n")}}, "white space inside"},
		"newline":           {[]Instance{{URL: url, Auth: Auth{TokenEnv: "NEWLINE"}}}, "the environment variable NEWLINE holds white space inside the token"},
		"control character": {[]Instance{{URL: url, Auth: Auth{TokenEnv: "CONTROL"}}}, "the environment variable CONTROL holds a control character inside the token"},
		"not ASCII":         {[]Instance{{URL: url, Auth: Auth{TokenEnv: "QUOTED"}}}, "the environment variable QUOTED holds a character that is not ASCII inside the token"},
		"secret in two":     {[]Instance{{URL: url, Auth: Auth{ClientID: "c", ClientSecretEnv: "NEWLINE", Scope: "s", TenantID: "t"}}}, "the environment variable NEWLINE holds white space inside the client secret"},
		"parts are missing": {[]Instance{{URL: url, Auth: Auth{ClientID: "c"}}}, "lack the client secret, the scope, the tenant id"},
		"token URL":         {[]Instance{{URL: url, Auth: Auth{ClientID: "c", ClientSecretEnv: "S", Scope: "s", TokenURL: "http://x.example.com/"}}}, "plain http"},
		"no token URL":      {[]Instance{{URL: url, Auth: Auth{ClientID: "c", ClientSecretEnv: "S", Scope: "s", TokenURL: "x"}}}, "token URL cannot be read"},
		"CA file":           {[]Instance{{URL: url, Auth: ok, CAFile: "missing"}}, "read the CA file"},
		"CA folder":         {[]Instance{{URL: url, Auth: ok, CAFile: "fakeapi"}}, "read the CA file: fakeapi is a folder, not a file"},
		"no CA in file":     {[]Instance{{URL: url, Auth: ok, CAFile: "client_test.go"}}, "holds no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "api: []")
			known := w.opt.Lookup
			w.opt.Lookup = func(name string) (string, bool) {
				if v, ok := map[string]string{"NEWLINE": "s3cr3t\r\ns3cr3t", "CONTROL": "s3cr3t\x1b", "QUOTED": "“s3cr3t”"}[name]; ok {
					return v, true
				}
				return known(name)
			}
			_, err := FetchAll(t.Context(), test.instances, w.opt)
			var config *ConfigError
			if !errors.As(err, &config) || !strings.Contains(err.Error(), test.want) || config.Hint() == "" || hasSecret(err.Error()) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestSecretFileOpenToOthers(t *testing.T) {
	w := newWorld(t, "api: [{file: customers.json}]")
	w.auth = Auth{TokenFile: filepath.Join(t.TempDir(), "token")}
	if err := os.WriteFile(w.auth.TokenFile, []byte(testToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, warned := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o644: true, 0o640: true} {
		w.log.Reset()
		if err := os.Chmod(w.auth.TokenFile, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := w.fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(w.log.String(), "can be read by others"); got != warned || hasSecret(w.log.String()) {
			t.Errorf("%v: log %s", mode, w.log)
		}
	}
}

func TestAuthFromEnv(t *testing.T) {
	env := map[string]string{"TRUEUP_TENANT_ID": "t", "TRUEUP_CLIENT_ID": " c ", "TRUEUP_CLIENT_SECRET": "x", "TRUEUP_SCOPE": "s", "TRUEUP_TOKEN_URL": "u"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	want := Auth{TenantID: "t", ClientID: "c", ClientSecretEnv: "TRUEUP_CLIENT_SECRET", Scope: "s", TokenURL: "u"}
	if got := AuthFromEnv(lookup); got != want {
		t.Errorf("%+v", got)
	}
	env["TRUEUP_TOKEN"] = "x"
	if got := AuthFromEnv(lookup); got != (Auth{TokenEnv: "TRUEUP_TOKEN"}) {
		t.Errorf("%+v", got)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	var log bytes.Buffer
	s := newSecret(testToken)
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("x", "s", s, "c", credentials{token: s}.token)
	texts := []string{log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, s), fmt.Sprintf(verb, credentials{token: s, clientSecret: newSecret(testSecret)}))
	}
	for _, text := range texts {
		if hasSecret(text) || strings.Contains(text, "65794a68") {
			t.Errorf("%s", text)
		}
	}
}

func TestScrub(t *testing.T) {
	var c scrubber
	c.add(newSecret(testToken))
	c.add(newSecret(testSecret))
	for in, want := range map[string]string{
		"": "", "nothing to hide": "nothing to hide",
		"a " + testToken + " b":                      "a [secret] b",
		"form " + url.QueryEscape(testSecret) + "&x": "form [secret]&x",
		"cut " + testToken[:50]:                      "cut [secret]",
		"both " + testSecret + testToken:             "both [secret][secret]",
	} {
		if got := c.scrub(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	if got := c.clean("x "+testSecret[:5]+"\x00"+testSecret[5:], 100); got != "x [secret]" {
		t.Errorf("split by a control character: %q", got)
	}
}

// A file that is not read whole is refused: half of it would be trusted or sent.
func TestReadSecretFileWhole(t *testing.T) {
	for size, ok := range map[int]bool{1: true, maxSecret: true, maxSecret + 1: false} {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600); err != nil {
			t.Fatal(err)
		}
		content, err := ReadSecretFile(path, slog.New(slog.DiscardHandler))
		if (err == nil) != ok || ok && len(content) != size {
			t.Errorf("%d bytes: %d read, %v", size, len(content), err)
		}
	}
}

// An instance that says the token back in its data does not bring it into
// snapshots and reports: not as it is, nor in base64, nor as the name of a factor.
func TestSecretInData(t *testing.T) {
	packed := base64.StdEncoding.EncodeToString([]byte("Bearer " + testToken))
	body := fmt.Sprintf(`[{"UmpCustomerGuid":"a","CustomerFullName":"of %s","CustomerShortName":%q,"LicenseType":%q,"LicensedUsersCount":3}]`, testToken, packed, testToken)
	w := newWorld(t, "api: [{body: '"+body+"'}]\nhistory: [{body: '"+
		fmt.Sprintf(`[{"UmpCustomerGuid":"a","lastUpdate":"2026-10-01","LicenseFactors":{%q:true}},{"UmpCustomerGuid":"a","lastUpdate":"2026-10-02T00:00:00","LicenseFactors":{%q:true}}]`, testToken, testToken)+"'}]")
	w.opt.Now = func() time.Time { return time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC) }
	p, err := FetchAll(t.Context(), []Instance{{URL: w.server.URL, Auth: w.auth, UsageMonths: 1}}, w.opt)
	if err != nil || len(p.Customers) != 1 || p.Customers[0].LicensedUsersCount != CountOf(3) || p.Customers[0].CustomerFullName.S != "of [secret]" {
		t.Fatalf("%v: %+v", err, p.Customers)
	}
	if u := p.Customers[0].Usage; !u.Known() || len(u.Switches) != 1 || !u.Switches[0].On["[secret]"] {
		t.Errorf("%+v", u)
	}
	text := fmt.Sprintf("%+v", p)
	if hasSecret(text) || strings.Contains(text, packed[12:40]) {
		t.Error(text)
	}
}
