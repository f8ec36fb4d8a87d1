package formats

import (
	"encoding/json"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/deliver"
	"trueup/rules"
)

// WriteJSON writes the report in the form trueup.report/1. Amounts are texts,
// so that no reader turns them into floats.
func WriteJSON(w io.Writer, r *report.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(jsonOf(r))
}

func jsonOf(r *report.Report) jsonReport {
	out := jsonReport{
		Schema: reportSchema, AsOf: r.AsOf, Title: r.Title, Organization: r.Organization, Version: r.Version,
		Sample: r.Sample, Manager: optional(r.Manager), Currency: optional(r.Currency),
		Hashes:  deliver.HashesOf(r),
		Totals:  deliver.TotalsOf(r),
		Changes: changesOf(r.Changes),
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
	out.Managers = each(r.Managers, func(m *report.Manager) jsonManager {
		return jsonManager{m.Name, m.Customers, m.Findings, moneyOf(r, m.Money)}
	})
	out.Findings = each(r.Findings, func(f *report.Finding) jsonFinding { return findingOf(r, f) })
	out.Resolved = resolvedOf(r.Changes)
	out.Trend = each(r.Trend, trendOf)
	out.Waivers = each(r.Waivers, waiverOf)
	out.NotEvaluable = each(r.NotEvaluable, func(n *report.NotEvaluable) jsonNotEvaluable {
		return jsonNotEvaluable{r.Rules[n.Rule].ID, customerOf(r, n.Customer), connectionOf(r, n.Connection), n.Reason}
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

func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

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
	return &jsonMoney{m.Exposure.StringFixed(2), m.Unused.StringFixed(2), m.Waived.StringFixed(2), m.Unpriced}
}

func positionOf(r *report.Report, p *report.Position) jsonPosition {
	return jsonPosition{p.LicenseType.Ptr(), p.LicenseName, p.Customers, p.Unknown, p.Acquired, p.Used, p.Delta(),
		p.OtherUsed, money(p.TrueUp), money(p.Unused), moneyOf(r, p.Money)}
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
		Message: f.Message, Quantity: f.Quantity, Amount: money(f.Amount), Change: optional(string(f.Change)),
	}
	if !f.Since.IsZero() {
		out.Since = optional(dayOf(f.Since))
	}
	if f.Waiver >= 0 {
		w := &r.Waivers[f.Waiver]
		out.Waiver = &jsonWaived{w.ID, w.Owner, w.Reason, w.Ticket, w.Expires.String()}
	}
	return out
}

func changesOf(c *report.Changes) *jsonChanges {
	if c == nil {
		return nil
	}
	return &jsonChanges{dayOf(c.Baseline), c.BaselineHash, c.New, c.Persisting, c.Reopened, len(c.Resolved), c.CustomersAdded, c.CustomersGone}
}

func resolvedOf(c *report.Changes) []jsonResolved {
	if c == nil {
		return []jsonResolved{}
	}
	return each(c.Resolved, func(x *report.Resolved) jsonResolved {
		customer := jsonCustomer{x.Guid, text(x.ShortName), text(x.FullName), x.Instance, nil}
		var connection *jsonConnection
		if x.SIPConnection != "" {
			connection = &jsonConnection{ID: &x.SIPConnection}
		}
		return jsonResolved{x.Rule, x.Severity.String(), customer, connection, dayOf(x.Since), dayOf(x.LastSeen), x.Reason}
	})
}

func trendOf(p *report.TrendPoint) jsonTrend {
	severities := map[string]int{}
	for _, s := range rules.Severities {
		severities[s.String()] = p.BySeverity[s]
	}
	var exposure *string
	if p.Money != nil {
		exposure = money(&p.Money.Exposure)
	}
	return jsonTrend{p.AsOf, p.Customers, p.Acquired, p.ActiveUsers, p.Findings, severities, exposure}
}

func waiverOf(w *report.Waiver) jsonWaiver {
	return jsonWaiver{w.ID, string(w.State), w.DaysLeft, w.Findings, money(w.Amount), w.Rule, w.Waiver.Customer, w.Owner, w.Reason, w.Expires.String()}
}
