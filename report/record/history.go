package record

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

// history is what a report remembers of earlier months, by customer: 100,000
// of them are written one by one.
type history struct {
	Months    []month    `json:"months"`
	Last      int        `json:"last"` // index into Months of the one that changes are against; -1 if there is only the trend
	Rules     []pastRule `json:"rules,omitempty"`
	Customers []customer `json:"customers,omitempty"`
}

type month struct {
	AsOf       time.Time         `json:"asOf"`
	Hash       string            `json:"snapshot,omitzero"`
	Missing    []string          `json:"missingInstances,omitempty"`
	OnlyIssued bool              `json:"onlyIssued,omitzero"`
	Issued     *issued           `json:"issued,omitzero"`
	Restated   totals            `json:"restated"`
	RestatedBy map[string]totals `json:"restatedByManager,omitempty"`
	Currency   string            `json:"currency,omitzero"`
}

type pastRule struct {
	ID       string `json:"id"`
	Title    string `json:"title,omitzero"`
	Severity string `json:"severity,omitzero"`
	Unused   bool   `json:"unused,omitzero"` // its money is about unused licenses
}

// customer is one that an earlier report had, or had a finding about.
type customer struct {
	Instance    string          `json:"instance,omitzero"`
	GUID        string          `json:"guid"`
	Gone        bool            `json:"gone,omitzero"` // not in the last report
	Manager     string          `json:"manager,omitzero"`
	ShortName   text            `json:"shortName,omitzero"`
	FullName    text            `json:"fullName,omitzero"`
	LicenseName string          `json:"license,omitzero"`
	Acquired    count           `json:"acquired,omitzero"`
	Used        count           `json:"used,omitzero"`
	Exposure    decimal.Decimal `json:"exposure,omitzero"`
	Unused      decimal.Decimal `json:"unusedValue,omitzero"`
	NoExposure  int             `json:"exposureUnknown,omitzero"`
	NoUnused    int             `json:"unusedValueUnknown,omitzero"`
	Verdicts    []verdict       `json:"verdicts,omitempty"`
}

// verdict is what earlier reports said about one identity.
type verdict struct {
	Rule       int       `json:"rule"` // index into Rules
	Connection string    `json:"sipConnection,omitzero"`
	Occurrence int       `json:"occurrence,omitzero"`
	Unjudged   bool      `json:"unjudged,omitzero"` // it could not be given in the last report
	Wanting    bool      `json:"wanting,omitzero"`  // it did not apply then, for want of a count
	Since      time.Time `json:"since,omitzero"`    // if the rule fires in a row up to the last report
	Ever       bool      `json:"ever,omitzero"`     // the rule has fired in some report
	Found      *found    `json:"found,omitzero"`    // in the last report
}

type found struct {
	Waived   bool             `json:"waived,omitzero"`
	Message  string           `json:"message,omitzero"`
	Left     bool             `json:"left,omitzero"` // another rule counts its licenses
	Licenses bool             `json:"licenses,omitzero"`
	Quantity *int64           `json:"quantity,omitzero"`
	Price    *decimal.Decimal `json:"price,omitzero"`
}

// writeHistory writes a history as the form above, or null.
func writeHistory(e *jsontext.Encoder, h *report.History) error {
	if h == nil {
		return e.WriteToken(jsontext.Null)
	}
	w := newHistoryWriter(h)
	err := errors.Join(e.WriteToken(jsontext.BeginObject),
		e.WriteToken(jsontext.String("months")), json.MarshalEncode(e, w.months(), json.Deterministic(true)),
		e.WriteToken(jsontext.String("last")), e.WriteToken(jsontext.Int(int64(w.last()))),
		e.WriteToken(jsontext.String("rules")), json.MarshalEncode(e, w.rules),
		e.WriteToken(jsontext.String("customers")), e.WriteToken(jsontext.BeginArray))
	for i := 0; i < len(w.known) && err == nil; {
		end := i
		for end < len(w.known) && customerOf(w.known[end]) == customerOf(w.known[i]) {
			end++
		}
		one := w.customer(w.known[i:end])
		err = json.MarshalEncode(e, &one)
		i = end
	}
	return cmp.Or(err, e.WriteToken(jsontext.EndArray), e.WriteToken(jsontext.EndObject))
}

// historyWriter lines up all that is known, customer by customer.
type historyWriter struct {
	h      *report.History
	rules  []pastRule
	ruleAt map[string]int
	known  []report.Key // in order; each customer of the last report has one without a rule
}

func customerOf(k report.Key) [2]string { return [2]string{k.Instance, k.GUID} }

func newHistoryWriter(h *report.History) *historyWriter {
	w := &historyWriter{h: h, ruleAt: map[string]int{}}
	if h.Last == nil {
		return w
	}
	w.known = make([]report.Key, 0, len(h.Ever)+len(h.Last.Unjudged)+len(h.Last.Customers))
	ids := map[string]pastRule{}
	for key := range h.Ever {
		if _, ok := ids[key.Rule]; !ok {
			ids[key.Rule] = pastRule{ID: key.Rule}
		}
		w.known = append(w.known, key)
	}
	for key, f := range h.Last.Findings {
		if ids[key.Rule].Title == "" {
			ids[key.Rule] = pastRule{key.Rule, f.Title, f.Severity.String(), f.Money == rules.Unused}
		}
	}
	for key := range h.Last.Unjudged {
		if _, ok := ids[key.Rule]; !ok {
			ids[key.Rule] = pastRule{ID: key.Rule}
		}
		if !h.Ever[key] {
			w.known = append(w.known, key)
		}
	}
	for customer := range h.Last.Customers {
		w.known = append(w.known, report.Key{Instance: customer[0], GUID: customer[1]})
	}
	slices.SortFunc(w.known, report.CompareKeys)
	for i, id := range slices.Sorted(maps.Keys(ids)) {
		w.ruleAt[id] = i
		w.rules = append(w.rules, ids[id])
	}
	return w
}

func (w *historyWriter) months() []month {
	list := []month{}
	for i := range w.h.Trend {
		m := &w.h.Trend[i]
		form := month{AsOf: m.AsOf.UTC(), Hash: m.Hash, Missing: m.Missing, OnlyIssued: m.OnlyIssued, Currency: m.Currency, Restated: restatedOf(&m.Restated)}
		if m.Issued != nil {
			issued := issuedOf(m.Issued)
			form.Issued = &issued
		}
		for name, t := range m.RestatedBy {
			if form.RestatedBy == nil {
				form.RestatedBy = map[string]totals{}
			}
			form.RestatedBy[name] = restatedOf(&t)
		}
		list = append(list, form)
	}
	return list
}

// restatedOf leaves out what no trend shows.
func restatedOf(t *report.Totals) totals {
	form := totalsOf(t)
	form.ByRule, form.MoneyBySeverity = nil, nil
	return form
}

// last is the index of the month that changes are against.
func (w *historyWriter) last() int {
	if w.h.Last == nil {
		return -1
	}
	return slices.IndexFunc(w.h.Trend, func(m report.Month) bool {
		return m.AsOf.Equal(w.h.Last.AsOf) && m.Hash == w.h.Last.Hash && !m.OnlyIssued
	})
}

// customer is one with all that is known about it.
func (w *historyWriter) customer(list []report.Key) customer {
	key := customerOf(list[0])
	c := customer{Instance: key[0], GUID: key[1]}
	if past, ok := w.h.Last.Customers[key]; ok {
		c.Manager, c.ShortName, c.FullName, c.LicenseName = past.Manager, text(past.ShortName), text(past.FullName), past.LicenseName
		c.Acquired, c.Used, c.Exposure, c.Unused = count(past.Acquired), count(past.Used), past.Exposure, past.Unused
		c.NoExposure, c.NoUnused = past.NoExposure, past.NoUnused
	} else {
		c.Gone = true
	}
	for _, k := range list {
		if k.Rule == "" {
			continue
		}
		v := verdict{Rule: w.ruleAt[k.Rule], Connection: k.Connection, Occurrence: k.Occurrence, Ever: w.h.Ever[k], Since: w.h.Since[k].UTC()}
		if notEvaluable, unsure := w.h.Last.Unjudged[k]; unsure {
			v.Unjudged, v.Wanting = notEvaluable, !notEvaluable
		}
		if f, ok := w.h.Last.Findings[k]; ok {
			v.Found = &found{f.Waived, f.Message, !f.Counted, f.Licenses, f.Quantity, f.Price}
		}
		c.Verdicts = append(c.Verdicts, v)
	}
	return c
}

// history is what the form says.
func (f *history) history() (*report.History, error) {
	h := &report.History{}
	for i := range f.Months {
		m, err := f.Months[i].month()
		if err != nil {
			return nil, err
		}
		h.Trend = append(h.Trend, m)
	}
	if f.Last < 0 {
		return h, nil
	}
	if f.Last >= len(h.Trend) {
		return nil, errors.New("the last month is none of the months")
	}
	h.Last = &report.Past{Month: h.Trend[f.Last], Findings: map[report.Key]report.PastFinding{}, Unjudged: map[report.Key]bool{},
		Customers: make(map[[2]string]report.PastCustomer, len(f.Customers))}
	h.Since, h.Ever = map[report.Key]time.Time{}, map[report.Key]bool{}
	severities := make([]rules.Severity, len(f.Rules))
	for i, r := range f.Rules {
		if r.Severity == "" {
			continue
		}
		var err error
		if severities[i], err = rules.ParseSeverity(r.Severity); err != nil {
			return nil, err
		}
	}
	for i := range f.Customers {
		if err := f.customer(&f.Customers[i], severities, h); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (m *month) month() (out report.Month, err error) {
	out = report.Month{AsOf: m.AsOf.UTC(), Hash: m.Hash, Missing: m.Missing, OnlyIssued: m.OnlyIssued, Currency: m.Currency}
	if m.Issued != nil {
		issued, err := m.Issued.issued()
		if err != nil {
			return out, err
		}
		out.Issued = &issued
	} else if m.OnlyIssued {
		return out, errors.New("a month without a snapshot that nothing was issued of")
	}
	for name, t := range m.RestatedBy {
		if out.RestatedBy == nil {
			out.RestatedBy = map[string]report.Totals{}
		}
		if out.RestatedBy[name], err = t.totals(); err != nil {
			return out, err
		}
	}
	out.Restated, err = m.Restated.totals()
	return out, err
}

func (f *history) customer(c *customer, severities []rules.Severity, h *report.History) error {
	if !c.Gone {
		past := report.PastCustomer{Manager: c.Manager, ShortName: fetch.Text(c.ShortName), FullName: fetch.Text(c.FullName), LicenseName: c.LicenseName,
			Acquired: fetch.Count(c.Acquired), Used: fetch.Count(c.Used), Exposure: c.Exposure, Unused: c.Unused, NoExposure: c.NoExposure, NoUnused: c.NoUnused}
		past.Name = cmp.Or(past.FullName.S, past.ShortName.S, c.GUID)
		h.Last.Customers[[2]string{c.Instance, c.GUID}] = past
	}
	for _, v := range c.Verdicts {
		if v.Rule < 0 || v.Rule >= len(f.Rules) {
			return errors.New("a verdict of a rule that is not there")
		}
		rule := &f.Rules[v.Rule]
		key := report.Key{Instance: c.Instance, GUID: c.GUID, Rule: rule.ID, Connection: v.Connection, Occurrence: v.Occurrence}
		if v.Unjudged || v.Wanting {
			h.Last.Unjudged[key] = v.Unjudged
		}
		if v.Ever {
			h.Ever[key] = true
		}
		if !v.Since.IsZero() {
			h.Since[key] = v.Since.UTC()
		}
		if x := v.Found; x != nil {
			past := report.PastFinding{Waived: x.Waived, Title: rule.Title, Message: x.Message, Severity: severities[v.Rule],
				Counted: !x.Left, Licenses: x.Licenses, Quantity: x.Quantity, Price: x.Price}
			if rule.Unused {
				past.Money = rules.Unused
			}
			h.Last.Findings[key] = past
		}
	}
	return nil
}
