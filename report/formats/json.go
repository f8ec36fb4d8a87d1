package formats

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/tables"
	"trueup/rules"
)

// WriteJSON writes the report in the form trueup.report/1. Amounts are texts,
// so that no reader turns them into floats.
func WriteJSON(w io.Writer, r *report.Report) error {
	var text bytes.Buffer
	if err := indented(&text, "").Encode(jsonOf(r)); err != nil {
		return err
	}
	before, after, _ := bytes.Cut(text.Bytes(), []byte(findingsKey+"[]"))
	b := bufio.NewWriterSize(w, 64<<10)
	b.Write(before)
	b.WriteString(findingsKey + "[")
	if err := writeFindings(b, r); err != nil {
		return err
	}
	b.WriteString("]")
	b.Write(after)
	return b.Flush()
}

// findingsKey is the key of the findings as it stands on its line and nowhere
// else. They are written one by one: there may be hundreds of thousands.
const findingsKey = "\n \"findings\": "

func writeFindings(b *bufio.Writer, r *report.Report) error {
	var one bytes.Buffer
	e := indented(&one, "  ")
	for i := range r.Findings {
		one.Reset()
		if err := e.Encode(findingOf(r, &r.Findings[i])); err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  ")
		b.Write(bytes.TrimSuffix(one.Bytes(), []byte("\n")))
	}
	if len(r.Findings) > 0 {
		b.WriteString("\n ")
	}
	return nil
}

// indented is an encoder whose lines but the first begin with a prefix.
func indented(w io.Writer, prefix string) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, " ")
	return e
}

// WriteFindings writes the findings of a report alone, in the form
// trueup.findings/1: each as WriteJSON has it.
func WriteFindings(w io.Writer, r *report.Report) error {
	out := jsonFindings{Schema: findingsSchema, AsOf: r.AsOf, DataAsOf: r.DataAsOf, Version: r.Version, Sample: r.Sample, Currency: optional(r.Currency),
		Missing:  listOf(r.Missing()),
		Findings: each(r.Findings, func(f *report.Finding) jsonFinding { return findingOf(r, f) })}
	out.Complete = len(out.Missing) == 0
	if r.Changes != nil {
		out.Baseline = &r.Changes.Baseline
	}
	return indented(w, "").Encode(out)
}

func jsonOf(r *report.Report) jsonReport {
	out := jsonReport{
		Schema: reportSchema, Headline: tables.Headline(r), Complete: len(r.Missing()) == 0, Missing: listOf(r.Missing()),
		AsOf: r.AsOf, DataAsOf: r.DataAsOf, Title: r.Title, Organization: r.Organization, Version: r.Version,
		Sample: r.Sample, Manager: optional(r.Manager), Currency: optional(r.Currency),
		Hashes:  r.Hashes,
		Totals:  tables.TotalsOf(r),
		Changes: tables.ChangesOf(r),
	}
	if r.Currency != "" {
		out.BySeverity = map[string]*jsonMoney{}
		for severity, m := range r.Totals.MoneyBySeverity {
			out.BySeverity[severity.String()] = moneyOf(r, m)
		}
	}
	out.Sources = each(r.Sources, func(s *fetch.Source) jsonSource {
		return jsonSource{s.Name, optional(s.URL), s.Listed, s.Customers, s.Failed}
	})
	out.Rules = each(r.Rules, func(x *report.Rule) jsonRule { return ruleOf(r, x) })
	out.Positions = each(r.Positions, func(p *report.Position) jsonPosition { return positionOf(r, p) })
	out.Measure, out.Usage = r.Measure, each(r.Usage, func(m *report.UsageMonth) jsonUsage { return usageOf(r, m) })
	out.Managers = each(r.Managers, func(m *report.Manager) jsonManager {
		return jsonManager{m.Name, m.Customers, m.Findings, moneyOf(r, m.Money)}
	})
	out.Findings = []jsonFinding{} // writeFindings writes them
	out.Movement = movementOf(r.Changes)
	out.Resolved, out.Lost = goneOf(r.Changes)
	out.Trend = each(r.Trend, trendOf)
	out.Waivers = each(r.Waivers, waiverOf)
	out.NotEvaluable = each(r.NotEvaluable, func(n *report.NotEvaluable) jsonNotEvaluable {
		return jsonNotEvaluable{r.Rules[n.Rule].ID, customerOf(r, n.Customer), connectionOf(r, n.Connection), n.Reason, waivedOf(r, n.Waiver)}
	})
	out.Problems = each(r.Problems, func(p *fetch.Problem) jsonProblem { return jsonProblem{p.Kind, p.Text} })
	return out
}

// each converts a list; an empty one is [], never null.
func each[From, To any](list []From, convert func(*From) To) []To {
	out := make([]To, len(list))
	for i := range list {
		out[i] = convert(&list[i])
	}
	return out
}

func listOf(names []string) []string { return append([]string{}, names...) }

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func text(t fetch.Text) *string {
	if !t.Known() {
		return nil
	}
	return &t.S
}

func money(d *decimal.Decimal) *string {
	if d == nil {
		return nil
	}
	return optional(d.StringFixed(2))
}

// price has two decimals, or all that it has.
func price(d *decimal.Decimal) *string {
	if d == nil {
		return nil
	}
	return optional(cell.Money(*d).String())
}

func ruleOf(r *report.Report, x *report.Rule) jsonRule {
	verdicts := map[string]int{}
	for v, n := range x.Tally {
		verdicts[rules.Verdict(v).String()] = n
	}
	return jsonRule{x.ID, x.Title, x.Severity.String(), x.Each.String(), x.Enabled, x.Source, x.Params, verdicts, moneyOf(r, x.Money)}
}

func moneyOf(r *report.Report, m report.MoneyTotals) *jsonMoney {
	if r.Currency == "" {
		return nil
	}
	return &jsonMoney{m.Exposure.StringFixed(2), m.Unused.StringFixed(2), m.Waived.StringFixed(2), m.Unpriced, m.UnpricedExposure, m.UnpricedUnused, m.UnpricedWaived}
}

// knownPart is null where an amount leaves something out and nothing of it is
// known.
func knownPart(d *decimal.Decimal, leftOut int) *string {
	if leftOut > 0 && d != nil && d.IsZero() {
		return nil
	}
	return money(d)
}

// leftOut counts what an amount leaves out: nothing where there are no amounts.
func leftOut(r *report.Report, n int) int {
	if r.Currency == "" {
		return 0
	}
	return n
}

func positionOf(r *report.Report, p *report.Position) jsonPosition {
	return jsonPosition{p.LicenseType.Ptr(), p.LicenseName, p.Customers, p.Unknown, p.Acquired, p.Used, p.Delta(),
		p.OtherUsed, knownPart(p.TrueUp, p.NoTrueUp), knownPart(p.Unused, p.NoUnused), leftOut(r, p.NoTrueUp), leftOut(r, p.NoUnused), moneyOf(r, p.Money)}
}

func customerOf(r *report.Report, at int) jsonCustomer {
	c := &r.Customers[at]
	return jsonCustomer{c.UmpCustomerGuid, text(c.CustomerShortName), text(c.CustomerFullName), c.Instance, optional(c.Manager)}
}

func connectionOf(r *report.Report, at int) *jsonConnection {
	if at < 0 {
		return nil
	}
	c := &r.Connections[at]
	return &jsonConnection{text(c.ID), text(c.Name), c.SbcID.Ptr(), c.SbcName}
}

func findingOf(r *report.Report, f *report.Finding) jsonFinding {
	rule := r.Rules[f.Rule]
	out := jsonFinding{
		Rule: rule.ID, Severity: rule.Severity.String(), Verdict: f.Verdict.String(),
		Customer: customerOf(r, f.Customer), SIPConnection: connectionOf(r, f.Connection),
		Message: f.Message, Quantity: f.Quantity, UnitPrice: price(f.UnitPrice), Amount: money(f.Amount), CountsAs: optional(r.CountsAs(f)),
		Change: optional(string(f.Change)), Movement: optional(string(f.Movement)), Since: optional(tables.Day(f.Since)),
		Owner: f.Owner, Due: f.Due, Comment: f.Comment,
	}
	if f.CountedBy >= 0 {
		out.CountedBy = r.Rules[f.CountedBy].ID
	}
	out.Waiver = waivedOf(r, f.Waiver)
	return out
}

func waivedOf(r *report.Report, waiver int) *jsonWaived {
	if waiver < 0 {
		return nil
	}
	w := &r.Waivers[waiver]
	return &jsonWaived{w.ID, w.Owner, w.Reason, w.Ticket, w.Expires.String()}
}

// goneOf lists what is resolved and what cannot be judged any more.
func goneOf(c *report.Changes) ([]jsonResolved, []jsonLost) {
	if c == nil {
		return []jsonResolved{}, []jsonLost{}
	}
	one := func(g *report.Gone, reason string) jsonResolved {
		customer := jsonCustomer{g.GUID, text(g.ShortName), text(g.FullName), g.Instance, nil}
		var connection *jsonConnection
		if g.SIPConnection != "" {
			connection = &jsonConnection{ID: &g.SIPConnection}
		}
		return jsonResolved{g.Rule, g.Severity.String(), customer, connection, tables.Day(g.Since), tables.Day(g.LastSeen), reason}
	}
	return each(c.Resolved, func(x *report.Resolved) jsonResolved { return one(&x.Gone, x.Reason) }),
		each(c.Lost, func(x *report.Lost) jsonLost { return jsonLost{one(&x.Gone, x.Reason), money(x.Amount)} })
}

func movementOf(c *report.Changes) *jsonMovement {
	if c == nil {
		return nil
	}
	bridge := func(b *report.Bridge, ofMoney bool, write func(decimal.Decimal) any) map[string]any {
		if b == nil {
			return nil
		}
		steps := map[string]any{"before": write(b.Before), "after": write(b.After)}
		for _, s := range report.Steps {
			if ofMoney || !s.OfMoney() {
				steps[string(s)] = write(b.By[s])
			}
		}
		return steps
	}
	m := &c.Movement
	amount := func(d decimal.Decimal) any { return d.StringFixed(2) }
	return &jsonMovement{c.Baseline, m.IssuedKnown, bridge(&m.Findings, false, func(d decimal.Decimal) any { return d.IntPart() }),
		bridge(m.Exposure, true, amount), bridge(m.Unused, true, amount)}
}

func trendOf(p *report.TrendPoint) jsonTrend {
	out := jsonTrend{AsOf: p.AsOf, Customers: p.Customers, Acquired: p.Acquired, ActiveUsers: p.ActiveUsers,
		NoAcquired: p.NoAcquired, NoActive: p.NoActive, Findings: p.Findings,
		BySeverity: tables.SeverityNames(p.BySeverity), Complete: p.Complete, Missing: listOf(p.Missing), OnlyIssued: p.OnlyIssued}
	if p.Money != nil {
		out.Exposure, out.Unused = money(&p.Money.Exposure), money(&p.Money.Unused)
		out.Amount, out.NoExposure, out.NoUnused = out.Exposure, p.Money.UnpricedExposure, p.Money.UnpricedUnused
	}
	if i := p.Issued; i != nil {
		out.Issued = &jsonIssued{Findings: i.Totals.Findings, Currency: optional(i.Currency)}
		if i.Currency != "" {
			out.Issued.Exposure, out.Issued.Unused = money(&i.Totals.Money.Exposure), money(&i.Totals.Money.Unused)
		}
	}
	return out
}

func waiverOf(w *report.Waiver) jsonWaiver {
	return jsonWaiver{w.ID, string(w.State), w.DaysLeft, w.Findings, w.Unjudged, money(w.Amount), w.Unpriced, w.Rule, w.Waiver.Customer, w.Owner, w.Reason, w.Expires.String()}
}
