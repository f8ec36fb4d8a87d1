package prove

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What follows is what a report should show of a book: one function a table,
// by the headings of the workbook.

var findingColumns = []column{{"Severity", words}, {"Verdict", words}, {"Rule", words}, {"Title", words}, {"Customer", words}, {"Full name", words},
	{"Message", words}, {"Quantity", count}, {"Unit price", ratio}, {"Counts as", words}, {"Amount", money}, {"Connection", words}, {"Manager", words}, {"Change", words},
	{"Open since", date}, {"Waiver", words}, {"Instance", words}, {"Customer GUID", words}, {"Connection ID", words}}

func (b *book) findings() (rows table) {
	for _, v := range b.where((*verdict).fires) {
		r := map[string]string{"Severity": v.rule.severity, "Verdict": v.verdict, "Rule": v.rule.id, "Title": v.rule.title, "Customer": v.of.short.shown(),
			"Full name": v.of.full.ifSent(), "Message": v.message, "Counts as": v.counting(), "Manager": b.managers[v.of], "Change": v.change,
			"Open since": day(v.since), "Instance": v.of.instance, "Customer GUID": v.of.guid}
		if v.byLicense {
			r["Quantity"], r["Unit price"], r["Amount"] = "unknown", "unknown", "unknown"
			if v.priced {
				r["Unit price"] = fmt.Sprintf("%d.%06d", v.price/1_000_000, v.price%1_000_000)
			}
			if v.licenses != nil {
				r["Quantity"] = text64(*v.licenses)
			}
			if v.known {
				r["Amount"] = v.amount.String()
			}
		}
		if !b.money {
			delete(r, "Amount")
			delete(r, "Unit price")
		}
		if v.waiver != nil {
			r["Waiver"] = v.waiver.id + " until " + day(v.waiver.expires) + ": " + v.waiver.reason
		}
		if v.at >= 0 {
			s := &v.of.connections[v.at]
			r["Connection"], r["Connection ID"] = s.name.shown(), s.id.ifSent()
		}
		rows = append(rows, r)
	}
	return rows
}

var customerColumns = []column{{"Customer", words}, {"Full name", words}, {"Verdict", words}, {"License", words}, {"Acquired", count}, {"Used", count},
	{"Delta", count}, {"Utilization", ratio}, {"Exposure (findings)", money}, {"Unused value (findings)", money}, {"Highest severity", words}, {"Findings", count},
	{"Critical", count}, {"High", count}, {"Medium", count}, {"Low", count}, {"Info", count}, {"Waived", count}, {"Not evaluable", count}, {"Connections", count},
	{"By state", words}, {"By type", words}, {"Live Hub active", count}, {"Live Hub simple", count}, {"Manager", words}, {"Instance", words},
	{"Microsoft tenant", words}, {"Customer GUID", words}}

func (b *book) customerRows() (rows table) {
	for _, c := range b.customers {
		s := sumOf(b.about(c))
		r := map[string]string{"Customer": c.short.shown(), "Full name": c.full.ifSent(), "Verdict": b.word(c), "License": c.licenseName(), "Acquired": c.acquired.ifSent(),
			"Used": c.used.shown(), "Findings": whole(s.findings), "Waived": whole(s.waived), "Not evaluable": whole(s.unjudged), "Connections": "unknown",
			"By state": counted(c.connections, func(s *connection) text { return s.state }), "By type": counted(c.connections, func(s *connection) text { return s.kind }),
			"Live Hub active": c.hubActive.ifSent(), "Live Hub simple": c.hubSimple.ifSent(), "Manager": b.managers[c], "Instance": c.instance,
			"Microsoft tenant": c.tenant.ifSent(), "Customer GUID": c.guid}
		if c.shouldHaveCount() && c.acquired.known != there {
			r["Acquired"] = "unknown"
		}
		if c.sites == there {
			r["Connections"] = whole(len(c.connections))
		}
		over, ok := c.over()
		switch {
		case ok:
			r["Delta"], r["Utilization"] = text64(over), percent(c.used.n, c.acquired.n)
		case c.shouldHaveCount():
			r["Delta"], r["Utilization"] = "unknown", "unknown"
		}
		for _, severity := range severities {
			n := 0
			for _, v := range b.about(c) {
				if v.open() && v.rule.severity == severity {
					n++
					r["Highest severity"] = cmp.Or(r["Highest severity"], severity)
				}
			}
			r[strings.ToUpper(severity[:1])+severity[1:]] = whole(n)
		}
		if b.money {
			r["Exposure (findings)"] = c.owes(s.exposure, s.unknownExposure)
			r["Unused value (findings)"] = c.owes(s.unused, s.unknownUnused)
		}
		rows = append(rows, r)
	}
	return rows
}

// owes is the known part of a sum of a customer's findings: unknown where there
// is none and an amount is unknown, or a count is missing that could have made one.
func (c *customer) owes(sum cents, unknown int) string {
	_, ok := c.over()
	switch {
	case sum == 0 && (unknown > 0 || !ok && c.shouldHaveCount()):
		return "unknown"
	case sum == 0 && !ok:
		return ""
	}
	return atLeast(sum, unknown)
}

// counted lists values with their numbers, the most frequent first.
func counted(connections []connection, of func(*connection) text) string {
	times := map[string]int{}
	var all []string
	for i := range connections {
		s := of(&connections[i]).shown()
		if times[s] == 0 {
			all = append(all, s)
		}
		times[s]++
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), strings.Compare(a, b)) })
	for i, s := range all {
		all[i] = fmt.Sprintf("%s: %d", s, times[s])
	}
	return strings.Join(all, ", ")
}

var connectionColumns = []column{{"Customer", words}, {"Connection", words}, {"SBC ID", count}, {"Deployment state", words}, {"Configuration type", words},
	{"Findings", count}, {"Manager", words}, {"Instance", words}, {"Connection ID", words}, {"Customer GUID", words}}

func (b *book) connectionRows() (rows table) {
	for _, c := range b.customers {
		for i := range c.connections {
			s := &c.connections[i]
			open := sumOf(b.where(func(v *verdict) bool { return v.of == c && v.at == i })).findings
			rows = append(rows, map[string]string{"Customer": c.short.shown(), "Connection": s.name.shown(), "SBC ID": s.sbc.shown(), "Deployment state": s.state.shown(),
				"Configuration type": s.kind.shown(), "Findings": whole(open), "Manager": b.managers[c], "Instance": c.instance, "Connection ID": s.id.ifSent(), "Customer GUID": c.guid})
		}
	}
	return rows
}

var ruleColumns = []column{{"Rule", words}, {"Title", words}, {"Severity", words}, {"Each", words}, {"State", words}, {"Finding", count}, {"Waived", count},
	{"Not evaluable", count}, {"Pass", count}, {"Not applicable", count}, {"Exposure (findings)", money}, {"Unused value (findings)", money}, {"Amount unknown", count}, {"Parameters", words}}

func (b *book) ruleRows() (rows table) {
	for _, x := range b.rules {
		mine := b.where(func(v *verdict) bool { return v.rule == x })
		times := map[string]int{}
		for _, v := range mine {
			times[v.verdict]++
		}
		r := map[string]string{"Rule": x.id, "Title": x.title, "Severity": x.severity, "Each": "customer", "State": "on", "Finding": whole(times[finding]), "Waived": whole(times[waived]),
			"Not evaluable": whole(times[notEvaluable]), "Pass": whole(times[pass]), "Not applicable": whole(times[notApplicable])}
		if x.connections {
			r["Each"] = "sipConnection"
		}
		if x.off {
			r["State"] = "off"
		}
		if x.param != "" {
			r["Parameters"] = x.param + " = " + x.value
			if x.used {
				r["Parameters"] = "measure = current, " + r["Parameters"]
			}
		}
		s := sumOf(mine)
		if b.money && x.money == "exposure" {
			r["Exposure (findings)"] = atLeast(s.exposure, s.unknownExposure)
		}
		if b.money && x.money == "unused" {
			r["Unused value (findings)"] = atLeast(s.unused, s.unknownUnused)
		}
		if b.money && x.money != "" {
			r["Amount unknown"] = whole(s.unpriced())
		}
		rows = append(rows, r)
	}
	return rows
}

var waiverColumns = []column{{"Waiver", words}, {"State", words}, {"Rule", words}, {"Written as", words}, {"Connection ID", words}, {"Findings", count}, {"Not evaluable", count}, {"Amount", money},
	{"Expires", date}, {"Days left", count}, {"Owner", words}, {"Reason", words}}

// waiverRows are the register; whole is the book that a pack is of.
func (b *book) waiverRows(of *book) (rows table) {
	for _, w := range b.waivers {
		if !b.concerns(w) {
			continue
		}
		here, all := b.register(w), of.register(w)
		r := map[string]string{"Waiver": w.id, "State": all.state, "Rule": w.rule, "Written as": w.customer, "Connection ID": w.connection, "Findings": whole(len(here.of) - here.unjudged()), "Not evaluable": whole(here.unjudged()),
			"Expires": day(w.expires), "Days left": whole(all.daysLeft), "Owner": w.owner, "Reason": w.reason}
		if amount, known := here.worth(); b.money && len(here.of) > here.unjudged() && here.of[0].byLicense {
			r["Amount"] = "unknown"
			if known > 0 {
				r["Amount"] = atLeast(amount, len(here.of)-here.unjudged()-known)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// onSheet leaves out what the workbook does: waivers of findings alone accept
// nothing else.
func onSheet(rows table) table {
	for _, r := range rows {
		if r["Not evaluable"] == "0" {
			delete(r, "Not evaluable")
		}
	}
	return rows
}

// unjudged counts the verdicts that a waiver accepts not to have.
func (r register) unjudged() (n int) {
	for _, v := range r.of {
		if v.verdict == notEvaluable {
			n++
		}
	}
	return n
}

// worth is what a waiver's findings are worth as far as that is known, which it
// is of so many.
func (r register) worth() (sum cents, known int) {
	for _, v := range r.of {
		if v.known {
			sum += v.amount
			known++
		}
	}
	return sum, known
}

var positionColumns = []column{{"License type", words}, {"Customers", count}, {"Counts unknown", count}, {"Acquired", count}, {"Used", count}, {"Delta", count},
	{"Utilization", ratio}, {"Overuse", count}, {"Surplus", count}, {"Other users", count}, {"True-up (position)", money}, {"Unused value (position)", money}}

func (b *book) positionRows(p *prices) (rows table) {
	all := &position{}
	for name, x := range b.positions(p) {
		rows = append(rows, b.positionRow(name, x))
		all.customers += x.customers
		all.unknown += x.unknown
		all.compared += x.compared
		all.unpaired += x.unpaired
		all.acquired += x.acquired
		all.used += x.used
		all.over += x.over
		all.surplus += x.surplus
		all.other += x.other
		all.unknownTrueUp += x.unknownTrueUp
		all.unknownUnused += x.unknownUnused
		all.trueUp += x.trueUp
		all.unusedValue += x.unusedValue
	}
	return append(rows, b.positionRow("All", all))
}

func (b *book) positionRow(name string, x *position) map[string]string {
	r := map[string]string{"License type": name, "Customers": whole(x.customers), "Counts unknown": whole(x.unknown), "Other users": text64(x.other)}
	of := func(head, value string) {
		switch {
		case x.compared > 0:
			r[head] = value
		case x.unpaired > 0:
			r[head] = "unknown"
		}
	}
	of("Acquired", text64(x.acquired))
	of("Used", text64(x.used))
	of("Delta", text64(x.used-x.acquired))
	of("Overuse", text64(x.over))
	of("Surplus", text64(x.surplus))
	r["Utilization"] = percent(x.used, x.acquired)
	if b.money {
		amount := func(c cents, unknown int) string {
			if unknown > 0 && c == 0 {
				return "unknown"
			}
			return atLeast(c, unknown)
		}
		of("True-up (position)", amount(x.trueUp, x.unknownTrueUp))
		of("Unused value (position)", amount(x.unusedValue, x.unknownUnused))
		if name == "All" { // the sum leaves out what is not known, and says so
			r["True-up (position)"], r["Unused value (position)"] = atLeast(x.trueUp, x.unknownTrueUp), atLeast(x.unusedValue, x.unknownUnused)
		}
	}
	return r
}

var changeColumns = []column{{"Change", words}, {"Severity", words}, {"Title", words}, {"Customer", words}, {"What", words}, {"Reason", words}, {"Licenses before", count},
	{"Licenses now", count}, {"Amount before", money}, {"Amount now", money}, {"Moves exposure", money}, {"Moves unused value", money}, {"Manager", words},
	{"Since", date}, {"Last seen", date}, {"Rule", words}, {"Customer GUID", words}}

func (b *book) changeRows(h *history) (rows table) {
	if h == nil {
		return nil
	}
	for _, c := range h.changes {
		r := map[string]string{"Change": c.step, "Severity": c.is.rule.severity, "Title": c.is.rule.title, "Customer": c.name, "What": c.is.message, "Reason": c.reason,
			"Manager": c.manager, "Since": day(c.since), "Last seen": day(c.lastSeen), "Rule": c.is.rule.id, "Customer GUID": c.is.of.guid}
		for side, v := range map[string]*verdict{"before": c.was, "now": c.now} {
			if v != nil && v.licenses != nil {
				r["Licenses "+side] = text64(*v.licenses)
			}
			if v != nil && v.known && b.money {
				r["Amount "+side] = v.amount.String()
			}
		}
		if b.money && c.exposure != 0 {
			r["Moves exposure"] = c.exposure.String()
		}
		if b.money && c.unused != 0 {
			r["Moves unused value"] = c.unused.String()
		}
		rows = append(rows, r)
	}
	return rows
}

var resolvedColumns = []column{{"rule", words}, {"severity", words}, {"guid", words}, {"instance", words}, {"connection", words}, {"since", words}, {"lastSeen", words}, {"reason", words}}

// gone are the findings that went, by what became of them.
func (h *history) left(steps ...string) (rows table) {
	if h == nil {
		return nil
	}
	for _, c := range h.changes {
		if slices.Contains(steps, c.step) {
			rows = append(rows, map[string]string{"rule": c.is.rule.id, "severity": c.is.rule.severity, "guid": c.is.of.guid, "instance": c.is.of.instance,
				"connection": c.is.key.connection, "since": day(c.since), "lastSeen": day(c.lastSeen), "reason": c.reason})
		}
	}
	return rows
}

var trendColumns = []column{{"asOf", words}, {"customers", count}, {"acquiredLicenses", count}, {"activeUsers", count},
	{"acquiredUnknown", count}, {"activeUsersUnknown", count}, {"findings", count}, {"amount", money}}

// trend is each month by today's rules and at today's prices, which the books
// have been judged with.
func (b *book) trend(months []*book) (rows table) {
	if len(months) == 0 {
		return nil
	}
	for _, m := range append(slices.Clone(months), b) {
		r := map[string]string{"asOf": m.day.Format(time.RFC3339), "customers": whole(len(m.customers)), "findings": whole(sumOf(m.verdicts).findings)}
		var acquired, used int64
		for _, c := range m.customers {
			acquired += c.acquired.n
			used += c.used.n
		}
		r["acquiredLicenses"], r["activeUsers"] = text64(acquired), text64(used)
		left := m.leftOut()
		for name, n := range map[string]int{"acquiredUnknown": left.acquired, "activeUsersUnknown": left.active} {
			if n > 0 { // else it is not there
				r[name] = whole(n)
			}
		}
		if b.money {
			r["amount"] = sumOf(m.verdicts).exposure.String()
		}
		rows = append(rows, r)
	}
	return rows
}
