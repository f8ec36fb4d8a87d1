// Package report is the one model that every writer lays out: computed once
// from customers and rules, sorted once, read-only afterwards.
package report

import (
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Report is everything a reader may be shown. Writers only lay it out: they
// compute nothing, sort nothing and change nothing.
type Report struct {
	Title        string
	Organization string    // "" if the settings name none
	Version      string    // of trueup
	AsOf         time.Time // that it was judged as of
	DataAsOf     time.Time // that the customers are of; zero if it is the same
	Sample       bool      // every page and sheet must say SAMPLE
	Manager      string    // the pack's account manager; "" for the whole portfolio
	Branding     Branding
	Currency     string // ISO code; "" if there are no prices: then no money appears anywhere
	Measure      string // by which Used is counted: current, peak or average
	Prices       Prices // what the amounts come from
	Sources      []fetch.Source
	Hashes       Hashes

	Totals       Totals
	Customers    []Customer   // by instance, short name, GUID
	Connections  []Connection // by customer, then as sent
	Findings     []Finding    // by severity, amount, rule, customer, connection; finding and waived
	NotEvaluable []NotEvaluable
	Rules        []Rule       // by severity, then id; those switched off are last
	Positions    []Position   // by license type
	Usage        []UsageMonth // by customer, oldest month first; empty where no license history was fetched
	Managers     []Manager    // by name; empty without contacts
	Waivers      []Waiver     // as in the file
	Changes      *Changes     // nil without an earlier snapshot
	Trend        []TrendPoint
	Problems     []fetch.Problem
	Quality      []QualityRow // NotEvaluable and Problems as one list

	byEnd []int // indexes into Waivers
}

// Branding makes the report look like its sender's.
type Branding struct {
	Logo            []byte // PNG or JPEG, nil for none
	Accent          string // "RRGGBB"; "" for the default
	Confidentiality string // line on the first page, "" for none
}

// Hashes identify what the report was made from, each as "sha256:…", "" if
// there was none.
type Hashes struct {
	Snapshot string `json:"snapshot"`
	Rules    string `json:"rules"`
	Waivers  string `json:"waivers,omitempty"`
	Contacts string `json:"contacts,omitempty"`
}

// Totals are the control totals: every sheet, page and pack must agree with them.
type Totals struct {
	Customers      int
	SIPConnections int
	Acquired       int64 // sum of the known LicensedUsersCount
	ActiveUsers    int64 // sum of what is known to be used
	// Customers of which a sum leaves out what it is of: it says "at least".
	NoConnections, NoAcquired, NoActive int
	Findings                            int // verdict finding; waived ones are not in it
	Waived                              int
	NotEvaluable                        int
	Accepted                            int                    // of NotEvaluable: those that a waiver accepts
	WithFindings                        int                    // customers with at least one finding
	Clean                               int                    // customers without finding, waived finding or not evaluable rule
	BySeverity                          map[rules.Severity]int // of Findings
	ByRule                              map[string]int         // of Findings, by rule id
	Money                               MoneyTotals
	// MoneyBySeverity splits Money by the severity of the rule.
	MoneyBySeverity map[rules.Severity]MoneyTotals
}

// Unjudged counts the verdicts that could not be given and that no waiver accepts.
func (t Totals) Unjudged() int { return t.NotEvaluable - t.Accepted }

// MoneyTotals sums amounts of one group. Open ones only; waived amounts apart.
type MoneyTotals struct {
	Exposure decimal.Decimal // true-up: licenses used and not acquired
	Unused   decimal.Decimal // value of licenses acquired and not used
	Waived   decimal.Decimal // of waived findings of either kind
	// WaivedExposure is the part of Waived that is about licenses used and not
	// acquired.
	WaivedExposure decimal.Decimal
	Unpriced       int // open findings about licenses whose amount is not known, for want of a price or a number
	// What the sum of the same name leaves out: findings without an amount, which
	// Unpriced has too, and customers that want a count.
	UnpricedExposure, UnpricedUnused, UnpricedWaived int
}

// Customer is one row of the customers sheet and one section of the PDF.
type Customer struct {
	*fetch.Customer
	LicenseName string
	Manager     string      // "" without contacts
	Used        fetch.Count // by the report's Measure: ActiveUserCount, or the month's peak or average
	Beside      fetch.Count // the same by the other measure: the peak, or now's where Used is the peak
	Delta       *int64      // used minus acquired; nil where one is not known
	// Utilization is used per acquired license, 1 for 100 %; nil where it
	// is not known or nothing was acquired.
	Utilization  *float64
	BySeverity   [rules.Critical + 1]int // findings, by severity
	Findings     []int                   // indexes into Report.Findings, waived ones included
	NotEvaluable int
	Accepted     int // of NotEvaluable: those that a waiver accepts
	Waived       int
	Connections  [2]int // first and one past the last index into Report.Connections
	ByState      []StateCount
	ByType       []StateCount
	// Exposure and Unused are the known parts of what its open findings come to;
	// nil without prices. NoExposure and NoUnused count what they leave out.
	Exposure, Unused     *decimal.Decimal
	NoExposure, NoUnused int
	Verdict              CustomerVerdict
	Before               *PastCustomer // in the earlier report; nil if it had none of it
	Doubtful             bool          // the list has the same id again with other values: one of them is wrong
}

// StateCount counts connections by a raw value of the API, behind its meaning
// where the settings give one: "Deployed (3)".
type StateCount struct {
	Value string // "unknown" where it is null or absent
	Count int
}

// CustomerVerdict sums a customer up in one word.
type CustomerVerdict string

// The words, from worst to best. Unknown: no finding, and not all rules could
// be evaluated.
const (
	VerdictFinding CustomerVerdict = "finding"
	VerdictUnknown CustomerVerdict = "unknown"
	VerdictWaived  CustomerVerdict = "waived"
	VerdictOK      CustomerVerdict = "ok"
)

// HighestSeverity is the worst severity among the customer's open findings;
// false if there are none.
func (c *Customer) HighestSeverity() (rules.Severity, bool) {
	for _, s := range rules.Severities {
		if c.BySeverity[s] > 0 {
			return s, true
		}
	}
	return 0, false
}

// OpenFindings counts them, of any severity.
func (c *Customer) OpenFindings() (n int) {
	for _, count := range c.BySeverity {
		n += count
	}
	return n
}

// Counted tells whether the customer should have an acquired count: the API
// sent one, or the license type has one and the API sent null, or nothing
// that can be read. The others are not licensed by user count.
func (c *Customer) Counted() bool {
	return c.LicensedUsersCount.State != fetch.Null || fetch.CountedByUser(c.LicenseType)
}

// AcquiredUnknown tells that there should be an acquired count and is none.
func (c *Customer) AcquiredUnknown() bool { return c.Counted() && !c.LicensedUsersCount.Known() }

// wantsCount tells that acquired and used should be compared and cannot be.
func (c *Customer) wantsCount() bool { return c.Delta == nil && c.Counted() }

// Name is what a reader knows the customer by: the full name, else the short
// one, else the GUID.
func (c *Customer) Name() string {
	switch {
	case visible(c.CustomerFullName.S):
		return c.CustomerFullName.S
	case visible(c.CustomerShortName.S):
		return c.CustomerShortName.S
	}
	return c.UmpCustomerGuid
}

// visible tells a text that shows something.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// Connection is one row of the SIP connections sheet.
type Connection struct {
	*fetch.SIPConnection
	Customer int    // index into Report.Customers
	SbcName  string // from the settings; "" if they name none
	Findings int    // open findings about this connection
}

// orUnknown is a text of the API, or the word where it says nothing.
func orUnknown(t fetch.Text) string {
	if !t.Known() || t.S == "" {
		return "unknown"
	}
	return t.Shown()
}

// Sbc is the SBC as a reader knows it: its id, with the name where there is one.
func (c *Connection) Sbc() string {
	if c.SbcName == "" {
		return c.SbcID.String()
	}
	return c.SbcName + " (" + c.SbcID.String() + ")"
}

// Finding is one verdict finding or waived.
type Finding struct {
	Rule       int // index into Report.Rules
	Customer   int // index into Report.Customers
	Connection int // index into Report.Connections; -1 if it is about the customer
	Verdict    rules.Verdict
	Message    string
	Licenses   bool             // it is about a number of licenses
	Quantity   *int64           // that number; nil if there is none, or it is unknown
	UnitPrice  *decimal.Decimal // of one license a month; nil without a price
	Amount     *decimal.Decimal // Quantity × UnitPrice; nil if either is unknown
	CountedBy  int              // index into Report.Rules of the rule that counts these licenses instead; -1 for none
	Change     Change
	Movement   Step      // by which it moved the figures; "" if it did not, or without a history
	Since      time.Time // as-of of the first report in a row in which the rule fired; zero without a history
	Waiver     int       // index into Report.Waivers; -1 if none applies
	Owner      string    // from last month's returned workbook
	Due        string
	Comment    string
}

// Change says how a finding stands to the earlier report.
type Change string

// The changes; Unchanged means that there is nothing to compare with.
const (
	Unchanged  Change = ""
	New        Change = "new"
	Persisting Change = "persisting"
	Reopened   Change = "reopened"
)

// NotEvaluable is one rule that could not be judged for one customer or
// connection. It never counts as a pass.
type NotEvaluable struct {
	Rule, Customer, Connection int // as in Finding
	Reason                     string
	Waiver                     int // that accepts it, into Report.Waivers; -1 if none does
}

// Rule is a rule as it took effect, with what it found.
type Rule struct {
	*rules.Rule
	Tally    rules.Tally
	Findings []int // indexes into Report.Findings, waived ones included
	Money    MoneyTotals
	Source   string // "built-in", or the file
}

// Position is the license position of one license type: the row that finance
// compares with the contract.
type Position struct {
	LicenseType fetch.Count
	LicenseName string
	Customers   int
	Unknown     int   // customers whose acquired or used count is not known though the type has one
	Compared    int   // customers with both counts known
	Unpaired    int   // of Unknown: those that would have been compared
	Acquired    int64 // of customers with both counts known, so that Delta = Used - Acquired
	Used        int64
	Over        int64             // licenses used beyond those acquired, summed customer by customer
	Surplus     int64             // licenses acquired beyond those used, summed customer by customer
	Beside      int64             // what Used is by the other measure: the peak, or now's where Used is the peak
	BesideOf    int               // of Compared: customers of which that is known
	OtherUsed   int64             // what customers use that are not compared
	Prices      []decimal.Decimal // what a license costs its customers, each once, the lowest first; without those of unpriced ones
	TrueUp      *decimal.Decimal  // Over × price, the known part; nil without prices
	Unused      *decimal.Decimal  // Surplus × price, the known part; nil without prices
	// Customers that the sum of the same name leaves out: they want a price or a
	// count. Unpriced are those of either that want a price.
	NoTrueUp, NoUnused, Unpriced int

	Money MoneyTotals // of the findings
}

// Delta is used minus acquired: positive if more is used than was bought.
func (p Position) Delta() int64 { return p.Used - p.Acquired }

// Utilization is used per acquired license; false if none was acquired.
func (p Position) Utilization() (float64, bool) {
	if p.Acquired == 0 {
		return 0, false
	}
	return float64(p.Used) / float64(p.Acquired), true
}

// Manager sums what one account manager must call about.
type Manager struct {
	Name      string // "unassigned" for customers that no contact matches
	Email     string
	Customers int
	Findings  int
	Severe    int       // of Findings: of high severity or above
	New       int       // of Findings: those that are new or reopened; 0 without a history
	Oldest    time.Time // since when the oldest of Findings is open; zero without a history
	Ending    int       // waivers that end within 30 days, of its customers
	Money     MoneyTotals
	Before    *Sums // in the earlier report; nil without one
}

// Waiver is one waiver with its state at the as-of time.
type Waiver struct {
	rules.Waiver
	State     rules.WaiverState
	DaysLeft  int              // 0 on the day of expiry, negative after it
	Findings  int              // findings that it waives; for an expired one, those it no longer does
	Unjudged  int              // in the same way, verdicts that could not be given
	Customers []int            // indexes into Report.Customers: of those, each once; without any, those that it names
	Amount    *decimal.Decimal // what the findings are worth, as far as known; nil if nothing is, or without prices
	Unpriced  int              // of Findings: those about licenses whose worth is not known
}

// Until says which waiver accepts something, until when and why.
func (w *Waiver) Until() string { return w.ID + " until " + w.Expires.String() + ": " + w.Reason }

// QualityRow is one thing that could not be judged, or that is odd in the data.
type QualityRow struct {
	Kind     string // "not-evaluable", or the problem's kind
	Rule     string // id; "" for a problem
	Customer int    // index into Report.Customers; -1 if it is about none
	Text     string
}

// TrendPoint is one report of the history: under today's rules and at today's
// prices, and as it was issued.
type TrendPoint struct {
	AsOf        time.Time
	Customers   int
	Acquired    int64
	ActiveUsers int64
	NoAcquired  int // as in Totals
	NoActive    int
	Findings    int
	BySeverity  map[rules.Severity]int
	Money       *MoneyTotals // nil without prices
	Complete    bool         // no instance was missing
	Missing     []string     // the instances that were
	// OnlyIssued is a point of which nothing is known but what was issued: its
	// figures are those.
	OnlyIssued bool
	Issued     *Issued // nil if no record was kept
}
