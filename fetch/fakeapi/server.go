package fakeapi

import (
	"cmp"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is a running fake. Its token endpoint takes a POST to TokenURL.
type Server struct {
	URL      string // base URL, without /tenantui
	TokenURL string
	PEM      []byte // certificate to trust; nil without TLS

	script Script
	log    io.Writer
	http   *httptest.Server
	end    chan struct{}
	once   sync.Once

	mu        sync.Mutex
	token     turns
	api       turns
	histories map[string]*turns
	requests  []string
}

// Start runs a fake at a listener until Close. Each request is also written to
// log, as Requests lists it, before it is answered.
func Start(at net.Listener, script Script, log io.Writer) *Server {
	s := &Server{script: script, log: log, end: make(chan struct{}), token: turns{answers: script.Token}, api: turns{answers: script.API}, histories: map[string]*turns{}}
	s.http = &httptest.Server{Listener: at, Config: &http.Server{Handler: http.HandlerFunc(s.serve), ErrorLog: stdlog.New(io.Discard, "", 0)}}
	scheme := "http"
	if script.TLS {
		scheme = "https"
	}
	s.URL = scheme + "://" + s.http.Listener.Addr().String() // answers hold it, so it is known before the first request
	s.TokenURL = s.URL + "/oauth2/v2.0/token"
	if script.TLS {
		s.http.EnableHTTP2 = script.HTTP2
		s.http.StartTLS()
		s.PEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.http.Certificate().Raw})
	} else {
		s.http.Start()
	}
	return s
}

// Close ends the fake, in the middle of an answer if need be. It may be called twice.
func (s *Server) Close() {
	s.once.Do(func() { close(s.end) })
	s.http.CloseClientConnections()
	s.http.Close()
}

// Requests lists what was asked and answered: "GET /tenantui/... 200".
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	a := s.choose(r)
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	s.mu.Lock()
	request := fmt.Sprintf("%s %s %d", r.Method, r.URL.RequestURI(), a.Status)
	s.requests = append(s.requests, request)
	fmt.Fprintln(s.log, request)
	s.mu.Unlock()
	s.wait(r, a.Delay)
	if a.Drop {
		panic(http.ErrAbortHandler)
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	text := func(t string) string { return fill(t, s.URL, token, r.FormValue("client_secret")) }
	w.Header().Set("Content-Type", "application/json")
	for name, value := range a.Headers {
		w.Header().Set(name, text(value))
	}
	s.send(w, r, a, text(a.Body))
}

// choose finds the answer; a request that trueup should not make is told so.
func (s *Server) choose(r *http.Request) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Method == http.MethodPost:
		return s.grant(r)
	case r.URL.Path != listPath && s.guid(r) == "":
		return Answer{Status: http.StatusNotFound, Body: "no such page"}
	case s.script.Accept != "" && r.Header.Get("Authorization") != "Bearer "+s.script.Accept:
		return Answer{Status: http.StatusUnauthorized, Body: "not you"}
	case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "):
		return Answer{Status: http.StatusBadRequest, Body: "no token"}
	case !s.rightQuery(r), r.Header.Get("Accept-Encoding") != "gzip", !strings.HasPrefix(r.UserAgent(), "trueup/"):
		return Answer{Status: http.StatusBadRequest, Body: "another request was expected"}
	}
	if guid := s.guid(r); guid != "" {
		return s.historyOf(guid)
	}
	if a, ok := s.api.next(); ok {
		return a
	}
	return Answer{Status: http.StatusInternalServerError, Body: "the script has no answer"}
}

const listPath = "/tenantui/api/v3/customer"

// guid is whose license history is asked for; "" if none is.
func (s *Server) guid(r *http.Request) string {
	guid, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, listPath+"/"), "/licenseinfo")
	if !ok || !strings.HasPrefix(r.URL.Path, listPath) {
		return ""
	}
	return guid
}

func (s *Server) rightQuery(r *http.Request) bool {
	if s.guid(r) == "" {
		return r.URL.RawQuery == "allDetails=true"
	}
	months, ok := strings.CutPrefix(r.URL.RawQuery, "nrOfMonths=")
	n, err := strconv.Atoi(months)
	return ok && err == nil && n > 0
}

// historyOf answers with the customer's own list, else with that for all others.
func (s *Server) historyOf(guid string) Answer {
	if s.histories[guid] == nil {
		answers := s.script.Histories[guid]
		if answers == nil {
			answers = s.script.History
		}
		s.histories[guid] = &turns{answers: answers}
	}
	a, ok := s.histories[guid].next()
	if !ok {
		return Answer{Status: http.StatusInternalServerError, Body: "the script has no history"}
	}
	if a.From != "" {
		a.Body = history(cmp.Or(a.Of, guid), a)
	}
	a.Body = strings.ReplaceAll(a.Body, "$GUID", guid)
	return a
}

func (s *Server) grant(r *http.Request) Answer {
	switch {
	case r.FormValue("grant_type") != "client_credentials", r.FormValue("client_id") == "", r.FormValue("scope") == "":
		return Answer{Status: http.StatusBadRequest, Body: `{"error":"invalid_request","error_description":"AADSTS900144: a parameter is missing"}`}
	case s.script.Secret != "" && r.FormValue("client_secret") != s.script.Secret:
		return Answer{Status: http.StatusUnauthorized, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`}
	}
	a, ok := s.token.next()
	if !ok {
		return Answer{Status: http.StatusInternalServerError, Body: "the script has no token"}
	}
	if a.Token != "" {
		if a.ExpiresIn == 0 {
			a.ExpiresIn = 3600
		}
		a.Body = fmt.Sprintf(`{"token_type":"Bearer","expires_in":%d,"access_token":%q}`, a.ExpiresIn, a.Token)
	}
	return a
}

// send writes the answer, and breaks it where the script says so.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a Answer, body string) {
	var out io.Writer = w
	if a.Cut > 0 {
		out = &cutter{w: w, left: a.Cut}
	} else if !a.Gzip && a.Customers == 0 && a.Pause == 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if a.Gzip {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.WriteHeader(a.Status)
	if a.Gzip {
		packer := gzip.NewWriter(out)
		defer packer.Close()
		out = packer
	}
	if a.Customers > 0 {
		list(out, a.Customers)
		return
	}
	io.WriteString(out, body[:len(body)/2])
	if a.Pause > 0 {
		w.(http.Flusher).Flush()
		s.wait(r, a.Pause)
	}
	io.WriteString(out, body[len(body)/2:])
}

func (s *Server) wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	case <-s.end:
	}
}

// cutter breaks the connection after some bytes.
type cutter struct {
	w    http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	if len(p) < c.left {
		c.left -= len(p)
		return c.w.Write(p)
	}
	c.w.Write(p[:c.left])
	c.left = 0
	c.w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}
