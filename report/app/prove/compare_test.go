package prove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// remembered is a month that later ones are compared with.
type remembered struct {
	*month
	customers []*customer
	record    bool  // the history has its record: what people wrote then
	partial   *book // as it was issued, if an instance was down: nothing is compared with it

}

// compare holds a month's files against the oracle, and remembers the month.
func (w *world) compare(m *month, r ran, months []remembered) []remembered {
	var here [][]entry
	var names []string
	for i, name := range w.s.instances {
		if !m.failed[name] {
			here, names = append(here, m.lists[i]), append(names, name)
		}
	}
	customers := list(here, names)
	b := judge(customers, m.day, m.failed, m.written)
	var past, restated, issued []*book
	for _, p := range months {
		if p.partial != nil {
			restated = append(restated, p.partial)
			continue
		}
		then, today := m.written, m.written
		if p.record { // a waiver never rewrites the past
			then.waivers, then.prices, then.contacts = p.written.waivers, p.written.prices, p.written.contacts
			today.waivers, today.contacts = p.written.waivers, p.written.contacts
		}
		past = append(past, judge(p.customers, p.day, nil, then))
		if issued = append(issued, past[len(past)-1]); p.record {
			issued[len(issued)-1] = judge(p.customers, p.day, nil, p.written)
		}
		restated = append(restated, judge(p.customers, p.day, nil, today))
	}
	sum := sumOf(b.verdicts)
	if want := map[bool]int{true: 3}[sum.unjudged > sum.accepted || len(m.failed) > 0]; r.code != want {
		w.t.Errorf("exit %d with %d verdicts not given, %d accepted, want %d", r.code, sum.unjudged, sum.accepted, want)
	}
	var manifest struct {
		Packs []struct {
			Manager string
			Files   []string
		}
	}
	readInto(w.t, filepath.Join(r.dir, "manifest.json"), &manifest)

	book := &shown{t: w.t, reopened: w.s.workbook, where: "the book", of: b, whole: b, h: b.against(past), months: restated, prices: m.written.prices}
	book.start(issued, past)
	book.open(filepath.Join(r.dir, reportName(m.day, ".json")), filepath.Join(r.dir, reportName(m.day, ".xlsx")))
	book.check()
	book.checkCSV(r.dir, m)
	book.checkWords(r)
	compared.add(&compared.months, 1)
	if b.managers != nil {
		w.comparePacks(book, past, restated, issued, func(manager, suffix string) string {
			for _, p := range manifest.Packs {
				for _, name := range p.Files {
					if p.Manager == manager && strings.HasSuffix(name, suffix) {
						return filepath.Join(r.dir, name)
					}
				}
			}
			return ""
		})
	}
	if !w.s.history {
		return nil
	}
	records, err := filepath.Glob(filepath.Join(w.dir, "history", "record-"+day(m.day)+"*"))
	this := remembered{month: m, customers: customers, record: err == nil && len(records) > 0}
	if len(m.failed) > 0 {
		this.partial = b
	}
	if this.record || this.partial == nil {
		months = append(months, this)
	}
	return months
}

// comparePacks holds each account manager's files against the oracle, and all
// of them together against the book.
func (w *world) comparePacks(all *shown, past, restated, issued []*book, file func(manager, suffix string) string) {
	names, parts, months := packs(all.of, past)
	var findings, changes table
	for _, name := range names {
		var trend []*book // of the customers that the manager had in each month
		for _, m := range restated {
			trend = append(trend, m.part(name, func(c *customer) bool { return m.managers[c] == name }))
		}
		p := &shown{t: w.t, reopened: w.s.workbook, where: "the pack of " + name, of: parts[name], whole: all.of, h: parts[name].against(months[name]), months: trend, prices: all.prices}
		if file(name, ".json") == "" {
			w.t.Fatalf("no pack of %s", name)
		}
		p.start(issued, past)
		p.open(file(name, ".json"), file(name, ".xlsx"))
		p.check()
		findings = append(findings, p.workbook.sheet("Findings", "Customer GUID")...)
		changes = append(changes, p.workbook.sheet("Changes", "Customer GUID")...)
		compared.add(&compared.packs, 1)
	}
	same(w.t, "all packs together: Findings", findingColumns, findings, all.workbook.sheet("Findings", "Customer GUID"))
	same(w.t, "all packs together: Changes", changeColumns, changes, all.workbook.sheet("Changes", "Customer GUID"))
}

// shown is one report as its files show it, beside what the oracle says.
type shown struct {
	t        fault
	where    string
	of       *book
	whole    *book // the book that a pack is of
	h        *history
	months   []*book // the trend's
	prices   *prices
	json     map[string]any
	workbook workbook
	reopened bool // workbook is there

	issued, then sums // of the last month, as it was issued and by today's rules
}

// start sums up what the bridge begins with: the last month's customers of the
// report, of a pack those that its account manager had then.
func (s *shown) start(issued, past []*book) {
	if s.h == nil {
		return
	}
	had := func(months []*book) sums {
		last := months[len(months)-1]
		return last.sum(func(c *customer) bool {
			return !s.of.failed[c.instance] && (s.of.manager == "" || last.managers[c] == s.of.manager)
		})
	}
	s.issued, s.then = had(issued), had(past)
}

func (s *shown) open(jsonFile, xlsxFile string) {
	s.json = readJSON(s.t, jsonFile)
	if s.reopened {
		s.workbook = openWorkbook(s.t, xlsxFile)
	}
}

func (s *shown) check() {
	s.checkTotals()
	s.checkLists()
	if m, ok := s.json["movement"].(map[string]any); ok && s.h != nil {
		s.checkBridge(m)
	}
	if s.reopened {
		s.checkSheets()
		s.checkSummary()
		s.checkMoves()
	}
}

// checkTotals compares the control totals of the JSON report.
func (s *shown) checkTotals() {
	sum := s.of.all()
	want := map[string]string{"customers": whole(len(s.of.customers)), "findings": whole(sum.findings), "waived": whole(sum.waived), "notEvaluable": whole(sum.unjudged), "notEvaluableAccepted": whole(sum.accepted)}
	var acquired, used int64
	connections := 0
	for _, c := range s.of.customers {
		acquired += c.acquired.n
		used += c.used.n
		connections += len(c.connections)
	}
	want["acquiredLicenses"], want["activeUsers"], want["sipConnections"] = text64(acquired), text64(used), whole(connections)
	left := s.of.leftOut()
	if left.connections == len(s.of.customers) && left.connections > 0 {
		want["sipConnections"] = "" // null
	}
	for name, n := range map[string]int{"connectionsUnknown": left.connections, "acquiredUnknown": left.acquired, "activeUsersUnknown": left.active} {
		if want[name] = whole(n); n == 0 {
			want[name] = "" // not there
		}
	}
	for _, severity := range severities {
		want["bySeverity."+severity] = whole(len(s.of.where(func(v *verdict) bool { return v.open() && v.rule.severity == severity })))
	}
	for _, r := range s.of.rules {
		if !r.off {
			want["byRule."+r.id] = whole(len(s.of.where(func(v *verdict) bool { return v.open() && v.rule == r })))
		}
	}
	if s.of.money {
		want["currency"], want["exposure"], want["unusedValue"], want["waivedAmount"] = "EUR", sum.exposure.String(), sum.unused.String(), sum.waivedAmount.String()
		for name, n := range map[string]int{"findingsWithoutPrice": sum.unpriced(), "exposureUnknown": sum.unknownExposure, "unusedValueUnknown": sum.unknownUnused,
			"waivedAmountUnknown": sum.unknownWaived} {
			if want[name] = whole(n); n == 0 {
				want[name] = ""
			}
		}
	}
	s.equal("totals", flat(s.json["totals"]), want)
}

// leaves counts the customers that totals leave out, for their numbers are not
// known.
type leaves struct{ connections, acquired, active int }

func (b *book) leftOut() (n leaves) {
	for _, c := range b.customers {
		if c.sites != there {
			n.connections++
		}
		if c.shouldHaveCount() && c.acquired.known != there {
			n.acquired++
		}
		if c.used.known != there {
			n.active++
		}
	}
	return n
}

// equal compares what is wanted, and lets more be there.
func (s *shown) equal(what string, got, want map[string]string) {
	for name := range want {
		if got[name] != want[name] {
			s.t.Errorf("%s: %s.%s is %q, should be %q", s.where, what, name, got[name], want[name])
		}
	}
}

// checkLists compares the lists of the JSON report.
func (s *shown) checkLists() {
	b := s.of
	s.list("findings", b.findings(), findingColumns, "rule=Rule", "severity=Severity", "verdict=Verdict", "message=Message", "quantity=Quantity", "unitPrice=Unit price", "amount=Amount", "change=Change",
		"since=Open since", "customer.guid=Customer GUID", "customer.shortName=Customer", "customer.fullName=Full name", "customer.instance=Instance", "customer.manager=Manager", "sipConnection.id=Connection ID")
	s.list("rules", b.ruleRows(), ruleColumns, "id=Rule", "title=Title", "severity=Severity", "each=Each", "verdicts.finding=Finding", "verdicts.waived=Waived",
		"verdicts.not-evaluable=Not evaluable", "verdicts.pass=Pass", "verdicts.not-applicable=Not applicable")
	s.list("waivers", b.waiverRows(s.whole), waiverColumns, "id=Waiver", "state=State", "rule=Rule", "customer=Written as", "findings=Findings", "notEvaluable=Not evaluable", "expires=Expires", "daysLeft=Days left", "owner=Owner", "reason=Reason")
	s.list("resolved", s.h.left(fixed, customersGone), resolvedColumns, "rule=rule", "severity=severity", "customer.guid=guid", "customer.instance=instance", "sipConnection.id=connection", "since=since", "lastSeen=lastSeen", "reason=reason")
	if _, there := s.json["lost"]; there && s.h != nil {
		s.list("lost", append(s.h.left(notJudgeable), s.h.down...), resolvedColumns, "rule=rule", "severity=severity", "customer.guid=guid", "customer.instance=instance", "sipConnection.id=connection", "reason=reason")
	}
	s.list("trend", b.trend(s.months), trendColumns, "asOf=asOf", "customers=customers", "acquiredLicenses=acquiredLicenses", "activeUsers=activeUsers",
		"acquiredUnknown=acquiredUnknown", "activeUsersUnknown=activeUsersUnknown", "findings=findings", "amount=amount")
	s.list("licensePosition", b.positionsInJSON(s.prices), positionColumns, "licenseName=License type", "customers=Customers", "customersWithUnknownCounts=Counts unknown", "acquired=Acquired", "used=Used", "delta=Delta",
		"usedWithoutAcquiredCount=Other users", "trueUpAmount=True-up (position)", "unusedValue=Unused value (position)")
	s.list("notEvaluable", b.unjudgedRows(), unjudgedColumns, "rule=Rule", "customer.guid=Customer GUID", "customer.instance=Instance", "customer.manager=Manager", "sipConnection.id=Connection ID", "waiver.id=Waiver")
	if b.manager == "" {
		s.list("managers", b.managerRows(), managerColumns, "name=Account manager", "customers=Customers", "findings=Findings", "money.exposure=Exposure (findings)", "money.unusedValue=Unused value (findings)")
	}
}

// list compares a list of the JSON report, whose keys stand for headings. What
// is unknown is null there.
func (s *shown) list(name string, want table, columns []column, keys ...string) {
	rows, ok := s.json[name].([]any)
	if !ok {
		s.t.Errorf("%s: the JSON has no list %s", s.where, name)
	}
	var got table
	var some []column
	for _, r := range rows {
		values, named := flat(r), map[string]string{}
		for _, key := range keys {
			path, head, _ := strings.Cut(key, "=")
			named[head] = values[path]
		}
		got = append(got, named)
	}
	for _, c := range columns {
		if slices.ContainsFunc(keys, func(key string) bool { return strings.HasSuffix(key, "="+c.head) }) {
			some = append(some, c)
		}
	}
	want = want.numbers()
	for i, r := range want {
		known := map[string]string{}
		for head, value := range r {
			if value != "unknown" || head == "State" || head == "License type" {
				known[head] = value
			}
		}
		want[i] = known
	}
	same(s.t, s.where+": JSON "+name, some, got, want)
}

var unjudgedColumns = []column{{"Rule", words}, {"Customer GUID", words}, {"Instance", words}, {"Manager", words}, {"Connection ID", words}, {"Waiver", words}}

func (b *book) unjudgedRows() (rows table) {
	for _, v := range b.where(func(v *verdict) bool { return v.verdict == notEvaluable }) {
		r := map[string]string{"Rule": v.rule.id, "Customer GUID": v.of.guid, "Instance": v.of.instance, "Manager": b.managers[v.of]}
		if v.at >= 0 {
			r["Connection ID"] = v.of.connections[v.at].id.ifSent()
		}
		if v.waiver != nil {
			r["Waiver"] = v.waiver.id
		}
		rows = append(rows, r)
	}
	return rows
}

var managerColumns = []column{{"Account manager", words}, {"Customers", count}, {"Findings", count}, {"Exposure (findings)", money}, {"Unused value (findings)", money}}

func (b *book) managerRows() (rows table) {
	customers := map[string]int{}
	for _, m := range b.managers {
		customers[m]++
	}
	for name, n := range customers {
		s := b.sum(func(c *customer) bool { return b.managers[c] == name })
		r := map[string]string{"Account manager": name, "Customers": whole(n), "Findings": whole(s.findings)}
		if b.money {
			r["Exposure (findings)"], r["Unused value (findings)"] = atLeast(s.exposure, s.unknownExposure), atLeast(s.unused, s.unknownUnused)
		}
		rows = append(rows, r)
	}
	return rows
}

// positionsInJSON are plain numbers, also where nothing is compared.
func (b *book) positionsInJSON(p *prices) (rows table) {
	for name, x := range b.positions(p) {
		r := map[string]string{"License type": name, "Customers": whole(x.customers), "Counts unknown": whole(x.unknown), "Acquired": text64(x.acquired), "Used": text64(x.used),
			"Delta": text64(x.used - x.acquired), "Other users": text64(x.other)}
		if b.money && (x.unknownTrueUp == 0 || x.trueUp != 0) {
			r["True-up (position)"] = x.trueUp.String()
		}
		if b.money && (x.unknownUnused == 0 || x.unusedValue != 0) {
			r["Unused value (position)"] = x.unusedValue.String()
		}
		rows = append(rows, r)
	}
	return rows
}

// checkSheets compares the flat tables of the workbook.
func (s *shown) checkSheets() {
	b, w := s.of, s.workbook
	for _, x := range []struct {
		sheet, heading string
		columns        []column
		want           table
	}{
		{"Findings", "Customer GUID", findingColumns, b.findings()},
		{"Customers", "Customer GUID", customerColumns, b.customerRows()},
		{"SIP Connections", "Deployment state", connectionColumns, b.connectionRows()},
		{"Rules", "Finding", ruleColumns, b.ruleRows()},
		{"Waivers", "Days left", waiverColumns, onSheet(b.waiverRows(s.whole))},
		{"Changes", "Customer GUID", changeColumns, b.changeRows(s.h)},
	} {
		same(s.t, s.where+": sheet "+x.sheet, x.columns, w.sheet(x.sheet, x.heading), x.want)
	}
	unjudged := 0
	for _, r := range w.sheet("Data quality", "Kind") {
		if r["Kind"] == notEvaluable {
			unjudged++
		}
	}
	if want := sumOf(b.verdicts).unjudged; unjudged != want {
		s.t.Errorf("%s: sheet Data quality has %d verdicts not given, should have %d", s.where, unjudged, want)
	}
}

// checkSummary compares the tables and tiles of the workbook's pages.
func (s *shown) checkSummary() {
	b, w, sum := s.of, s.workbook, s.of.all()
	same(s.t, s.where+": license position", positionColumns, w.block("License type", "Overuse"), b.positionRows(s.prices))
	byRule := slices.DeleteFunc(w.block("Rule", "Findings", "Pass"), func(r map[string]string) bool { return b.isOff(r["Rule"]) })
	same(s.t, s.where+": findings by rule", summaryColumns, byRule, b.summaryRows())
	if managers := w.block("Account manager", "Customers", "Findings"); b.manager == "" && managers != nil {
		for _, m := range managers {
			m["Exposure (findings)"], m["Unused value (findings)"] = m["Exposure"], m["Unused value"]
			if m["Account manager"] == "no account manager" {
				m["Account manager"] = unassigned
			}
		}
		all := map[string]string{"Account manager": "All", "Customers": whole(len(b.customers)), "Findings": whole(sum.findings)}
		if b.money {
			all["Exposure (findings)"], all["Unused value (findings)"] = atLeast(sum.exposure, sum.unknownExposure), atLeast(sum.unused, sum.unknownUnused)
		}
		same(s.t, s.where+": account managers", managerColumns, managers, append(b.managerRows(), all))
	}
	for _, r := range w.block("Severity", "Findings", "Share") {
		want := whole(len(b.where(func(v *verdict) bool { return v.open() && (r["Severity"] == v.rule.severity || r["Severity"] == "All") })))
		if r["Findings"] != want {
			s.t.Errorf("%s: the summary has %s findings of severity %s, should have %s", s.where, r["Findings"], r["Severity"], want)
		}
	}
	for label, want := range map[string]string{"Open findings": whole(sum.findings), "Not judgeable": whole(sum.unjudged), "Exposure": atLeast(sum.exposure, sum.unknownExposure), "Unused value": atLeast(sum.unused, sum.unknownUnused)} {
		near := w.tile(label)
		if near != nil && !slices.ContainsFunc(near, func(s string) bool { return money.canonical(s) == money.canonical(want) }) {
			s.t.Errorf("%s: the summary's %s is %q, should be %s", s.where, label, near, want)
		}
	}
	if w.tile("Open findings") == nil {
		s.t.Errorf("%s: the summary has no tile of the open findings", s.where)
	}
	s.checkControls()
}

func (s *shown) checkControls() {
	controls := s.workbook.block("What", "In the sheets", "In the report", "Agree")
	for _, r := range controls {
		if r["Agree"] != "yes" || money.canonical(r["In the sheets"]) != money.canonical(r["In the report"]) {
			s.t.Errorf("%s: the control total %q has %s in the sheets and %s in the report", s.where, r["What"], r["In the sheets"], r["In the report"])
		}
	}
	if len(controls) < 10 {
		s.t.Errorf("%s: %d control totals", s.where, len(controls))
	}
}

var summaryColumns = []column{{"Rule", words}, {"Severity", words}, {"Findings", count}, {"Waived", count}, {"Not evaluable", count}, {"Pass", count}, {"Not applicable", count},
	{"Exposure (findings)", money}, {"Unused value (findings)", money}}

// isOff tells a rule that is switched off by its title; the summary may leave
// it out.
func (b *book) isOff(title string) bool {
	return slices.ContainsFunc(b.rules, func(r *rule) bool { return r.off && r.title == title })
}

// summaryRows are the rules that are on by title, with their sum.
func (b *book) summaryRows() (rows table) {
	all := map[string]string{"Rule": "All"}
	for _, r := range b.ruleRows() {
		if r["State"] == "off" {
			continue
		}
		r["Rule"], r["Findings"] = r["Title"], r["Finding"]
		rows = append(rows, r)
		for _, head := range []string{"Findings", "Waived", "Not evaluable", "Pass", "Not applicable"} {
			n, _ := strconv.Atoi(r[head])
			sum, _ := strconv.Atoi(all[head])
			all[head] = whole(sum + n)
		}
	}
	if s := b.all(); b.money {
		all["Exposure (findings)"], all["Unused value (findings)"] = atLeast(s.exposure, s.unknownExposure), atLeast(s.unused, s.unknownUnused)
	}
	return append(rows, all)
}

// checkMoves adds the bridge up from what is read in the reopened workbook:
// the earlier figure and every row of Changes come to this month's figure, in
// all and rule by rule.
func (s *shown) checkMoves() {
	if s.h == nil {
		return
	}
	moved := map[string]int{}
	var exposure, unused cents
	for _, r := range s.workbook.sheet("Changes", "Customer GUID") {
		switch r["Change"] {
		case fixed, customersGone, newlyWaived, notJudgeable:
			moved[r["Rule"]]--
		case grown, shrunk, repriced:
		default:
			moved[r["Rule"]]++
		}
		exposure += amountOf(s.t, r["Moves exposure"])
		unused += amountOf(s.t, r["Moves unused value"])
		compared.Lock()
		compared.steps[r["Change"]]++
		compared.Unlock()
	}
	now := s.figures()
	if s.h.then.exposure+exposure != now.exposure || s.h.then.unused+unused != now.unused {
		s.t.Errorf("%s: %s and %s with their changes %s and %s do not come to %s and %s", s.where, s.h.then.exposure, s.h.then.unused, exposure, unused, now.exposure, now.unused)
	}
	for _, r := range s.workbook.sheet("Rules", "Finding") {
		before := sumOf(s.h.last.where(func(v *verdict) bool { return v.rule.id == r["Rule"] && !s.of.failed[v.key.instance] })).findings
		if got := whole(before + moved[r["Rule"]]); got != r["Finding"] {
			s.t.Errorf("%s: %d findings of %s before and %d by changes come to %s, shown are %s", s.where, before, r["Rule"], moved[r["Rule"]], got, r["Finding"])
		}
	}
}

// figures are the sums over the rows of the sheet Findings.
func (s *shown) figures() (sum sums) {
	for _, r := range s.workbook.sheet("Findings", "Customer GUID") {
		if r["Verdict"] != finding {
			continue
		}
		sum.findings++
		if r["Amount"] == "unknown" {
			continue
		}
		switch r["Counts as"] {
		case "exposure":
			sum.exposure += amountOf(s.t, r["Amount"])
		case "unused":
			sum.unused += amountOf(s.t, r["Amount"])
		}
	}
	return sum
}

// checkBridge compares the rows of the bridge in the JSON report.
func (s *shown) checkBridge(m map[string]any) {
	by := map[string]map[string]cents{"findings": {}, "exposure": {}, "unusedValue": {}}
	add := func(key string, findings int, exposure, unused cents) {
		by["findings"][key] += cents(findings) * 100 // as amounts are read
		by["exposure"][key] += exposure
		by["unusedValue"][key] += unused
	}
	now := sumOf(s.of.verdicts)
	add("before", s.issued.findings, s.issued.exposure, s.issued.unused)
	add("rulesChanged", s.then.findings-s.issued.findings, s.then.exposure-s.issued.exposure, s.then.unused-s.issued.unused)
	add("reassigned", s.h.then.findings-s.then.findings, s.h.then.exposure-s.then.exposure, s.h.then.unused-s.then.unused)
	add("after", now.findings, now.exposure, now.unused)
	for _, c := range s.h.changes {
		add(stepKey(c.step), c.count, c.exposure, c.unused)
	}
	for name, want := range by {
		bridge, ok := m[name].(map[string]any)
		if !ok {
			if name == "findings" || s.of.money {
				s.t.Errorf("%s: movement has no %s", s.where, name)
			}
			continue
		}
		got := map[string]cents{}
		var off cents
		for key, value := range flat(bridge) {
			got[key] = amountOf(s.t, value)
			off += got[key]
		}
		if off -= 2 * got["after"]; off != 0 {
			s.t.Errorf("%s: movement.%s is %s off", s.where, name, off)
		}
		for key, d := range want {
			if got[key] != d {
				s.t.Errorf("%s: movement.%s.%s is %s, should be %s", s.where, name, key, got[key], d)
			}
		}
	}
}

// amountOf reads an amount exactly; "" is none.
func amountOf(t fault, s string) cents {
	if s == "" {
		return 0
	}
	r, ok := new(big.Rat).SetString(s)
	if ok {
		r.Mul(r, big.NewRat(100, 1))
	}
	if !ok || !r.IsInt() {
		t.Errorf("%q is no amount in cents", s)
		return 0
	}
	return cents(r.Num().Int64())
}

// checkCSV compares the files of the format csv.
func (s *shown) checkCSV(dir string, m *month) {
	for suffix, x := range map[string]struct {
		columns []column
		want    table
	}{
		".csv":             {findingColumns, s.of.findings()},
		"-customers.csv":   {customerColumns, s.of.customerRows()},
		"-connections.csv": {connectionColumns, s.of.connectionRows()},
	} {
		same(s.t, s.where+": CSV "+suffix, x.columns, readCSV(s.t, filepath.Join(dir, reportName(m.day, suffix))), x.want.numbers())
	}
}

// checkWords looks for the figures in what people read: the terminal and the
// Markdown. A sum that leaves something out says so.
func (s *shown) checkWords(r ran) {
	if !s.of.money {
		return
	}
	markdown, err := os.ReadFile(filepath.Join(r.dir, reportName(s.of.day, ".md")))
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	sum := s.of.all()
	for where, text := range map[string]string{"standard output": r.stdout, "the Markdown": string(markdown)} {
		if want := grouped(sum.exposure.String()); sum.exposure > 0 && !strings.Contains(text, want) {
			s.t.Errorf("%s does not say %s:\n%s", where, want, text)
		}
		said := slices.ContainsFunc([]string{"≥", "at least", "without a price", "have no price"}, func(words string) bool { return strings.Contains(text, words) })
		marked := strings.Contains(text, "at least EUR "+grouped(sum.exposure.String()))
		if sum.exposure > 0 && marked != (sum.unknownExposure > 0) {
			s.t.Errorf("%s does not say that the sum leaves %d findings out:\n%s", where, sum.unknownExposure, text)
		}
		if s.of.leftOut() == (leaves{}) && !s.of.priceless(s.prices) && sum.leaves() == 0 && s.issued.leaves() == 0 && (s.h == nil || s.h.then.leaves() == 0) && said {
			s.t.Errorf("%s says that a sum leaves something out:\n%s", where, text)
		}
	}
}

// priceless tells that the license position has customers whose licenses have
// no price.
func (b *book) priceless(p *prices) bool {
	for _, x := range b.positions(p) {
		if x.unpriced > 0 {
			return true
		}
	}
	return false
}

func grouped(s string) string {
	whole, part, _ := strings.Cut(s, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return whole + "." + part
}

// readJSON reads a JSON report, numbers as they are written.
func readJSON(t fault, path string) map[string]any {
	t.Helper()
	d := map[string]any{}
	readInto(t, path, &d)
	return d
}

func readInto(t fault, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// flat is a JSON object by the paths of its values; null is nothing.
func flat(v any) map[string]string {
	all := map[string]string{}
	var add func(path string, v any)
	add = func(path string, v any) {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			for name, inner := range v {
				add(strings.TrimPrefix(path+"."+name, "."), inner)
			}
		default:
			all[path] = fmt.Sprint(v)
		}
	}
	add("", v)
	return all
}
