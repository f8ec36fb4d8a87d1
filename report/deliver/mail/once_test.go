package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trueup/report/deliver"
	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/tables"
)

// toManagers has a job mail nothing but a pack each to Ana and Ben.
func toManagers(j *Job) {
	j.Settings.To, j.Settings.Cc = nil, nil
	j.Manifest.Packs = j.Manifest.Packs[:2]
	j.Manifest.Packs[1].Cc = nil
	j.Guards.Allow = GuardNames() // that the packs do not add up, and so on
}

func at(day string) func(*Job) {
	return func(j *Job) { j.Manifest.AsOf, _ = time.Parse(time.RFC3339, day) }
}

func onceMore(*Job) {}

func anaHas(findings int) func(*Job) {
	return func(j *Job) { j.Manifest.Packs[0].Totals.Findings = findings }
}

func resend(j *Job) { j.Resend = true }

// comparedTo is a run whose changes are those since another day.
func comparedTo(since time.Time) func(*Job) {
	return func(j *Job) {
		for i := range j.Manifest.Packs {
			j.Manifest.Packs[i].Changes = &tables.Changes{Since: since}
		}
	}
}

// Each step changes the report of the step before, and sends it.
func TestOnceAPeriod(t *testing.T) {
	const held = "ana=held back ben=already sent"
	type step struct {
		change func(*Job)
		want   string
	}
	for name, test := range map[string]struct {
		period string
		steps  []step
	}{
		"a repeated job, a later time, a later day": {Month, []step{
			{at("2026-11-02T06:00:00Z"), "ana=sent ben=sent"},
			{onceMore, "ana=already sent ben=already sent"},
			{at("2026-11-02T18:00:00Z"), "ana=already sent ben=already sent"},
			{at("2026-11-30T23:59:59Z"), "ana=already sent ben=already sent"},
			{at("2026-12-01T00:00:00Z"), "ana=sent ben=sent"},
		}},
		"by the day": {Day, []step{
			{at("2026-11-02T06:00:00Z"), "ana=sent ben=sent"},
			{at("2026-11-02T18:00:00Z"), "ana=already sent ben=already sent"},
			{at("2026-11-03T00:00:00Z"), "ana=sent ben=sent"},
			{at("2026-11-02T18:00:00Z"), "ana=already sent ben=already sent"},
		}},
		"one pack changed": {Month, []step{
			{at("2026-11-02T06:00:00Z"), "ana=sent ben=sent"},
			{anaHas(7), held},
			{at("2026-11-05T06:00:00Z"), held},
			{anaHas(2), "ana=already sent ben=already sent"},
			{at("2026-12-05T06:00:00Z"), "ana=sent ben=sent"},
		}},
		"sent again": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{anaHas(7), held},
			{resend, "ana=sent ben=sent"},
			{onceMore, "ana=already sent ben=already sent"},
			{anaHas(8), held},
		}},
		"compared with a later day": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{comparedTo(asOf), "ana=already sent ben=already sent"},
			{func(j *Job) { j.Manifest.Packs[0].Changes.Resolved = 4 }, "ana=already sent ben=already sent"},
		}},
		"other changes since the same day": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{func(j *Job) { j.Manifest.Packs[0].Changes.Resolved = 4 }, held},
		}},
		"other files": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{func(j *Job) { j.Settings.Attach = []string{".xlsx"} }, "ana=held back ben=held back"},
		}},
		"an address in capitals": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{func(j *Job) { j.Manifest.Packs[0].Email = "Ana@example.com" }, "Ana=already sent ben=already sent"},
		}},
		"someone more": {Month, []step{
			{onceMore, "ana=sent ben=sent"},
			{func(j *Job) { j.Manifest.Packs[0].Cc = []string{"aide@example.com"} }, "ana=already sent aide=sent ben=already sent"},
		}},
		"a sample first": {Month, []step{
			{func(j *Job) { j.Manifest.Sample = true }, "ana=sent ben=sent"},
			{func(j *Job) { j.Manifest.Sample = false }, "ana=sent ben=sent"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server, job, _ := setup(t, fakesmtp.Script{})
			toManagers(job)
			job.Settings.Period = test.period
			ids := map[string]bool{}
			for i, step := range test.steps {
				job.Resend = false
				step.change(job)
				if got := statuses(send(t, job)); got != step.want {
					t.Errorf("step %d: %s, want %s", i+1, got, step.want)
				}
			}
			for _, m := range server.Messages() {
				h, _ := read(t, m.Data)
				if id := h.Get("Message-Id") + strings.Join(m.To, " "); ids[id] && name != "sent again" {
					t.Errorf("two mails are %s", id)
				} else {
					ids[id] = true
				}
			}
		})
	}
}

// What was held back is named, and is sent as a correction when somebody says
// so.
func TestCorrected(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	send(t, job)
	job.Manifest.AsOf = asOf.AddDate(0, 0, 3)
	job.Manifest.Totals.Findings++
	job.Manifest.Packs[0].Totals.Findings++
	var b strings.Builder
	if err := send(t, job).Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"held back: the book's figures changed since the mail of 2026-11-23; --resend sends it as corrected (licensing@example.com, boss@example.com)\n",
		"held back: Ana Silva's figures changed since the mail of 2026-11-23; --resend sends it as corrected (ana@example.com)\n",
		"already sent  ben@example.com (customers of Ben Ökoye): the mail of 2026-11-23\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\nlacks %s", &b, want)
		}
	}
	job.Resend = true
	if got := statuses(send(t, job)); got != allSent {
		t.Error(got)
	}
	subjects, ids := map[string]string{}, map[string]string{}
	for i, m := range server.Messages() {
		h, _ := read(t, m.Data)
		if to, old := m.To[0], subjects[m.To[0]]; i >= 3 {
			corrected := strings.HasPrefix(header(t, h, "Subject"), "Corrected: ")
			if changed := to != "ben@example.com"; corrected != changed || (ids[to] != h.Get("Message-Id")) != changed {
				t.Errorf("%s: %s after %s, %s after %s", to, header(t, h, "Subject"), old, h.Get("Message-Id"), ids[to])
			}
		}
		subjects[m.To[0]], ids[m.To[0]] = header(t, h, "Subject"), h.Get("Message-Id")
	}
}

// A correction that one recipient did not get is not held back from them.
func TestCorrectionIsSentToTheEnd(t *testing.T) {
	refused := "boss@example.com"
	server, job, _ := setup(t, fakesmtp.Script{Rcpt: func(to string, n int) error {
		if to == refused && n > 2 {
			return fakesmtp.Refuse(550, "no such user")
		}
		return nil
	}})
	withoutPacks(t, job)
	send(t, job)
	job.Manifest.Totals.Findings++
	job.Resend = true
	if got := statuses(send(t, job)); got != "licensing=sent boss=failed" {
		t.Error(got)
	}
	job.Resend, refused = false, ""
	if got := statuses(send(t, job)); got != "licensing=already sent boss=sent" {
		t.Error(got)
	}
	m := server.Messages()
	if len(m) != 3 || !bytes.Equal(m[1].Data, m[2].Data) || bytes.Equal(m[0].Data, m[2].Data) {
		t.Errorf("%d mails", len(m))
	}
}

// The figures of the month come back to what they were: that is a mail of its
// own, which no mail program may take for the first.
func TestCorrectedBack(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	toManagers(job)
	job.Manifest.Packs = job.Manifest.Packs[:1]
	ids := map[string]bool{}
	for _, findings := range []int{2, 7, 2} {
		anaHas(findings)(job)
		send(t, job)
		job.Resend = true
	}
	for _, m := range server.Messages() {
		h, _ := read(t, m.Data)
		ids[h.Get("Message-Id")] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d Message-IDs: %v", len(ids), ids)
	}
}

// The ledger lies in the history, which several report folders share, and is
// read there and here.
func TestLedgerInTheHistory(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	job.Ledger, job.Mode = filepath.Join(t.TempDir(), "new", "history"), 0o640
	send(t, job)
	if _, err := os.Stat(filepath.Join(job.Dir, LedgerName)); err == nil {
		t.Error("there is a ledger in the folder too")
	}
	for path, mode := range map[string]os.FileMode{job.Ledger: 0o750, filepath.Join(job.Ledger, LedgerName): 0o640} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	other, m := reports(t)
	job.Dir, job.Manifest = other, m
	if got := statuses(send(t, job)); strings.Contains(got, "=sent") {
		t.Errorf("from another folder: %s", got)
	}
	job.Ledger = ""
	if got := statuses(send(t, job)); got != allSent {
		t.Errorf("without the history: %s", got)
	}
	if len(server.Messages()) != 6 {
		t.Errorf("%d mails", len(server.Messages()))
	}
	job.Ledger = t.TempDir() // a new history: the folder's ledger counts
	if got := statuses(send(t, job)); strings.Contains(got, "=sent") {
		t.Errorf("with a new history: %s", got)
	}
}

// A ledger of an earlier version knows mails by Message-IDs that hang on the
// manifest's bytes.
func TestLedgerOfAnEarlierVersion(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	toManagers(job)
	manifest := []byte(`{"schema": "trueup.manifest/1", "as an earlier version": "wrote it"}`)
	if err := os.WriteFile(filepath.Join(job.Dir, deliver.ManifestName), manifest, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(string(manifest) + "ana@example.com\x00\x00\x00ana-silva"))
	line, err := json.Marshal(map[string]any{"time": asOf, "recipient": "ana@example.com", "pack": "ana-silva", "status": "sent", "answer": "250 OK",
		"messageId": hex.EncodeToString(sum[:16]) + "@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(job.Dir, LedgerName), append(line, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	job.Ledger = t.TempDir()
	if got := statuses(send(t, job)); got != "ana=already sent ben=sent" {
		t.Error(got)
	}
	if sent, err := SentOn(job.Ledger, "2026-11-23"); err != nil || !sent {
		t.Errorf("%v, %v", sent, err)
	}
	for _, day := range []string{"", "2026-11-24"} {
		if sent, err := SentOn(job.Ledger, day); err != nil || sent {
			t.Errorf("%q: %v, %v", day, sent, err)
		}
	}
}

// A run is killed when the server has the mail and the ledger does not know:
// the next one sends it again, the same mail, and says so.
func TestKilledBeforeTheAnswer(t *testing.T) {
	var job *Job
	var then []byte
	server, job, _ := setup(t, fakesmtp.Script{Data: func(n int) (err error) {
		if n == 2 {
			then, err = os.ReadFile(filepath.Join(job.Dir, LedgerName))
		}
		return err
	}})
	toManagers(job)
	send(t, job)
	if err := os.WriteFile(filepath.Join(job.Dir, LedgerName), then, 0o600); err != nil {
		t.Fatal(err)
	}
	job.Manifest.AsOf = asOf.Add(time.Hour) // made anew
	r := send(t, job)
	var b strings.Builder
	r.Print(&b)
	want := "sent          ben@example.com (customers of Ben Ökoye): 2.0.0 OK: queued; may be a second copy: the earlier try was cut off\n"
	if got := statuses(r); got != "ana=already sent ben=sent" || !strings.Contains(b.String(), want) {
		t.Errorf("%s\n%s", got, &b)
	}
	first, _ := read(t, server.Messages()[1].Data)
	again, _ := read(t, server.Messages()[2].Data)
	if first.Get("Message-Id") != again.Get("Message-Id") {
		t.Errorf("%s, then %s", first.Get("Message-Id"), again.Get("Message-Id"))
	}
	if got := statuses(send(t, job)); got != "ana=already sent ben=already sent" {
		t.Error(got)
	}
}

// In one run: what was cut off is said to be so, what was refused is not.
func TestCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, job, _ := setup(t, fakesmtp.Script{DropAfterData: 1, Data: failFirst(0, 0)})
		toManagers(job)
		r := send(t, job)
		if got := statuses(r); got != "ana=sent ben=sent" || !r.Deliveries[0].Uncertain || r.Deliveries[1].Uncertain {
			t.Errorf("%s: %+v", got, r.Deliveries)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, job, _ := setup(t, fakesmtp.Script{Data: failFirst(1, 452)})
		toManagers(job)
		for _, d := range send(t, job).Deliveries {
			if d.Uncertain {
				t.Errorf("%+v", d)
			}
		}
		if failed := readLedger(t, job.Dir, Failed); len(failed) != 1 || failed[0].Uncertain {
			t.Errorf("%+v", failed)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, job, _ := setup(t, fakesmtp.Script{DropAfterData: 1 << 30})
		toManagers(job)
		job.Settings.Attempts = 2
		for _, again := range []bool{false, true} { // the next run remembers
			var b strings.Builder
			r := send(t, job)
			r.Print(&b)
			if r.Count(Failed) != 2 || strings.Count(b.String(), "it may have arrived all the same: a try was cut off") != 2 {
				t.Errorf("again %v: %s", again, &b)
			}
		}
	})
}
