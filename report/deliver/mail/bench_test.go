package mail_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/formats"
	"trueup/report/notes"
	"trueup/rules"
)

// portfolio has customers for so many managers, by their short names.
func portfolio(managers, each int) fetch.Portfolio {
	p := fetch.Sample()
	sample := p.Customers
	p.Customers = nil
	for i := range managers * each {
		c := sample[i%len(sample)]
		c.UmpCustomerGuid = fmt.Sprintf("%08d-%s", i, c.UmpCustomerGuid)
		c.CustomerShortName = fetch.TextOf(fmt.Sprintf("m%03d-%s", i/each, c.CustomerShortName.S))
		p.Customers = append(p.Customers, c)
	}
	return p
}

func contacts(managers int) []byte {
	text := "customer,manager,email\n"
	for i := range managers {
		text += fmt.Sprintf("m%03d-*,Manager %03d,m%03d@example.com\n", i, i, i)
	}
	return []byte(text)
}

const managers, each = 200, 50

// BenchmarkPacks makes a workbook and a PDF for each of 200 account managers
// of 50 customers, and writes them.
func BenchmarkPacks(b *testing.B) {
	in, people := packsInput(b)
	for b.Loop() {
		writePacks(b, in, people)
	}
}

// BenchmarkSend mails those to a server on this machine.
func BenchmarkSend(b *testing.B) {
	in, people := packsInput(b)
	m, dir := writePacks(b, in, people)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(b, err)
	server, err := fakesmtp.Start(listener, fakesmtp.Script{})
	fatal(b, err)
	defer server.Close()
	job := mail.Job{Dir: dir, Manifest: m, Guards: mail.DefaultGuards(), Resend: true, Now: func() time.Time { return in.AsOf },
		Settings: mail.Settings{Host: "127.0.0.1", Port: server.Port, RootCAs: server.Roots, From: "reports@example.com"}}
	for b.Loop() {
		result, err := job.Send(b.Context())
		fatal(b, err)
		fatal(b, result.Err())
		if n := result.Count(mail.Sent); n != managers {
			b.Errorf("%d sent", n)
		}
	}
}

func packsInput(b *testing.B) (report.Input, *report.Contacts) {
	b.Helper()
	set, err := rules.Load(rules.Options{Builtin: true})
	fatal(b, err)
	people, err := notes.LoadContacts("contacts.csv", contacts(managers))
	fatal(b, err)
	p := portfolio(managers, each)
	return report.Input{Title: "License compliance", AsOf: p.AsOf, Portfolio: p, Evaluation: set.Evaluate(p.Customers), Manager: people.Manager}, people
}

func fatal(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// writePacks writes the packs and gives the manifest, as a run does.
func writePacks(b *testing.B, in report.Input, people *report.Contacts) (deliver.Manifest, string) {
	b.Helper()
	book := report.Build(in)
	m := deliver.NewManifest(book, []string{"xlsx", "pdf"})
	var list []deliver.File
	for _, pack := range report.Packs(in, in.Evaluation.Set.TallyGroups) {
		var names []string
		for _, f := range formats.Files(pack, []string{"xlsx", "pdf"}, deliver.PackFolder(pack.Manager), formats.Options{}) {
			names = append(names, f.Name)
			list = append(list, deliver.File{Name: f.Name, Write: f.Write})
		}
		m.Packs = append(m.Packs, deliver.NewPack(pack, people.ContactOf(pack.Manager), names))
	}
	fatal(b, m.Reconcile())
	dir := b.TempDir()
	folder, err := deliver.OpenFolder(dir, 0)
	fatal(b, err)
	defer folder.Close()
	batch, err := folder.Prepare(b.Context(), list)
	fatal(b, err)
	m.Files = batch.Entries
	fatal(b, batch.Commit())
	return m, dir
}
