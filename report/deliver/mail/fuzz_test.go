package mail

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trueup/templates"
)

// A ledger is refused, or it knows ever after what is added to it.
func FuzzLedger(f *testing.F) {
	for _, seed := range []string{"", `{"recipient":"a@example.com","messageId":"1","pack":"p","day":"2026-11-23","status":"sent"}` + "\n", `{"recipient":"a@ex`, "{\n{}\n", "null\n", "\n\n", `{"status":"intent"}` + "\n" + `{"status":"fai`, "[]\n", `{"time":"x"}` + "\n"} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, LedgerName), data, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := openLedger(dir, dir, 0)
		if err != nil {
			return
		}
		added := Record{Time: asOf, Recipient: "new@example.com", MessageID: "new", Pack: "p", Day: "2026-11-23", Status: Sent}
		before := len(l.about["p"])
		err = l.add(added)
		l.close()
		if err != nil {
			t.Fatal(err)
		}
		if l, err = openLedger(dir, dir, 0); err != nil {
			t.Fatalf("read once, and then: %v", err)
		}
		defer l.close()
		if now := l.about["p"]; len(now) != before+1 || !slices.Contains(now, added) || !l.has("new", "New@example.com") {
			t.Errorf("%d records, then %d", before, len(now))
		}
	})
}

// Whatever a template or a name has in it: a mail has the head that it should
// have, or is not written.
func FuzzTemplates(f *testing.F) {
	builtin := map[string]string{}
	for _, name := range []string{templates.MailSubject, templates.MailText, templates.MailHTML} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "mail", name))
		if err != nil {
			f.Fatal(err)
		}
		builtin[name] = string(text)
	}
	f.Add(builtin[templates.MailSubject], builtin[templates.MailText], builtin[templates.MailHTML], "Ana")
	f.Add("{{.Title}}\r\nBcc: x@example.com", "{{range .Rules}}{{.Name}}{{end}}", "<a href={{.Manager}}>", "a\r\nBcc: b@example.com\u2028")
	f.Add("{{", "{{.Nothing}}", "{{template \"x\"}}", "\xff")
	f.Add("{{number .Totals}}{{money .Title}}", "{{join .Attached \"\\r\\n\"}}\r\n.\r\n", "<script>{{.Title}}</script><style>{{.Manager}}", "</script>")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, subject, text, html, name string) {
		for file, source := range map[string]string{templates.MailSubject: subject, templates.MailText: text, templates.MailHTML: html} {
			if len(source) > 4000 || os.WriteFile(filepath.Join(dir, file), []byte(source), 0o600) != nil {
				t.Skip()
			}
		}
		c, err := newComposer(Settings{From: "reports@example.com", Templates: dir})
		if err != nil {
			return
		}
		_, m := reports(t)
		m.Title, m.Organization, m.Packs[0].Manager = name, name, name
		list, _ := letters(m, dir, Settings{From: "reports@example.com", To: []string{"licensing@example.com"}})
		for _, l := range list {
			l.attach = nil
			message, err := c.message(l, nil)
			if err != nil {
				return
			}
			header, _ := read(t, message)
			for key, values := range header {
				want := []string{"From", "To", "Cc", "Subject", "Message-Id", "Date", "Auto-Submitted", "X-Mailer", "Mime-Version", "Content-Type"}
				if len(values) != 1 || !slices.Contains(want, key) || strings.ContainsAny(values[0], "\r\n") {
					t.Errorf("%s: %q", key, values)
				}
			}
		}
	})
}
