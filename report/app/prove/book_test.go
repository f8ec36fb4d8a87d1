package prove

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// waiver and contact are lines of what people wrote.
type waiver struct {
	id, rule, customer, connection, owner, reason string
	from, expires                                 time.Time // days, the first and the last; from may be zero
}

type contact struct{ customer, manager string }

const unassigned = "unassigned"

// prices are texts by license type, and by instance and license type.
type prices struct {
	byType     map[int64]string
	byInstance map[string]map[int64]string
}

// cents is an amount; millionths of the currency are what a price is given in.
type cents int64

func (c cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// of is the price of a customer's license in millionths; false without one.
func (p *prices) of(c *customer) (millionths int64, ok bool) {
	if p == nil || c.license.known != there {
		return 0, false
	}
	s, ok := p.byInstance[c.instance][c.license.n]
	if !ok {
		s, ok = p.byType[c.license.n]
	}
	if !ok {
		return 0, false
	}
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole+(part + "000000")[:6], 10, 64)
	if err != nil {
		panic(err)
	}
	return n, true
}

// worth is what licenses cost a month, rounded half up to the cent.
func worth(licenses, millionths int64) cents { return cents((licenses*millionths + 5_000) / 10_000) }

// verdict is one rule's answer about one customer or connection, with what
// follows from it.
type verdict struct {
	rule *rule
	of   *customer
	at   int // index of the connection; -1 for the customer
	answer
	byLicense bool      // the rule is about a number of licenses
	waiver    *waiver   // that accepts it
	expired   []*waiver // that would have
	price     int64     // in millionths
	priced    bool      // there is a price
	amount    cents     // valid if known
	known     bool      // amount is
	other     bool      // another rule counts these licenses
	countedBy string    // which
	key       key
	// Against earlier months:
	change string
	since  time.Time
	step   string // by which it moved the figures; "" if it did not
}

// key is the identity of a finding across months.
type key struct {
	instance, guid, rule, connection string
	occurrence                       int
}

func (k key) customer() [2]string { return [2]string{k.instance, k.guid} }

// book is all that the oracle says about one month, of all customers or of
// one account manager's.
type book struct {
	day       time.Time
	money     bool
	manager   string // whose pack it is; "" for all customers
	rules     []*rule
	customers []*customer
	verdicts  []*verdict
	waivers   []*waiver
	managers  map[*customer]string // nil without contacts
	failed    map[string]bool      // instances that gave nothing
}

// written is what people wrote for a month.
type written struct {
	rules    []*rule
	waivers  []*waiver
	prices   *prices // nil: no money appears
	contacts []contact
}

// judge says all about one month. Customers are in the order of reports.
func judge(customers []*customer, day time.Time, failed map[string]bool, w written) *book {
	b := &book{day: day, money: w.prices != nil, rules: w.rules, customers: customers, waivers: w.waivers, failed: failed}
	tenants := map[string]int{}
	for _, c := range customers {
		tenants[c.tenantKey()]++
	}
	for _, c := range customers {
		from := len(b.verdicts)
		for _, r := range w.rules {
			if !r.off {
				b.ask(r, c, tenants[c.tenantKey()])
			}
		}
		for _, v := range b.verdicts[from:] {
			v.waive(w.waivers, day)
			if v.price, v.priced = w.prices.of(c); v.priced && v.licenses != nil {
				v.amount, v.known = worth(*v.licenses, v.price), true
			}
		}
		countOnce(b.verdicts[from:])
	}
	b.identify()
	if w.contacts != nil {
		b.managers = map[*customer]string{}
		first := map[[2]string]string{} // a customer that is listed twice has one
		for _, c := range customers {
			k := [2]string{c.instance, c.guid}
			if first[k] == "" {
				first[k] = managerOf(c, w.contacts)
			}
			b.managers[c] = first[k]
		}
	}
	return b
}

func (b *book) ask(r *rule, c *customer, onTenant int) {
	add := func(at int, a answer) {
		b.verdicts = append(b.verdicts, &verdict{rule: r, of: c, at: at, answer: a, byLicense: r.money != ""})
	}
	if !r.connections {
		with := circumstances{onTenant: onTenant}
		if r.param != "" {
			with.percent, _ = strconv.ParseInt(r.value, 10, 64)
		}
		add(-1, r.customer(c, with))
		return
	}
	if c.sites != there {
		add(-1, cannotTell)
		return
	}
	for i := range c.connections {
		add(i, r.connection(&c.connections[i]))
	}
}

// waive finds the first waiver that covers a finding, or what could not be
// judged, on the day; the first day and the last count.
func (v *verdict) waive(waivers []*waiver, day time.Time) {
	if v.verdict != finding && v.verdict != notEvaluable {
		return
	}
	for _, w := range waivers {
		if w.rule != v.rule.id || !w.names(v.of) || day.Before(w.from) || w.connection != "" && (v.at < 0 || v.of.connections[v.at].id != text{there, w.connection}) {
			continue
		}
		if daysLeft(w, day) < 0 {
			v.expired = append(v.expired, w)
			continue
		}
		if v.waiver, v.expired = w, nil; v.verdict == finding {
			v.verdict = waived
		}
		return
	}
}

func daysLeft(w *waiver, day time.Time) int {
	return int(w.expires.Sub(day.UTC().Truncate(24*time.Hour)) / (24 * time.Hour))
}

func (w *waiver) names(c *customer) bool { return names(w.customer, c) }

// names tells whether a GUID, a short name or a pattern on it means a customer.
func names(pattern string, c *customer) bool {
	if strings.EqualFold(pattern, c.guid) || pattern == "*" {
		return true
	}
	return c.short.known == there && matches(strings.ToLower(pattern), strings.ToLower(c.short.s))
}

// matches tries every length that a star may stand for.
func matches(pattern, s string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	rest, ok := strings.CutPrefix(s, before)
	for at := 0; ok && at <= len(rest); at++ {
		if matches(after, rest[at:]) {
			return true
		}
	}
	return false
}

func managerOf(c *customer, contacts []contact) string {
	for _, line := range contacts {
		if names(line.customer, c) {
			return line.manager
		}
	}
	return unassigned
}

// countOnce leaves the licenses of one customer to one rule: of those with the
// same money the one with the most licenses, an open one before a waived one,
// and else the first of the report. What is unknown stays unknown.
func countOnce(all []*verdict) {
	for _, money := range []string{"exposure", "unused"} {
		var best *verdict
		for _, v := range all {
			if v.rule.money == money && v.fires() && (best == nil || v.before(best)) {
				best = v
			}
		}
		for _, v := range all {
			if v.rule.money == money && v.fires() && v != best && v.licenses != nil {
				v.other, v.countedBy = true, best.rule.title
			}
		}
	}
}

func (v *verdict) fires() bool { return v.verdict == finding || v.verdict == waived }

func (v *verdict) open() bool { return v.verdict == finding }

// before tells which of two rules about the same licenses counts them.
func (v *verdict) before(o *verdict) bool {
	number := func(v *verdict) int64 {
		if v.licenses == nil {
			return 0
		}
		return *v.licenses
	}
	if v.open() != o.open() {
		return v.open()
	}
	return cmp.Or(cmp.Compare(number(o), number(v)), compareRules(v.rule, o.rule)) < 0
}

var severities = []string{"critical", "high", "medium", "low", "info"}

// compareRules is the order of reports: what is on, the worst, the id.
func compareRules(a, b *rule) int {
	if a.off != b.off {
		return map[bool]int{true: 1, false: -1}[a.off]
	}
	return cmp.Or(cmp.Compare(slices.Index(severities, a.severity), slices.Index(severities, b.severity)), strings.Compare(a.id, b.id))
}

// identify numbers the findings that the list has twice.
func (b *book) identify() {
	times := map[key]int{}
	for _, v := range b.verdicts {
		v.key = key{instance: v.of.instance, guid: v.of.guid, rule: v.rule.id}
		if v.at >= 0 {
			v.key.connection = v.of.connections[v.at].id.s
		}
		if v.fires() {
			n := times[v.key]
			times[v.key]++
			v.key.occurrence = n
		}
	}
}

// counting is how a report says in which sum a finding is, or which rule counts
// its licenses instead.
func (v *verdict) counting() string {
	if v.other {
		return "counted by: " + v.countedBy
	}
	return v.countsAs()
}

// countsAs is the sum that a finding is in; "" if it is in none.
func (v *verdict) countsAs() string {
	switch {
	case !v.fires() || !v.byLicense || v.other:
		return ""
	case v.verdict == waived:
		return waived
	}
	return v.rule.money
}

// sums are of some findings; what is unknown is counted apart, findings without
// an amount and customers that want a count.
type sums struct {
	findings, waived, unjudged, accepted          int
	exposure, unused, waivedAmount                cents
	unknownExposure, unknownUnused, unknownWaived int
	waivedExposure                                cents
	wantExposure, wantUnused                      int // of the unknown ones the customers
}

func sumOf(all []*verdict) (s sums) {
	for _, v := range all {
		switch v.verdict {
		case finding:
			s.findings++
		case waived:
			s.waived++
		case notEvaluable:
			if s.unjudged++; v.waiver != nil {
				s.accepted++
			}
		}
		one := func(amount *cents, unknown *int) {
			if v.known {
				*amount += v.amount
			} else {
				*unknown++
			}
		}
		switch v.countsAs() {
		case "exposure":
			one(&s.exposure, &s.unknownExposure)
		case "unused":
			one(&s.unused, &s.unknownUnused)
		case waived:
			one(&s.waivedAmount, &s.unknownWaived)
			if v.known && v.rule.money == "exposure" {
				s.waivedExposure += v.amount
			}
		}
	}
	return s
}

func (s sums) unpriced() int {
	return s.unknownExposure + s.unknownUnused - s.wantExposure - s.wantUnused
}

// leaves counts all that the sums of what is open leave out.
func (s sums) leaves() int { return s.unknownExposure + s.unknownUnused }

// sum is of some customers: one that should have a count and has none may owe
// what no rule could find.
func (b *book) sum(has func(c *customer) bool) (s sums) {
	s = sumOf(b.where(func(v *verdict) bool { return has(v.of) }))
	for _, c := range b.customers {
		if _, ok := c.over(); ok || !c.shouldHaveCount() || !has(c) {
			continue
		}
		own := sumOf(b.about(c))
		if own.exposure == 0 && own.unknownExposure == 0 {
			s.unknownExposure++
			s.wantExposure++
		}
		if own.unused == 0 && own.unknownUnused == 0 {
			s.unknownUnused++
			s.wantUnused++
		}
	}
	return s
}

// all are the sums of the whole book.
func (b *book) all() sums { return b.sum(func(*customer) bool { return true }) }

// where picks verdicts.
func (b *book) where(is func(v *verdict) bool) (some []*verdict) {
	for _, v := range b.verdicts {
		if is(v) {
			some = append(some, v)
		}
	}
	return some
}

func (b *book) about(c *customer) []*verdict {
	return b.where(func(v *verdict) bool { return v.of == c })
}

// part is the book of some of the customers.
func (b *book) part(manager string, has func(c *customer) bool) *book {
	p := *b
	p.manager, p.customers, p.verdicts = manager, nil, nil
	for _, c := range b.customers {
		if has(c) {
			p.customers = append(p.customers, c)
		}
	}
	for _, v := range b.verdicts {
		if has(v.of) {
			copied := *v
			p.verdicts = append(p.verdicts, &copied)
		}
	}
	p.identify()
	return &p
}

// word sums a customer up.
func (b *book) word(c *customer) string {
	switch s := sumOf(b.about(c)); {
	case s.findings > 0:
		return finding
	case s.unjudged > 0:
		return "unknown"
	case s.waived > 0:
		return waived
	}
	return "ok"
}

// register is what a waiver does in a book; its state is that of all customers.
type register struct {
	state    string
	daysLeft int
	of       []*verdict
}

func (b *book) register(w *waiver) (r register) {
	r.daysLeft = daysLeft(w, b.day)
	r.of = b.where(func(v *verdict) bool { return v.waiver == w || slices.Contains(v.expired, w) })
	switch {
	case r.daysLeft < 0:
		r.state = "expired"
	case len(r.of) == 0:
		r.state = "unused"
	case r.daysLeft <= 30:
		r.state = "ending"
	default:
		r.state = "active"
	}
	return r
}

// position is the license position of one license type.
type position struct {
	customers, unknown           int
	compared, unpaired           int
	acquired, used, other        int64
	over, surplus                int64
	trueUp, unusedValue          cents
	unknownTrueUp, unknownUnused int // customers of whom no price or no count says what they are worth
	unpriced                     int // of either, those that have no price
	findings                     []*verdict
}

func (b *book) positions(p *prices) map[string]*position {
	all := map[string]*position{}
	for _, c := range b.customers {
		name := c.licenseName()
		if all[name] == nil {
			all[name] = &position{}
		}
		x := all[name]
		x.customers++
		x.findings = append(x.findings, b.about(c)...)
		over, ok := c.over()
		if !ok {
			if c.shouldHaveCount() && c.acquired.known != there || c.used.known != there {
				x.unknown++
			}
			if c.shouldHaveCount() {
				x.unpaired++
				x.unknownTrueUp++
				x.unknownUnused++
			}
			x.other += c.used.n
			continue
		}
		x.compared++
		x.acquired += c.acquired.n
		x.used += c.used.n
		price, priced := p.of(c)
		switch {
		case over > 0:
			x.over += over
			x.trueUp += worth(over, price)
			if !priced {
				x.unknownTrueUp++
				x.unpriced++
			}
		case over < 0:
			x.surplus -= over
			x.unusedValue += worth(-over, price)
			if !priced {
				x.unknownUnused++
				x.unpriced++
			}
		}
	}
	return all
}
