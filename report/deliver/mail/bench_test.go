package mail_test

import (
	"fmt"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver"
	"trueup/report/deliver/mail"
	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/formats"
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

// BenchmarkPacks makes a workbook and a PDF for each of 200 account managers
// of 50 customers, writes them, and mails them to a server on this machine.
func BenchmarkPacks(b *testing.B) {
	const managers, each = 200, 50
	set, err := rules.Load(rules.Options{Builtin: true})
	fatal(b, err)
	people, err := report.LoadContacts("contacts.csv", contacts(managers))
	fatal(b, err)
	server, err := fakesmtp.Start(fakesmtp.Script{})
	fatal(b, err)
	defer server.Close()
	p := portfolio(managers, each)
	for b.Loop() {
		e, err := set.Evaluate(b.Context(), p.Customers)
		fatal(b, err)
		in := report.Input{Title: "License compliance", AsOf: p.AsOf, Portfolio: p, Evaluation: e, Manager: people.Manager}
		started := time.Now()
		m, dir := writePacks(b, in, people)
		b.ReportMetric(time.Since(started).Seconds(), "s-to-make")
		started = time.Now()
		job := mail.Job{Dir: dir, Manifest: m, Guards: mail.DefaultGuards(), Now: time.Now,
			Settings: mail.Settings{Host: "127.0.0.1", Port: server.Port, RootCAs: server.Roots, From: "reports@example.com"}}
		result, err := job.Send(b.Context())
		fatal(b, err)
		fatal(b, result.Err())
		b.ReportMetric(time.Since(started).Seconds(), "s-to-send")
		if n := result.Count(mail.Sent); n != managers {
			b.Errorf("%d sent", n)
		}
	}
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
	tally := func(customers []fetch.Customer, groupOf []int, groups int) [][]rules.Tally {
		tallies, err := in.Evaluation.Set.TallyGroups(b.Context(), customers, groupOf, groups)
		fatal(b, err)
		return tallies
	}
	for _, pack := range report.Packs(in, tally) {
		var names []string
		for _, f := range formats.Files(pack, []string{"xlsx", "pdf"}, deliver.PackFolder(pack.Manager), formats.Options{}) {
			names = append(names, f.Name)
			list = append(list, deliver.File{Name: f.Name, Write: f.Write})
		}
		m.Packs = append(m.Packs, deliver.NewPack(pack, people.ContactOf(pack.Manager), names))
	}
	fatal(b, m.Reconcile())
	dir := b.TempDir()
	batch, err := deliver.Prepare(b.Context(), dir, list)
	fatal(b, err)
	m.Files = batch.Entries
	fatal(b, batch.Commit())
	return m, dir
}
