package report

import (
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

// alone is the key with texts of its own: kept for years, it must not keep all
// that was read with it.
func (k Key) alone() Key {
	k.Instance, k.GUID, k.Connection = strings.Clone(k.Instance), strings.Clone(k.GUID), strings.Clone(k.Connection)
	return k
}

func (k Key) customer() [2]string { return [2]string{k.Instance, k.GUID} }

// Month is a point of the trend.
type Month struct {
	AsOf    time.Time
	Hash    string   // of its snapshot
	Missing []string // instances that gave no customers
	// OnlyIssued is a month of which nothing is left but what its report said:
	// there is nothing to compare with.
	OnlyIssued bool
	Issued     *Issued           // nil where no record was kept
	Restated   Totals            // by today's rules and at today's prices
	RestatedBy map[string]Totals // Restated by account manager; nil without any
	Currency   string            // of then
}

// Past is an earlier month as far as changes and trend need it: judged by
// today's rules, waived and priced as it was then.
type Past struct {
	Month
	Findings map[Key]PastFinding
	// Unjudged are the verdicts that could not be given; Connection is "*" for
	// all of a customer. False are those that did not apply for want of a count.
	Unjudged  map[Key]bool
	Customers map[[2]string]PastCustomer
	// then are the sums of the findings of those customers that the pack had
	// then; nil for the book, whose customers are all it has.
	then *[]groupSums
}

// History is what a report remembers of earlier months: the last one whole, of
// those before it since when each finding is there, and the trend.
type History struct {
	Last  *Past             // what changes are against; nil if there is only the trend
	Since map[Key]time.Time // the first report of those in a row, up to Last, in which the rule fired, waived or not
	Ever  map[Key]bool      // that the rule fired at all, up to Last
	Trend []Month           // oldest first
}

// Remember is a history of some months, oldest first.
func Remember(months ...Past) *History {
	h := &History{}
	for i := range months {
		h.Add(months[i])
	}
	return h
}

// Add takes in the next month, which changes are against from then on.
func (h *History) Add(p Past) {
	h.AddPoint(p.Month)
	if p.OnlyIssued {
		return
	}
	if h.Last == nil {
		h.Since, h.Ever = map[Key]time.Time{}, map[Key]bool{}
	}
	for key := range h.Since {
		if _, fires := p.Findings[key]; fires {
			continue
		}
		// What could not be judged was not fixed: it does not end the row.
		if _, unjudged := key.unjudgedIn(p.Unjudged); !unjudged && !slices.Contains(p.Missing, key.Instance) {
			delete(h.Since, key)
		}
	}
	for key := range p.Findings {
		if _, known := h.Since[key]; known {
			continue // and so it is in Ever
		}
		key = key.alone()
		h.Since[key], h.Ever[key] = p.AsOf, true
	}
	h.Last = &p
}

// AddPoint takes in a month of the trend that nothing is compared with.
func (h *History) AddPoint(m Month) { h.Trend = append(h.Trend, m) }

// PastCustomer is a customer of an earlier month.
type PastCustomer struct {
	Manager              string // of then; "" without contacts
	Name                 string
	ShortName, FullName  fetch.Text
	LicenseName          string
	Acquired, Used       fetch.Count
	Exposure, Unused     decimal.Decimal // of its open findings, as far as known
	NoExposure, NoUnused int             // what those leave out for want of a count
}

// wanting are no sums, but what sums leave out for the customer.
func (c *PastCustomer) wanting() Sums {
	return Sums{UnknownExposure: c.NoExposure, UnknownUnused: c.NoUnused}
}

// PastFinding is a finding of an earlier month, open or waived.
type PastFinding struct {
	Waived   bool
	Title    string
	Message  string
	Severity rules.Severity
	Money    rules.Money
	Counted  bool             // not left to another rule's finding about the same licenses
	Licenses bool             // it is about a number of licenses
	Quantity *int64           // nil if it is not, or the number is unknown
	Price    *decimal.Decimal // of then; nil without one
}

// amount is what the finding was worth then; nil if that is unknown, or if it
// is not about licenses.
func (f *PastFinding) amount() *decimal.Decimal {
	if f.Quantity == nil {
		return nil
	}
	return amount(*f.Quantity, f.Price)
}

// Sums are what is open in a group of customers. Unknown parts are counted
// apart: a sum with one is "at least".
type Sums struct {
	Findings                       int
	Exposure, Unused               decimal.Decimal
	UnknownExposure, UnknownUnused int
}

// Plus adds up two groups.
func (s Sums) Plus(o Sums) Sums {
	return Sums{s.Findings + o.Findings, s.Exposure.Add(o.Exposure), s.Unused.Add(o.Unused),
		s.UnknownExposure + o.UnknownExposure, s.UnknownUnused + o.UnknownUnused}
}

// Issued is what the report of an earlier month said, as its record kept it.
type Issued struct {
	Totals   Totals
	Currency string
	Complete bool
	Missing  []string // instances that gave no customers
	Groups   []IssuedGroup
}

// IssuedGroup are the sums of one account manager's customers on one instance.
type IssuedGroup struct {
	Instance, Manager string
	Customers         int
	Acquired, Used    int64
	// Customers whose count the sum above leaves out.
	NoAcquired, NoUsed int
	NotEvaluable       int
	BySeverity         [rules.Critical + 1]int
	Sums
}

// groupSums are the same of an earlier month under today's rules.
type groupSums = IssuedGroup

// IssuedOf is what a report says, for its record.
func IssuedOf(r *Report) Issued {
	missing := r.Missing()
	return Issued{Totals: r.Totals, Currency: r.Currency, Complete: len(missing) == 0, Missing: missing, Groups: GroupsOf(r)}
}

// GroupsOf are the sums of a report by instance and account manager, as its
// record keeps them.
func GroupsOf(r *Report) []IssuedGroup {
	var groups []IssuedGroup
	at := map[[2]string]int{}
	for i := range r.Customers {
		c := &r.Customers[i]
		key := [2]string{c.Instance, c.Manager}
		n, ok := at[key]
		if !ok {
			n = len(groups)
			at[key] = n
			groups = append(groups, IssuedGroup{Instance: c.Instance, Manager: c.Manager})
		}
		g := &groups[n]
		g.Sums = g.Plus(r.openOf(c))
		g.Customers++
		g.Acquired += c.LicensedUsersCount.N
		g.Used += c.Used.N
		if c.AcquiredUnknown() {
			g.NoAcquired++
		}
		if !c.Used.Known() {
			g.NoUsed++
		}
		g.NotEvaluable += c.NotEvaluable
		for s, n := range c.BySeverity {
			g.BySeverity[s] += n
		}
	}
	return groups
}

// PastOf keeps of a report what later ones compare with. The report is that of
// an earlier month under today's rules, with the waivers and prices of then;
// today are the prices for restating it.
func PastOf(r *Report, today Prices) Past {
	keys := r.Keys()
	p := firedIn(r, keys, today)
	p.Customers = make(map[[2]string]PastCustomer, len(r.Customers))
	for i := range r.Customers {
		c := &r.Customers[i]
		found, m := r.foundMoney(c), r.moneyOf(c)
		p.Customers[customerKey(c)] = PastCustomer{Manager: c.Manager, Name: c.Name(), ShortName: c.CustomerShortName, FullName: c.CustomerFullName,
			LicenseName: c.LicenseName, Acquired: c.LicensedUsersCount, Used: c.Used, Exposure: m.Exposure, Unused: m.Unused,
			NoExposure: m.UnpricedExposure - found.UnpricedExposure, NoUnused: m.UnpricedUnused - found.UnpricedUnused}
	}
	for at, key := range keys {
		f := &r.Findings[at]
		rule := &r.Rules[f.Rule]
		p.Findings[key] = PastFinding{Waived: f.Verdict == rules.Waived, Title: rule.Title, Message: f.Message, Severity: rule.Severity,
			Money: rule.Rule.Money, Counted: f.CountedBy < 0, Licenses: f.Licenses, Quantity: f.Quantity, Price: f.UnitPrice}
	}
	return p
}

// PastOfInput is PastOf of the report that Build makes, without making all of
// it. Of a month that another one follows, which is not whole, it keeps which
// rules fired and the point of the trend.
func PastOfInput(in Input, today Prices, whole bool) Past {
	r := newBuilder(in, whole).r
	if whole {
		return PastOf(r, today)
	}
	return firedIn(r, r.Keys(), today)
}

// firedIn is what PastOf keeps but for the customers, and of the findings no
// more than that they are there.
func firedIn(r *Report, keys []Key, today Prices) Past {
	p := Past{Month: Month{AsOf: r.AsOf, Hash: r.Hashes.Snapshot, Currency: r.Currency, Missing: r.Missing()},
		Findings: make(map[Key]PastFinding, len(r.Findings)), Unjudged: map[Key]bool{}}
	for _, key := range keys {
		p.Findings[key] = PastFinding{}
	}
	for _, n := range r.NotEvaluable {
		p.Unjudged[r.unjudged(&n)] = true
	}
	r.wanting(p.Unjudged)
	again := r.restated(today)
	p.Restated = again.Totals
	if len(r.Managers) > 0 {
		p.RestatedBy = again.totalsBy(nil, func(customer int) string { return r.Customers[customer].Manager })
	}
	return p
}

// restated is a report at other prices, as far as its totals go.
func (r *Report) restated(prices Prices) *Report {
	again := *r
	again.Currency = prices.Currency
	again.Findings = slices.Clone(r.Findings)
	for i := range again.Findings {
		f := &again.Findings[i]
		f.price(prices.Of(again.Customers[f.Customer].Customer))
	}
	again.controlTotals()
	return &again
}

// unjudged is the identity of a verdict that could not be given.
func (r *Report) unjudged(n *NotEvaluable) Key {
	c := &r.Customers[n.Customer]
	k := Key{Instance: c.Instance, GUID: c.UmpCustomerGuid, Rule: r.Rules[n.Rule].ID, Connection: "*"}
	if n.Connection >= 0 {
		k.Connection = r.Connections[n.Connection].ID.S
	}
	return k
}

// unjudgedIn tells whether a finding's verdict is among those that could not
// be given, and whether it is so or did not apply for want of a count.
func (k Key) unjudgedIn(unjudged map[Key]bool) (notEvaluable, unsure bool) {
	k.Occurrence = 0
	one, ofOne := unjudged[k]
	k.Connection = "*"
	all, ofAll := unjudged[k]
	return one || all, ofOne || ofAll
}

// wanting adds, as false, the verdicts of rules that read a count of a customer
// that should have one and has not: what such a rule found before is not fixed
// by that, even where it says that it does not apply.
func (r *Report) wanting(unjudged map[Key]bool) {
	var acquired, used []string
	for i := range r.Rules {
		if rule := &r.Rules[i]; rule.Enabled {
			if rule.Reads("LicensedUsersCount") {
				acquired = append(acquired, rule.ID)
			}
			if rule.Reads("ActiveUserCount") {
				used = append(used, rule.ID)
			}
		}
	}
	for i := range r.Customers {
		c := &r.Customers[i]
		add := func(ids []string) {
			for _, id := range ids {
				key := Key{Instance: c.Instance, GUID: c.UmpCustomerGuid, Rule: id, Connection: "*"}
				if _, known := unjudged[key]; !known {
					unjudged[key] = false
				}
			}
		}
		if c.AcquiredUnknown() {
			add(acquired)
		}
		if !c.ActiveUserCount.Known() {
			add(used)
		}
	}
}

func customerKey(c *Customer) [2]string { return [2]string{c.Instance, c.UmpCustomerGuid} }

// Keys are the identities of all findings, in their order.
func (r *Report) Keys() []Key {
	seen := make(map[Key]int, len(r.Findings))
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
