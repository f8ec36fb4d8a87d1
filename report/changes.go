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

// Note is what people wrote beside a finding, in the workbook's last columns.
type Note struct{ Owner, Due, Comment string }

// Changes is what differs from the earlier report.
type Changes struct {
	Baseline     time.Time // as-of of the snapshot compared with
	BaselineHash string
	Missing      []string // instances that gave no customers now or then: on neither side
	Movement     Movement
	// New, Persisting and Reopened count open findings by their Change.
	New, Persisting, Reopened     int
	Resolved                      []Resolved
	Lost                          []Lost
	Rows                          []ChangeRow // by step, then severity, amount, rule, customer
	Customers                     []CustomerChange
	CustomersAdded, CustomersGone int
	CustomersBefore               int
	FindingsBefore                int
	Before                        PastTotals
	Lists                         []List // by instance
}

// PastTotals are sums of the earlier report that this one's are set against,
// without the customers of instances that are missing on either side.
type PastTotals struct {
	Acquired, Used int64 // of customers with both counts known
	Over, Surplus  int64 // likewise
	NotEvaluable   int
}

// List compares how many customers one instance listed.
type List struct {
	Instance    string
	Before, Now int
}

// ChangeRow is one finding that moved a figure.
type ChangeRow struct {
	Step           Step
	Severity       rules.Severity
	Rule, Title    string
	Customer, GUID string
	Manager        string
	Text           string           // the finding's message, now or then
	From, To       *int64           // licenses it was and is about; nil if none or unknown
	Before, After  *decimal.Decimal // what the finding was and is worth; nil if unknown
	// Count, Exposure and Unused are what the row adds to each figure: together
	// the rows of a step are the bridge's. A finding whose licenses and price
	// both changed has two.
	Count            int
	Exposure, Unused decimal.Decimal
	Finding          int    // index into Report.Findings; -1 if there is none any more
	Reason           string // why it is gone, in a word; "" for findings that are there
	Since, LastSeen  time.Time
}

// Resolved is a finding of the earlier report that is fixed, or whose customer
// is gone.
type Resolved struct {
	Gone
	Reason string // "fixed" or "customer-gone"
}

// Lost is a finding of the earlier report that cannot be judged any more: it
// is never taken for resolved.
type Lost struct {
	Gone
	Reason string           // "not-evaluable" or "instance-missing"
	Amount *decimal.Decimal // what it was worth last; nil if unknown, or not about licenses
}

// Gone is a finding as it was last seen.
type Gone struct {
	Rule                string
	Title               string
	Severity            rules.Severity
	GUID, Instance      string
	Customer            string // name, as it was then
	ShortName, FullName fetch.Text
	SIPConnection       string // connection id; "" if it was about the customer
	Since, LastSeen     time.Time
}

// CustomerChange is a customer that came or went, or whose acquired licenses
// changed.
type CustomerChange struct {
	Customer        int // index into Report.Customers; -1 if it went
	Name, GUID      string
	Manager         string
	Kind            string // "came", "went", "bought" or "returned"
	LicenseName     string
	Acquired, Used  [2]fetch.Count // before and now
	Exposure, Value [2]decimal.Decimal
}

// Any tells whether anything changed.
func (c *Changes) Any() bool {
	return len(c.Rows) > 0 || c.CustomersAdded > 0 || c.CustomersGone > 0
}

// comparison sets one report against the last one.
type comparison struct {
	r       *Report
	history *History
	last    *Past
	missing map[string]bool // instances that neither side is compared in
	now     map[Key]bool    // findings by identity
	unsure  map[Key]bool    // verdicts that cannot be given now
	ch      *Changes
}

// compare sets what changed against the last report.
func (r *Report) compare(history *History) {
	if history == nil || history.Last == nil {
		return
	}
	c := &comparison{r: r, history: history, last: history.Last, missing: map[string]bool{}, now: map[Key]bool{}, unsure: map[Key]bool{}}
	for _, name := range slices.Concat(r.Missing(), c.last.Missing) {
		c.missing[name] = true
	}
	for i := range r.NotEvaluable {
		c.unsure[r.unjudged(&r.NotEvaluable[i])] = true
	}
	r.wanting(c.unsure)
	money := r.Currency != "" && (c.last.Currency == r.Currency || c.last.Currency == "")
	c.ch = &Changes{Baseline: c.r.here(c.last.AsOf), BaselineHash: c.last.Hash, Missing: slices.Sorted(maps.Keys(c.missing)), Movement: *newMovement(money)}
	c.start()
	for at, key := range r.Keys() {
		c.now[key] = true
		c.finding(at, key)
	}
	c.vanished()
	c.customers()
	slices.SortStableFunc(c.ch.Rows, compareRows)
	r.Changes = c.ch
}

// start settles where the bridge starts and where it ends.
func (c *comparison) start() {
	var then, compared, now Sums
	for key, f := range c.last.Findings {
		if !c.missing[key.Instance] {
			compared = compared.Plus(f.sums())
		}
	}
	for key, past := range c.last.Customers {
		if !c.missing[key[0]] {
			compared = compared.Plus(past.wanting())
		}
	}
	then = compared
	if c.last.then != nil {
		then = c.groups(*c.last.then)
	}
	var issued *Sums
	if i := c.last.Issued; i != nil {
		sums := c.groups(i.Groups)
		issued = &sums
	}
	for i := range c.r.Customers {
		if customer := &c.r.Customers[i]; !c.missing[customer.Instance] {
			now = now.Plus(c.r.openOf(customer))
		}
	}
	c.ch.Movement.start(issued, then, compared)
	c.ch.Movement.end(now)
	c.ch.FindingsBefore = int(c.ch.Movement.Findings.Before.IntPart())
	c.managers()
}

// managers settles what each account manager had in the earlier report: as
// issued, else by who manages whom today.
func (c *comparison) managers() {
	at := map[string]*Manager{}
	for i := range c.r.Managers {
		m := &c.r.Managers[i]
		m.Before, at[m.Name] = &Sums{}, m
	}
	add := func(name, instance string, s Sums) {
		if m := at[name]; m != nil && !c.missing[instance] {
			*m.Before = m.Before.Plus(s)
		}
	}
	if i := c.last.Issued; i.byManager() {
		for _, g := range i.Groups {
			add(g.Manager, g.Instance, g.Sums)
		}
		return
	}
	for key, f := range c.last.Findings {
		add(c.last.Customers[key.customer()].Manager, key.Instance, f.sums())
	}
	for key, past := range c.last.Customers {
		add(past.Manager, key[0], past.wanting())
	}
}

func (c *comparison) groups(groups []IssuedGroup) (sum Sums) {
	for _, g := range groups {
		if !c.missing[g.Instance] {
			sum = sum.Plus(g.Sums)
		}
	}
	return sum
}

// sumsOf is what a finding adds to the sums of open ones.
func (r *Report) sumsOf(f *Finding) Sums {
	if f.Verdict == rules.Waived {
		return Sums{}
	}
	return sumsOf(f.Licenses && f.CountedBy < 0, f.Amount, r.Rules[f.Rule].Rule.Money)
}

func (f *PastFinding) sums() Sums {
	if f.Waived {
		return Sums{}
	}
	return sumsOf(f.Licenses && f.Counted, f.amount(), f.Money)
}

func sumsOf(counts bool, amount *decimal.Decimal, money rules.Money) Sums {
	s := Sums{Findings: 1}
	switch {
	case !counts:
	case amount == nil && money == rules.Unused:
		s.UnknownUnused = 1
	case amount == nil:
		s.UnknownExposure = 1
	case money == rules.Unused:
		s.Unused = *amount
	default:
		s.Exposure = *amount
	}
	return s
}

func (s Sums) part() part { return part{int64(s.Findings), s.Exposure, s.Unused} }

// finding sets one finding against the earlier ones of its identity.
func (c *comparison) finding(at int, key Key) {
	f := &c.r.Findings[at]
	f.Change, f.Since = c.change(key)
	open := f.Verdict != rules.Waived
	if open {
		switch f.Change {
		case Persisting:
			c.ch.Persisting++
		case Reopened:
			c.ch.Reopened++
		default:
			c.ch.New++
		}
	}
	if c.missing[key.Instance] {
		return
	}
	old, had := c.last.Findings[key]
	switch wasOpen := had && !old.Waived; {
	case open && wasOpen:
		c.moved(at, &old)
		return
	case open:
		f.Movement = c.cameFrom(key, had, f.Change)
		c.row(at, f.Movement, &old, c.r.sumsOf(f).part())
	case wasOpen:
		f.Movement = NewlyWaived
		c.row(at, NewlyWaived, &old, old.sums().part().negative())
	}
}

// cameFrom is the step by which an open finding came in.
func (c *comparison) cameFrom(key Key, wasWaived bool, change Change) Step {
	_, known := c.last.Customers[key.customer()]
	_, wasUnjudged := key.unjudgedIn(c.last.Unjudged)
	switch {
	case wasWaived:
		return WaiverEnded
	case !known:
		return NewCustomers
	case wasUnjudged:
		return JudgedAgain
	case change == Reopened:
		return StepReopened
	}
	return StepNew
}

// moved splits what an open finding's amount changed by: by licenses at the
// price of then, and by the price. What became unknown or known, and what
// another rule counts now, is part of it.
func (c *comparison) moved(at int, old *PastFinding) {
	f := &c.r.Findings[at]
	before, after := old.sums().part(), c.r.sumsOf(f).part()
	byLicenses := after
	if q := f.Quantity; q != nil && old.Quantity != nil && old.Price != nil && f.CountedBy < 0 {
		kind := c.r.Rules[f.Rule].Rule.Money
		byLicenses = sumsOf(true, amount(*q, old.Price), kind).part()
	} else if old.amount() == nil || f.Amount == nil && f.CountedBy < 0 {
		byLicenses = before // nothing is known of the licenses
	}
	grown := part{0, byLicenses.exposure.Sub(before.exposure), byLicenses.unused.Sub(before.unused)}
	priced := part{0, after.exposure.Sub(byLicenses.exposure), after.unused.Sub(byLicenses.unused)}
	more := grown.exposure.Add(grown.unused).Sign()
	if c.ch.Movement.Exposure == nil && old.Quantity != nil && f.Quantity != nil { // without money the licenses tell
		more = cmp.Compare(*f.Quantity, *old.Quantity)
	}
	switch {
	case more > 0:
		f.Movement = Grown
	case more < 0:
		f.Movement = Shrunk
	}
	if f.Movement != "" {
		c.row(at, f.Movement, old, grown)
	}
	if !priced.exposure.Add(priced.unused).IsZero() {
		f.Movement = cmp.Or(f.Movement, Repriced)
		c.row(at, Repriced, old, priced)
	}
}

// row adds a finding that is there to what changed, with what it moves.
func (c *comparison) row(at int, step Step, old *PastFinding, moves part) {
	f := &c.r.Findings[at]
	rule, customer := &c.r.Rules[f.Rule], &c.r.Customers[f.Customer]
	c.add(ChangeRow{Step: step, Severity: rule.Severity, Rule: rule.ID, Title: rule.Title, Customer: customer.Name(), GUID: customer.UmpCustomerGuid,
		Manager: customer.Manager, Text: f.Message, From: old.Quantity, To: f.Quantity, Before: old.amount(), After: f.Amount,
		Finding: at, Since: f.Since, LastSeen: c.r.AsOf}, moves)
}

func (c *comparison) add(row ChangeRow, moves part) {
	c.ch.Movement.move(row.Step, moves)
	row.Count = int(moves.findings)
	if c.ch.Movement.Exposure != nil {
		row.Exposure, row.Unused = moves.exposure, moves.unused
	}
	c.ch.Rows = append(c.ch.Rows, row)
}

// change compares one finding with the earlier ones of its identity: it asks
// whether the rule fires, waived or not, and since when.
func (c *comparison) change(key Key) (Change, time.Time) {
	if since, fires := c.history.Since[key]; fires {
		return Persisting, c.r.here(since)
	}
	if c.history.Ever[key] {
		return Reopened, c.r.AsOf
	}
	return New, c.r.AsOf
}

// vanished lists what the last report had open and this one has not.
func (c *comparison) vanished() {
	present := c.r.present()
	for _, key := range slices.SortedFunc(maps.Keys(c.last.Findings), CompareKeys) {
		old := c.last.Findings[key]
		if c.now[key] || old.Waived {
			continue
		}
		then := c.last.Customers[key.customer()]
		g := Gone{Rule: key.Rule, Title: old.Title, Severity: old.Severity, GUID: key.GUID, Instance: key.Instance,
			Customer: then.Name, ShortName: then.ShortName, FullName: then.FullName, SIPConnection: key.Connection,
			Since: c.r.here(c.history.Since[key]), LastSeen: c.r.here(c.last.AsOf)}
		if c.missing[key.Instance] { // on neither side of the figures
			c.ch.Lost = append(c.ch.Lost, Lost{g, "instance-missing", old.amount()})
			continue
		}
		step, reason := c.whyGone(key, present)
		if step == NotJudgeable {
			c.ch.Lost = append(c.ch.Lost, Lost{g, reason, old.amount()})
		} else {
			c.ch.Resolved = append(c.ch.Resolved, Resolved{g, reason})
		}
		c.add(ChangeRow{Step: step, Severity: g.Severity, Rule: g.Rule, Title: g.Title, Customer: g.Customer, GUID: g.GUID,
			Manager: then.Manager, Text: old.Message, From: old.Quantity, Before: old.amount(), Finding: -1, Reason: reason, Since: g.Since, LastSeen: g.LastSeen},
			old.sums().part().negative())
	}
	slices.SortStableFunc(c.ch.Resolved, func(a, b Resolved) int { return compareGone(&a.Gone, &b.Gone) })
	slices.SortStableFunc(c.ch.Lost, func(a, b Lost) int { return compareGone(&a.Gone, &b.Gone) })
}

// whyGone tells fixed from gone, and both from what nobody can judge: a value
// that is not there any more, or a rule that compares customers while the
// customers of an instance are missing.
func (c *comparison) whyGone(key Key, present map[[2]string]int) (Step, string) {
	at, here := present[key.customer()]
	notEvaluable, unsure := key.unjudgedIn(c.unsure)
	switch {
	case !here:
		return CustomersGone, "customer-gone"
	case notEvaluable, unsure && c.lostCount(&c.r.Customers[at]):
		return NotJudgeable, "not-evaluable"
	case len(c.r.Missing()) > 0 && c.r.comparesCustomers(key.Rule):
		return NotJudgeable, "instance-missing"
	}
	return Fixed, "fixed"
}

// lostCount tells that one of the customer's counts was known and is not.
func (c *comparison) lostCount(now *Customer) bool {
	then := c.last.Customers[customerKey(now)]
	return then.Acquired.Known() && !now.LicensedUsersCount.Known() || then.Used.Known() && !now.Used.Known()
}

// comparesCustomers tells a rule whose verdict on one customer hangs on others.
func (r *Report) comparesCustomers(id string) bool {
	return slices.ContainsFunc(r.Rules, func(rule Rule) bool { return rule.ID == id && rule.ComparesCustomers() })
}

// customers lists the customers that came, went, bought or returned, and sums
// up the earlier ones.
func (c *comparison) customers() {
	lists := map[string]*List{}
	list := func(instance string) *List {
		if lists[instance] == nil {
			lists[instance] = &List{Instance: instance}
		}
		return lists[instance]
	}
	here := c.r.present()
	for i := range c.r.Customers {
		now := &c.r.Customers[i]
		then, known := c.last.Customers[customerKey(now)]
		if c.missing[now.Instance] {
			continue
		}
		if known {
			now.Before = &then
		}
		kind := ""
		switch {
		case !known:
			kind = "came"
		case !now.LicensedUsersCount.Known() || !then.Acquired.Known():
		case now.LicensedUsersCount.N > then.Acquired.N:
			kind = "bought"
		case now.LicensedUsersCount.N < then.Acquired.N:
			kind = "returned"
		}
		if kind != "" {
			m := c.r.moneyOf(now)
			c.ch.Customers = append(c.ch.Customers, CustomerChange{Customer: i, Name: now.Name(), GUID: now.UmpCustomerGuid, Manager: now.Manager, Kind: kind,
				LicenseName: now.LicenseName, Acquired: [2]fetch.Count{then.Acquired, now.LicensedUsersCount}, Used: [2]fetch.Count{then.Used, now.Used},
				Exposure: [2]decimal.Decimal{then.Exposure, m.Exposure}, Value: [2]decimal.Decimal{then.Unused, m.Unused}})
		}
	}
	for key := range here {
		if c.missing[key[0]] {
			continue
		}
		list(key[0]).Now++
		if _, known := c.last.Customers[key]; !known {
			c.ch.CustomersAdded++
		}
	}
	for key, then := range c.last.Customers {
		if c.missing[key[0]] {
			continue
		}
		c.ch.CustomersBefore++
		if then.Acquired.Known() && then.Used.Known() {
			c.ch.Before.Acquired += then.Acquired.N
			c.ch.Before.Used += then.Used.N
			c.ch.Before.Over += max(then.Used.N-then.Acquired.N, 0)
			c.ch.Before.Surplus += max(then.Acquired.N-then.Used.N, 0)
		}
		list(key[0]).Before++
		if _, still := here[key]; !still {
			c.ch.CustomersGone++
			c.ch.Customers = append(c.ch.Customers, CustomerChange{Customer: -1, Name: then.Name, GUID: key[1], Manager: then.Manager, Kind: "went",
				LicenseName: then.LicenseName, Acquired: [2]fetch.Count{then.Acquired, {}}, Used: [2]fetch.Count{then.Used, {}},
				Exposure: [2]decimal.Decimal{then.Exposure, {}}, Value: [2]decimal.Decimal{then.Unused, {}}})
		}
	}
	for key, notEvaluable := range c.last.Unjudged {
		if notEvaluable && !c.missing[key.Instance] {
			c.ch.Before.NotEvaluable++
		}
	}
	slices.SortFunc(c.ch.Customers, func(a, b CustomerChange) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name), strings.Compare(a.GUID, b.GUID), cmp.Compare(a.Customer, b.Customer))
	})
	for _, instance := range slices.Sorted(maps.Keys(lists)) {
		c.ch.Lists = append(c.ch.Lists, *lists[instance])
	}
}

// present are the indexes of the customers of this report.
func (r *Report) present() map[[2]string]int {
	here := make(map[[2]string]int, len(r.Customers))
	for i := range r.Customers {
		here[customerKey(&r.Customers[i])] = i
	}
	return here
}

// CompareKeys orders identities: by customer, rule, connection and occurrence.
func CompareKeys(a, b Key) int {
	return cmp.Or(strings.Compare(a.Instance, b.Instance), strings.Compare(a.GUID, b.GUID), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Connection, b.Connection), cmp.Compare(a.Occurrence, b.Occurrence))
}

func compareGone(a, b *Gone) int {
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Customer, b.Customer), strings.Compare(a.Instance, b.Instance),
		strings.Compare(a.GUID, b.GUID), strings.Compare(a.SIPConnection, b.SIPConnection))
}

// compareRows puts the rows of one step together, the worst and the largest
// amount first.
func compareRows(a, b ChangeRow) int {
	return cmp.Or(cmp.Compare(slices.Index(Steps[:], a.Step), slices.Index(Steps[:], b.Step)), cmp.Compare(b.Severity, a.Severity),
		b.Exposure.Add(b.Unused).Abs().Cmp(a.Exposure.Add(a.Unused).Abs()), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Customer, b.Customer), strings.Compare(a.GUID, b.GUID))
}

// trend is the earlier reports and this one, oldest first.
func (r *Report) trend(history *History) {
	if history == nil || len(history.Trend) == 0 {
		return
	}
	for i := range history.Trend {
		point := history.Trend[i].point(r.Currency)
		point.AsOf = r.here(point.AsOf)
		r.Trend = append(r.Trend, point)
	}
	now := pointOf(r.AsOf, &r.Totals, r.Currency)
	now.Missing = r.Missing()
	now.Complete = len(now.Missing) == 0
	r.Trend = append(r.Trend, now)
}

// point restates a month in today's currency; one of which nothing is left but
// its record is as it was issued.
func (m *Month) point(currency string) TrendPoint {
	totals, missing := &m.Restated, m.Missing
	if m.OnlyIssued && m.Issued != nil {
		totals, missing = &m.Issued.Totals, m.Issued.Missing
		if m.Issued.Currency != currency {
			currency = "" // amounts of another one would not be seen for such
		}
	}
	point := pointOf(m.AsOf, totals, currency)
	point.OnlyIssued, point.Issued, point.Missing, point.Complete = m.OnlyIssued, m.Issued, missing, len(missing) == 0
	return point
}

// here is an earlier time in the zone of the report.
func (r *Report) here(t time.Time) time.Time { return t.In(r.AsOf.Location()) }

func pointOf(asOf time.Time, t *Totals, currency string) TrendPoint {
	p := TrendPoint{AsOf: asOf, Customers: t.Customers, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		NoAcquired: t.NoAcquired, NoActive: t.NoActive, Findings: t.Findings, BySeverity: t.BySeverity}
	if currency != "" {
		money := t.Money
		p.Money = &money
	}
	return p
}
