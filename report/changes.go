package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Key identifies a finding across reports: by id, never by name or message,
// so that rewording a rule or renaming a customer changes nothing.
type Key struct {
	Instance, GUID, Rule, Connection string
	Occurrence                       int // 0, or more where the list has the same id twice
}

// Note is what people wrote beside a finding, in the workbook's last columns.
type Note struct{ Owner, Due, Comment string }

// Past is an earlier report as far as changes and trend need it.
type Past struct {
	AsOf      time.Time
	Hash      string // of its snapshot
	Findings  map[Key]PastFinding
	Customers map[[2]string]bool // instance and GUID
	Totals    Totals
	Currency  string
	// Managers and ByManager split it up, by today's contacts; nil without any.
	Managers  map[[2]string]string // of each of Customers
	ByManager map[string]Totals
}

// PastFinding is a finding of an earlier report, open or waived.
type PastFinding struct {
	Waived                   bool
	Title, Customer, Message string
	ShortName, FullName      fetch.Text // of the customer, as they were then
	Severity                 rules.Severity
}

// PastOf keeps of a report what later ones compare with.
func PastOf(r *Report) Past {
	p := Past{AsOf: r.AsOf, Hash: r.Hashes.Snapshot, Findings: map[Key]PastFinding{},
		Customers: r.present(), Totals: r.Totals, Currency: r.Currency}
	p.split(r)
	for at, key := range r.keys() {
		f := &r.Findings[at]
		rule, c := r.Rules[f.Rule], &r.Customers[f.Customer]
		p.Findings[key] = PastFinding{f.Verdict == rules.Waived, rule.Title, c.Name(), f.Message,
			c.CustomerShortName, c.CustomerFullName, rule.Severity}
	}
	return p
}

// split notes what belonged to which account manager.
func (p *Past) split(r *Report) {
	if len(r.Managers) == 0 {
		return
	}
	p.Managers = make(map[[2]string]string, len(r.Customers))
	for i := range r.Customers {
		p.Managers[customerKey(&r.Customers[i])] = r.Customers[i].Manager
	}
	p.ByManager = r.totalsBy(nil, func(customer int) string { return r.Customers[customer].Manager })
}

func customerKey(c *Customer) [2]string { return [2]string{c.Instance, c.UmpCustomerGuid} }

// keys are the identities of all findings, in their order.
func (r *Report) keys() []Key {
	seen := map[Key]int{}
	keys := make([]Key, len(r.Findings))
	for i := range r.Findings {
		k := r.key(&r.Findings[i])
		n := seen[k]
		seen[k]++
		k.Occurrence = n
		keys[i] = k
	}
	return keys
}

func (r *Report) key(f *Finding) Key {
	c := &r.Customers[f.Customer]
	k := Key{Instance: c.Instance, GUID: c.UmpCustomerGuid, Rule: r.Rules[f.Rule].ID}
	if f.Connection >= 0 {
		k.Connection = r.Connections[f.Connection].ID.S
	}
	return k
}

// KeyOf is the identity of the finding at an index of Findings.
func (r *Report) KeyOf(at int) Key { return r.keys()[at] }

// Any tells whether anything changed.
func (c *Changes) Any() bool {
	return len(c.Rows) > 0 || c.CustomersAdded > 0 || c.CustomersGone > 0
}

// compare sets what changed against the earlier reports, oldest first. Open
// findings add up: those before, and new and reopened ones, less the resolved,
// are those now.
func (r *Report) compare(history []Past) {
	if len(history) == 0 {
		return
	}
	last := &history[len(history)-1]
	ch := &Changes{Baseline: last.AsOf, BaselineHash: last.Hash}
	now := map[Key]rules.Verdict{}
	for at, key := range r.keys() {
		f := &r.Findings[at]
		now[key] = f.Verdict
		waived := f.Verdict == rules.Waived
		f.Change = changeOf(key, waived, history)
		f.Since = since(r.AsOf, key, waived, history)
		if !waived {
			r.count(ch, at)
		}
	}
	here := r.present()
	r.resolved(ch, last, now, here, history)
	r.moved(ch, last, here)
	r.Changes = ch
}

// changeOf compares one finding with the earlier ones of its identity. One
// whose waiver ended is reopened; a waived one persists if it was open before.
func changeOf(key Key, waived bool, history []Past) Change {
	last, had := history[len(history)-1].Findings[key]
	switch {
	case had && (waived || !last.Waived):
		return Persisting
	case slices.ContainsFunc(history, func(p Past) bool { _, ok := p.Findings[key]; return ok }):
		return Reopened
	}
	return New
}

// count adds an open finding to what changed.
func (r *Report) count(ch *Changes, at int) {
	f := &r.Findings[at]
	switch f.Change {
	case Persisting:
		ch.Persisting++
		return
	case Reopened:
		ch.Reopened++
	default:
		ch.New++
	}
	c := &r.Customers[f.Customer]
	rule := r.Rules[f.Rule]
	ch.Rows = append(ch.Rows, ChangeRow{Change: string(f.Change), Severity: rule.Severity, Rule: rule.ID,
		Customer: c.Name(), GUID: c.UmpCustomerGuid, Text: f.Message, Finding: at, Since: f.Since, LastSeen: r.AsOf})
}

// since is the as-of of the first report in a row, up to asOf, that has it:
// open, or for a waived finding in either way.
func since(asOf time.Time, key Key, waived bool, history []Past) time.Time {
	for _, p := range slices.Backward(history) {
		if f, ok := p.Findings[key]; !ok || f.Waived && !waived {
			break
		}
		asOf = p.AsOf
	}
	return asOf
}

// resolved lists what the last report had open and this one has not, or only
// waived.
func (r *Report) resolved(ch *Changes, last *Past, now map[Key]rules.Verdict, here map[[2]string]bool, history []Past) {
	unsure := r.unsure()
	for _, key := range slices.SortedFunc(maps.Keys(last.Findings), compareOccurrences) {
		old := last.Findings[key]
		if old.Waived || now[key] == rules.Finding {
			continue
		}
		x := Resolved{Rule: key.Rule, Title: old.Title, Severity: old.Severity, GUID: key.GUID, Instance: key.Instance,
			Customer: old.Customer, ShortName: old.ShortName, FullName: old.FullName, SIPConnection: key.Connection,
			Since: since(last.AsOf, key, false, history[:len(history)-1]), LastSeen: last.AsOf, Gone: "resolved"}
		switch {
		case now[key] == rules.Waived:
			x.Gone = "waived"
		case !here[[2]string{key.Instance, key.GUID}]:
			x.Gone = "customer gone"
		case unsure[[3]string{key.Instance, key.GUID, key.Rule}]:
			x.Gone = "no longer evaluable"
		}
		ch.Resolved = append(ch.Resolved, x)
	}
	slices.SortStableFunc(ch.Resolved, compareResolved)
	for _, x := range ch.Resolved {
		ch.Rows = append(ch.Rows, ChangeRow{Change: "resolved", Severity: x.Severity, Rule: x.Rule, Customer: x.Customer,
			GUID: x.GUID, Text: x.Gone, Finding: -1, Since: x.Since, LastSeen: x.LastSeen})
	}
}

// present are the customers of this report.
func (r *Report) present() map[[2]string]bool {
	here := make(map[[2]string]bool, len(r.Customers))
	for i := range r.Customers {
		here[customerKey(&r.Customers[i])] = true
	}
	return here
}

// unsure are the rules that could not be judged for a customer.
func (r *Report) unsure() map[[3]string]bool {
	unsure := map[[3]string]bool{}
	for _, n := range r.NotEvaluable {
		c := &r.Customers[n.Customer]
		unsure[[3]string{c.Instance, c.UmpCustomerGuid, r.Rules[n.Rule].ID}] = true
	}
	return unsure
}

// compareOccurrences is the order of findings that compareResolved leaves: of
// ids that the list had twice.
func compareOccurrences(a, b Key) int { return cmp.Compare(a.Occurrence, b.Occurrence) }

func compareResolved(a, b Resolved) int {
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Customer, b.Customer), strings.Compare(a.Instance, b.Instance),
		strings.Compare(a.GUID, b.GUID), strings.Compare(a.SIPConnection, b.SIPConnection))
}

// moved counts customers that came and went, and those of each list.
func (r *Report) moved(ch *Changes, last *Past, here map[[2]string]bool) {
	ch.CustomersBefore, ch.FindingsBefore = last.Totals.Customers, last.Totals.Findings
	lists := map[string]*List{}
	list := func(instance string) *List {
		if lists[instance] == nil {
			lists[instance] = &List{Instance: instance}
		}
		return lists[instance]
	}
	for key := range here {
		list(key[0]).Now++
		if !last.Customers[key] {
			ch.CustomersAdded++
		}
	}
	for key := range last.Customers {
		list(key[0]).Before++
		if !here[key] {
			ch.CustomersGone++
		}
	}
	for _, instance := range slices.Sorted(maps.Keys(lists)) {
		ch.Lists = append(ch.Lists, *lists[instance])
	}
}

// trend is the earlier reports' totals and this one's, oldest first.
func (r *Report) trend(history []Past) {
	if len(history) == 0 {
		return
	}
	for _, p := range history {
		r.Trend = append(r.Trend, point(p.AsOf, p.Totals, p.Currency))
	}
	r.Trend = append(r.Trend, point(r.AsOf, r.Totals, r.Currency))
}

func point(asOf time.Time, t Totals, currency string) TrendPoint {
	p := TrendPoint{AsOf: asOf, Customers: t.Customers, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		Findings: t.Findings, BySeverity: t.BySeverity}
	if currency != "" {
		var d decimal.Decimal = t.Money.Exposure
		p.Amount = &d
	}
	return p
}
