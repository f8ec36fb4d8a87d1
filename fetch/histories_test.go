package fetch

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// historiesScript is the vendor's ten customers with invented histories.
const historiesScript = "api: [{file: customers.json}]\nhistory: [{from: 2026-09-01, days: 61}]\n"

var octoberLast = time.Date(2026, 10, 31, 18, 0, 0, 0, time.UTC)

func (w *world) withUsage(ctx context.Context) (Portfolio, error) {
	w.opt.Now = func() time.Time { return octoberLast }
	p, err := FetchAll(ctx, []Instance{{URL: w.server.URL, Auth: w.auth, UsageMonths: 2}}, w.opt)
	p.AsOf = octoberLast
	return p, err
}

// firstGUID is the customer that the faults below are about.
const firstGUID = "2373394e-7b5f-40cc-907b-29a4f70e7859"

// TestHistoryFaults is one line for each thing that goes wrong with one customer:
// the others come all the same.
func TestHistoryFaults(t *testing.T) {
	for _, test := range []struct {
		name, answers string
		want          string // why its usage is unknown; "" if it comes after all
		requests      int    // for it
	}{
		{name: "whole", answers: "[{from: 2026-09-01, days: 61}]", requests: 1},
		{name: "packed", answers: "[{from: 2026-09-01, days: 61, gzip: true}]", requests: 1},
		{name: "cut, then whole", answers: "[{from: 2026-09-01, days: 61, cut: 500}, {from: 2026-09-01, days: 61}]", requests: 2},
		{name: "always cut", answers: "[{from: 2026-09-01, days: 61, cut: 500}]", want: "cut off before its end", requests: 3},
		{name: "dropped, then whole", answers: "[{drop: true}, {from: 2026-09-01, days: 61}]", requests: 2},
		{name: "slow", answers: "[{from: 2026-09-01, days: 61, delay: 1m, pause: 1m}]", requests: 1},
		{name: "503, then whole", answers: "[{status: 503}, {from: 2026-09-01, days: 61}]", requests: 2},
		{name: "lasting 503", answers: "[{status: 503}]", want: "not available (503)", requests: 3},
		{name: "429 with seconds", answers: "[{status: 429, headers: {Retry-After: '30'}}, {from: 2026-09-01, days: 61}]", requests: 2},
		{name: "429 for too long", answers: "[{status: 429, headers: {Retry-After: '7200'}}]", want: "asks to wait 2h0m0s", requests: 1},
		{name: "404", answers: "[{status: 404}]", want: "there is no license history of it (404)", requests: 1},
		{name: "403", answers: "[{status: 403}]", want: "lacks the permission", requests: 1},
		{name: "another customer's records", answers: "[{from: 2026-09-01, days: 61, of: someone}]", want: "about another customer: someone", requests: 1},
		{name: "a page", answers: "[{body: '<html>'}]", want: "not a license history", requests: 1},
		{name: "an echo of the token", answers: "[{status: 500, body: 'who is $TOKEN'}]", want: "status 500", requests: 1},
	} {
		inBubble(t, test.name, func(t *testing.T) {
			w := newWorld(t, historiesScript+"histories: {"+firstGUID+": "+test.answers+"}")
			p, err := w.withUsage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			unknown := 0
			for _, c := range p.Customers {
				switch {
				case c.Usage == nil:
					t.Errorf("%s was not asked for", c.UmpCustomerGuid)
				case c.UmpCustomerGuid == firstGUID && !strings.Contains(c.Usage.Failed, test.want) || test.want == "" && c.Usage.Failed != "":
					t.Errorf("%s: %s\nwant %s", c.UmpCustomerGuid, c.Usage.Failed, test.want)
				case c.Usage.Failed != "":
					unknown++
				case c.Usage.Len() != 61 || c.Usage.From.String() != "2026-09-01":
					t.Errorf("%s: %d days from %s", c.UmpCustomerGuid, c.Usage.Len(), c.Usage.From)
				}
			}
			if want := min(1, len(test.want)); unknown != want {
				t.Errorf("%d unknown, want %d", unknown, want)
			}
			all := strings.Join(textsOf(p.Problems), "\n")
			if said := strings.Contains(all, "the usage of 1 of 10 customers"); said != (unknown == 1) {
				t.Errorf("problems: %s", all)
			}
			if n := strings.Count(strings.Join(w.server.Requests(), "\n"), firstGUID+"/licenseinfo?nrOfMonths=2"); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
			if hasSecret(all) || hasSecret(w.log.String()) {
				t.Errorf("a secret in\n%s\n%s", all, w.log)
			}
		})
	}
}

func textsOf(problems []Problem) (texts []string) {
	for _, p := range problems {
		texts = append(texts, p.Text)
	}
	return texts
}

// The wait that one customer's answer asks for holds for all of the instance.
func TestOneRateLimit(t *testing.T) {
	inBubble(t, "held", func(t *testing.T) {
		w := newWorld(t, historiesScript+"histories: {"+firstGUID+": [{status: 429, headers: {Retry-After: '30'}}, {from: 2026-09-01, days: 61}]}")
		w.opt.UsageConcurrency = 1
		begun := time.Now()
		if _, err := w.withUsage(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 30*time.Second || took > 40*time.Second {
			t.Errorf("it took %v", took)
		}
	})
	inBubble(t, "paced", func(t *testing.T) {
		w := newWorld(t, historiesScript)
		w.opt.UsageRate = 1
		begun := time.Now()
		if _, err := w.withUsage(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 9*time.Second || took > 10*time.Second {
			t.Errorf("ten requests at one a second took %v", took)
		}
	})
	g := &gate{}
	g.close(time.Hour)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	g.pass(ended) // must not wait
}

// An instance that gives no histories at all is not asked for each of them.
func TestHistoriesEndWhenNoneCome(t *testing.T) {
	inBubble(t, "403", func(t *testing.T) {
		w := newWorld(t, "api: [{customers: 200}]\nhistory: [{status: 403}]\n")
		p, err := w.withUsage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(w.server.Requests()); n > 1+maxFailedInARow+DefaultUsageConcurrency {
			t.Errorf("%d requests", n)
		}
		for _, c := range p.Customers {
			if c.Usage == nil || !strings.Contains(c.Usage.Failed, "lacks the permission") {
				t.Fatalf("%+v", c.Usage)
			}
		}
	})
	inBubble(t, "404 is about one customer", func(t *testing.T) {
		w := newWorld(t, "api: [{customers: 60}]\nhistory: [{status: 404}]\n")
		if _, err := w.withUsage(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(w.server.Requests()); n != 61 {
			t.Errorf("%d requests, want 61", n)
		}
	})
}

func TestExpiredTokenIsRenewedForAll(t *testing.T) {
	inBubble(t, "401", func(t *testing.T) {
		w := newWorld(t, "accept: SECOND\ntoken: [{token: FIRST}, {token: SECOND}]\n"+historiesScript)
		if p, err := w.withUsage(t.Context()); err != nil || !p.Customers[0].Usage.Known() {
			t.Fatal(err)
		}
		w = newWorld(t, "token: [{token: FIRST}]\n"+historiesScript+"histories: {"+firstGUID+": [{status: 401}, {from: 2026-09-01, days: 61}]}")
		p, err := w.withUsage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Customers {
			if !c.Usage.Known() {
				t.Error(c.Usage.Failed)
			}
		}
	})
}

// A fetch that is ended after any number of answers and taken up gives what an
// uninterrupted one gives.
func TestResume(t *testing.T) {
	plainRun := func() (want []byte) {
		w := newWorld(t, historiesScript)
		p, err := w.withUsage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return snapshotOf(t, p)
	}
	want := plainRun()
	for _, after := range []int{0, 1, 5, 9} {
		path := filepath.Join(t.TempDir(), "journal")
		w := newWorld(t, historiesScript)
		w.opt.Journal, w.opt.UsageConcurrency = path, 2
		ctx, cancel := context.WithCancel(t.Context())
		w.opt.Progress = func(e Event) {
			if e.Stage == Histories && e.Customers >= after {
				cancel()
			}
		}
		if _, err := w.withUsage(ctx); err == nil && after < 9 {
			t.Fatal("it was not interrupted")
		}
		cancel()
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(kept, `{"instance":"","guid":"2373`...), 0o600); err != nil { // a torn line
			t.Fatal(err)
		}
		before := len(w.server.Requests())
		w.opt.Resume, w.opt.Progress = true, nil
		p, err := w.withUsage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Sources {
			p.Sources[i].Name, p.Sources[i].URL = sourceOf(t, want).Name, sourceOf(t, want).URL
		}
		if !bytes.Equal(snapshotOf(t, p), want) {
			t.Errorf("ended after %d: another snapshot", after)
		}
		lines := bytes.Count(kept, []byte("\n")) - 1
		asked := map[string]bool{} // what was under way when it ended may get there late, and is asked for again
		for _, request := range w.server.Requests()[before:] {
			asked[request] = true
		}
		if len(asked) != 1+10-lines {
			t.Errorf("ended after %d: asked for %v with %d in the journal", after, asked, lines)
		}
	}
}

func sourceOf(t *testing.T, snapshot []byte) Source {
	p, err := ReadFrom(bytes.NewReader(snapshot), "x", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Sources[0]
}

func TestJournalOfSomethingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, historiesScript)
	w.opt.Journal, w.opt.Resume = path, true
	if err := os.WriteFile(path, []byte("my notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.withUsage(t.Context()); err == nil {
		t.Error("a file that is no journal was overwritten")
	}
	os.Remove(path)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.Symlink(victim, path); err == nil { // Windows may not allow it
		if _, err := w.withUsage(t.Context()); err == nil || !strings.Contains(err.Error(), "in the way") {
			t.Errorf("a link was followed: %v", err)
		}
		if _, err := os.Lstat(victim); err == nil {
			t.Error("a link made a file elsewhere")
		}
		os.Remove(path)
	}
	if _, err := w.withUsage(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(w.server.Requests())
	w.opt.Now = nil
	w.opt.Zone = berlin // another zone, other days
	if _, err := w.withUsage(t.Context()); err != nil || len(w.server.Requests())-before != 11 {
		t.Errorf("%v, %d requests: the journal of another zone was used", err, len(w.server.Requests())-before)
	}
	if !strings.Contains(w.log.String(), "begins anew") {
		t.Error(w.log.String())
	}
}
