package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trueup/fetch/fakenet"
	"trueup/report/deliver"
	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/tables"
)

var asOf = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// reports writes the folder of a finished run with a book and two packs.
func reports(t *testing.T) (dir string, m deliver.Manifest) {
	t.Helper()
	dir = t.TempDir()
	m = deliver.Manifest{Schema: "trueup.manifest/1", AsOf: asOf, Version: "1.2.3", Title: "License compliance", Organization: "Example Telecom"}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		sum, size, err := deliver.Sum(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		m.Files = append(m.Files, deliver.Entry{Name: name, Size: size, SHA256: sum})
		return name
	}
	file("license-compliance-2026-11-23.json", "{}")
	file("license-compliance-2026-11-23.pdf", "%PDF all of them")
	file("license-compliance-2026-11-23.xlsx", "PK all of them")
	file("snapshot-2026-11-23.json.gz", "raw")
	pack := func(manager, slug, email string, customers, findings int, cc ...string) {
		m.Packs = append(m.Packs, deliver.Pack{Manager: manager, Email: email, Cc: cc, Slug: slug, Files: []string{
			file("managers/"+slug+"/license-compliance-2026-11-23.pdf", "%PDF of "+manager),
			file("managers/"+slug+"/license-compliance-2026-11-23.xlsx", "PK of "+manager),
		}, Briefing: briefing("of "+manager, findings), Totals: totals(customers, findings), Changes: &tables.Changes{Since: asOf.AddDate(0, -1, 0), New: findings, CustomersBefore: customers, FindingsBefore: findings}})
	}
	pack("Ana Silva", "ana-silva", "ana@example.com", 2, 2)
	pack("Ben Ökoye", "ben-ökoye", "ben@example.com", 3, 1, "lead@example.com")
	pack("Carla", "carla", "", 1, 0)
	pack("unassigned", "unassigned", "", 0, 0)
	m.Totals, m.Briefing = totals(6, 3), briefing("of all of them", 3)
	m.Changes = &tables.Changes{Since: asOf.AddDate(0, -1, 0), New: 3, CustomersBefore: 6, FindingsBefore: 3, Lists: []tables.List{{Instance: "emea", Before: 6, Now: 6}}}
	return dir, m
}

// briefing is what the mail about some findings says; whose tells it apart.
func briefing(whose string, findings int) tables.Briefing {
	if findings == 0 {
		return tables.Briefing{Headline: "All customers " + whose + " comply: nothing found, nothing left unjudged", Subject: "all customers comply"}
	}
	return tables.Briefing{Headline: "True-up exposure " + whose + " EUR 47,602.20 a month", Subject: "EUR 47.6k at risk, 5 new, 3 fixed",
		Largest: []tables.Todo{
			{Customer: "Harrowgate <& Sons>", Amount: "13,503.00 EUR", What: "4415 active users on 1200 licenses, 3215 too many", Do: "Sell the missing licenses."},
			{Customer: "Nameless", What: "no tenant id"}},
		Found: []tables.Found{{Name: "More active users than acquired licenses", Severity: "high", Count: findings, Amount: "≥ 47,602.20 EUR"}}}
}

func totals(customers, findings int) tables.Totals {
	return tables.Totals{Customers: customers, Findings: findings, Acquired: int64(customers * 1000), BySeverity: map[string]int{"high": findings},
		ByRule: map[string]int{"over-license-usage": findings, "undeployed-sbc": 0}}
}

var pause = regexp.MustCompile(`wait (\S+) for another try`)

// setup is a job against a server that follows a script, in a network of their
// own. Pauses between rounds are noted from the log.
func setup(t *testing.T, script fakesmtp.Script) (*fakesmtp.Server, *Job, *[]string) {
	t.Helper()
	var network fakenet.Net
	server, err := fakesmtp.Start(network.Listen(), script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	dir, m := reports(t)
	pauses := &[]string{}
	job := &Job{Dir: dir, Manifest: m, Guards: DefaultGuards(), Now: func() time.Time { return asOf.Add(time.Hour) },
		Dial: network.Dial,
		Log: func(text string) {
			if found := pause.FindStringSubmatch(text); found != nil {
				*pauses = append(*pauses, found[1])
			}
		},
		Settings: Settings{Host: "127.0.0.1", Port: server.Port, RootCAs: server.Roots, From: "Reports <reports@example.com>",
			To: []string{"licensing@example.com"}, Cc: []string{"boss@example.com"}}}
	return server, job, pauses
}

func send(t *testing.T, job *Job) Result {
	t.Helper()
	r, err := job.Send(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// statuses is the result in one line: address=status, in order.
func statuses(r Result) string {
	var parts []string
	for _, d := range r.Deliveries {
		parts = append(parts, strings.TrimSuffix(d.Recipient, "@example.com")+"="+string(d.Status))
	}
	return strings.Join(parts, " ")
}

const allSent = "licensing=sent boss=sent ana=sent ben=sent lead=sent"

func TestSend(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	r := send(t, job)
	if got := statuses(r); got != allSent || r.Err() != nil || len(server.Messages()) != 3 || server.Connections() != 1 {
		t.Errorf("%s, %v, %d mails over %d connections", got, r.Err(), len(server.Messages()), server.Connections())
	}
	if got := strings.Join(r.NoAddress, " "); got != "Carla" {
		t.Errorf("without address: %s", got)
	}
	for i, to := range [][]string{{"licensing@example.com", "boss@example.com"}, {"ana@example.com"}, {"ben@example.com", "lead@example.com"}} {
		if got := server.Messages()[i]; !slices.Equal(got.To, to) || got.From != "reports@example.com" {
			t.Errorf("mail %d from %s to %s", i, got.From, got.To)
		}
	}
}

func TestEachMailIsSentOnce(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	send(t, job)
	r := send(t, job)
	if got := statuses(r); got != strings.ReplaceAll(allSent, "sent", "already sent") || len(server.Messages()) != 3 {
		t.Errorf("second run: %s, %d mails", got, len(server.Messages()))
	}
	job.Resend = true
	first := server.Messages()
	if got := statuses(send(t, job)); got != allSent {
		t.Errorf("resend: %s", got)
	}
	for i, m := range server.Messages()[3:] {
		if !bytes.Equal(m.Data, first[i].Data) {
			t.Errorf("mail %d differs when sent again", i)
		}
	}
	records := readLedger(t, job.Dir, Sent)
	if len(records) != 10 || records[0].Answer == "" || records[0].Time != asOf.Add(time.Hour) {
		t.Errorf("ledger %+v", records)
	}
}

// failFirst answers the first n commands with an error.
func failFirst(n, code int) func(int) error {
	return func(i int) error {
		if i <= n {
			return fakesmtp.Refuse(code, "try that again")
		}
		return nil
	}
}

func refuse(address string, code, times int) func(string, int) error {
	return func(to string, _ int) error {
		if to == address && times > 0 {
			times--
			return fakesmtp.Refuse(code, "no such user")
		}
		return nil
	}
}

func TestFaults(t *testing.T) {
	const always = 1 << 30
	none := func(*Job) {}
	for _, test := range []struct {
		name   string
		script fakesmtp.Script
		change func(*Job)
		want   string
		pauses int
		mails  int
		answer string // in the answer of the first that failed
	}{
		{name: "implicit TLS", script: fakesmtp.Script{Implicit: true}, change: func(j *Job) { j.Settings.TLS = Implicit }, want: allSent, mails: 3},
		{name: "none, to this machine", script: fakesmtp.Script{NoTLS: true}, change: func(j *Job) { j.Settings.TLS = NoTLS }, want: allSent, mails: 3},
		{name: "authentication", script: fakesmtp.Script{User: "reports", Password: "pa55"},
			change: func(j *Job) { j.Settings.Username, j.Settings.Password = "reports", "pa55" }, want: allSent, mails: 3},
		{name: "authentication, implicit TLS", script: fakesmtp.Script{Implicit: true, User: "reports", Password: "pa55"},
			change: func(j *Job) {
				j.Settings.TLS, j.Settings.Username, j.Settings.Password = Implicit, "reports", "pa55"
			}, want: allSent, mails: 3},
		{name: "wrong password", script: fakesmtp.Script{User: "reports", Password: "pa55"},
			change: func(j *Job) { j.Settings.Username, j.Settings.Password = "reports", "s3cret" },
			want:   "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "535"},
		{name: "authentication not offered", change: func(j *Job) { j.Settings.Username, j.Settings.Password = "reports", "s3cret" },
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "offers no authentication"},
		{name: "authentication forgotten", script: fakesmtp.Script{User: "reports", Password: "pa55"},
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "530"},
		{name: "no STARTTLS", script: fakesmtp.Script{NoTLS: true},
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "does not support STARTTLS"},
		{name: "certificate of nobody known", change: func(j *Job) { j.Settings.RootCAs = nil },
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "certificate"},
		{name: "certificate of another host", script: fakesmtp.Script{OtherName: true},
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "certificate"},
		{name: "certificate of another host, implicit TLS", script: fakesmtp.Script{OtherName: true, Implicit: true}, change: func(j *Job) { j.Settings.TLS = Implicit },
			want: "licensing=failed boss=failed ana=failed ben=failed lead=failed", answer: "certificate"},
		{name: "slow greeting, waited for", script: fakesmtp.Script{GreetingDelay: 20 * time.Second}, want: allSent, mails: 3},
		{name: "greeting too late, once", script: fakesmtp.Script{GreetingDelay: time.Minute, Greetings: 1},
			want: allSent, mails: 3, pauses: 1},
		{name: "greeting always too late", script: fakesmtp.Script{GreetingDelay: time.Minute},
			change: func(j *Job) { j.Settings.Attempts = 2 },
			want:   "licensing=failed boss=failed ana=failed ben=failed lead=failed", pauses: 1, answer: "timeout"},
		{name: "4xx at RCPT, once", script: fakesmtp.Script{Rcpt: refuse("boss@example.com", 450, 1)}, want: "licensing=sent ana=sent ben=sent lead=sent boss=sent", mails: 4, pauses: 1},
		{name: "4xx at RCPT, always", script: fakesmtp.Script{Rcpt: refuse("ana@example.com", 451, always)},
			want: "licensing=sent boss=sent ben=sent lead=sent ana=failed", mails: 2, pauses: 3, answer: "451"},
		{name: "5xx at RCPT", script: fakesmtp.Script{Rcpt: refuse("boss@example.com", 550, always)},
			want: "licensing=sent boss=failed ana=sent ben=sent lead=sent", mails: 3, answer: "550"},
		{name: "5xx at the only RCPT", script: fakesmtp.Script{Rcpt: refuse("ana@example.com", 550, always)},
			want: "licensing=sent boss=sent ana=failed ben=sent lead=sent", mails: 2, answer: "recipient refused: 550"},
		{name: "4xx at DATA, once", script: fakesmtp.Script{Data: failFirst(1, 452)}, want: allSent, mails: 3, pauses: 1},
		{name: "5xx at DATA", script: fakesmtp.Script{Data: failFirst(1, 554)},
			want: "licensing=failed boss=failed ana=sent ben=sent lead=sent", mails: 2, answer: "mail refused: 554"},
		{name: "drop after DATA", script: fakesmtp.Script{DropAfterData: 1}, want: allSent, mails: 4, pauses: 1},
		{name: "one mail a connection", script: fakesmtp.Script{PerConnection: 1}, want: allSent, mails: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, job, pauses := setup(t, test.script)
				if test.change == nil {
					test.change = none
				}
				test.change(job)
				r := send(t, job)
				if got := sortedStatuses(r); got != sortWords(test.want) {
					t.Errorf("%s, want %s", got, sortWords(test.want))
				}
				if len(*pauses) != test.pauses || len(server.Messages()) != test.mails {
					t.Errorf("pauses %v, want %d; %d mails, want %d", *pauses, test.pauses, len(server.Messages()), test.mails)
				}
				checkFailure(t, r, test.answer)
				checkLedger(t, job.Dir, r)
			})
		})
	}
}

func sortedStatuses(r Result) string { return sortWords(statuses(r)) }

func sortWords(s string) string {
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}

func checkFailure(t *testing.T, r Result, answer string) {
	t.Helper()
	err := r.Err()
	if answer == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil || !strings.Contains(err.Error(), answer) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("error %v, want %q in it", err, answer)
	}
}

// checkLedger compares what the run says with what it wrote down.
func checkLedger(t *testing.T, dir string, r Result) {
	t.Helper()
	records := readLedger(t, dir, Sent, Failed)
	for _, d := range r.Deliveries {
		if !slices.Contains(records, d.Record) {
			t.Errorf("the ledger lacks %+v", d.Record)
		}
	}
	if sent := readLedger(t, dir, Sent); len(sent) != r.Count(Sent) {
		t.Errorf("%d records of mails sent, for %d", len(sent), r.Count(Sent))
	}
}

func TestSecondRunSendsOnlyWhatIsMissing(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{Rcpt: refuse("boss@example.com", 550, 1)})
	send(t, job)
	if got := statuses(send(t, job)); got != "licensing=already sent boss=sent ana=already sent ben=already sent lead=already sent" {
		t.Error(got)
	}
	m := server.Messages()
	if last := m[len(m)-1]; len(m) != 4 || !slices.Equal(last.To, []string{"boss@example.com"}) || !bytes.Equal(last.Data, m[0].Data) {
		t.Errorf("%d mails, the last to %s", len(m), last.To)
	}
}

func TestServerNotThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, job, pauses := setup(t, fakesmtp.Script{})
		server.Close()
		r := send(t, job)
		if r.Count(Failed) != 5 || fmt.Sprint(*pauses) != "[15s 30s 1m0s]" {
			t.Errorf("%s, pauses %v", statuses(r), *pauses)
		}
	})
}

func TestStoppedRunSaysWhoIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, job, _ := setup(t, fakesmtp.Script{Data: func(n int) error {
			if n == 2 {
				cancel()
				synctest.Wait() // until the run has heard of it
			}
			return nil
		}})
		r, err := job.Send(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if r.Count(Sent) != 2 || r.Count(Failed) != 3 || len(server.Messages()) > 2 {
			t.Errorf("%s", statuses(r))
		}
	})
}

// A crash between two mails must not lose what was sent: each delivery is in
// the ledger before the next mail is handed over, and that it is about to be.
func TestLedgerIsWrittenAsItHappens(t *testing.T) {
	var job *Job
	var recorded []int
	_, job, _ = setup(t, fakesmtp.Script{Data: func(int) error {
		recorded = append(recorded, len(readLedger(t, job.Dir, Intent)), len(readLedger(t, job.Dir, Sent)))
		return nil
	}})
	send(t, job)
	if fmt.Sprint(recorded) != "[2 0 3 2 5 3]" {
		t.Errorf("records before each mail: %v", recorded)
	}
	records := readLedger(t, job.Dir, Sent)
	if len(records) != 5 {
		t.Fatal(records)
	}
	for _, r := range records {
		if r.Recipient == "" || !strings.HasSuffix(r.MessageID, "@example.com") || r.Time.IsZero() || !strings.Contains(r.Answer, "queued") || r.Day != "2026-11-23" {
			t.Errorf("%+v", r)
		}
	}
}

func TestLedgerSurvivesACrash(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	send(t, job)
	path := filepath.Join(job.Dir, LedgerName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:len(data)-20], 0o600); err != nil { // the last record is cut
		t.Fatal(err)
	}
	for range 2 {
		send(t, job)
	}
	m := server.Messages()
	if len(m) != 4 || !slices.Equal(m[3].To, []string{"lead@example.com"}) {
		t.Errorf("%d mails, the last to %s", len(m), m[len(m)-1].To)
	}
}

func TestBrokenLedgerSendsNothing(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	if err := os.WriteFile(filepath.Join(job.Dir, LedgerName), []byte("sent all\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := job.Send(t.Context()); err == nil || !strings.Contains(err.Error(), ":1: not a record") || len(server.Messages()) > 0 {
		t.Errorf("%v, %d mails", err, len(server.Messages()))
	}
}

func TestTwoRunsDoNotSendAtOnce(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	l, err := openLedger(job.Dir, job.Dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if _, err := job.Send(t.Context()); err == nil || !strings.Contains(err.Error(), "another run is sending") || len(server.Messages()) > 0 {
		t.Errorf("%v", err)
	}
}

func TestNobody(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Settings.To, job.Settings.Cc = nil, nil
	withoutPacks(t, job)
	if _, err := job.Send(t.Context()); !errors.Is(err, ErrNobody) {
		t.Error(err)
	}
}

func TestResultPrint(t *testing.T) {
	r := Result{NoAddress: []string{"Carla"}, Deliveries: []Delivery{
		{Record: Record{Recipient: "a@b.c", Status: Failed, Answer: "550 no"}, Manager: "Ana"},
		{Record: Record{Recipient: "d@e.f", Status: Sent, Answer: "250 ok"}}}}
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := "sent          d@e.f (all customers): 250 ok\nfailed        a@b.c (customers of Ana): 550 no\nno address    Carla: the contacts have no address\n"
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
	if err := r.Print(brokenPipe{}); err == nil {
		t.Error("no error")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
