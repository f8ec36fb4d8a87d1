package formats

import (
	"time"

	"trueup/report"
	"trueup/report/tables"
)

// reportSchema names the form of the JSON report; within /1 keys are only
// ever added.
const reportSchema = "trueup.report/1"

type jsonReport struct {
	Schema       string                `json:"schema"`
	Headline     string                `json:"headline"`
	Complete     bool                  `json:"complete"` // no instance is missing
	Missing      []string              `json:"missingInstances"`
	AsOf         time.Time             `json:"asOf"`
	DataAsOf     time.Time             `json:"dataAsOf,omitzero"` // if the customers are of another time
	Title        string                `json:"title"`
	Organization string                `json:"organization,omitempty"`
	Version      string                `json:"version"`
	Sample       bool                  `json:"sample"`
	Manager      *string               `json:"manager"`
	Currency     *string               `json:"currency"`
	Sources      []jsonSource          `json:"sources"`
	Hashes       report.Hashes         `json:"hashes"`
	Totals       tables.Totals         `json:"totals"`
	BySeverity   map[string]*jsonMoney `json:"moneyBySeverity,omitempty"`
	Rules        []jsonRule            `json:"rules"`
	Positions    []jsonPosition        `json:"licensePosition"`
	Measure      string                `json:"measure"` // by which used licenses are counted
	Usage        []jsonUsage           `json:"usage"`
	Managers     []jsonManager         `json:"managers"`
	Findings     []jsonFinding         `json:"findings"`
	Changes      *tables.Changes       `json:"changes"`
	Movement     *jsonMovement         `json:"movement"` // null without an earlier report
	Resolved     []jsonResolved        `json:"resolved"`
	Lost         []jsonLost            `json:"lost"`
	Trend        []jsonTrend           `json:"trend"`
	Waivers      []jsonWaiver          `json:"waivers"`
	NotEvaluable []jsonNotEvaluable    `json:"notEvaluable"`
	Problems     []jsonProblem         `json:"problems"`
}

// findingsSchema names the form of the findings alone.
const findingsSchema = "trueup.findings/1"

type jsonFindings struct {
	Schema   string        `json:"schema"`
	AsOf     time.Time     `json:"asOf"`
	DataAsOf time.Time     `json:"dataAsOf,omitzero"`
	Complete bool          `json:"complete"`
	Missing  []string      `json:"missingInstances"`
	Version  string        `json:"version"`
	Sample   bool          `json:"sample"`
	Currency *string       `json:"currency"`
	Baseline *time.Time    `json:"baseline"` // what changes are against; null without an earlier report
	Findings []jsonFinding `json:"findings"`
}

type jsonSource struct {
	Name      string  `json:"name"`
	URL       *string `json:"url"` // null for files
	Listed    int     `json:"listed"`
	Customers int     `json:"customers"`
	Failed    string  `json:"failed,omitempty"`
}

type jsonRule struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Severity string         `json:"severity"`
	Each     string         `json:"each"`
	Enabled  bool           `json:"enabled"`
	Source   string         `json:"source"`
	Params   map[string]any `json:"params,omitempty"`
	Verdicts map[string]int `json:"verdicts"`
	Money    *jsonMoney     `json:"money,omitempty"`
}

type jsonMoney struct {
	Exposure string `json:"exposure"`
	Unused   string `json:"unusedValue"`
	Waived   string `json:"waivedAmount"`
	Unpriced int    `json:"findingsWithoutPrice"` // open ones
	// How many findings without an amount, and customers that want a count, each
	// sum leaves out.
	NoExposure int `json:"exposureUnknown,omitempty"`
	NoUnused   int `json:"unusedValueUnknown,omitempty"`
	NoWaived   int `json:"waivedAmountUnknown,omitempty"`
}

type jsonPosition struct {
	LicenseType *int64  `json:"licenseType"`
	LicenseName string  `json:"licenseName"`
	Customers   int     `json:"customers"`
	Unknown     int     `json:"customersWithUnknownCounts"`
	Acquired    int64   `json:"acquired"`
	Used        int64   `json:"used"`
	Delta       int64   `json:"delta"`
	OtherUsed   int64   `json:"usedWithoutAcquiredCount"`
	TrueUp      *string `json:"trueUpAmount"`
	Unused      *string `json:"unusedValue"`
	// How many customers each amount leaves out, for want of a price or a count.
	NoTrueUp int `json:"trueUpAmountUnknown,omitempty"`
	NoUnused int `json:"unusedValueUnknown,omitempty"`

	Money *jsonMoney `json:"money,omitempty"` // of the findings
}

type jsonManager struct {
	Name      string     `json:"name"`
	Customers int        `json:"customers"`
	Findings  int        `json:"findings"`
	Money     *jsonMoney `json:"money,omitempty"`
}

type jsonCustomer struct {
	GUID      string  `json:"guid"`
	ShortName *string `json:"shortName"`
	FullName  *string `json:"fullName"`
	Instance  string  `json:"instance,omitempty"`
	Manager   *string `json:"manager"`
}

type jsonConnection struct {
	ID      *string `json:"id"`
	Name    *string `json:"name"`
	SbcID   *int64  `json:"sbcId"`
	SbcName string  `json:"sbcName,omitempty"`
}

type jsonFinding struct {
	Rule          string          `json:"rule"`
	Severity      string          `json:"severity"`
	Verdict       string          `json:"verdict"`
	Customer      jsonCustomer    `json:"customer"`
	SIPConnection *jsonConnection `json:"sipConnection"`
	Message       string          `json:"message"`
	Quantity      *int64          `json:"quantity"`
	UnitPrice     *string         `json:"unitPrice"`
	Amount        *string         `json:"amount"`
	CountsAs      *string         `json:"countsAs"`            // exposure, unused or waived; null if it is in no sum
	CountedBy     string          `json:"countedBy,omitempty"` // the rule that counts these licenses instead
	Change        *string         `json:"change"`
	Movement      *string         `json:"movement"` // its row of the report's movement
	Since         *string         `json:"since"`
	Waiver        *jsonWaived     `json:"waiver"`
	Owner         string          `json:"owner"`
	Due           string          `json:"due"`
	Comment       string          `json:"comment"`
}

type jsonWaived struct {
	ID      string `json:"id"`
	Owner   string `json:"owner"`
	Reason  string `json:"reason"`
	Ticket  string `json:"ticket,omitempty"`
	Expires string `json:"expires"`
}

type jsonResolved struct {
	Rule          string          `json:"rule"`
	Severity      string          `json:"severity"`
	Customer      jsonCustomer    `json:"customer"`
	SIPConnection *jsonConnection `json:"sipConnection"` // its id alone
	Since         string          `json:"since"`
	LastSeen      string          `json:"lastSeen"`
	Reason        string          `json:"reason"`
}

type jsonLost struct {
	jsonResolved
	Amount *string `json:"amount"`
}

// jsonMovement has each step of the bridge by its name, 0 where nothing moved.
type jsonMovement struct {
	Baseline time.Time      `json:"baseline"`
	Issued   bool           `json:"beforeAsIssued"` // else by the rules of today
	Findings map[string]any `json:"findings"`
	Exposure map[string]any `json:"exposure"`
	Unused   map[string]any `json:"unusedValue"`
}

type jsonTrend struct {
	AsOf        time.Time      `json:"asOf"`
	Customers   int            `json:"customers"`
	Acquired    int64          `json:"acquiredLicenses"`
	ActiveUsers int64          `json:"activeUsers"`
	NoAcquired  int            `json:"acquiredUnknown,omitempty"` // customers that the sum leaves out
	NoActive    int            `json:"activeUsersUnknown,omitempty"`
	Findings    int            `json:"findings"`
	BySeverity  map[string]int `json:"bySeverity"`
	Amount      *string        `json:"amount"` // as exposure
	Exposure    *string        `json:"exposure"`
	Unused      *string        `json:"unusedValue"`
	NoExposure  int            `json:"exposureUnknown,omitempty"` // findings that the sum leaves out
	NoUnused    int            `json:"unusedValueUnknown,omitempty"`
	Complete    bool           `json:"complete"`
	Missing     []string       `json:"missingInstances"`
	OnlyIssued  bool           `json:"onlyIssued"` // nothing else is known of it
	Issued      *jsonIssued    `json:"issued"`     // null if no record was kept
}

type jsonIssued struct {
	Findings int     `json:"findings"`
	Currency *string `json:"currency"`
	Exposure *string `json:"exposure"`
	Unused   *string `json:"unusedValue"`
}

type jsonWaiver struct {
	ID       string  `json:"id"`
	State    string  `json:"state"`
	DaysLeft int     `json:"daysLeft"`
	Findings int     `json:"findings"`
	Unjudged int     `json:"notEvaluable"` // verdicts that it accepts not to have
	Amount   *string `json:"amount"`
	Unpriced int     `json:"amountUnknown,omitempty"` // findings that the amount leaves out
	Rule     string  `json:"rule"`
	Customer string  `json:"customer"`
	Owner    string  `json:"owner"`
	Reason   string  `json:"reason"`
	Expires  string  `json:"expires"`
}

type jsonNotEvaluable struct {
	Rule          string          `json:"rule"`
	Customer      jsonCustomer    `json:"customer"`
	SIPConnection *jsonConnection `json:"sipConnection"`
	Reason        string          `json:"reason"`
	Waiver        *jsonWaived     `json:"waiver"` // that accepts it
}

type jsonProblem struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}
