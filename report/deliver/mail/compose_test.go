package mail

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/tables"
)

var update = flag.Bool("update", false, "write the golden files")

// part is one part of a mail as a reader sees it.
type part struct {
	kind, file string
	body       string
}

// read takes a mail apart with the standard library's readers.
func read(t *testing.T, message []byte) (header mail.Header, parts []part) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, partsOf(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
}

func partsOf(t *testing.T, contentType, encoding, file string, body io.Reader) (parts []part) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return []part{{kind, file, decode(t, encoding, body)}}
	}
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, partsOf(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.FileName(), p)...)
	}
}

func decode(t *testing.T, encoding string, body io.Reader) string {
	t.Helper()
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func header(t *testing.T, h mail.Header, name string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(h.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dryRun gives the .eml files by name.
func dryRun(t *testing.T, job *Job) map[string][]byte {
	t.Helper()
	if _, err := job.DryRun(t.Context()); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(job.Dir, Outbox, "*"))
	if err != nil {
		t.Fatal(err)
	}
	mails := map[string][]byte{}
	for _, path := range paths {
		if mails[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return mails
}

func TestDryRunWritesWhatIsSent(t *testing.T) {
	server, job, _ := setup(t, fakesmtp.Script{})
	mails := dryRun(t, job)
	if len(server.Messages()) > 0 {
		t.Fatal("a dry run sent mail")
	}
	if _, err := os.Stat(filepath.Join(job.Dir, LedgerName)); err == nil {
		t.Error("a dry run wrote a ledger")
	}
	send(t, job)
	if len(mails) != 3 {
		t.Errorf("%d files", len(mails))
	}
	for i, name := range []string{"_all.eml", "ana-silva.eml", "ben-ökoye.eml"} {
		if got := server.Messages()[i].Data; !bytes.Equal(got, mails[name]) {
			t.Errorf("%s is not the mail sent:\n%s\n%s", name, mails[name], got)
		}
	}
}

func TestDryRunReplacesTheOutbox(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Settings = Settings{To: []string{"a@example.com"}} // neither server nor sender
	dryRun(t, job)
	withoutPacks(t, job)
	if mails := dryRun(t, job); len(mails) != 1 {
		t.Errorf("%d files", len(mails))
	}
}

func TestMessage(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	mails := dryRun(t, job)
	h, parts := read(t, mails["_all.eml"])
	for name, want := range map[string]string{
		"From": `"Reports" <reports@example.com>`, "To": "<licensing@example.com>", "Cc": "<boss@example.com>",
		"Subject": "License compliance 2026-11: EUR 47.6k at risk, 5 new, 3 fixed", "Date": "Mon, 23 Nov 2026 06:00:00 +0000",
		"Auto-Submitted": "auto-generated", "X-Mailer": "trueup 1.2.3",
	} {
		if got := header(t, h, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(parts) != 4 || parts[0].kind != "text/plain" || parts[1].kind != "text/html" ||
		parts[2].file != "license-compliance-2026-11-23.xlsx" || parts[2].body != "PK all of them" || parts[3].body != "%PDF all of them" {
		t.Errorf("parts %+v", parts)
	}
	golden(t, "all.txt", parts[0].body)
	golden(t, "all.html", parts[1].body)
	h, parts = read(t, mails["ben-ökoye.eml"])
	if got := header(t, h, "To"); got != `Ben Ökoye <ben@example.com>` {
		t.Errorf("To: %s", got)
	}
	if got := header(t, h, "Subject"); got != "License compliance 2026-11: EUR 47.6k at risk, 5 new, 3 fixed" {
		t.Errorf("Subject: %s", got)
	}
	golden(t, "pack.txt", parts[0].body)
}

// Runs of earlier versions kept no headline: their mails have the figures.
func TestMessageWithoutHeadline(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Manifest.Briefing = tables.Briefing{}
	h, parts := read(t, dryRun(t, job)["_all.eml"])
	if got := header(t, h, "Subject"); got != "License compliance 2026-11: 3 findings" {
		t.Errorf("Subject: %s", got)
	}
	golden(t, "plain.txt", parts[0].body)
}

// A manager is asked to return the workbook, if there is one and something to
// say about it; nobody else is.
func TestReplyIsAskedFor(t *testing.T) {
	const asked = "return the workbook by 30 November 2026"
	for name, test := range map[string]struct {
		change func(job *Job)
		want   []string
	}{
		"by default":   {func(*Job) {}, []string{"ana-silva.eml", "ben-ökoye.eml"}},
		"not wanted":   {func(job *Job) { job.Settings.ReplyWithin = NoReply }, nil},
		"no workbook":  {func(job *Job) { job.Settings.Attach = []string{"pdf"} }, nil},
		"nothing open": {func(job *Job) { job.Manifest.Packs[1].Totals.Findings = 0 }, []string{"ana-silva.eml"}},
	} {
		_, job, _ := setup(t, fakesmtp.Script{})
		test.change(job)
		job.Guards.Allow = GuardNames()
		for file, message := range dryRun(t, job) {
			_, parts := read(t, message)
			if got := strings.Contains(parts[0].body, asked); got != slices.Contains(test.want, file) {
				t.Errorf("%s: %s asks: %v", name, file, got)
			}
		}
	}
}

func TestReplyBy(t *testing.T) {
	for _, test := range []struct{ from, within, want string }{
		{"2026-12-01", "5 working days", "2026-12-08"}, {"2026-11-28", "1 working day", "2026-11-30"}, {"2026-11-27", "1 working day", "2026-11-30"},
		{"2026-12-01", "10 days", "2026-12-11"}, {"2026-12-01", "none", ""}, {"2026-12-01", "", ""}, {"2026-12-01", "soon", ""}, {"2026-12-01", "0 days", ""},
	} {
		from, err := time.Parse(time.DateOnly, test.from)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if day, asked := replyBy(from, test.within); asked {
			got = day.Format(time.DateOnly)
		}
		if got != test.want {
			t.Errorf("%s from %s: %q, want %q", test.within, test.from, got, test.want)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got = strings.ReplaceAll(got, "\r\n", "\n")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", path, got)
	}
}

func TestPacksKeepToThemselves(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	for name, message := range dryRun(t, job) {
		_, parts := read(t, message)
		for _, p := range parts {
			for manager, own := range map[string]string{"Ana": "ana-silva.eml", "Ben": "ben-ökoye.eml", "all of them": "_all.eml"} {
				if strings.Contains(p.body, manager) && name != own {
					t.Errorf("%s mentions %s: %s", name, manager, p.body)
				}
			}
		}
	}
}

func TestMessageIDs(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	seen := map[string]bool{}
	for _, message := range dryRun(t, job) {
		h, _ := read(t, message)
		id := h.Get("Message-Id")
		if seen[id] || !strings.HasSuffix(id, "@example.com>") || !strings.HasPrefix(id, "<") {
			t.Errorf("Message-ID %s", id)
		}
		seen[id] = true
	}
}

// The same figures to the same people in the same month are the same mail;
// others, or to others, another.
func TestMessageIDFollowsFiguresAndRecipients(t *testing.T) {
	idAfter := func(change func(*Job)) string {
		_, job, _ := setup(t, fakesmtp.Script{})
		change(job)
		list, _ := letters(job.Manifest, "anywhere", job.Settings.withDefaults())
		return list[0].id
	}
	asItIs := idAfter(func(*Job) {})
	for name, change := range map[string]func(*Job){
		"again":              func(*Job) {},
		"other bytes":        func(j *Job) { j.Manifest.Files[0].SHA256 = "0" },
		"a later time":       func(j *Job) { j.Manifest.AsOf = j.Manifest.AsOf.AddDate(0, 0, 7) },
		"another version":    func(j *Job) { j.Manifest.Version = "9" },
		"a rule without hit": func(j *Job) { j.Manifest.Totals.ByRule["new"] = 0 },
		"another pack":       func(j *Job) { j.Manifest.Packs[0].Totals.Customers++ },
	} {
		if id := idAfter(change); id != asItIs {
			t.Errorf("%s: %s, not %s", name, id, asItIs)
		}
	}
	seen := map[string]string{asItIs: "as it is"}
	for name, change := range map[string]func(*Job){
		"another figure":    func(j *Job) { j.Manifest.Totals.Acquired++ },
		"another movement":  func(j *Job) { j.Manifest.Changes.Resolved++ },
		"another currency":  func(j *Job) { j.Manifest.Totals.Currency = "EUR" },
		"another month":     func(j *Job) { j.Manifest.AsOf = j.Manifest.AsOf.AddDate(0, 1, 0) },
		"a sample":          func(j *Job) { j.Manifest.Sample = true },
		"another kind":      func(j *Job) { j.Settings.Attach = []string{".json"} },
		"another recipient": func(j *Job) { j.Settings.To = []string{"other@example.com"} },
		"one more in copy":  func(j *Job) { j.Settings.Cc = append(j.Settings.Cc, "more@example.com") },
		"copy became to":    func(j *Job) { j.Settings.To, j.Settings.Cc = append(j.Settings.To, j.Settings.Cc...), nil },
	} {
		id := idAfter(change)
		if other, twice := seen[id]; twice {
			t.Errorf("%s and %s have the Message-ID %s", name, other, id)
		}
		seen[id] = name
	}
}

func TestAttachmentLimit(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Settings.MaxAttachment = int64(len("PK all of them"))
	mails := dryRun(t, job)
	_, parts := read(t, mails["_all.eml"])
	want := "Too large to attach, in " + job.Dir + ": license-compliance-2026-11-23.pdf."
	if len(parts) != 3 || !strings.Contains(unfold(parts[0].body), want) || !strings.Contains(unfold(parts[1].body), want) {
		t.Errorf("%d parts: %s", len(parts), parts[0].body)
	}
	job.Settings.MaxAttachment = 1
	_, parts = read(t, dryRun(t, job)["ana-silva.eml"])
	want = job.Dir + "/managers/ana-silva: license-compliance-2026-11-23.xlsx, license-compliance-2026-11-23.pdf."
	if len(parts) != 2 || !strings.Contains(parts[0].body, want) {
		t.Errorf("%d parts: %s", len(parts), parts[0].body)
	}
}

func unfold(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func TestAttachWhatThereIs(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Settings.Attach = []string{"json"}
	mails := dryRun(t, job)
	if _, parts := read(t, mails["_all.eml"]); len(parts) != 3 || parts[2].file != "license-compliance-2026-11-23.json" {
		t.Errorf("%+v", parts)
	}
	if _, parts := read(t, mails["ana-silva.eml"]); len(parts) != 4 { // has no JSON: all it has
		t.Errorf("%+v", parts)
	}
	for _, message := range mails {
		if bytes.Contains(message, []byte("snapshot-")) {
			t.Error("the snapshot is attached")
		}
	}
}

// Names come from outside: none may add a header, a recipient or markup.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"x\r\nBcc: evil@example.com", "x\nSubject: y", "<script>alert(1)</script>", `"; <evil@example.com>`, "a, evil@example.com",
		"\x00\x1b[31m", "\xff\xfe", "\u202Etxt", strings.Repeat("long ", 500), "=?utf-8?q?=0ABcc:_x?=", "{{.Title}}", "<img src=http://evil.example/x.png>"} {
		_, job, _ := setup(t, fakesmtp.Script{})
		job.Manifest.Title, job.Manifest.Organization, job.Manifest.Version = name, name, name
		job.Manifest.Packs[0].Manager = name
		job.Manifest.Totals.ByRule[name], job.Manifest.Packs[0].Totals.ByRule[name] = 0, 0
		job.Manifest.Headline, job.Manifest.Subject = name, name
		job.Manifest.Largest[0] = tables.Todo{Customer: name, Amount: name, What: name, Do: name}
		job.Manifest.Found[0] = tables.Found{Name: name, Severity: name, Amount: name}
		for file, message := range dryRun(t, job) {
			h, parts := read(t, message)
			checkHeaders(t, name, file, h)
			for _, p := range parts[1:2] {
				if strings.Contains(p.body, "<script") || strings.Contains(p.body, "<img") {
					t.Errorf("%q gives %s", name, p.body)
				}
			}
		}
	}
}

func checkHeaders(t *testing.T, name, file string, h mail.Header) {
	t.Helper()
	want := 10
	if file == "ana-silva.eml" {
		want = 9 // no Cc
	}
	if len(h) != want || h.Get("Bcc") != "" || len(h["Subject"]) != 1 {
		t.Errorf("%q in %s gives %d headers: %v", name, file, len(h), h)
	}
	to, err := h.AddressList("To")
	if err != nil || len(to) != 1 || strings.Contains(to[0].Address, "evil") {
		t.Errorf("%q in %s goes to %v, %v", name, file, to, err)
	}
}

func TestOwnTemplates(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	job.Settings.Templates = t.TempDir()
	own := filepath.Join(job.Settings.Templates, "subject.txt")
	write := func(text string) {
		if err := os.WriteFile(own, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("{{.Title}} for\n{{.Period}}\r\nBcc: x@y.z\n")
	h, parts := read(t, dryRun(t, job)["_all.eml"])
	if got := header(t, h, "Subject"); got != "License compliance for 2026-11-23  Bcc: x@y.z" || len(parts) != 4 {
		t.Errorf("Subject %q", got)
	}
	for text, want := range map[string]string{"{{.Title": "subject.txt:1: unclosed action", "{{.Nonsense}}": "can't evaluate field Nonsense", strings.Repeat("x", maxTemplate+1): "larger than"} {
		write(text)
		if _, err := job.Send(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	job.Settings.Templates = filepath.Join(t.TempDir(), "nowhere")
	if _, err := job.Send(t.Context()); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("no such folder: %v", err)
	}
}

func TestSettingsCheck(t *testing.T) {
	good := Settings{Host: "smtp.example.com", From: "a@example.com"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(s *Settings){
		"is not a host name":        func(s *Settings) { s.Host = "smtp://x" },
		"to this machine only":      func(s *Settings) { s.TLS = NoTLS },
		"none of starttls":          func(s *Settings) { s.TLS = "tls" },
		"not between 1 and":         func(s *Settings) { s.Port = 70000 },
		"has no password":           func(s *Settings) { s.Username = "u" },
		`from: "" is not`:           func(s *Settings) { s.From = "" },
		`to: "x" is not`:            func(s *Settings) { s.To = []string{"x"} },
		`cc: "x@y.z\r\nA: b" is no`: func(s *Settings) { s.Cc = []string{"x@y.z\r\nA: b"} },
	} {
		s := good
		change(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
