// Package fetch brings customers in: from the Live Platform API, from a file,
// from a snapshot or from the built-in sample. Of trueup it imports only the
// leaf package plain, so that online use, offline use and tests run the same code.
package fetch

import (
	"strconv"
	"time"
)

// State tells a known value apart from the three ways of not knowing one.
// Null is not zero, and absent is not empty: a decision must never mix them.
type State uint8

const (
	// Absent: the answer has no such key, such as SiteLocation without allDetails.
	Absent State = iota
	// Null: the key is there and its value is null. For LicensedUsersCount
	// that means "not licensed by user count".
	Null
	// Known: the value is there and readable.
	Known
	// Unreadable: the value is of a kind the API does not document, such as a
	// negative count. It is shown, reported as a problem and never judged.
	Unreadable
)

// MaxCount is the largest count that is accepted. It keeps sums over any
// portfolio exact in 64 bits and in the 15 digits that a workbook holds.
const MaxCount = 1_000_000_000

// Count is a whole number of the API: users, licenses, a type or an SBC id.
type Count struct {
	State State
	N     int64 // valid when State is Known, 0 otherwise
}

// CountOf is a known count.
func CountOf(n int64) Count { return Count{Known, n} }

// Known tells whether N may be used.
func (c Count) Known() bool { return c.State == Known }

// Ptr is N, or nil where it is not known.
func (c Count) Ptr() *int64 {
	if c.State != Known {
		return nil
	}
	return &c.N
}

// String is the number, or "unknown": for people, never for decisions.
func (c Count) String() string {
	if c.State != Known {
		return "unknown"
	}
	return strconv.FormatInt(c.N, 10)
}

// Text is a text of the API. The two SBC fields and names may come as JSON
// numbers; S then holds the digits as they were sent.
type Text struct {
	State  State
	Number bool   // it was a JSON number: a snapshot writes it back as one
	S      string // valid when State is Known, "" otherwise
	// Meaning is what the settings say that S means; nil if they say nothing. It
	// is no part of a snapshot.
	Meaning *string
}

// TextOf is a known text.
func TextOf(s string) Text { return Text{State: Known, S: s} }

// Known tells whether S may be used; it may still be empty.
func (t Text) Known() bool { return t.State == Known }

// Customer is one customer ("service") of a Live Platform instance, with the
// API's own field names. Source: GET /api/v3/customer?allDetails=true.
type Customer struct {
	Instance          string // name of the instance it came from; "" if there is only one, unnamed
	UmpCustomerGuid   string // identity within the instance: opaque text, never empty
	CustomerShortName Text
	CustomerFullName  Text
	LicenseType       Count
	// LicensedUsersCount is the acquired licenses. Null means that the
	// customer is not licensed by user count.
	LicensedUsersCount      Count
	MsTenantId              Text
	ActiveUserCount         Count
	LiveHubActiveUsersCount Count // shown, never judged: its meaning is undocumented
	LiveHubSimpleUsersCount Count // as above
	Sites                   State // state of SiteLocation: Absent without allDetails, Known even if empty
	SiteLocation            []SIPConnection
	// Raw holds the JSON of Unreadable fields by API name, cut to 200 bytes;
	// nil for nearly every customer. A connection's field is named
	// "SiteLocation[2].sbcId", one that is no object at all "SiteLocation[2]".
	Raw map[string]string
	// Usage is the license history, from a second request; nil if it was not asked for.
	Usage *Usage
}

// SIPConnection is one entry of SiteLocation.
type SIPConnection struct {
	ID                   Text  // API: id
	Name                 Text  // API: name
	SbcID                Count // API: sbcId
	SbcDeploymentState   Text  // API: sbcDeploymentState; raw, as sent
	SbcConfigurationType Text  // API: sbcConfigurationType; raw, as sent
}

// Source is one place customers came from. Listed counts the entries it
// sent, Customers those kept: they differ by identical duplicates only. The
// JSON names are the snapshot's.
type Source struct {
	Name      string `json:"name"` // instance name, or the file's name, or "sample"
	URL       string `json:"url"`  // base URL without credentials; "" for files
	Listed    int    `json:"listed"`
	Customers int    `json:"customers"`
	Failed    string `json:"failed,omitzero"` // the error if nothing came from it; "" if its list is complete
}

// Problem is something about the data that a reader of the report must know.
// The JSON names are the snapshot's.
type Problem struct {
	Kind     string `json:"kind"` // short and stable, kebab-case: "duplicate-guid", "unreadable-value", ...
	Text     string `json:"text"` // one sentence that names the customer
	Instance string `json:"instance,omitzero"`
	GUID     string `json:"guid,omitzero"` // of the customer it is about; "" if it is about none
}

// Portfolio is everything that one run knows about its customers. Customers
// are in canonical order: instance, short name, GUID. It is read-only once built.
type Portfolio struct {
	AsOf      time.Time // UTC; zero if the source does not say (a plain API answer)
	Sample    bool      // invented customers: every page and sheet says SAMPLE
	Sources   []Source
	Customers []Customer
	Problems  []Problem
}

// LicenseName is the vendor's name of a LicenseType: documented for 1, 2, 4
// and 5, inferred for 0 and 3 from the pattern of the others.
func LicenseName(licenseType Count) string {
	if !licenseType.Known() {
		return "Unknown"
	}
	if n := licenseType.N; n >= 0 && n < int64(len(licenseNames)) {
		return licenseNames[n]
	}
	return "Unknown (" + licenseType.String() + ")"
}

var licenseNames = [...]string{
	"Hosted Essentials", "Hosted Essentials Plus", "Hosted Pro",
	"OC Essentials", "OC Essentials Plus", "OC Pro",
}

// CountedByUser tells whether customers of a LicenseType carry a
// LicensedUsersCount: types 1, 2, 4 and 5 in every example of the vendor.
func CountedByUser(licenseType Count) bool {
	if !licenseType.Known() {
		return false
	}
	switch licenseType.N {
	case 1, 2, 4, 5:
		return true
	}
	return false
}
