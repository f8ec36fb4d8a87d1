package record

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/rules"
)

// Schema begins the name of the record's form, schemaVersion ends it. Keys are
// only ever added within a version.
const (
	Schema        = "trueup.record/"
	schemaVersion = 1
)

// head is what later months read: the first of the file's two parts.
type head struct {
	Schema   string    `json:"schema"`
	AsOf     time.Time `json:"asOf"`
	Sample   bool      `json:"sample"`
	Version  string    `json:"version"`
	Hashes   hashes    `json:"hashes"`
	Issued   issued    `json:"issued"`
	Prices   *prices   `json:"prices,omitzero"`
	Waivers  []waiver  `json:"waivers,omitempty"`
	Contacts []contact `json:"contacts,omitzero"` // not there if there were none
}

// tail is the rest, but for the history, which is written last and piece by
// piece.
type tail struct {
	Title           string                       `json:"title"`
	Organization    string                       `json:"organization,omitzero"`
	Accent          string                       `json:"accentColor,omitzero"`
	Confidentiality string                       `json:"confidentiality,omitzero"`
	Logo            []byte                       `json:"logo,omitempty"`
	SbcNames        map[string]map[string]string `json:"sbcs,omitempty"`
	Values          fetch.Values                 `json:"values,omitempty"`
	Timezone        string                       `json:"timezone,omitzero"` // UTC if there is none
	Formats         []string                     `json:"formats"`
	ByManager       bool                         `json:"byManager,omitzero"`
	PDF             PDF                          `json:"pdf"`
	Rules           []ruleFile                   `json:"rules"`
	Overrides       map[string]override          `json:"overrides,omitempty"`
	Notes           []note                       `json:"notes,omitempty"`
	NoteProblems    []noteProblem                `json:"noteProblems,omitempty"`
	History         *history                     `json:"history,omitzero"`
}

type hashes struct {
	Snapshot string `json:"snapshot"`
	Rules    string `json:"rules"`
	Waivers  string `json:"waivers,omitzero"`
	Contacts string `json:"contacts,omitzero"`
}

type issued struct {
	Totals   totals   `json:"totals"`
	Currency string   `json:"currency,omitzero"`
	Complete bool     `json:"complete"`
	Missing  []string `json:"missingInstances,omitempty"`
	Groups   []group  `json:"groups"`
}

type group struct {
	Instance        string                  `json:"instance,omitzero"`
	Manager         string                  `json:"manager,omitzero"`
	Customers       int                     `json:"customers"`
	Acquired        int64                   `json:"acquiredLicenses,omitzero"`
	Used            int64                   `json:"activeUsers,omitzero"`
	NoAcquired      int                     `json:"acquiredUnknown,omitzero"`
	NoUsed          int                     `json:"activeUsersUnknown,omitzero"`
	NotEvaluable    int                     `json:"notEvaluable,omitzero"`
	BySeverity      [rules.Critical + 1]int `json:"bySeverity,omitzero"` // the least first
	Findings        int                     `json:"findings,omitzero"`
	Exposure        decimal.Decimal         `json:"exposure,omitzero"`
	Unused          decimal.Decimal         `json:"unusedValue,omitzero"`
	UnknownExposure int                     `json:"unknownExposure,omitzero"`
	UnknownUnused   int                     `json:"unknownUnused,omitzero"`
}

type totals struct {
	Customers       int              `json:"customers"`
	SIPConnections  int              `json:"sipConnections,omitzero"`
	Acquired        int64            `json:"acquiredLicenses,omitzero"`
	ActiveUsers     int64            `json:"activeUsers,omitzero"`
	NoConnections   int              `json:"connectionsUnknown,omitzero"`
	NoAcquired      int              `json:"acquiredUnknown,omitzero"`
	NoActive        int              `json:"activeUsersUnknown,omitzero"`
	Findings        int              `json:"findings"`
	Waived          int              `json:"waived,omitzero"`
	NotEvaluable    int              `json:"notEvaluable,omitzero"`
	WithFindings    int              `json:"customersWithFindings,omitzero"`
	Clean           int              `json:"cleanCustomers,omitzero"`
	BySeverity      map[string]int   `json:"bySeverity,omitempty"`
	ByRule          map[string]int   `json:"byRule,omitempty"`
	Money           money            `json:"money,omitzero"`
	MoneyBySeverity map[string]money `json:"moneyBySeverity,omitempty"`
}

// money has the fields of report.MoneyTotals.
type money struct {
	Exposure         decimal.Decimal `json:"exposure,omitzero"`
	Unused           decimal.Decimal `json:"unusedValue,omitzero"`
	Waived           decimal.Decimal `json:"waivedAmount,omitzero"`
	WaivedExposure   decimal.Decimal `json:"waivedExposure,omitzero"`
	Unpriced         int             `json:"unknown,omitzero"`
	UnpricedExposure int             `json:"unknownExposure,omitzero"`
	UnpricedUnused   int             `json:"unknownUnused,omitzero"`
	UnpricedWaived   int             `json:"unknownWaived,omitzero"`
}

// IsZero keeps sums of nothing out of the file, however they came to be.
func (m money) IsZero() bool {
	return m.Exposure.IsZero() && m.Unused.IsZero() && m.Waived.IsZero() && m.WaivedExposure.IsZero() &&
		m.Unpriced+m.UnpricedExposure+m.UnpricedUnused+m.UnpricedWaived == 0
}

type prices struct {
	Currency   string                                `json:"currency"`
	ByType     map[string]decimal.Decimal            `json:"byLicenseType,omitempty"`
	ByInstance map[string]map[string]decimal.Decimal `json:"byInstance,omitempty"`
}

type waiver struct {
	ID            string `json:"id"`
	Rule          string `json:"rule"`
	Customer      string `json:"customer"`
	SIPConnection string `json:"sipConnection,omitzero"`
	Owner         string `json:"owner"`
	Reason        string `json:"reason"`
	Ticket        string `json:"ticket,omitzero"`
	From          string `json:"from,omitzero"`
	Expires       string `json:"expires"`
}

type contact struct {
	Customer string   `json:"customer"`
	Manager  string   `json:"manager"`
	Email    string   `json:"email,omitzero"`
	Cc       []string `json:"cc,omitempty"`
}

type ruleFile struct {
	Name    string `json:"name"`
	Builtin bool   `json:"builtin,omitzero"`
	Text    string `json:"text"`
}

type override struct {
	Severity string         `json:"severity,omitzero"`
	Enabled  *bool          `json:"enabled,omitzero"`
	Params   map[string]any `json:"params,omitempty"`
}

type note struct {
	Instance   string `json:"instance,omitzero"`
	Customer   string `json:"customer"`
	Rule       string `json:"rule"`
	Connection string `json:"sipConnection,omitzero"`
	Occurrence int    `json:"occurrence,omitzero"`
	Owner      string `json:"owner,omitzero"`
	Due        string `json:"due,omitzero"`
	Comment    string `json:"comment,omitzero"`
}

// noteProblem has the fields of fetch.Problem.
type noteProblem struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Instance string `json:"instance,omitzero"`
	GUID     string `json:"customer,omitzero"`
}

func headOf(r *Record) head {
	h := head{Schema: Schema + strconv.Itoa(schemaVersion), AsOf: r.AsOf.UTC(), Sample: r.Sample, Version: r.Version,
		Hashes: hashes(r.Hashes), Issued: issuedOf(&r.Issued)}
	if p := r.Prices; p.Currency != "" {
		h.Prices = &prices{Currency: p.Currency, ByType: byText(p.ByType), ByInstance: byInstance(p.ByInstance)}
	}
	for _, w := range r.Waivers {
		form := waiver{ID: w.ID, Rule: w.Rule, Customer: w.Customer, SIPConnection: w.SIPConnection, Owner: w.Owner, Reason: w.Reason, Ticket: w.Ticket, Expires: w.Expires.String()}
		if w.From != (rules.Date{}) {
			form.From = w.From.String()
		}
		h.Waivers = append(h.Waivers, form)
	}
	if r.Contacts != nil {
		h.Contacts = []contact{}
		for _, c := range r.Contacts.Rows() {
			h.Contacts = append(h.Contacts, contact(c))
		}
	}
	return h
}

// record is what a head says.
func (h *head) record() (r Record, err error) {
	r = Record{AsOf: h.AsOf.UTC(), Version: h.Version, Sample: h.Sample, Hashes: report.Hashes(h.Hashes)}
	if r.Issued, err = h.Issued.issued(); err != nil {
		return r, err
	}
	if p := h.Prices; p != nil {
		r.Prices.Currency = p.Currency
		if r.Prices.ByType, err = byNumber(p.ByType); err != nil {
			return r, err
		}
		if r.Prices.ByInstance, err = ofInstances(p.ByInstance); err != nil {
			return r, err
		}
	}
	for _, w := range h.Waivers {
		one := rules.Waiver{ID: w.ID, Rule: w.Rule, Customer: w.Customer, SIPConnection: w.SIPConnection, Owner: w.Owner, Reason: w.Reason, Ticket: w.Ticket}
		if one.Expires, err = rules.ParseDate(w.Expires); err == nil && w.From != "" {
			one.From, err = rules.ParseDate(w.From)
		}
		if err != nil {
			return r, fmt.Errorf("waiver %s: %w", w.ID, err)
		}
		r.Waivers = append(r.Waivers, one)
	}
	if h.Contacts != nil {
		rows := make([]report.Contact, len(h.Contacts))
		for i, c := range h.Contacts {
			rows[i] = report.Contact(c)
		}
		r.Contacts = report.NewContacts(h.Hashes.Contacts, rows)
	}
	return r, nil
}

func issuedOf(i *report.Issued) issued {
	out := issued{Totals: totalsOf(&i.Totals), Currency: i.Currency, Complete: i.Complete, Missing: i.Missing, Groups: []group{}}
	for _, g := range i.Groups {
		out.Groups = append(out.Groups, group{g.Instance, g.Manager, g.Customers, g.Acquired, g.Used, g.NoAcquired, g.NoUsed, g.NotEvaluable, g.BySeverity,
			g.Findings, g.Exposure, g.Unused, g.UnknownExposure, g.UnknownUnused})
	}
	return out
}

func (i *issued) issued() (out report.Issued, err error) {
	out = report.Issued{Currency: i.Currency, Complete: i.Complete, Missing: i.Missing}
	for _, g := range i.Groups {
		out.Groups = append(out.Groups, report.IssuedGroup{Instance: g.Instance, Manager: g.Manager, Customers: g.Customers, Acquired: g.Acquired, Used: g.Used, NoAcquired: g.NoAcquired, NoUsed: g.NoUsed,
			NotEvaluable: g.NotEvaluable, BySeverity: g.BySeverity,
			Sums: report.Sums{Findings: g.Findings, Exposure: g.Exposure, Unused: g.Unused, UnknownExposure: g.UnknownExposure, UnknownUnused: g.UnknownUnused}})
	}
	out.Totals, err = i.Totals.totals()
	return out, err
}

func totalsOf(t *report.Totals) totals {
	return totals{Customers: t.Customers, SIPConnections: t.SIPConnections, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		NoConnections: t.NoConnections, NoAcquired: t.NoAcquired, NoActive: t.NoActive,
		Findings: t.Findings, Waived: t.Waived, NotEvaluable: t.NotEvaluable, WithFindings: t.WithFindings, Clean: t.Clean,
		BySeverity: words(t.BySeverity, func(n int) int { return n }), ByRule: t.ByRule, Money: money(t.Money),
		MoneyBySeverity: words(t.MoneyBySeverity, func(m report.MoneyTotals) money { return money(m) })}
}

func (t *totals) totals() (out report.Totals, err error) {
	out = report.Totals{Customers: t.Customers, SIPConnections: t.SIPConnections, Acquired: t.Acquired, ActiveUsers: t.ActiveUsers,
		NoConnections: t.NoConnections, NoAcquired: t.NoAcquired, NoActive: t.NoActive,
		Findings: t.Findings, Waived: t.Waived, NotEvaluable: t.NotEvaluable, WithFindings: t.WithFindings, Clean: t.Clean,
		ByRule: t.ByRule, Money: report.MoneyTotals(t.Money)}
	if out.BySeverity, err = severities(t.BySeverity, func(n int) int { return n }); err != nil {
		return out, err
	}
	out.MoneyBySeverity, err = severities(t.MoneyBySeverity, func(m money) report.MoneyTotals { return report.MoneyTotals(m) })
	return out, err
}

func words[From, To any](m map[rules.Severity]From, convert func(From) To) map[string]To {
	if m == nil {
		return nil
	}
	out := make(map[string]To, len(m))
	for s, v := range m {
		out[s.String()] = convert(v)
	}
	return out
}

func severities[From, To any](m map[string]From, convert func(From) To) (map[rules.Severity]To, error) {
	if m == nil {
		return nil, nil
	}
	out := make(map[rules.Severity]To, len(m))
	for word, v := range m {
		s, err := rules.ParseSeverity(word)
		if err != nil {
			return nil, err
		}
		out[s] = convert(v)
	}
	return out, nil
}

func byText[V any](m map[int64]V) map[string]V {
	if m == nil {
		return nil
	}
	out := make(map[string]V, len(m))
	for n, v := range m {
		out[strconv.FormatInt(n, 10)] = v
	}
	return out
}

func byNumber[V any](m map[string]V) (map[int64]V, error) {
	out := make(map[int64]V, len(m))
	for text, v := range m {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		out[n] = v
	}
	return out, nil
}

// byInstance leaves out the instances that have nothing.
func byInstance[V any](m map[string]map[int64]V) map[string]map[string]V {
	out := map[string]map[string]V{}
	for instance, list := range m {
		if len(list) > 0 {
			out[instance] = byText(list)
		}
	}
	return out
}

func ofInstances[V any](m map[string]map[string]V) (out map[string]map[int64]V, err error) {
	out = make(map[string]map[int64]V, len(m))
	for instance, list := range m {
		if out[instance], err = byNumber(list); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func tailOf(r *Record) tail {
	t := tail{Title: r.Title, Organization: r.Organization, Accent: r.Branding.Accent, Confidentiality: r.Branding.Confidentiality, Logo: r.Branding.Logo,
		Timezone: r.Timezone, Formats: r.Formats, ByManager: r.ByManager, PDF: r.PDF}
	t.Values = r.Values
	t.SbcNames = byInstance(r.SbcNames)
	for _, f := range r.Rules.Files {
		t.Rules = append(t.Rules, ruleFile{f.Name, f.Builtin, string(f.Text)})
	}
	for id, o := range r.Rules.Overrides {
		form := override{Enabled: o.Enabled, Params: o.Params}
		if o.Severity != nil {
			form.Severity = o.Severity.String()
		}
		if t.Overrides == nil {
			t.Overrides = map[string]override{}
		}
		t.Overrides[id] = form
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.Notes), report.CompareKeys) {
		n := r.Notes[k]
		t.Notes = append(t.Notes, note{k.Instance, k.GUID, k.Rule, k.Connection, k.Occurrence, n.Owner, n.Due, n.Comment})
	}
	for _, p := range r.NoteProblems {
		t.NoteProblems = append(t.NoteProblems, noteProblem(p))
	}
	return t
}

// making is what a tail says.
func (t *tail) making() (m Making, err error) {
	m = Making{Title: t.Title, Organization: t.Organization, Branding: report.Branding{Logo: t.Logo, Accent: t.Accent, Confidentiality: t.Confidentiality},
		Values: t.Values, Timezone: t.Timezone, Formats: t.Formats, ByManager: t.ByManager, PDF: t.PDF,
		Rules: rules.Options{Overrides: map[string]rules.Override{}}}
	if m.SbcNames, err = ofInstances(t.SbcNames); err != nil {
		return m, err
	}
	for _, f := range t.Rules {
		m.Rules.Files = append(m.Rules.Files, rules.File{Name: f.Name, Text: []byte(f.Text), Builtin: f.Builtin})
	}
	for id, o := range t.Overrides {
		out := rules.Override{Enabled: o.Enabled, Params: map[string]any{}}
		if o.Severity != "" {
			severity, err := rules.ParseSeverity(o.Severity)
			if err != nil {
				return m, err
			}
			out.Severity = &severity
		}
		for name, v := range o.Params {
			if n, ok := v.(float64); ok && n == float64(int(n)) {
				v = int(n) // where the rule has decimals the loader makes them again
			}
			out.Params[name] = v
		}
		m.Rules.Overrides[id] = out
	}
	for _, n := range t.Notes {
		if m.Notes == nil {
			m.Notes = map[report.Key]report.Note{}
		}
		m.Notes[report.Key{Instance: n.Instance, GUID: n.Customer, Rule: n.Rule, Connection: n.Connection, Occurrence: n.Occurrence}] =
			report.Note{Owner: n.Owner, Due: n.Due, Comment: n.Comment}
	}
	for _, p := range t.NoteProblems {
		m.NoteProblems = append(m.NoteProblems, fetch.Problem(p))
	}
	if t.History != nil {
		m.History, err = t.History.history()
	}
	return m, err
}

// count and text are the API's values with their states: a number or a text,
// null, true for what was unreadable, and left out where it was absent.
type count fetch.Count

func (c count) MarshalJSON() ([]byte, error) {
	switch c.State {
	case fetch.Known:
		return strconv.AppendInt(nil, c.N, 10), nil
	case fetch.Null:
		return []byte("null"), nil
	}
	return []byte("true"), nil
}

func (c *count) UnmarshalJSON(data []byte) (err error) {
	switch string(data) {
	case "null":
		*c = count{State: fetch.Null}
	case "true":
		*c = count{State: fetch.Unreadable}
	default:
		c.State = fetch.Known
		c.N, err = strconv.ParseInt(string(data), 10, 64)
	}
	return err
}

type text fetch.Text

func (t text) MarshalJSON() ([]byte, error) {
	switch {
	case t.State == fetch.Known && t.Number && jsontext.Value(t.S).IsValid():
		return []byte(t.S), nil
	case t.State == fetch.Known:
		return jsontext.AppendQuote(nil, strings.ToValidUTF8(t.S, "\uFFFD"))
	case t.State == fetch.Null:
		return []byte("null"), nil
	}
	return []byte("true"), nil
}

func (t *text) UnmarshalJSON(data []byte) (err error) {
	switch kind := jsontext.Value(data).Kind(); kind {
	case 'n':
		*t = text{State: fetch.Null}
	case 't':
		*t = text{State: fetch.Unreadable}
	case '0':
		*t = text{State: fetch.Known, S: string(data), Number: true}
	case '"':
		t.State = fetch.Known
		err = json.Unmarshal(data, &t.S)
	default:
		err = errors.New("neither a text nor a number")
	}
	return err
}
