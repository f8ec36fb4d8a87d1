package steps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/app/settings"
	"trueup/report/record"
	"trueup/rules"
)

// Replay is what other rules would have found in earlier months.
type Replay struct {
	Months []ReplayMonth `json:"months"` // oldest first
}

// ReplayMonth compares the effective rules with the given ones on one snapshot.
type ReplayMonth struct {
	AsOf      time.Time    `json:"asOf"`
	Customers int          `json:"customers"`
	Currency  string       `json:"currency,omitempty"` // of then; "" without prices
	Total     ReplayRule   `json:"total"`
	Rules     []ReplayRule `json:"rules"` // those on which the two differ, by id
}

// ReplayRule is what one rule finds, or all of them, by the effective rules and by
// the given ones.
type ReplayRule struct {
	ID    string     `json:"rule,omitempty"`
	Now   ReplaySums `json:"effective"`
	Given ReplaySums `json:"given"`
	// Came and Gone are the findings that only the given rules have, and only the
	// effective ones, by customer; of one with several connections once.
	Came []ReplayCustomer `json:"came,omitempty"`
	Gone []ReplayCustomer `json:"gone,omitempty"`
}

// ReplaySums are open findings, what they are worth a month, and the verdicts that
// could not be given. Money is nil without prices; a sum with an unpriced finding
// is "at least".
type ReplaySums struct {
	Findings     int     `json:"findings"`
	NotEvaluable int     `json:"notEvaluable"`
	Exposure     *string `json:"exposure"` // with two decimals
	Unused       *string `json:"unusedValue"`
	Unpriced     int     `json:"unpriced,omitempty"`
}

// ReplayCustomer names a customer.
type ReplayCustomer struct {
	Instance string `json:"instance,omitempty"`
	GUID     string `json:"guid"`
	Name     string `json:"name"`
}

// ReplayRules judges each earlier month of the history by the effective rules and
// again with those of the paths, which come in the place of rules of the same id.
// Waivers and prices are those of the month's record, where there is one. It writes
// nothing.
func ReplayRules(ctx context.Context, w World, s *settings.Settings, paths []string) (*Replay, error) {
	set, err := rules.Load(s.Rules)
	if err != nil {
		return nil, err
	}
	given, err := set.With(paths)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Set: set, Version: w.Version, Prices: s.Prices, SbcNames: s.SbcNames, Values: s.Values, Zone: s.Zone}
	if err := plan.readWaivers(s.Waivers); err != nil {
		return nil, err
	}
	files, err := lookInto(s.History)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	sample := !slices.ContainsFunc(files, func(f kept) bool { return !f.sample })
	everAfter := time.Date(9999, 12, 31, 0, 0, 0, 0, s.Zone)
	replay := &Replay{Months: []ReplayMonth{}}
	for _, day := range earlierDays(files, everAfter, sample) {
		customers, hash, records, err := readDay(day)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		if customers == nil {
			continue // a partial run leaves no snapshot to judge
		}
		rec := recordOf(hash, records)
		then := plan.asOfRecord(rec, s.Live.Formerly)
		renamed := record.Renamed(*customers, s.Live.Formerly)
		now, err := then.judge(ctx, renamed)
		if err != nil {
			return nil, err
		}
		then.Set = given
		other, err := then.judge(ctx, renamed)
		if err != nil {
			return nil, err
		}
		replay.Months = append(replay.Months, compareMonths(now, other))
	}
	return replay, nil
}

// judge is the report on the customers of an earlier month.
func (p *Plan) judge(ctx context.Context, customers fetch.Portfolio) (*report.Report, error) {
	in, err := p.input(ctx, customers, customers.AsOf)
	if err != nil {
		return nil, err
	}
	return report.Build(in), nil
}

func compareMonths(now, given *report.Report) ReplayMonth {
	m := ReplayMonth{AsOf: now.AsOf, Customers: len(now.Customers), Currency: now.Currency,
		Total: ReplayRule{Now: sumsOf(now, ""), Given: sumsOf(given, "")}}
	var ids []string
	for _, r := range [2]*report.Report{now, given} {
		for _, rule := range r.Rules {
			if rule.Enabled {
				ids = append(ids, rule.ID)
			}
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		r := ReplayRule{ID: id, Now: sumsOf(now, id), Given: sumsOf(given, id)}
		before, after := foundBy(now, id), foundBy(given, id)
		r.Came, r.Gone = without(after, before), without(before, after)
		if len(r.Came)+len(r.Gone) > 0 || !r.Now.equal(r.Given) {
			m.Rules = append(m.Rules, r)
		}
	}
	return m
}

// sumsOf are the sums of a rule, or of all with "".
func sumsOf(r *report.Report, id string) (s ReplaySums) {
	money := report.MoneyTotals{}
	switch at := slices.IndexFunc(r.Rules, func(x report.Rule) bool { return x.ID == id }); {
	case id == "":
		s.Findings, s.NotEvaluable, money = r.Totals.Findings, r.Totals.NotEvaluable, r.Totals.Money
	case at >= 0:
		s.Findings, s.NotEvaluable, money = r.Totals.ByRule[id], r.Rules[at].Tally[rules.NotEvaluable], r.Rules[at].Money
	}
	if r.Currency != "" {
		exposure, unused := money.Exposure.StringFixed(2), money.Unused.StringFixed(2)
		s.Exposure, s.Unused, s.Unpriced = &exposure, &unused, money.UnpricedExposure+money.UnpricedUnused
	}
	return s
}

func (s ReplaySums) equal(o ReplaySums) bool {
	same := func(a, b *string) bool { return a == nil || b == nil || *a == *b }
	return s.Findings == o.Findings && s.NotEvaluable == o.NotEvaluable && s.Unpriced == o.Unpriced &&
		same(s.Exposure, o.Exposure) && same(s.Unused, o.Unused)
}

// foundBy are the customers with an open finding of a rule, each once.
func foundBy(r *report.Report, id string) (list []ReplayCustomer) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Verdict == rules.Finding && r.Rules[f.Rule].ID == id {
			c := &r.Customers[f.Customer]
			list = append(list, ReplayCustomer{c.Instance, c.UmpCustomerGuid, c.Name()})
		}
	}
	slices.SortFunc(list, compareReplayed)
	return slices.Compact(list)
}

func compareReplayed(a, b ReplayCustomer) int {
	return cmp.Or(strings.Compare(a.Instance, b.Instance), strings.Compare(a.Name, b.Name), strings.Compare(a.GUID, b.GUID))
}

// without are those of one list that the other has not; both are in order.
func without(list, other []ReplayCustomer) (rest []ReplayCustomer) {
	for _, c := range list {
		if _, found := slices.BinarySearchFunc(other, c, compareReplayed); !found {
			rest = append(rest, c)
		}
	}
	return rest
}
