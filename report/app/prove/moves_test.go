package prove

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// The rows of the bridge, as the workbook words them.
const (
	isNew         = "new"
	newCustomers  = "new customers"
	reopened      = "reopened"
	waiverEnded   = "waiver ended"
	judgedAgain   = "judged again"
	grown         = "grown"
	shrunk        = "shrunk"
	repriced      = "repriced"
	fixed         = "fixed"
	customersGone = "customers gone"
	newlyWaived   = "newly waived"
	notJudgeable  = "not judgeable any more"
)

// change is one finding that moved a figure.
type change struct {
	step, reason     string
	is               *verdict // the finding as it is, or as it was last
	was              *verdict // as it was in the earlier month; nil if it was not there
	now              *verdict // as it is; nil if it is gone
	name, manager    string   // of the customer
	count            int
	exposure, unused cents
	since, lastSeen  time.Time
}

// history is what earlier months mean for a book.
type history struct {
	months  []*book // oldest first, by today's rules
	last    *book
	changes []change
	then    sums  // of the last month, as far as it is compared
	down    table // findings of instances that gave nothing, as they were
	added   int   // customers that came
	gone    int
}

// fires finds a finding, open or waived, by its identity.
func (b *book) fires(k key) *verdict {
	for _, v := range b.verdicts {
		if v.fires() && v.key == k {
			return v
		}
	}
	return nil
}

// unsure tells whether a finding's verdict could not be given: that of its
// connection, or of the customer as a whole. Neither can one that does not
// apply for want of a count that should be there.
func (b *book) unsure(k key) bool { return b.notEvaluable(k) || b.wants(k) }

func (b *book) notEvaluable(k key) bool {
	return slices.ContainsFunc(b.verdicts, func(v *verdict) bool {
		return v.verdict == notEvaluable && v.key.rule == k.rule && v.key.customer() == k.customer() && (v.at < 0 || v.key.connection == k.connection)
	})
}

// wants tells that a count is missing which the rule's verdict hangs on.
func (b *book) wants(k key) bool {
	return slices.ContainsFunc(b.verdicts, func(v *verdict) bool {
		c := v.of
		return v.key.rule == k.rule && v.key.customer() == k.customer() &&
			(v.rule.acquired && c.shouldHaveCount() && c.acquired.known != there || v.rule.used && c.used.known != there)
	})
}

// lostCount tells that one of a customer's counts was known and is not.
func lostCount(was, is *customer) bool {
	return was.acquired.known == there && is.acquired.known != there || was.used.known == there && is.used.known != there
}

// names are the customers by identity, as they are known; of several with one
// identity the last.
func (b *book) names() map[[2]string]*customer {
	all := map[[2]string]*customer{}
	for _, c := range b.customers {
		all[[2]string{c.instance, c.guid}] = c
	}
	return all
}

// part is what an open finding adds to the sums.
func (v *verdict) part() (exposure, unused cents) {
	s := sumOf([]*verdict{v})
	return s.exposure, s.unused
}

// row tells since when a finding fires in a row of months. A month that could
// not judge it does not end the row.
func row(k key, months []*book) (since time.Time, unbroken, ever bool) {
	for _, m := range months {
		switch {
		case m.fires(k) != nil:
			ever = true
			if !unbroken {
				since, unbroken = m.day, true
			}
		case !m.unsure(k):
			unbroken = false
		}
	}
	return since, unbroken, ever
}

// against compares the book with earlier months, and says so in its findings.
func (b *book) against(months []*book) *history {
	if len(months) == 0 {
		return nil
	}
	h := &history{months: months, last: months[len(months)-1]}
	now, then := b.names(), h.last.names()
	for k := range now {
		if then[k] == nil {
			h.added++
		}
	}
	for k := range then {
		if now[k] == nil && !b.failed[k[0]] {
			h.gone++
		}
	}
	for _, v := range b.where((*verdict).fires) {
		b.came(h, v, then)
	}
	for _, old := range h.last.where((*verdict).open) {
		if b.failed[old.key.instance] {
			h.down = append(h.down, map[string]string{"rule": old.rule.id, "severity": old.rule.severity, "guid": old.of.guid, "instance": old.of.instance,
				"connection": old.key.connection, "reason": "instance-missing"})
			continue
		}
		b.left(h, old, now, then)
	}
	h.then = h.last.sum(func(c *customer) bool { return !b.failed[c.instance] })
	return h
}

// came looks at a finding that is there.
func (b *book) came(h *history, v *verdict, then map[[2]string]*customer) {
	since, unbroken, ever := row(v.key, h.months)
	switch {
	case unbroken:
		v.change, v.since = "persisting", since
	case ever:
		v.change, v.since = "reopened", b.day
	default:
		v.change, v.since = "new", b.day
	}
	old := h.last.fires(v.key)
	c := change{is: v, was: old, now: v, name: v.of.displayed(), manager: b.managers[v.of], since: v.since, lastSeen: b.day}
	switch {
	case v.open() && old != nil && old.open():
		b.grew(h, c)
		return
	case v.open():
		c.count = 1
		c.exposure, c.unused = v.part()
		switch {
		case old != nil:
			c.step = waiverEnded
		case then[v.key.customer()] == nil:
			c.step = newCustomers
		case h.last.unsure(v.key):
			c.step = judgedAgain
		case v.change == "reopened":
			c.step = reopened
		default:
			c.step = isNew
		}
	case old != nil && old.open():
		exposure, unused := old.part()
		c.step, c.count, c.exposure, c.unused = newlyWaived, -1, -exposure, -unused
	default:
		return
	}
	v.step = c.step
	h.changes = append(h.changes, c)
}

// grew splits what a finding's amount changed by: first the licenses, at the
// price of then, then the price. Without a known amount on either side
// everything is the price's.
func (b *book) grew(h *history, c change) {
	v, old := c.now, c.was
	before, after := v.rule.amountOf(old), v.rule.amountOf(v)
	between := after
	switch {
	case v.licenses != nil && old.licenses != nil && old.priced && !v.other:
		between = worth(*v.licenses, old.price)
	case !old.known || !v.known && !v.other:
		between = before
	}
	more := cmp.Compare(between, before)
	if !b.money && v.licenses != nil && old.licenses != nil {
		more = cmp.Compare(*v.licenses, *old.licenses)
	}
	for _, s := range []struct {
		step  string
		moves bool
		by    cents
	}{{grown, more > 0, between - before}, {shrunk, more < 0, between - before}, {repriced, after != between, after - between}} {
		if !s.moves {
			continue
		}
		c.step, c.exposure, c.unused = s.step, 0, 0
		if v.rule.money == "unused" {
			c.unused = s.by
		} else {
			c.exposure = s.by
		}
		v.step = cmp.Or(v.step, s.step)
		h.changes = append(h.changes, c)
	}
}

func (r *rule) amountOf(v *verdict) cents {
	exposure, unused := v.part()
	return exposure + unused
}

// left looks at a finding that was open then, and is not there any more.
func (b *book) left(h *history, old *verdict, now, then map[[2]string]*customer) {
	if b.fires(old.key) != nil {
		return
	}
	since, _, _ := row(old.key, h.months)
	was := then[old.key.customer()]
	exposure, unused := old.part()
	c := change{is: old, was: old, name: was.displayed(), manager: h.last.managers[was], count: -1, exposure: -exposure, unused: -unused, since: since, lastSeen: h.last.day}
	switch {
	case now[old.key.customer()] == nil:
		c.step, c.reason = customersGone, "customer-gone"
	case b.notEvaluable(old.key), b.wants(old.key) && lostCount(was, now[old.key.customer()]):
		c.step, c.reason = notJudgeable, "not-evaluable"
	case len(b.failed) > 0 && old.rule.compares:
		c.step, c.reason = notJudgeable, "instance-missing"
	default:
		c.step, c.reason = fixed, "fixed"
	}
	h.changes = append(h.changes, c)
}

// owners are the account managers whose customers a book's packs have: that of
// a customer of today, else that of then.
func owners(b *book, months []*book) map[[2]string]string {
	all := map[[2]string]string{}
	if len(months) > 0 {
		last := months[len(months)-1]
		for k, c := range last.names() {
			all[k] = last.managers[c]
		}
	}
	for k, c := range b.names() {
		all[k] = b.managers[c]
	}
	return all
}

// packs are the books of the account managers, with their months.
func packs(b *book, months []*book) (names []string, parts map[string]*book, past map[string][]*book) {
	owner := owners(b, months)
	all := map[string]bool{unassigned: true}
	for _, m := range owner {
		all[m] = true
	}
	names = slices.Sorted(maps.Keys(all))
	parts, past = map[string]*book{}, map[string][]*book{}
	for _, m := range names {
		parts[m] = b.part(m, func(c *customer) bool { return b.managers[c] == m })
		for _, month := range months {
			past[m] = append(past[m], month.part(m, func(c *customer) bool { return owner[[2]string{c.instance, c.guid}] == m }))
		}
	}
	return names, parts, past
}

// concerns tells whether a waiver belongs into a pack: it names one of its
// customers, or accepts one of its findings.
func (b *book) concerns(w *waiver) bool {
	return b.manager == "" || slices.ContainsFunc(b.customers, w.names) || len(b.register(w).of) > 0
}

// stepKey is a row of the bridge as the JSON report calls it.
func stepKey(step string) string {
	switch step {
	case newlyWaived:
		return "waived"
	case notJudgeable:
		return "notJudgeable"
	}
	words := strings.Fields(step)
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	return strings.Join(words, "")
}
