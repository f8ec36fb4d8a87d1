package mail

import (
	"cmp"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/deliver"
	"trueup/report/tables"
	"trueup/rules"
)

// Letter is one mail, and what its templates may use.
type Letter struct {
	Title, Organization string
	Manager             string // "" for the whole book
	Unassigned          bool   // the pack of customers without an account manager
	Period              string // day of the report, YYYY-MM-DD
	Month               string // of the report, YYYY-MM
	AsOf                string
	Sample              bool
	Version             string
	Totals              tables.Totals
	Severities          []Count        // those with findings, worst first
	Headline, Subject   string         // the report in one sentence, and in few words; "" for runs of versions that kept none
	Largest             []tables.Todo  // what to do about the customers that owe most
	Rules               []tables.Found // rules with findings, by severity, then amount
	ReplyBy             string         // day by which the workbook is wanted back, as 8 December 2026; "" if it is not
	Changes             *Changes
	Failed              []string // instances from which nothing came
	Folder              string   // where the files lie
	Attached            []string // names
	LeftOut             []string // names of files too large to attach
	Corrects            string   // day of the report whose mail this one puts right; "" if it is the first

	pack     string // the pack's slug; "" for the book
	figures  Figures
	id       string   // Message-ID without angle brackets
	formerly []string // those that earlier versions gave it
	domain   string   // of Message-IDs
	seed     []string // of Message-IDs

	date   time.Time
	to, cc []*mail.Address
	attach []deliver.Entry
}

// Count is a number with its name.
type Count struct {
	Name  string
	Count int
}

// Changes is what differs from the report of the day Since.
type Changes struct {
	tables.Changes
	Since string
}

// letters are the mails of a finished run: the book's, if the settings name
// recipients, then the packs' in their order. missing names the packs with
// customers that have no address to go to.
func letters(m deliver.Manifest, dir string, s Settings) (list []*Letter, missing []string) {
	if len(s.To)+len(s.Cc) > 0 {
		l := newLetter(m, dir, m.Totals, m.Changes, m.Briefing)
		l.to, l.cc = addresses("", s.To), addresses("", s.Cc)
		l.choose(m, s, nil)
		l.figures = figuresOf(m.Totals, m.Changes, l.attach)
		list = append(list, l)
	}
	for i := range m.Packs {
		p := &m.Packs[i]
		if p.Email == "" && len(p.Cc) == 0 {
			if p.Totals.Customers > 0 && p.Manager != report.Unassigned {
				missing = append(missing, plain.Text(p.Manager))
			}
			continue
		}
		l := newLetter(m, dir, p.Totals, p.Changes, p.Briefing)
		l.Manager, l.Unassigned, l.pack = plain.Text(p.Manager), p.Manager == report.Unassigned, p.Slug
		l.cc = addresses("", p.Cc)
		if p.Email != "" {
			l.to = addresses(l.Manager, []string{p.Email})
		}
		l.choose(m, s, p)
		l.figures = figuresOf(p.Totals, p.Changes, l.attach)
		l.ask(s)
		list = append(list, l)
	}
	for _, l := range list {
		l.domain = domainOf(s.From)
		l.seed = []string{s.period(l.Period), strconv.FormatBool(m.Sample), m.Title, m.Organization}
		l.id = l.newID("")
	}
	return list, missing
}

func newLetter(m deliver.Manifest, dir string, t tables.Totals, c *tables.Changes, b tables.Briefing) *Letter {
	l := &Letter{Title: plain.Text(m.Title), Organization: plain.Text(m.Organization), Sample: m.Sample, Version: plain.Text(m.Version),
		Period: tables.Day(m.AsOf), Month: m.AsOf.Format("2006-01"), AsOf: tables.Moment(m.AsOf),
		Headline: plain.Text(b.Headline), Subject: plain.Text(b.Subject),
		Totals: t, Folder: dir, date: m.AsOf}
	if c != nil {
		l.Changes = &Changes{*c, tables.Day(c.Since)}
	}
	if !m.DataAsOf.IsZero() {
		l.AsOf += ", data of " + tables.Moment(m.DataAsOf)
	}
	for _, severity := range rules.Severities {
		if n := t.BySeverity[severity.String()]; n > 0 {
			l.Severities = append(l.Severities, Count{severity.String(), n})
		}
	}
	for _, x := range b.Largest {
		l.Largest = append(l.Largest, tables.Todo{Customer: plain.Text(x.Customer), Amount: plain.Text(x.Amount),
			What: plain.TextMax(x.What, maxWords), Do: plain.TextMax(x.Do, maxWords)})
	}
	for _, x := range b.Found {
		l.Rules = append(l.Rules, tables.Found{Name: plain.TextMax(x.Name, maxWords), Severity: plain.Text(x.Severity), Count: x.Count, Amount: plain.Text(x.Amount)})
	}
	for _, source := range m.Sources {
		if source.Failed != "" {
			l.Failed = append(l.Failed, plain.Text(source.Name))
		}
	}
	return l
}

// maxWords bounds what a rule says in a mail, in UTF-16 units.
const maxWords = 300

// ask asks an account manager to return the workbook that is attached, if
// there is something to say about it.
func (l *Letter) ask(s Settings) {
	workbook := slices.ContainsFunc(l.Attached, func(name string) bool { return strings.HasSuffix(name, ".xlsx") })
	if by, asked := replyBy(l.date, s.ReplyWithin); asked && workbook && l.Totals.Findings > 0 {
		l.ReplyBy = by.Format("2 January 2006")
	}
}

// addresses parses what Check and the contacts have accepted; others are left
// out here and refused there.
func addresses(name string, list []string) (parsed []*mail.Address) {
	for _, text := range list {
		if a, err := mail.ParseAddress(text); err == nil {
			a.Name = plain.Text(cmp.Or(a.Name, name))
			parsed = append(parsed, a)
		}
	}
	return parsed
}

// choose picks the files to attach, best kind first, as long as they fit.
func (l *Letter) choose(m deliver.Manifest, s Settings, p *deliver.Pack) {
	left := s.MaxAttachment
	for _, e := range candidates(m, s, p) {
		name := baseName(e.Name)
		if e.Size > left {
			l.LeftOut = append(l.LeftOut, name)
			continue
		}
		left -= e.Size
		l.attach = append(l.attach, e)
		l.Attached = append(l.Attached, name)
	}
	if p != nil {
		l.Folder += "/managers/" + p.Slug
	}
}

// candidates are the files of the book or of a pack with the wanted endings,
// or, if there are none of these, all but the snapshot and the record.
func candidates(m deliver.Manifest, s Settings, p *deliver.Pack) (list []deliver.Entry) {
	var own []deliver.Entry
	for _, e := range m.Files {
		book := !strings.Contains(e.Name, "/") && !strings.HasPrefix(e.Name, "snapshot-") && !strings.HasPrefix(e.Name, "record-")
		if p == nil && book || p != nil && slices.Contains(p.Files, e.Name) {
			own = append(own, e)
		}
	}
	for _, ending := range s.Attach {
		for _, e := range own {
			if strings.HasSuffix(e.Name, "."+strings.TrimPrefix(ending, ".")) {
				list = append(list, e)
			}
		}
	}
	if len(list) == 0 {
		return own
	}
	return list
}

func baseName(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// domainOf is what stands behind the @ of an address.
func domainOf(address string) string {
	if a, err := mail.ParseAddress(address); err == nil {
		return a.Address[strings.LastIndex(a.Address, "@")+1:]
	}
	return "trueup.invalid"
}

// recipients are all addresses the letter goes to, each once.
func (l *Letter) recipients() (list []string) {
	for _, a := range slices.Concat(l.to, l.cc) {
		if !slices.Contains(list, a.Address) {
			list = append(list, a.Address)
		}
	}
	return list
}
