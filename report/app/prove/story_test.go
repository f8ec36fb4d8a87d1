package prove

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// story is a portfolio over some months, with what people wrote in each.
type story struct {
	instances []string // names; one "" for a file
	live      bool     // the customers come from instances, not from a file
	ownRule   bool
	history   bool
	workbook  bool // it is written and reopened, at most of the cost
	months    []month
}

type month struct {
	day     time.Time
	lists   [][]entry       // by instance
	failed  map[string]bool // instances that are down
	written written
}

// plan says which stories are drawn.
type plan struct {
	live              bool
	months, customers int  // at most
	twins             bool // a customer twice on the list, told apart by nothing but its counts
}

func pick[T any](t *rapid.T, what string, from ...T) T { return rapid.SampledFrom(from).Draw(t, what) }

// once in so often; rarely is what shrinking leaves out first.
func once(t *rapid.T, in int, what string) bool {
	return rapid.IntRange(1, in).Draw(t, what) == in
}

func drawStory(t *rapid.T, p plan) *story {
	s := &story{instances: []string{""}, live: p.live, ownRule: once(t, 3, "own rule"), history: p.months > 1, workbook: !once(t, 2, "no workbook")}
	if p.live {
		s.instances = []string{"apac", "emea"}
	}
	months := 1
	if p.months > 1 {
		months = rapid.IntRange(2, p.months).Draw(t, "months")
	}
	money, contacts := !once(t, 5, "no prices"), !once(t, 3, "no contacts")
	for at := range months {
		m := month{day: time.Date(2026, time.Month(8+at), 1, pick(t, "hour", 6, 0, 23), 30, 0, 0, time.UTC), failed: map[string]bool{}}
		var before *month
		if at > 0 {
			before = &s.months[at-1]
		}
		for i := range s.instances {
			var last []entry
			if before != nil {
				last = before.lists[i]
			}
			m.lists = append(m.lists, drawList(t, p, last))
		}
		if p.live && once(t, 6, "down") {
			m.failed[pick(t, "which", s.instances...)] = true
		}
		m.written = drawWritten(t, s, m.day, before, money, contacts)
		s.months = append(s.months, m)
	}
	return s
}

// The raw values of the API, the usual ones first and often.
var (
	acquired  = []string{"10", "10", "100", "8", "5", "0", "10", "12", "null", "", "1000", `"7"`, "10.0", "-1", `"x"`, "1000000000"}
	used      = []string{"12", "11", "9", "15", "120", "2", "1", "10", "0", "null", "", "95", "1e1", "2.5", "true", "1000000001", `"010"`}
	types     = []string{"2", "1", "4", "5", "2", "1", "0", "3", "6", "null", "", "-1", `"2"`, `"x"`, "[]"}
	tenants   = []string{`"t-a"`, `"t-b"`, `"t-c"`, `"t-d"`, `"T-A"`, `" t-a "`, "null", `""`, "", "7", "false", `" "`}
	shorts    = []string{`"acme-1"`, `"acme-2"`, `"bolt"`, `"bolt-west"`, `"zeta"`, `"Ünal Çelik"`, `"=1+1"`, "4711", "null", "", `""`, "{}"}
	fulls     = []string{`"Acme Ltd"`, `"Bolt & Sons <x>"`, `"-dash"`, `"株式会社"`, "null", "", `""`, "12", "[1]"}
	states    = []string{`"Deployed"`, `"Deployed"`, `"deployed"`, `"Deploying"`, `"Failed"`, "3", "null", "", `""`, "true"}
	kinds     = []string{`"SipTrunk"`, `"Byoc"`, `"SipTrunk"`, `"BYOC"`, `"siptrunk"`, "0", "1", "null", "", `""`, "{}"}
	siteIDs   = []string{`"s-1"`, `"s-2"`, `"s-3"`, `"s-4"`, "5", "null", "", `""`}
	siteNames = []string{`"fra"`, `"lon"`, `"muc"`, "null", "", `""`, "9"}
	sbcs      = []string{"1", "2", `"3"`, "null", "", "-4"}
)

// fields are the keys of a customer and of a connection, in the order of the
// documentation.
var (
	customerFields = []string{"CustomerShortName", "CustomerFullName", "LicenseType", "LicensedUsersCount", "MsTenantId", "ActiveUserCount", "LiveHubActiveUsersCount", "LiveHubSimpleUsersCount"}
	values         = map[string][]string{"CustomerShortName": shorts, "CustomerFullName": fulls, "LicenseType": types, "LicensedUsersCount": acquired, "MsTenantId": tenants,
		"ActiveUserCount": used, "LiveHubActiveUsersCount": used, "LiveHubSimpleUsersCount": acquired,
		"id": siteIDs, "name": siteNames, "sbcId": sbcs, "sbcDeploymentState": states, "sbcConfigurationType": kinds}
	siteFields = []string{"id", "name", "sbcId", "sbcDeploymentState", "sbcConfigurationType"}
)

// drawList is what an instance sends in a month: customers stay, come, go and
// change. There is one at least.
func drawList(t *rapid.T, p plan, last []entry) []entry {
	var all []entry
	seen := map[string]bool{}
	for i := range last {
		e := last[i]
		if seen[e.guid] || once(t, 8, "goes") {
			continue
		}
		seen[e.guid] = true
		if once(t, 2, "drifts") {
			e = drift(t, e)
		}
		all = append(all, e)
	}
	come := rapid.IntRange(0, p.customers).Draw(t, "come")
	if last != nil {
		come = rapid.IntRange(0, 1).Draw(t, "come")
	}
	for range come {
		if e := drawEntry(t); !seen[e.guid] {
			seen[e.guid] = true
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		all = append(all, drawEntry(t))
	}
	if once(t, 6, "twice on the list") {
		all = append(all, twin(t, p, pick(t, "which", all...)))
	}
	return all
}

// twin is a customer once more: the same, or with another name and other counts.
func twin(t *rapid.T, p plan, e entry) entry {
	if once(t, 3, "the same") {
		return e
	}
	e.fields = maps.Clone(e.fields)
	switch {
	case p.twins:
	case e.fields["CustomerShortName"] == `"twin"`:
		e.fields["CustomerShortName"] = `"twin-2"`
	default:
		e.fields["CustomerShortName"] = `"twin"`
	}
	e.fields["LicensedUsersCount"] = "77"
	e.fields["ActiveUserCount"] = pick(t, "twin's users", "80", "1", "77")
	return e
}

func drawEntry(t *rapid.T) entry {
	e := entry{guid: "g-" + strconv.Itoa(rapid.IntRange(1, 12).Draw(t, "guid")), fields: drawFields(t, customerFields)}
	if once(t, 10, "no list of connections") {
		e.sitesRaw = pick(t, "connections", "-", "null", "5")
		return e
	}
	for range rapid.IntRange(0, 4).Draw(t, "connections") {
		e.sites = append(e.sites, drawSite(t))
	}
	return e
}

func drawSite(t *rapid.T) site {
	if once(t, 20, "no object") {
		return site{noObject: pick(t, "instead", "null", "7", `"x"`)}
	}
	return site{fields: drawFields(t, siteFields)}
}

func drawFields(t *rapid.T, names []string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = pick(t, name, values[name]...)
	}
	return all
}

// drift changes a value or two of a customer, or its connections.
func drift(t *rapid.T, e entry) entry {
	e.fields = maps.Clone(e.fields)
	for range rapid.IntRange(0, 2).Draw(t, "values") {
		name := pick(t, "value", "ActiveUserCount", "LicensedUsersCount", "ActiveUserCount", "MsTenantId", "LicenseType", "CustomerShortName", "CustomerFullName")
		e.fields[name] = pick(t, name, values[name]...)
	}
	if once(t, 2, "more users") {
		e.fields["ActiveUserCount"] = pick(t, "users", "15", "13", "120", "2000", "1")
	}
	if !once(t, 3, "connections change") {
		return e
	}
	e.sites = slices.Clone(e.sites)
	switch at := rapid.IntRange(0, len(e.sites)).Draw(t, "at"); {
	case e.sitesRaw != "":
		e.sitesRaw = ""
	case at == len(e.sites):
		e.sites = append(e.sites, drawSite(t))
	case once(t, 3, "connection goes"):
		e.sites = slices.Delete(e.sites, at, at+1)
	case e.sites[at].noObject == "":
		e.sites[at].fields = maps.Clone(e.sites[at].fields)
		e.sites[at].fields["sbcDeploymentState"] = pick(t, "state", states...)
	}
	return e
}

// drawWritten is what people wrote for a month, seldom the same as before.
func drawWritten(t *rapid.T, s *story, today time.Time, before *month, money, contacts bool) written {
	w := written{rules: builtin()}
	if s.ownRule {
		own := ownRule
		w.rules = append(w.rules, &own)
	}
	if before != nil && !once(t, 3, "rules change") {
		for i, r := range before.written.rules {
			copied := *r
			w.rules[i] = &copied
		}
	} else {
		override(t, w.rules)
	}
	slices.SortStableFunc(w.rules, compareRules)
	if before == nil || once(t, 3, "waivers change") {
		w.waivers = drawWaivers(t, today.UTC().Truncate(24*time.Hour), w.rules)
	} else {
		w.waivers = before.written.waivers
	}
	switch {
	case !money:
	case before == nil || once(t, 3, "prices change"):
		w.prices = drawPrices(t, s)
	default:
		w.prices = before.written.prices
	}
	switch {
	case !contacts:
	case before == nil || once(t, 3, "contacts change"):
		w.contacts = drawContacts(t)
	default:
		w.contacts = before.written.contacts
	}
	return w
}

// override changes some rules as the settings can; not all are switched off.
func override(t *rapid.T, all []*rule) {
	for range rapid.IntRange(0, 3).Draw(t, "overrides") {
		r := all[rapid.IntRange(0, len(all)-1).Draw(t, "rule")]
		switch rapid.IntRange(0, 2).Draw(t, "override") {
		case 0:
			r.severity = pick(t, "severity", severities...)
		case 1:
			switch r.param {
			case "tolerancePercent":
				r.value = pick(t, "tolerance", "10", "20", "-10")
			case "percent":
				r.value = pick(t, "percent", "80", "50", "100", "150")
			}
		default:
			r.off = true
		}
	}
}

func drawWaivers(t *rapid.T, today time.Time, all []*rule) (waivers []*waiver) {
	for i := range rapid.IntRange(0, 5).Draw(t, "waivers") {
		r := all[rapid.IntRange(0, len(all)-1).Draw(t, "rule")]
		w := &waiver{id: fmt.Sprintf("W-%d", i), rule: r.id, owner: "j.doe", reason: "agreed", customer: drawPattern(t),
			expires: today.AddDate(0, 0, pick(t, "days left", 0, 30, -1, 31, 61, 15, 90))}
		if once(t, 4, "first day") {
			w.from = today.AddDate(0, 0, pick(t, "begins in", 0, 1, -20))
		}
		if w.from.After(w.expires) {
			w.from = w.expires
		}
		if r.connections && once(t, 2, "one connection") {
			w.connection = pick(t, "connection", "s-1", "s-2", "5")
		}
		waivers = append(waivers, w)
	}
	return waivers
}

func drawPattern(t *rapid.T) string {
	return pick(t, "who", "*", "acme-*", "acme-1", "g-1", "g-2", "g-3", "bolt*", "*-1", "*ol*t*", "g-*", "zeta", "4711", "twin", "ACME-*", "G-2", "Bolt")
}

func drawPrices(t *rapid.T, s *story) *prices {
	p := &prices{byType: map[int64]string{}, byInstance: map[string]map[int64]string{}}
	price := func() string { return pick(t, "price", "2.10", "3", "0.005", "0", "19.999999", "4.2", "0.335") }
	for licenseType := range int64(7) {
		if !once(t, 4, "no price") {
			p.byType[licenseType] = price()
		}
	}
	for _, name := range s.instances {
		if s.live && once(t, 2, "own price") {
			p.byInstance[name] = map[int64]string{pick(t, "of type", int64(1), 2, 4): price()}
		}
	}
	if len(p.byType) == 0 { // without a price there is no money at all
		p.byType[2] = "2.10"
	}
	return p
}

func drawContacts(t *rapid.T) (all []contact) {
	for range rapid.IntRange(1, 6).Draw(t, "contacts") {
		who := pick(t, "who", "*", "g-1", "acme-1", "acme-*", "g-2", "acme-2", "bolt", "*-1", "*ol*t*", "twin", "g-*", "G-1", "Acme-1")
		all = append(all, contact{who, pick(t, "manager", "Ana Silva", "Ben Okoye", "unassigned", "李雷")})
	}
	return all
}

// json is a customer as the API sends it, with its keys in the order given.
func (e *entry) json(keys []string) string {
	if keys == nil {
		keys = slices.Concat([]string{"UmpCustomerGuid"}, customerFields, []string{"SiteLocation"})
	}
	var parts []string
	add := func(key, raw string) {
		if raw != "" {
			parts = append(parts, strconv.Quote(key)+":"+raw)
		}
	}
	for _, key := range keys {
		switch {
		case key == "UmpCustomerGuid":
			add(key, strconv.Quote(e.guid))
		case key != "SiteLocation":
			add(key, e.fields[key])
		case e.sitesRaw == "":
			var sites []string
			for _, s := range e.sites {
				sites = append(sites, s.json())
			}
			add(key, "["+strings.Join(sites, ",")+"]")
		case e.sitesRaw != "-":
			add(key, e.sitesRaw)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (s *site) json() string {
	if s.noObject != "" {
		return s.noObject
	}
	var parts []string
	for _, key := range siteFields {
		if raw := s.fields[key]; raw != "" {
			parts = append(parts, strconv.Quote(key)+":"+raw)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func jsonList(entries []entry) string {
	var parts []string
	for i := range entries {
		parts = append(parts, entries[i].json(nil))
	}
	return "[" + strings.Join(parts, ",\n ") + "]"
}

// shuffled is a month with the customers, and where wanted the connections of
// each, in another order; twins have the same.
func (m *month) shuffled(t *rapid.T, connections bool) month {
	other := *m
	other.lists = nil
	for _, l := range m.lists {
		l = rapid.Permutation(l).Draw(t, "customers shuffled")
		turned := map[string][]site{}
		for i := range l {
			if turned[l[i].guid] == nil && connections {
				turned[l[i].guid] = rapid.Permutation(l[i].sites).Draw(t, "connections shuffled")
			}
			if connections {
				l[i].sites = turned[l[i].guid]
			}
		}
		other.lists = append(other.lists, l)
	}
	return other
}

// settings is the settings file of a month.
func (s *story) settings(m *month, urls []string) string {
	var b strings.Builder
	b.WriteString("fetch: {attempts: 1}\nrules:\n  override:\n")
	for _, r := range m.written.rules {
		fmt.Fprintf(&b, "    %s: {severity: %s, enabled: %t", r.id, r.severity, !r.off)
		if r.param != "" {
			fmt.Fprintf(&b, ", params: {%s: %s}", r.param, r.value)
		}
		b.WriteString("}\n")
	}
	list := func(p map[int64]string) string {
		var parts []string
		for _, n := range slices.Sorted(maps.Keys(p)) {
			parts = append(parts, fmt.Sprintf("%d: %q", n, p[n]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	p := m.written.prices
	if p != nil {
		fmt.Fprintf(&b, "currency: EUR\nprices: %s\n", list(p.byType))
	}
	if s.live {
		b.WriteString("instances:\n")
		for i, name := range s.instances {
			fmt.Fprintf(&b, "  - {name: %s, url: %q, auth: {tokenEnv: TOKEN}", name, urls[i])
			if p != nil && p.byInstance[name] != nil {
				fmt.Fprintf(&b, ", prices: %s", list(p.byInstance[name]))
			}
			b.WriteString("}\n")
		}
	}
	return b.String()
}

func (w *written) waiverFile() string {
	var b strings.Builder
	b.WriteString("waivers:\n")
	for _, x := range w.waivers {
		fmt.Fprintf(&b, "  - {id: %s, rule: %s, customer: %q, owner: %s, reason: %s, expires: %s", x.id, x.rule, x.customer, x.owner, x.reason, day(x.expires))
		if !x.from.IsZero() {
			fmt.Fprintf(&b, ", from: %s", day(x.from))
		}
		if x.connection != "" {
			fmt.Fprintf(&b, ", sipConnection: %q", x.connection)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func (w *written) contactsFile() string {
	var b strings.Builder
	b.WriteString("customer,manager,email,cc\n")
	for _, c := range w.contacts {
		fmt.Fprintf(&b, "%s,%s,,\n", c.customer, c.manager)
	}
	return b.String()
}
