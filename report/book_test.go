package report_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/booktest"
	"trueup/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

// amountOf writes an amount that may be unknown.
func amountOf(d *decimal.Decimal) string {
	if d == nil {
		return "?"
	}
	return d.StringFixed(2)
}

func number(n *int64) string {
	if n == nil {
		return "?"
	}
	return fmt.Sprint(*n)
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

func money(m report.MoneyTotals) string {
	return fmt.Sprintf("exposure %s unused %s waived %s (%s) unpriced %d: %d %d %d", m.Exposure.StringFixed(2), m.Unused.StringFixed(2), m.Waived.StringFixed(2), m.WaivedExposure.StringFixed(2),
		m.Unpriced, m.UnpricedExposure, m.UnpricedUnused, m.UnpricedWaived)
}

func totals(t *report.Totals) string {
	return fmt.Sprintf("customers %d connections %d acquired %d used %d findings %d waived %d not evaluable %d accepted %d with findings %d clean %d by severity %v by rule %v; %s", t.Customers, t.SIPConnections,
		t.Acquired, t.ActiveUsers, t.Findings, t.Waived, t.NotEvaluable, t.Accepted, t.WithFindings, t.Clean, t.BySeverity, t.ByRule, money(t.Money))
}

func bridge(b *report.Bridge) string {
	if b == nil {
		return "none"
	}
	var steps []string
	for _, s := range report.Steps {
		if d := b.By[s]; !d.IsZero() {
			steps = append(steps, string(s)+" "+d.String())
		}
	}
	return fmt.Sprintf("%s (at least: %v) %s = %s (at least: %v)", b.Before, b.BeforeAtLeast, strings.Join(steps, ", "), b.After, b.AfterAtLeast)
}

// figures are all numbers, verdicts and sums of a report.
func figures(r *report.Report) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s", totals(&r.Totals))
	for _, s := range rules.Severities {
		line("%s: %s", s, money(r.Totals.MoneyBySeverity[s]))
	}
	for i := range r.Customers {
		c := &r.Customers[i]
		utilization := "?"
		if c.Utilization != nil {
			utilization = fmt.Sprintf("%.3f", *c.Utilization)
		}
		before := "-"
		if p := c.Before; p != nil {
			before = fmt.Sprint(p.Acquired, "/", p.Used, " ", p.Exposure.StringFixed(2), " ", p.Unused.StringFixed(2), " ", p.NoExposure, " ", p.NoUnused)
		}
		line("customer %d %s: %s, delta %s, utilization %s, findings %v %v, waived %d, not evaluable %d/%d, exposure %s (%d) unused %s (%d), states %v, connections %v, doubtful %v, before %s", i, c.Name(), c.Verdict, number(c.Delta), utilization,
			c.Findings, c.BySeverity, c.Waived, c.NotEvaluable, c.Accepted, amountOf(c.Exposure), c.NoExposure, amountOf(c.Unused), c.NoUnused, c.ByState, c.Connections, c.Doubtful, before)
	}
	for _, g := range report.GroupsOf(r) {
		line("group %+v", g)
	}
	keys := r.Keys()
	for i, f := range r.Findings {
		line("key %v", keys[i])
		line("finding %d of rule %d about %d/%d: %s, %s × %s = %s, counted by %d as %q, %s since %s by %q, waiver %d", i, f.Rule, f.Customer, f.Connection, f.Verdict, number(f.Quantity), amountOf(f.UnitPrice), amountOf(f.Amount),
			f.CountedBy, r.CountsAs(&f), f.Change, day(f.Since), f.Movement, f.Waiver)
	}
	for i := range r.Connections {
		if c := &r.Connections[i]; c.Findings > 0 {
			line("connection %d of %d on %s: %d", i, c.Customer, c.Sbc(), c.Findings)
		}
	}
	for _, n := range r.NotEvaluable {
		line("not evaluable %d %d %d %s %d", n.Rule, n.Customer, n.Connection, n.Reason, n.Waiver)
	}
	for i := range r.Rules {
		line("rule %s %v: %v %v %s", r.Rules[i].ID, r.Rules[i].Enabled, r.Rules[i].Tally, r.Rules[i].Findings, money(r.Rules[i].Money))
	}
	for _, p := range append(slices.Clone(r.Positions), r.PositionTotal().Position) {
		u, _ := p.Utilization()
		line("position %s: customers %d unknown %d compared %d unpaired %d, %d used of %d: %d %.3f over %d surplus %d other %d beside %d of %d, prices %v, true-up %s unused %s without %d %d %d; %s", p.LicenseName, p.Customers, p.Unknown, p.Compared, p.Unpaired,
			p.Used, p.Acquired, p.Delta(), u, p.Over, p.Surplus, p.OtherUsed, p.Beside, p.BesideOf, p.Prices, amountOf(p.TrueUp), amountOf(p.Unused), p.NoTrueUp, p.NoUnused, p.Unpriced, money(p.Money))
	}
	for _, m := range r.Managers {
		line("manager %s: customers %d findings %d severe %d new %d oldest %s ending %d, before %+v; %s", m.Name, m.Customers, m.Findings, m.Severe, m.New, day(m.Oldest), m.Ending, *cmp.Or(m.Before, &report.Sums{}), money(m.Money))
	}
	for i := range r.Waivers {
		w := &r.Waivers[r.WaiverByEnd(i)]
		line("waiver %s: %s, %d days, findings %d unjudged %d of %v, %s without %d", w.ID, w.State, w.DaysLeft, w.Findings, w.Unjudged, w.Customers, amountOf(w.Amount), w.Unpriced)
	}
	p := r.FromPosition()
	line("position %s, below %s, at least %v", p.Position, p.Below, p.AtLeast)
	var owed []string
	top := r.TopExposures(5)
	for _, i := range top {
		owed = append(owed, r.Owed(i).String())
	}
	line("top %v owe %v = %s, unknown of %d", top, owed, r.OwedBy(top), r.UnknownExposures())
	return b.String() + movements(r)
}

// movements are what figures has of changes and months, and what is odd.
func movements(r *report.Report) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if c := r.Changes; c != nil {
		line("changes: new %d persisting %d reopened %d, customers +%d -%d of %d, findings before %d, missing %v, before %+v, lists %v", c.New, c.Persisting, c.Reopened, c.CustomersAdded, c.CustomersGone, c.CustomersBefore, c.FindingsBefore, c.Missing, c.Before, c.Lists)
		line("findings %s\nexposure %s\nunused %s", bridge(&c.Movement.Findings), bridge(c.Movement.Exposure), bridge(c.Movement.Unused))
		for _, row := range c.Rows {
			line("change %s %s %s: %d, %s → %s, %s → %s, moves %s %s, finding %d, since %s seen %s %s", row.Step, row.Rule, row.Customer, row.Count, number(row.From), number(row.To), amountOf(row.Before), amountOf(row.After), row.Exposure, row.Unused, row.Finding, day(row.Since), day(row.LastSeen), row.Reason)
		}
		for _, x := range c.Customers {
			line("customer %s %d %s: %v %v %v %v", x.Kind, x.Customer, x.Name, x.Acquired, x.Used, x.Exposure, x.Value)
		}
		for _, x := range c.Resolved {
			line("resolved %s %s %s", x.Rule, x.Customer, x.Reason)
		}
		for _, x := range c.Lost {
			line("lost %s %s %s %s", x.Rule, x.Customer, x.Reason, amountOf(x.Amount))
		}
	}
	for _, p := range r.Trend {
		m := "-"
		if p.Money != nil {
			m = money(*p.Money)
		}
		line("trend %s: %d %d %d %d %v complete %v %v only %v issued %v; %s", day(p.AsOf), p.Customers, p.Acquired, p.ActiveUsers, p.Findings, p.BySeverity, p.Complete, p.Missing, p.OnlyIssued, p.Issued != nil, m)
	}
	for _, p := range r.Quality {
		line("quality %s %d %s %s", p.Kind, p.Customer, p.Rule, p.Text)
	}
	return b.String()
}

// A small book whose figures can be added up by hand: compared with October at
// other prices, without prices and without an instance; and with October in another
// currency, with fewer prices and with more.
func TestBook(t *testing.T) {
	prices := booktest.Prices("4")
	dollars, fewer := prices, booktest.Prices("4")
	dollars.Currency = "USD"
	delete(fewer.ByType, 1)
	packs := ""
	book := booktest.Inputs(t, prices, prices)
	for _, r := range report.Packs(book, tally(t, book)) {
		packs += fmt.Sprintf("%s of %+v: %s\n%s", r.Manager, r.Sources, totals(&r.Totals), movements(r))
	}
	for name, got := range map[string]string{
		"packs":       packs,
		"compared":    figures(booktest.Build(t)),
		"gap":         figures(report.Build(booktest.Gap(t, report.Prices{}, report.Prices{}))),
		"currency":    movements(report.Build(booktest.Inputs(t, dollars, prices))),
		"more-prices": movements(report.Build(booktest.Inputs(t, fewer, prices))),
		"less-prices": movements(report.Build(booktest.Inputs(t, prices, fewer))),
	} {
		booktest.Golden(t, name, got, *update)
	}
}
